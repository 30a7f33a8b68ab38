/// One aggregate with defaults is the source of a program's flags, environment variables, configuration file keys and --help. A member's name is its flag
/// (num_samples is --num-samples); what a name cannot say stands in the constexpr array `flags` beside it. Parsing is type-erased and compiled once.
#pragma once
#include <penstock/record/enums.hpp>
#include <penstock/record/fields.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/run/version.hpp>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace penstock::run {

/// What a member's name and type do not say. Every member of an options struct has one of these in its `flags`, so that every flag has its help.
struct option {
    std::string_view member;            ///< its name in the struct
    std::string_view help;              ///< one sentence, lower case, no full stop
    std::string_view value = {};        ///< what --help calls its value: FILE, DIR, RATIO; by the type if empty
    std::string_view env = {};          ///< its environment variable; PROGRAM_MEMBER if empty
    std::string_view choices = {};      ///< the texts that are allowed, "3.5|reject"; all if empty. Of an enum they are its names, - for _
    std::string_view alone = {};        ///< what the flag means when no value follows it: --resume [DIR]
    std::string_view absent = {};       ///< of an optional: the word for "no value", as in --num-samples all
    double at_least = -std::numeric_limits<double>::infinity(), at_most = std::numeric_limits<double>::infinity();
    bool required = false;              ///< a run without it ends with exit code 2
    bool positional = false;            ///< given without its flag's name: penstock lint FILE...
    bool hidden = false;                ///< not in --help
};

/// A key or password: never printed, not by --show-config, not into metadata. "@FILE" as its text reads it from a file's first line.
class secret {
    std::string value_;
public:
    secret() = default;
    explicit secret(std::string value) : value_(std::move(value)) {}
    bool empty() const { return value_.empty(); }
    std::string const& reveal() const { return value_; }
};

/// Where a value came from; a later one wins.
enum class source : unsigned char { standard, file, environment, flag };

/// One value as the run uses it, for --show-config and metadata.
struct setting {
    std::string name;           ///< the flag without its dashes
    std::string value;          ///< as a configuration file would say it; of a secret "(set)" or "(not set)"
    std::string json;           ///< the same as JSON; of a secret true or false: whether it is set
    source from = source::standard;
    std::string where = {};     ///< "--seed", "IELTS_SEED", "run.toml:3"; empty for a default
};

struct toml_entry;      // toml.hpp

struct program {
    std::string_view name;
    std::string_view about;                         ///< one sentence under the name in --help
    std::string_view more = {};                     ///< examples, notes: printed as it is before the exit codes
    std::string_view version = penstock::version;
    /// Reads a --config file that ends in .yaml or .yml, for programs whose users have such files: its entries as a TOML file's would be, or "LINE: what is wrong".
    std::expected<std::vector<toml_entry>, std::string> (*yaml)(std::string_view text) = nullptr;
};

/// What a program prints instead of running: help, version, configuration, or what is wrong with its flags.
struct answer {
    exit_code code = exit_code::complete;
    std::string out = {}, err = {};
};

