/// prompt<"Score this essay: {essay}">: a text with places for a record's members, checked against the record when it is compiled. What is put in is
/// never looked at again: braces in an essay stay braces. For the same syntax from a file see prompt_template.hpp.
#pragma once
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <penstock/record/constrained.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/record/fields.hpp>
#include <penstock/record/fixed_string.hpp>
#include <penstock/record/json_text.hpp>

namespace penstock {

/// Declared, never defined: its name is the message, with the placeholder's name in it.
template <fixed_string Name, class Record> struct the_record_has_no_member;
template <fixed_string Name, class Record> struct the_member_is_no_text_number_bool_or_enum;

namespace detail {

/// The syntax, for both kinds: {member}, {member.member}, {{ and }} for braces. A piece is a stretch of the template as it stands, or a name.
struct prompt_piece { std::size_t from = 0, size = 0; bool name = false; };
enum class prompt_flaw : std::uint8_t { none, not_closed, not_opened, no_name };
constexpr bool name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
constexpr bool name_path(std::string_view s) {
    bool inside = false;                        // a part of the path has begun
    for (char c : s) {
        if (c == '.') { if (!inside) return false; inside = false; }
        else if (!name_char(c) && static_cast<unsigned char>(c) < 0x80 && c != '-') return false;
        else inside = true;
    }
    return inside;
}
/// Calls sink(piece) for each; where the text is wrong, `at` is the brace.
template <class Sink> constexpr prompt_flaw scan_prompt(std::string_view text, std::size_t& at, Sink&& sink) {
    std::size_t from = 0;
    for (at = 0; at != text.size();) {
        char const c = text[at];
        if (c != '{' && c != '}') { ++at; continue; }
        if (at + 1 != text.size() && text[at + 1] == c) { sink(prompt_piece{from, at + 1 - from}); at += 2; from = at; continue; }
        if (c == '}') return prompt_flaw::not_opened;
        if (at != from) sink(prompt_piece{from, at - from});
        auto const end = text.find_first_of("{}\n", at + 1);
        if (end == text.npos || text[end] != '}') return prompt_flaw::not_closed;
        auto const name = text.substr(at + 1, end - at - 1);
        if (!name_path(name)) return prompt_flaw::no_name;
        sink(prompt_piece{at + 1, name.size(), true});
        at = from = end + 1;
    }
    if (from != text.size()) sink(prompt_piece{from, text.size() - from});
    return prompt_flaw::none;
}

/// The names a record offers: its keys, then its members' own names.
template <class T> inline constexpr auto slot_names = [] consteval {
    if constexpr (keyed<T> && aggregate<T>) {
        std::array<std::string_view, field_names<T>.size() + member_count<T>> all;
        for (std::size_t i = 0; i != all.size(); ++i) all[i] = i < field_names<T>.size() ? field_names<T>[i] : member_names<T>[i - field_names<T>.size()];
        return all;
    } else return field_names<T>;
}();
template <std::size_t I, class T> constexpr auto const& slot(T const& t) {
    if constexpr (I < field_names<T>.size()) return std::get<I>(fields(t));
    else return std::get<I - field_names<T>.size()>(members(t));
}
template <class T> consteval std::size_t slot_index(std::string_view name) {
    std::size_t i = 0;
    while (i != slot_names<T>.size() && slot_names<T>[i] != name) ++i;
    return i;
}

template <class T> inline constexpr bool slot_optional = false;
template <class T> inline constexpr bool slot_optional<std::optional<T>> = true;
/// What can stand in a prompt.
template <class T> concept printable = (std::is_arithmetic_v<T> && !std::same_as<T, char>) || std::same_as<T, std::string> || std::same_as<T, std::string_view> || is_number<T> || is_text<T> || is_one_of<T> || named_enum<T>;

/// As in JSON, without quotes; an empty optional is empty text.
template <class T> void append_value(std::string& out, T const& value) {
    if constexpr (std::same_as<T, bool>) out += value ? "true" : "false";
    else if constexpr (std::signed_integral<T>) json::detail::append_number(out, static_cast<std::int64_t>(value));
    else if constexpr (std::unsigned_integral<T>) json::detail::append_number(out, static_cast<std::uint64_t>(value));
    else if constexpr (std::same_as<T, float>) json::detail::append_number(out, value);
    else if constexpr (std::floating_point<T>) json::detail::append_number(out, static_cast<double>(value));
    else if constexpr (is_number<T>) append_value(out, value.value());
    else if constexpr (std::is_enum_v<T>) out += enum_name(value);
    else out += std::string_view(value);
}
/// What it will need, at most.
template <class T> std::size_t value_size(T const& value) {
    if constexpr (std::is_arithmetic_v<T> || is_number<T>) return 32;
    else if constexpr (std::is_enum_v<T>) return enum_name(value).size();
    else return std::string_view(value).size();
}

template <std::string_view const& Text, std::size_t From, std::size_t Size> consteval auto cut() {
    fixed_string<Size + 1> out;
    for (std::size_t i = 0; i != Size; ++i) out.text[i] = Text[From + i];
    return out;
}
template <fixed_string Text> inline constexpr std::string_view prompt_text = Text.view();

/// As path.find('.'), which is no constant under UBSan (g++ 12).
constexpr std::size_t before_dot(std::string_view path) {
    std::size_t i = 0;
    while (i != path.size() && path[i] != '.') ++i;
    return i;
}
/// Calls f(member) with the member that the name Text[From, From + Size) leads to; not at all where an optional on the way is empty.
template <std::string_view const& Text, std::size_t From, std::size_t Size, class T, class F> void visit_slot(T const& t, F&& f) {
    constexpr auto path = Text.substr(From, Size);
    if constexpr (slot_optional<T>) { if (t) visit_slot<Text, From, Size>(*t, f); }
    else if constexpr (Size == 0) {
        if constexpr (printable<T>) f(t);
        else (void)sizeof(the_member_is_no_text_number_bool_or_enum<cut<Text, Text.rfind('{', From) + 1, From - Text.rfind('{', From) - 1>(), T>);
    } else if constexpr (!record<T>) (void)sizeof(the_record_has_no_member<cut<Text, From, Size>(), T>);
    else {
        constexpr auto name = path.substr(0, before_dot(path));
        constexpr auto index = slot_index<T>(name);
        if constexpr (index == slot_names<T>.size()) (void)sizeof(the_record_has_no_member<cut<Text, From, name.size()>(), T>);
        else {
            constexpr auto step = name.size() + (name.size() != Size ? 1 : 0);
            visit_slot<Text, From + step, Size - step>(slot<index>(t), f);
        }
    }
}

template <fixed_string Text> struct prompt_fn {
    struct counted { std::size_t pieces = 0, literal = 0, at = 0; prompt_flaw flaw = prompt_flaw::none; };
    static constexpr counted count = [] {
        counted c;
        c.flaw = scan_prompt(Text.view(), c.at, [&](prompt_piece p) { ++c.pieces; if (!p.name) c.literal += p.size; });
        return c;
    }();
    static_assert(count.flaw != prompt_flaw::not_closed, "penstock::prompt: a { is not closed on its line; write {{ for a brace");
    static_assert(count.flaw != prompt_flaw::not_opened, "penstock::prompt: a } closes nothing; write }} for a brace");
    static_assert(count.flaw != prompt_flaw::no_name, "penstock::prompt: what stands between { and } is no member's name; write {{ and }} for braces");
    static constexpr auto pieces = [] {
        std::array<prompt_piece, count.pieces> all{};
        std::size_t n = 0, at = 0;
        scan_prompt(Text.view(), at, [&](prompt_piece p) { all[n++] = p; });
        return all;
    }();

    static constexpr std::string_view text() { return prompt_text<Text>; }
    template <class Record> void append_to(std::string& out, Record const& r) const {
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            std::size_t size = out.size() + count.literal;
            [[maybe_unused]] auto const each = [&]<std::size_t J>(std::integral_constant<std::size_t, J>, auto&& on_text, auto&& on_value) {
                constexpr auto p = pieces[J];
                if constexpr (p.name) visit_slot<prompt_text<Text>, p.from, p.size>(r, on_value);
                else on_text(prompt_text<Text>.substr(p.from, p.size));
            };
            (each(std::integral_constant<std::size_t, I>{}, [](std::string_view) {}, [&](auto const& v) { size += value_size(v); }), ...);
            out.reserve(size);
            (each(std::integral_constant<std::size_t, I>{}, [&](std::string_view s) { out += s; }, [&](auto const& v) { append_value(out, v); }), ...);
        }(std::make_index_sequence<pieces.size()>{});
    }
    /// The text with the record's members in their places: text, numbers as in JSON, true/false, names of enumerators; nothing for an empty optional.
    template <class Record> std::string operator()(Record const& r) const {
        std::string out;
        append_to(out, r);
        return out;
    }
};
}

template <fixed_string Text> inline constexpr detail::prompt_fn<Text> prompt;

} // namespace penstock
