/// Names and references of an aggregate's members, without macros. The names come out of __PRETTY_FUNCTION__ of a pointer to a member of an object
/// that does not exist; `keys` renames members or leaves them out.
#pragma once
#include <array>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <penstock/record/fixed_string.hpp>

namespace penstock {

inline constexpr std::size_t most_members = 32;

/// Key Name is member Member (&row::id): for keys that are no C++ identifiers.
template <fixed_string Name, auto Member> struct key { static constexpr std::string_view name = Name.view(); static constexpr auto member = Member; };

/// `using json = penstock::keys<penstock::key<"id", &row::id>, ...>;` inside a record: these members under these names, no others.
template <class... Key> struct keys { static constexpr std::size_t count = sizeof...(Key); };

/// The same for a record that cannot be changed: `template <> struct penstock::keys_of<their::row> { using type = penstock::keys<...>; };`
template <class T> struct keys_of {};
template <class T> requires requires { typename T::json; } struct keys_of<T> { using type = typename T::json; };

namespace detail {
// Never called, yet defined: std::optional's constructors use it when they are only looked at, and clang then asks for a body where T has no linkage.
struct any { template <class T> operator T() const noexcept { __builtin_trap(); } };
template <class T, class... A> consteval std::size_t arity() {
    if constexpr (sizeof...(A) <= most_members && requires { T{A{}..., any{}}; }) return arity<T, A..., any>();
    else return sizeof...(A);
}

// Storage for a T that is never constructed: only addresses of its members are taken. Defined, so that no compiler misses a definition.
template <class T> union nothing { char none; T value; constexpr nothing() : none() {} constexpr ~nothing() {} };
template <class T> inline constexpr nothing<T> fake{};

template <class T> constexpr auto tie(T& t) {
    constexpr auto n = arity<std::remove_const_t<T>>();
    static_assert(n != 0, "penstock::members: the record has no members");
    static_assert(n <= most_members, "penstock::members: the record has more than 32 members; nest some of them in a record of their own, or name the ones you want with penstock::keys<...>");
    if constexpr (n == 1) { auto& [a0] = t; return std::tie(a0); }
    else if constexpr (n == 2) { auto& [a0, a1] = t; return std::tie(a0, a1); }
    else if constexpr (n == 3) { auto& [a0, a1, a2] = t; return std::tie(a0, a1, a2); }
    else if constexpr (n == 4) { auto& [a0, a1, a2, a3] = t; return std::tie(a0, a1, a2, a3); }
    else if constexpr (n == 5) { auto& [a0, a1, a2, a3, a4] = t; return std::tie(a0, a1, a2, a3, a4); }
    else if constexpr (n == 6) { auto& [a0, a1, a2, a3, a4, a5] = t; return std::tie(a0, a1, a2, a3, a4, a5); }
    else if constexpr (n == 7) { auto& [a0, a1, a2, a3, a4, a5, a6] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6); }
    else if constexpr (n == 8) { auto& [a0, a1, a2, a3, a4, a5, a6, a7] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7); }
    else if constexpr (n == 9) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8); }
    else if constexpr (n == 10) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9); }
    else if constexpr (n == 11) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10); }
    else if constexpr (n == 12) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11); }
    else if constexpr (n == 13) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12); }
    else if constexpr (n == 14) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13); }
    else if constexpr (n == 15) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14); }
    else if constexpr (n == 16) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15); }
    else if constexpr (n == 17) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16); }
    else if constexpr (n == 18) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17); }
    else if constexpr (n == 19) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18); }
    else if constexpr (n == 20) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19); }
    else if constexpr (n == 21) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20); }
    else if constexpr (n == 22) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21); }
    else if constexpr (n == 23) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22); }
    else if constexpr (n == 24) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23); }
    else if constexpr (n == 25) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24); }
    else if constexpr (n == 26) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25); }
    else if constexpr (n == 27) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26); }
    else if constexpr (n == 28) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27); }
    else if constexpr (n == 29) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28); }
    else if constexpr (n == 30) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29); }
    else if constexpr (n == 31) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30); }
    else if constexpr (n == 32) { auto& [a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31] = t; return std::tie(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31); }
}
template <class T> struct pointer_to { T const* at; };      // clang takes a pointer to a subobject only inside a structural class
template <class T> pointer_to(T const*) -> pointer_to<T>;
template <auto P> consteval std::string_view spelled() { return __PRETTY_FUNCTION__; }
template <class T, std::size_t I> consteval std::string_view member_name() {
    auto s = spelled<pointer_to{&std::get<I>(tie(fake<T>.value))}>();   // g++: ...value.ns::row::id)}; std::...   clang: ...value.id}]
    auto const gnu = s.rfind(")};");
    s = s.substr(0, gnu != s.npos ? gnu : s.rfind("}]"));
    return s.substr(s.find_last_of(".:") + 1);
}
template <class T> struct names_of {
    template <std::size_t... I> static consteval auto of_members(std::index_sequence<I...>) { return std::array<std::string_view, sizeof...(I)>{member_name<T, I>()...}; }
    template <class... K> static consteval auto of_keys(keys<K...>) { return std::array<std::string_view, sizeof...(K)>{K::name...}; }
};
template <class T, class... K> constexpr auto tie_keys(T& t, keys<K...>) { return std::tie(t.*K::member...); }
template <class T> concept keyed = requires { typename keys_of<T>::type; };
template <class T> consteval bool distinct(T const& names) {
    for (std::size_t i = 0; i != names.size(); ++i) for (std::size_t j = 0; j != i; ++j) if (names[i] == names[j]) return false;
    return true;
}
} // namespace detail

/// An aggregate that can be taken apart: no base classes, no C arrays as members.
template <class T> concept aggregate = std::is_class_v<T> && std::is_aggregate_v<T>;

/// How many members an aggregate has.
template <aggregate T> inline constexpr std::size_t member_count = detail::arity<T>();

/// Their names as declared, in order.
template <aggregate T> inline constexpr auto member_names = detail::names_of<T>::of_members(std::make_index_sequence<member_count<T>>{});

/// References to them, in order, as a tuple; const where t is.
template <class T> requires aggregate<std::remove_const_t<T>> constexpr auto members(T& t) { return detail::tie(t); }

/// A record is an aggregate, or a class with `keys`.
template <class T> concept record = aggregate<T> || detail::keyed<T>;

/// The names a record goes by outside the program, in JSON, CSV and prompts: those of its `keys`, else those of its members.
template <record T> inline constexpr auto field_names = [] consteval {
    if constexpr (detail::keyed<T>) {
        constexpr auto names = detail::names_of<T>::of_keys(typename keys_of<T>::type{});
        static_assert(detail::distinct(names), "penstock::keys: two members have the same key");
        return names;
    } else return member_names<T>;
}();

/// References to those members.
template <class T> requires record<std::remove_const_t<T>> constexpr auto fields(T& t) {
    if constexpr (detail::keyed<std::remove_const_t<T>>) return detail::tie_keys(t, typename keys_of<std::remove_const_t<T>>::type{});
    else return detail::tie(t);
}

} // namespace penstock
