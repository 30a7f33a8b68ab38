#pragma once
#include <penstock/run/exit_codes.hpp>
#include <penstock/text/json_text.hpp>
#include <penstock/run/nearest.hpp>
#include <penstock/run/options.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/run/toml.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace penstock::run {

std::string shell_quoted(std::string_view text) {
    auto const plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("-_./=:,+@%").contains(c); };
    if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
    std::string out = "'";
    for (char const c : text) if (c == '\'') out += "'\\''"; else out += c;
    return out + '\'';
}

namespace detail {

// ---- values ----

inline std::string not_between(option const& about) {
    auto const low = std::isinf(about.at_least), high = std::isinf(about.at_most);
    return low ? "is more than " + write_value(about.at_most) : high ? "is less than " + write_value(about.at_least)
        : "is not between " + write_value(about.at_least) + " and " + write_value(about.at_most);
}
template <class N> std::string read_number(std::string_view text, option const& about, N& to, char const* wanted) {
    auto const* const end = text.data() + text.size();
    if (auto [stop, error] = std::from_chars(text.data(), end, to); error == std::errc::result_out_of_range) return "is out of range";
    else if (error != std::errc{} || stop != end || text.empty()) return wanted;
    if (!(double(to) >= about.at_least && double(to) <= about.at_most)) return not_between(about);
    return {};
}
inline std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (auto& c : lower) if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower;
}
std::string read_value(std::string_view text, option const&, bool& to) {
    auto const lower = lower_case(text);
    if (lower == "true" || lower == "yes" || lower == "on" || lower == "1") to = true;
    else if (lower == "false" || lower == "no" || lower == "off" || lower == "0") to = false;
    else return "is not true or false";
    return {};
}
std::string read_value(std::string_view text, option const& about, std::int64_t& to) { return read_number(text, about, to, "is not a whole number"); }
std::string read_value(std::string_view text, option const& about, std::uint64_t& to) {
    return text.starts_with('-') && text.size() > 1 ? "is less than 0" : read_number(text, about, to, "is not a whole number");
}
std::string read_value(std::string_view text, option const& about, double& to) {
    auto wrong = read_number(text, about, to, "is not a number");
    return wrong.empty() && !std::isfinite(to) ? "is not a number" : wrong;
}
std::string read_value(std::string_view text, option const&, std::string& to) { to = text; return {}; }
std::string read_value(std::string_view text, option const&, secret& to) {
    if (!text.starts_with('@')) { to = secret(std::string(text)); return {}; }
    std::ifstream file{std::string(text.substr(1))};
    std::string line;
    if (!std::getline(file, line)) return "names a file that cannot be read or is empty";
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    to = secret(std::move(line));
    return {};
}
template <class N> std::string write_number(N x) {
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, x).ptr};
}
std::string write_value(bool x) { return x ? "true" : "false"; }
std::string write_value(std::int64_t x) { return write_number(x); }
std::string write_value(std::uint64_t x) { return write_number(x); }
std::string write_value(double x) {
    constexpr double exact = 9007199254740992.;     // below 2^53 a whole number is written as one: 100000, not 1e+05
    return x == std::floor(x) && std::fabs(x) < exact ? write_number(static_cast<std::int64_t>(x)) : write_number(x);
}