namespace detail {

/// A member as the compiled part sees it.
struct binding {
    option about;
    std::string_view type;              ///< N, NUMBER, TEXT
    std::vector<std::string> choices;   ///< texts that are allowed; all if empty
    bool is_flag = false, is_many = false, is_text = false, is_secret = false, is_optional = false;
    void* target = nullptr;
    std::string (*assign)(void*, option const&, std::string_view) = nullptr;    ///< what is wrong with the text, else empty; a list gets one more
    std::vector<std::string> (*values)(void const*) = nullptr;                  ///< one text; of a list all, of an optional none or one
    void (*clear)(void*) = nullptr;                                             ///< before a list's first value
};

std::string read_value(std::string_view, option const&, bool&);
std::string read_value(std::string_view, option const&, std::int64_t&);
std::string read_value(std::string_view, option const&, std::uint64_t&);
std::string read_value(std::string_view, option const&, double&);
std::string read_value(std::string_view, option const&, std::string&);
std::string read_value(std::string_view, option const&, secret&);
std::string write_value(bool);
std::string write_value(std::int64_t);
std::string write_value(std::uint64_t);
std::string write_value(double);

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_vector = false;
template <class T> inline constexpr bool is_vector<std::vector<T>> = true;

template <class T> struct element_of { using type = T; };
template <class T> struct element_of<std::optional<T>> { using type = T; };
template <class T> struct element_of<std::vector<T>> { using type = T; };

inline std::string with_dashes(std::string_view name) {
    std::string text(name);
    for (auto& c : text) if (c == '_') c = '-';
    return text;
}
std::vector<std::string> choices_of(std::string_view between_bars);
template <class T> std::vector<std::string> choices_of_enum() {
    std::vector<std::string> all;
    for (auto name : enum_names<T>) all.push_back(with_dashes(name));
    return all;
}

template <class T> concept plain_value = std::is_same_v<T, bool> || std::is_same_v<T, std::string> || std::is_same_v<T, secret> || std::is_integral_v<T> || std::is_floating_point_v<T> || named_enum<T>;

template <class T> std::string assign_plain(T& to, option const& about, std::string_view text) {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string> || std::is_same_v<T, secret>) return read_value(text, about, to);
    else if constexpr (named_enum<T>) {
        std::string name(text);
        for (auto& c : name) if (c == '-') c = '_';
        auto const value = enum_value<T>(name);
        if (value) to = *value;
        return value ? "" : "is unknown";       // the choices are looked at before and say more
    } else {
        using wide = std::conditional_t<std::is_floating_point_v<T>, double, std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>>;
        wide x{};
        auto wrong = read_value(text, about, x);
        if constexpr (std::is_integral_v<T>) if (wrong.empty() && !std::in_range<T>(x))
            wrong = "is not between " + std::to_string(std::numeric_limits<T>::min()) + " and " + std::to_string(std::numeric_limits<T>::max());
        if (wrong.empty()) to = static_cast<T>(x);
        return wrong;
    }
}
template <class T> std::string print_plain(T const& x) {
    if constexpr (std::is_same_v<T, std::string>) return x;
    else if constexpr (std::is_same_v<T, secret>) return x.empty() ? "" : "(set)";
    else if constexpr (std::is_same_v<T, bool>) return write_value(x);
    else if constexpr (named_enum<T>) return with_dashes(enum_name(x));
    else if constexpr (std::is_floating_point_v<T>) return write_value(double(x));
    else if constexpr (std::is_signed_v<T>) return write_value(std::int64_t{x});
    else return write_value(std::uint64_t{x});
}

template <class M> binding bind(M& member, option const& about) {
    using E = typename element_of<M>::type;
    static_assert(plain_value<E>, "penstock::run: a member of an options struct is bool, a number, std::string, an enum, run::secret, std::optional or std::vector of one of them, or a struct with flags of its own");
    std::vector<std::string> choices;
    if constexpr (named_enum<E>) choices = choices_of_enum<E>(); else choices = choices_of(about.choices);
    return {
        .about = about,
        .type = std::is_same_v<E, std::string> || std::is_same_v<E, secret> ? "TEXT" : named_enum<E> ? "NAME" : std::is_floating_point_v<E> ? "NUMBER" : "N",
        .choices = std::move(choices),
        .is_flag = std::is_same_v<M, bool>, .is_many = is_vector<M>, .is_text = std::is_same_v<E, std::string> || named_enum<E>, .is_secret = std::is_same_v<E, secret>, .is_optional = is_optional<M>,
        .target = &member,
        .assign = [](void* to, option const& o, std::string_view text) -> std::string {
            auto& m = *static_cast<M*>(to);
            if constexpr (is_optional<M>) {
                if (!o.absent.empty() && text == o.absent) { m.reset(); return {}; }
                return assign_plain(m.emplace(), o, text);
            } else if constexpr (is_vector<M>) {
                E x{};
                auto wrong = assign_plain(x, o, text);
                m.push_back(std::move(x));
                return wrong;
            } else return assign_plain(m, o, text);
        },
        .values = [](void const* from) -> std::vector<std::string> {
            auto const& m = *static_cast<M const*>(from);
            std::vector<std::string> texts;
            if constexpr (is_optional<M>) { if (m) texts.push_back(print_plain<E>(*m)); }
            else if constexpr (is_vector<M>) for (auto const& x : m) texts.push_back(print_plain<E>(x));
            else texts.push_back(print_plain<M>(m));
            return texts;
        },
        .clear = [](void* to) { if constexpr (is_vector<M>) static_cast<M*>(to)->clear(); },
    };
}