std::vector<std::string> choices_of(std::string_view rest) {
    std::vector<std::string> words;
    while (!rest.empty()) {
        auto const end = std::min(rest.find('|'), rest.size());
        words.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return words;
}
inline std::string one_of(std::vector<std::string> const& words) {
    std::string all;
    for (std::size_t i = 0; i != words.size(); ++i) all += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
    return all;
}

// ---- names ----

inline std::string flag_of(std::string_view member) {
    std::string flag(member);
    std::ranges::replace(flag, '_', '-');
    while (flag.ends_with('-')) flag.pop_back();        // a member called default_
    return flag;
}
inline std::string variable_of(std::string_view program, std::string_view flag) {
    std::string name = std::string(program) + '_' + std::string(flag);
    for (auto& c : name) c = c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}
inline std::string variable_of(program const& p, binding const& b) { return b.about.env.empty() ? variable_of(p.name, flag_of(b.about.member)) : std::string(b.about.env); }
inline std::string value_name(binding const& b) {
    if (!b.about.value.empty()) return std::string(b.about.value);
    return std::string(b.is_secret ? "KEY" : b.type);
}

// ---- what is printed ----

inline std::string toml_value(binding const& b) {
    auto const texts = b.values(b.target);
    auto const one = [&](std::string const& t) { return b.is_text ? toml_text(t) : t; };
    if (b.is_secret) return texts.empty() || texts[0].empty() ? "(not set)" : "(set)";
    if (b.about.required && !b.is_many && !texts.empty() && texts[0].empty()) return "(not set)";
    if (!b.is_many) return texts.empty() ? b.about.absent.empty() ? "(none)" : toml_text(b.about.absent) : one(texts[0]);
    std::string out = "[";
    for (auto const& t : texts) out += (out.size() > 1 ? ", " : "") + one(t);
    return out + ']';
}
inline std::string json_value(binding const& b) {
    auto const texts = b.values(b.target);
    auto const one = [&](std::string const& t) { return b.is_text ? json_text(t) : t; };
    if (b.is_secret) return texts.empty() || texts[0].empty() ? "false" : "true";
    if (!b.is_many) return texts.empty() ? "null" : one(texts[0]);
    std::string out = "[";
    for (auto const& t : texts) out += (out.size() > 1 ? "," : "") + one(t);
    return out + ']';
}
/// A text at most `width` columns wide, each line but the first behind `indent` blanks. Counts code points as one column: help is ASCII.
inline std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out;
    std::size_t column = indent;
    while (!text.empty()) {
        auto const end = std::min(text.find(' '), text.size());
        auto const word = text.substr(0, end);
        if (column != indent && column + 1 + word.size() > width) { out += '\n'; out.append(indent, ' '); column = indent; }
        else if (column != indent) { out += ' '; ++column; }
        out += word;
        column += word.size();
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}
inline std::string help_line(std::string left, std::string_view right) {
    constexpr std::size_t column = 32, width = 100;
    left = "  " + std::move(left);
    if (left.size() + 2 > column) left += '\n' + std::string(column, ' ');
    else left.append(column - left.size(), ' ');
    return left + wrapped(right, column, width) + '\n';
}
inline std::string help_entry(program const& p, binding const& b) {
    auto const flag = flag_of(b.about.member);
    auto const texts = b.values(b.target);
    bool const on = b.is_flag && texts[0] == "true";
    auto left = b.about.positional ? value_name(b) + (b.is_many ? "..." : "") : b.is_flag ? (on ? "--no-" + flag : "--" + flag) : "--" + flag + (b.about.alone.empty() ? ' ' + value_name(b) : " [" + value_name(b) + ']');
    std::string right(b.about.help);
    if (!b.choices.empty()) right += " (" + one_of(b.choices) + ')';
    if (b.is_many && !b.about.positional) right += "; may be given several times";
    auto const low = !std::isinf(b.about.at_least), high = !std::isinf(b.about.at_most);
    if (low && high) right += " (" + write_value(b.about.at_least) + " to " + write_value(b.about.at_most) + ')';
    else if (low) right += " (at least " + write_value(b.about.at_least) + ')';
    else if (high) right += " (at most " + write_value(b.about.at_most) + ')';
    if (b.about.required) right += " [required]";
    else if (!b.is_flag && !b.is_secret) {
        auto const shown = texts.empty() ? std::string(b.about.absent) : b.is_many ? std::string() : texts[0];
        if (!shown.empty()) right += " [default: " + shown + ']';
    }
    if (!b.about.positional) right += " [" + variable_of(p, b) + ']';
    return help_line(std::move(left), right);
}
inline std::string help(program const& p, std::span<face const> faces, std::size_t chosen) {
    auto const& face = faces[chosen];
    std::string out(p.name);
    if (!face.name.empty()) out += ' ' + std::string(face.name);
    out += ' ' + std::string(p.version) + '\n';
    auto const about = face.about.empty() ? p.about : face.about;
    if (!about.empty()) out += wrapped(about, 0, 100) + '\n';
    out += "\nUsage: " + std::string(p.name) + (face.name.empty() ? "" : ' ' + std::string(face.name)) + " [OPTIONS]";
    for (auto const& b : face.members) if (b.about.positional) {
        auto const shown = value_name(b) + (b.is_many ? "..." : "");
        out += b.about.required ? ' ' + shown : " [" + shown + ']';
    }
    bool commands = false;
    if (face.name.empty()) for (auto const& f : faces) commands |= !f.name.empty();
    if (commands) {
        out += "\n       " + std::string(p.name) + " COMMAND [OPTIONS]\n\nCommands:\n";
        for (auto const& f : faces) if (!f.name.empty()) out += help_line(std::string(f.name), f.about);
        out += help_line("COMMAND --help", "the options of one command");
    } else out += '\n';
    for (bool const positional : {true, false}) {
        std::string lines;
        for (auto const& b : face.members) if (b.about.positional == positional && !b.about.hidden) lines += help_entry(p, b);
        if (!lines.empty()) out += (positional ? "\nArguments:\n" : "\nOptions:\n") + lines;
    }
    out += "\nGeneral:\n";
    out += help_line("--config FILE", "options from a file of `key = value` lines, keys as the flags are called; flags win over environment variables, these over the file [" + variable_of(p.name, "config") + ']');
    out += help_line("--show-config", "print every option, its value and where it came from (itself a configuration file), and stop");
    out += help_line("--help, -h", "print this and stop");
    out += help_line("--version", "print the version and stop");
    out += help_line("LOG_LEVEL", "environment variable: trace, debug, info, warning or error [default: info]");
    if (!p.more.empty() && face.name.empty()) { out += '\n'; out += p.more; if (!p.more.ends_with('\n')) out += '\n'; }
    out += "\nExit codes:\n";
    for (auto const& line : exit_codes) {
        auto code = std::to_string(std::to_underlying(line.code));
        out += "  " + std::string(3 - code.size(), ' ') + code + "  " + std::string(line.meaning) + '\n';
    }
    return out;
}
inline std::string show_config(std::vector<setting> const& settings, std::string_view section) {
    std::string out = section.empty() ? "" : '[' + std::string(section) + "]\n";
    std::size_t widest = 0;
    for (auto const& s : settings) widest = std::max(widest, s.name.size() + 3 + s.value.size());
    widest = std::min<std::size_t>(widest, 60);
    for (auto const& s : settings) {
        auto line = s.name + " = " + s.value;
        if (s.value.starts_with('(')) line = "# " + line;       // no value, or one that is not shown: not a line of a configuration file
        if (line.size() < widest) line.append(widest - line.size(), ' ');
        constexpr std::string_view from[] = {"default", "file ", "environment ", "flag "};
        out += line + "  # " + std::string(from[std::to_underlying(s.from)]) + printable(s.where) + '\n';
    }
    return out;
}
// ---- reading ----

struct given { std::string text, where; };
struct wrong_usage { std::string line; };

struct reader {
    program const& p;
    std::span<face const> faces;
    choice result = {};
    std::vector<std::vector<given>> of_flag = {}, of_variable = {}, of_file = {};
    bool wants_help = false, wants_version = false, wants_config = false;
    std::string config = {}, config_where = {};

    std::vector<binding> const& members() const { return faces[result.command].members; }
    std::size_t find(std::string_view flag) const {
        for (std::size_t i = 0; i != members().size(); ++i) if (flag_of(members()[i].about.member) == flag) return i;
        return members().size();
    }
    std::string see_help() const { return " (" + std::string(p.name) + (faces[result.command].name.empty() ? "" : ' ' + std::string(faces[result.command].name)) + " --help lists all)"; }
    /// What was typed, for a message: without what may be a key, that is what follows a secret's name or begins with sk-.
    std::string without_key(std::string_view text) const {
        auto const begins_word = [&](std::size_t at) { auto const c = at == 0 ? ' ' : text[at - 1]; return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')); };
        auto end = text.size();
        for (auto at = text.find("sk-"); at != text.npos; at = text.find("sk-", at + 1)) if (begins_word(at)) { end = at; break; }
        auto const plain = with_dashes(lower_case(text));
        for (auto const& f : faces) for (auto const& b : f.members) if (b.is_secret)
            for (auto const& name : {flag_of(b.about.member), with_dashes(lower_case(variable_of(p, b)))})
                if (auto const at = plain.find(name); at != plain.npos) end = std::min(end, at + name.size());
        return printable(text.substr(0, end), 80) + (end == text.size() ? "" : "(not shown)");
    }
    [[noreturn]] void unknown(std::string_view what, std::string_view name, std::string_view dashes, bool with_general) const {
        std::vector<std::string> texts;
        for (auto const& b : members()) if (!b.about.hidden) texts.push_back(flag_of(b.about.member));
        if (with_general) texts.insert(texts.end(), {"config", "show-config", "help", "version"});
        std::vector<std::string_view> names(texts.begin(), texts.end());
        auto const typed = without_key(name);
        auto near = nearest(std::string_view(typed).substr(0, typed.find("(not shown)")), names);
        if (near.empty() && name.starts_with("no-")) near = nearest(name.substr(3), names);
        throw wrong_usage{std::string(what) + ' ' + std::string(dashes) + typed + (near.empty() ? see_help() : "; did you mean " + std::string(dashes) + std::string(near) + '?')};
    }

    void choose_command(std::span<char* const>& arguments) {
        auto const names = [&] { std::vector<std::string_view> n; for (auto const& f : faces) if (!f.name.empty()) n.push_back(f.name); return n; }();
        std::size_t nameless = faces.size();
        for (std::size_t i = 0; i != faces.size(); ++i) if (faces[i].name.empty()) nameless = i;
        std::string_view const first = arguments.empty() ? "" : arguments[0];
        for (std::size_t i = 0; i != faces.size(); ++i) if (!faces[i].name.empty() && faces[i].name == first) {
            result.command = i;
            arguments = arguments.subspan(1);
            return;
        }
        if (nameless != faces.size()) {
            result.command = nameless;
            if (bool const takes = std::ranges::any_of(faces[nameless].members, [](binding const& b) { return b.about.positional; }); !takes && !first.empty() && !first.starts_with('-')) {
                auto const near = nearest(first, names);
                throw wrong_usage{(names.empty() ? "an argument without a flag: " : "no such command: ") + without_key(first) + (near.empty() ? see_help() : "; did you mean " + std::string(near) + '?')};
            }
            return;
        }
        std::string all;
        for (auto n : names) all += (all.empty() ? "" : ", ") + std::string(n);
        if (first.empty()) throw wrong_usage{"which command? One of " + all + " (" + std::string(p.name) + " --help)"};
        auto const near = nearest(first, names);
        throw wrong_usage{"no such command: " + without_key(first) + (near.empty() ? "; there is " + all : "; did you mean " + std::string(near) + '?')};
    }

    static void wipe(char* from) { for (; *from; ++from) *from = '*'; }

    void read_flags(std::span<char* const> arguments) {
        std::vector<char*> loose;
        auto const say = [&](std::string const& text) { result.command_line += ' ' + shell_quoted(text); };
        for (std::size_t i = 0; i != arguments.size(); ++i) {
            std::string_view const argument = arguments[i];
            if (argument == "--") {
                say("--");
                for (++i; i != arguments.size(); ++i) { loose.push_back(arguments[i]); say(arguments[i]); }
                break;
            }
            if (argument == "-h") { wants_help = true; continue; }
            if (!argument.starts_with("--")) {
                if (argument.size() > 1 && argument[0] == '-' && !(argument[1] >= '0' && argument[1] <= '9') && argument[1] != '.') throw wrong_usage{"unknown option " + without_key(argument) + "; options are written out, with two dashes" + see_help()};
                loose.push_back(arguments[i]);
                say(std::string(argument));
                continue;
            }
            auto const equals = argument.find('=');
            auto flag = flag_of(argument.substr(2, equals == std::string_view::npos ? equals : equals - 2));
            char* value = equals == std::string_view::npos ? nullptr : arguments[i] + equals + 1;
            auto const next_value = [&] {
                if (value) return;
                if (i + 1 == arguments.size()) throw wrong_usage{"--" + flag + " needs a value" + see_help()};
                if (std::string_view const next = arguments[i + 1]; next.starts_with("--") && next.size() > 2) throw wrong_usage{"--" + flag + " needs a value, and " + without_key(next) + " is a flag; write --" + flag + "=VALUE if it is meant"};
                value = arguments[++i];
            };
            if (flag == "help" || flag == "version" || flag == "show-config") {
                if (value) throw wrong_usage{"--" + flag + " takes no value"};
                (flag == "help" ? wants_help : flag == "version" ? wants_version : wants_config) = true;
                continue;
            }
            if (flag == "config") { next_value(); config = value; config_where = "--config"; say("--config"); say(config); continue; }
            auto at = find(flag);
            if (at == members().size() && flag.starts_with("no-")) {
                if (auto const positive = find(std::string_view(flag).substr(3)); positive != members().size() && members()[positive].is_flag) {
                    if (value) throw wrong_usage{"--" + flag + " takes no value"};
                    of_flag[positive].assign(1, {"false", "--" + flag});
                    say("--" + flag);
                    continue;
                }
            }
            if (at == members().size()) unknown("unknown option", flag, "--", true);
            auto const& b = members()[at];
            if (b.is_flag) { if (!b.is_many) of_flag[at].clear(); of_flag[at].push_back({value ? value : "true", "--" + flag}); say(std::string(argument)); continue; }
            if (!b.about.alone.empty() && !value && (i + 1 == arguments.size() || std::string_view(arguments[i + 1]).starts_with("--"))) {
                of_flag[at].assign(1, {std::string(b.about.alone), "--" + flag});
                say("--" + flag);
                continue;
            }
            next_value();
            if (!b.is_many) of_flag[at].clear();        // the last one counts, as in argparse: a script can append to a command line
            of_flag[at].push_back({value, "--" + flag});
            if (b.is_secret && value[0] != '@') {
                wipe(value);
                result.warnings.push_back("--" + flag + " puts the key where every user of this machine can see it; set " + variable_of(p, b) + " or give --" + flag + " @FILE");
            } else { say("--" + flag); say(of_flag[at].back().text); }
        }
        for (std::size_t i = 0, next = 0; i != members().size() && next != loose.size(); ++i) if (members()[i].about.positional)
            do of_flag[i].push_back({loose[next++], value_name(members()[i])}); while (members()[i].is_many && next != loose.size());
        std::size_t taken = 0;
        for (std::size_t i = 0; i != members().size(); ++i) if (members()[i].about.positional) taken += members()[i].is_many ? loose.size() : 1;
        if (loose.size() > taken) throw wrong_usage{"an argument without a flag: " + without_key(loose[taken]) + see_help()};
    }

    void read_file() {
        if (config.empty()) {
            config_where = variable_of(p.name, "config");
            char const* const path = std::getenv(config_where.c_str());
            if (!path || !*path) return;
            config = path;
        }
        auto const shown = printable(config, 200);
        std::ifstream file(config, std::ios::binary);
        std::string const text{std::istreambuf_iterator<char>(file), {}};
        if (!file.good() && !file.eof()) throw wrong_usage{shown + ": cannot be read (" + config_where + ')'};
        auto const entries = p.yaml && (config.ends_with(".yaml") || config.ends_with(".yml")) ? p.yaml(text) : read_toml(text);
        if (!entries) throw wrong_usage{shown + ':' + entries.error()};
        auto const& own = faces[result.command];
        for (auto const& e : *entries) {
            auto const section = flag_of(e.section), key = flag_of(e.key), where = shown + ':' + std::to_string(e.line);
            bool const is_command = std::ranges::any_of(faces, [&](face const& f) { return f.name == section; });
            if (!section.empty() && !is_command) throw wrong_usage{where + ": no such section [" + without_key(e.section) + "]; sections are the program's commands"};
            auto const at = find(key);
            bool const for_us = section == own.name || section.empty();     // what stands before the sections is for every command
            if (!for_us) continue;
            if (at == members().size()) {
                if (section.empty() && std::ranges::any_of(faces, [&](face const& f) { return std::ranges::any_of(f.members, [&](binding const& b) { return flag_of(b.about.member) == key; }); })) continue;
                unknown(where + ": unknown key", key, "", false);
            }
            if (e.list && !members()[at].is_many) throw wrong_usage{where + ": " + key + " takes one value, not a list"};
            if (section.empty() && !own.name.empty() && !of_file[at].empty()) continue;     // a key of its own section came first
            of_file[at].clear();
            for (auto const& v : e.values) of_file[at].push_back({v, where});
            if (e.values.empty()) of_file[at].push_back({"", "\n" + where});                // an empty list: the list is cleared
        }
    }
    void read_environment() {
        for (std::size_t i = 0; i != members().size(); ++i) if (!members()[i].about.positional) {
            auto const name = variable_of(p, members()[i]);
            if (char const* const value = std::getenv(name.c_str()); value && *value) {     // empty is not set, as in most programs
                if (!members()[i].is_many) { of_variable[i].push_back({value, name}); continue; }
                for (std::string_view rest = value; !rest.empty();) {
                    auto const end = std::min(rest.find(','), rest.size());
                    of_variable[i].push_back({std::string(rest.substr(0, end)), name});
                    rest.remove_prefix(std::min(end + 1, rest.size()));
                }
            }
        }
    }
    void apply() {
        for (std::size_t i = 0; i != members().size(); ++i) {
            auto const& b = members()[i];
            setting s{.name = flag_of(b.about.member), .value = {}, .json = {}};
            std::vector<given>* const lists[] = {&of_flag[i], &of_variable[i], &of_file[i]};
            constexpr source sources[] = {source::flag, source::environment, source::file};
            for (std::size_t k = 0; k != 3; ++k) if (!lists[k]->empty()) {
                s.from = sources[k];
                s.where = lists[k]->front().where;
                b.clear(b.target);
                if (s.where.starts_with('\n')) { s.where.erase(0, 1); break; }
                for (auto const& g : *lists[k]) {
                    auto const shown = g.where.starts_with("--") || b.about.positional ? g.where : "--" + s.name + " (" + g.where + ")";
                    auto const value = b.is_secret ? std::string("its value") : '\'' + without_key(g.text) + '\'';
                    bool const chosen = b.choices.empty() || (b.is_optional && g.text == b.about.absent) || std::ranges::find(b.choices, g.text) != b.choices.end()
                        || (b.type == "NAME" && std::ranges::find(b.choices, with_dashes(g.text)) != b.choices.end());
                    if (!chosen) throw wrong_usage{shown + ": " + value + " is not " + one_of(b.choices)};
                    if (auto const wrong = b.assign(b.target, b.about, g.text); !wrong.empty()) throw wrong_usage{shown + ": " + value + ' ' + wrong};
                }
                break;
            }
            auto const texts = b.values(b.target);
            if (b.about.required && !wants_config && (texts.empty() || texts[0].empty() || s.from == source::standard)) throw wrong_usage{(b.about.positional ? value_name(b) : "--" + s.name) + " is required" + see_help()};
            s.value = toml_value(b);
            s.json = json_value(b);
            result.settings.push_back(std::move(s));
        }
    }
    void read(std::span<char* const> arguments) {
        result.command_line = shell_quoted(p.name);
        for (std::string_view const a : arguments) {        // before anything can be wrong; not behind --, where it would be an argument
            if (a == "--") break;
            if (a == "--version") { wants_version = true; break; }
        }
        if (wants_version) { result.instead = answer{.out = std::string(p.name) + ' ' + std::string(p.version) + '\n'}; return; }
        auto const rest = [&] {
            auto r = arguments;
            bool const only_help = !r.empty() && (std::string_view(r[0]) == "--help" || std::string_view(r[0]) == "-h");
            if (only_help && !std::ranges::any_of(faces, [](face const& f) { return f.name.empty(); })) return std::span<char* const>{};
            choose_command(r);
            if (!faces[result.command].name.empty()) result.command_line += ' ' + shell_quoted(faces[result.command].name);
            return r;
        }();
        if (!arguments.empty() && rest.empty() && (std::string_view(arguments[0]) == "--help" || std::string_view(arguments[0]) == "-h")) {
            face const all{{}, {}, {}};
            std::vector<face> with_nameless(faces.begin(), faces.end());
            with_nameless.push_back(all);
            result.instead = answer{.out = help(p, with_nameless, with_nameless.size() - 1)};
            return;
        }
        auto const n = members().size();
        of_flag.resize(n); of_variable.resize(n); of_file.resize(n);
        for (std::string_view const a : rest) if (a == "--") break; else if (a == "--help" || a == "-h") { result.instead = answer{.out = help(p, faces, result.command)}; return; }
        read_flags(rest);
        read_file();
        read_environment();
        apply();
        if (wants_config) result.instead = answer{.out = show_config(result.settings, faces[result.command].name)};
    }
};

choice read(program const& p, std::span<face const> faces, std::span<char* const> arguments) {
    reader r{p, faces};
    try { r.read(arguments); }
    catch (wrong_usage const& w) { r.result.instead = answer{exit_code::usage, {}, std::string(p.name) + ": " + w.line + '\n'}; }
    return std::move(r.result);
}

} // namespace detail
} // namespace penstock::run