/// A member that is an options struct itself: its flags are the program's too. For flags that several programs share (model_flags.hpp).
template <class T> concept group = requires { T::flags; };
template <class T, std::size_t I> using member_type = std::remove_cvref_t<decltype(std::get<I>(members(std::declval<T&>())))>;

template <class T> consteval bool every_entry_is_a_member() {
    for (auto const& o : T::flags) {
        bool found = false;
        for (auto name : member_names<T>) found |= name == o.member;
        if (!found) return false;
    }
    return true;
}
template <class T> consteval bool every_member_has_an_entry() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
        auto const once = [](std::string_view name, bool is_group) {
            unsigned found = 0;
            for (auto const& o : T::flags) found += name == o.member;
            return found == (is_group ? 0 : 1);
        };
        return (once(member_names<T>[I], group<member_type<T, I>>) && ...);
    }(std::make_index_sequence<member_names<T>.size()>{});
}

/// In the order of `flags`, which is the order of --help; then those of the groups.
template <class T> std::vector<binding> bindings(T& options) {
    static_assert(std::is_aggregate_v<T>, "penstock::run: an options struct is an aggregate whose members have defaults");
    static_assert(requires { T::flags; }, "penstock::run: an options struct has `static constexpr run::option flags[]`, one entry a member");
    static_assert(every_entry_is_a_member<T>(), "penstock::run: an entry of `flags` names no member of the options struct");
    static_assert(every_member_has_an_entry<T>(), "penstock::run: each member of an options struct has exactly one entry in `flags`: every flag has its help");
    std::vector<binding> all;
    for (auto const& about : T::flags) {
        auto refs = members(options);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            auto const one = [&]<std::size_t J>(std::integral_constant<std::size_t, J>) {
                if constexpr (!group<member_type<T, J>>) if (member_names<T>[J] == about.member) all.push_back(bind(std::get<J>(refs), about));
            };
            (one(std::integral_constant<std::size_t, I>{}), ...);
        }(std::make_index_sequence<member_names<T>.size()>{});
    }
    auto refs = members(options);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        auto const add = [&]<class M>(M& member) {
            if constexpr (group<M>) for (auto& b : bindings(member)) all.push_back(std::move(b));
        };
        (add(std::get<I>(refs)), ...);
    }(std::make_index_sequence<member_names<T>.size()>{});
    return all;
}

/// One command of a program; the nameless one is what runs without a command.
struct face { std::string_view name, about; std::vector<binding> members; };

struct choice {
    std::optional<answer> instead;          ///< set: print this and run nothing
    std::size_t command = 0;                ///< index into the faces
    std::vector<setting> settings;
    std::string command_line;               ///< quoted for a shell, secrets left out
    std::vector<std::string> warnings;
};
/// Reads flags, environment and configuration file into the members of the chosen command. Values of secrets are wiped from the arguments.
choice read(program const&, std::span<face const>, std::span<char* const> arguments);

} // namespace detail

/// A word of a command line as a shell reads it back.
std::string shell_quoted(std::string_view word);

template <class T> struct parsed { T options; std::vector<setting> settings; };

/// For tests and embedders: T from the arguments (without the program's name), the environment and --config, or what to print instead. Programs use run::main.
template <class T> std::expected<parsed<T>, answer> parse(program const& p, std::vector<std::string> arguments) {
    parsed<T> result{};
    std::vector<char*> pointers;
    for (auto& a : arguments) pointers.push_back(a.data());
    detail::face const only{{}, {}, detail::bindings(result.options)};
    auto chosen = detail::read(p, {&only, 1}, pointers);
    if (chosen.instead) return std::unexpected(std::move(*chosen.instead));
    result.settings = std::move(chosen.settings);
    return result;
}

} // namespace penstock::run
