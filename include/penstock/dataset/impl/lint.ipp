#pragma once
#include <penstock/dataset/lint.hpp>
#include <penstock/dataset/chat.hpp>
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/dataset/impl/json_rows.hpp>
#include <penstock/dataset/tokens.hpp>
#include <penstock/io/input.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/record/json_text.hpp>
#include <penstock/text/json_text.hpp>
#include <penstock/text/printable.hpp>
#include <simdjson.h>
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <tuple>

namespace penstock::dataset {

namespace detail {

constexpr std::size_t check_index(std::string_view name) {
    for (std::size_t i = 0; i != std::size(lint_checks); ++i) if (lint_checks[i].name == name) return i;
    throw "penstock::dataset: no such check";       // in a constant expression: does not compile
}
consteval std::size_t operator""_check(char const* name, std::size_t size) { return check_index({name, size}); }

/// Lines of an input as they lie in one buffer. A line over the limit is skipped and said to be so.
class line_reader {
    io::input in_;
    std::string buffer_;
    std::size_t begin_ = 0, end_ = 0;
    bool ended_ = false;
    static constexpr std::size_t limit = std::size_t{64} << 20;
    bool more() {
        if (ended_) return false;
        if (begin_ != 0) { std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_); end_ -= begin_; begin_ = 0; }
        constexpr std::size_t block = std::size_t{256} << 10;
        if (buffer_.size() < end_ + block + simdjson::SIMDJSON_PADDING) buffer_.resize(std::max(buffer_.size() * 2, end_ + block + simdjson::SIMDJSON_PADDING));
        auto const n = in_.read(buffer_.data() + end_, block);
        bytes += n;
        end_ += n;
        ended_ = n == 0;
        return n != 0;
    }
public:
    std::uint64_t bytes = 0;
    bool marked = false;            ///< a byte order mark stood in front
    line_reader(std::string const& path, std::stop_token stop) : in_(path, std::move(stop)) {
        while (end_ - begin_ < byte_order_mark.size() && more()) {}
        marked = std::string_view(buffer_.data() + begin_, end_ - begin_).starts_with(byte_order_mark);
        if (marked) begin_ += byte_order_mark.size();
    }
    std::string const& name() const { return in_.name(); }
    /// The next line without its end, readable SIMDJSON_PADDING bytes further; valid until the next call.
    bool next(std::string_view& line, bool& too_long) {
        too_long = false;
        for (std::size_t looked = 0;;) {
            if (auto const* const found = static_cast<char const*>(std::memchr(buffer_.data() + begin_ + looked, '\n', end_ - begin_ - looked))) {
                auto const length = static_cast<std::size_t>(found - (buffer_.data() + begin_));
                line = {buffer_.data() + begin_, length};
                begin_ += length + 1;
                break;
            }
            looked = end_ - begin_;
            if (looked > limit) { too_long = true; begin_ = end_; looked = 0; }
            if (!more()) {
                if (begin_ == end_ && !too_long) return false;
                line = {buffer_.data() + begin_, end_ - begin_};
                begin_ = end_;
                break;
            }
        }
        if (line.ends_with('\r')) line.remove_suffix(1);
        return true;
    }
};

struct seen_row { fingerprint of; std::uint32_t file; std::uint64_t line; };

class linter {
    lint_options options_;
    lint_report report_;
    std::vector<seen_row> rows_;
    std::vector<std::array<unsigned, std::size(lint_checks)>> kept_;    // findings of a file and check that are shown
    simdjson::dom::parser parser_;
    std::string openai_form_;
    std::uint64_t line_ = 0;
    std::uint32_t file_ = 0;

    void hit(std::size_t check, std::string message, std::uint64_t line, std::uint32_t file) {
        ++report_.counts[check];
        if (kept_[file][check] == options_.shown) return;
        ++kept_[file][check];
        report_.findings.push_back({lint_checks[check].grade, lint_checks[check].name, report_.files[file].path, line, std::move(message)});
    }
    void hit(std::size_t check, std::string message) { hit(check, std::move(message), line_, file_); }
    static std::string shown(std::string_view text) { return '\'' + printable(text, 60) + '\''; }

    void repeated_keys(simdjson::dom::object o, std::string_view where) {
        std::size_t i = 0;
        for (auto const a : o) {
            std::size_t k = 0;
            for (auto const b : o) { if (k++ == i) break; if (a.key == b.key) { hit("duplicate_key"_check, std::string(where) + " has " + shown(a.key) + " twice"); return; } }
            if (++i == 64) return;      // an object of that many keys is wrong in other ways
        }
    }
    static std::string looks_like(std::string_view row) {
        auto const form = format_of_row(row);
        return form ? "; it looks like " + std::string(enum_name(*form)) + ": --target " + std::string(enum_name(*form)) : std::string();
    }
    struct row_facts { bool system = false, user = false, assistant = false; };

    void look_at_message(simdjson::dom::element element, std::size_t index, std::size_t count, row_facts& facts, std::uint64_t& tokens, std::string& identity) {
        auto const place = "message " + std::to_string(index + 1);
        simdjson::dom::object m;
        if (element.get(m)) { hit("message_missing_key"_check, place + " is no object"); return; }
        repeated_keys(m, place);
        std::string_view role, content;
        bool const has_role = !m["role"].error(), role_is_text = !m["role"].get(role);
        simdjson::dom::element value;
        bool const has_content = !m["content"].get(value), content_is_text = has_content && !value.get(content);
        bool const calls = !m["function_call"].error() || !m["tool_calls"].error();
        if (!has_role || (!has_content && !calls)) hit("message_missing_key"_check, place + " has no " + (has_role ? "\"content\"" : "\"role\""));
        for (auto const field : m) {
            constexpr std::string_view known[] = {"role", "content", "name", "function_call", "weight", "tool_calls", "tool_call_id", "refusal", "audio"};
            if (std::ranges::find(known, field.key) == std::end(known)) hit("message_unrecognized_key"_check, place + " has " + shown(field.key));
        }
        constexpr std::string_view roles[] = {"system", "developer", "user", "assistant", "tool", "function"};
        if (has_role && (!role_is_text || std::ranges::find(roles, role) == std::end(roles))) hit("unrecognized_role"_check, place + " has the role " + (role_is_text ? shown(role) : "of another type than text"));
        bool const empty = content_is_text && content.find_first_not_of(" \t\r\n") == std::string_view::npos;
        bool const parts = has_content && value.is_array() && role == "user";       // images and texts side by side
        if (!calls && !parts && (!content_is_text || empty)) hit("missing_content"_check, place + " (" + std::string(has_role && role_is_text ? role : "no role") + ") has " + (empty ? "an empty content" : !has_content ? "no content" : "a content that is no text"));
        bool const is_system = role == "system" || role == "developer", is_assistant = role == "assistant";
        if (is_system && index != 0) hit("role_order"_check, place + " is the system's and not the first");
        if (is_assistant && !facts.user && !facts.assistant) hit("role_order"_check, place + " is the assistant's and no user spoke before");
        if (index + 1 == count && has_role && !is_assistant) hit("role_order"_check, "the last message is the " + printable(role, 30) + "'s, not the assistant's");
        facts.system |= is_system;
        facts.user |= role == "user";
        facts.assistant |= is_assistant;
        if (simdjson::dom::element weight; !m["weight"].get(weight)) {
            std::int64_t w = -1;
            if (!is_assistant || weight.get(w) || (w != 0 && w != 1)) hit("invalid_weight"_check, place + (is_assistant ? " has a weight that is not 0 or 1" : " has a weight and is not the assistant's"));
        }
        if (options_.assistant_json && is_assistant && content_is_text && !empty) {
            auto const flaw = json::flaw_of(content);
            if (flaw) hit("assistant_not_json"_check, place + " is not JSON: " + printable(flaw.what, 120) + ": " + shown(content));
            else if (content[content.find_first_not_of(" \t\r\n")] != '{') hit("assistant_not_json"_check, place + " is JSON, but no object: " + shown(content));
        }
        tokens += tokens_per_message + options_.tokens(role) + options_.tokens(content);
        identity += role;
        identity += '\0';
        identity += content;
        if (calls || parts) identity += simdjson::minify(element);
        identity += '\0';
    }

    bool provider() const { return options_.target == lint_target::openai || options_.target == lint_target::azure; }

    /// A row of another form is looked at as the chat it stands for, in OpenAI's form.
    std::uint64_t look_at_form(std::string_view row) {
        if (row.find_first_not_of(" \t") == std::string_view::npos) { hit("invalid_json"_check, "an empty line"); return 0; }
        auto c = read_chat(row, options_.target);
        if (!c) {
            if (auto const flaw = json::invalid_utf8(row)) hit("invalid_utf8"_check, "byte " + std::to_string(flaw.at + 1) + " of the line begins no UTF-8 character");
            else hit(c.error().code() == errc::parse ? "invalid_json"_check : "not_of_the_format"_check, printable(c.error().what(), 200));
            return 0;
        }
        for (auto& m : c->messages) if (m.role != "assistant") m.weight.reset();        // other forms weigh every turn
        auto const same = write_chat(*c, lint_target::openai);
        if (!same) { hit("missing_messages_list"_check, printable(same.error().what(), 200)); return 0; }
        openai_form_ = *same;
        openai_form_.reserve(openai_form_.size() + simdjson::SIMDJSON_PADDING);
        return look_at(openai_form_);
    }

    std::uint64_t look_at(std::string_view line) {
        std::uint64_t tokens = tokens_per_chat;
        if (line.find_first_not_of(" \t") == std::string_view::npos) { hit("invalid_json"_check, "an empty line"); return 0; }
        simdjson::dom::element row;
        if (auto const error = parser_.parse(reinterpret_cast<std::uint8_t const*>(line.data()), line.size(), false).get(row)) {
            if (auto const flaw = json::invalid_utf8(line)) hit("invalid_utf8"_check, "byte " + std::to_string(flaw.at + 1) + " of the line begins no UTF-8 character");
            else if (auto const where = json::flaw_of(line)) hit("invalid_json"_check, printable(where.what, 200) + " (byte " + std::to_string(where.at + 1) + " of the line)");
            else hit("invalid_json"_check, simdjson::error_message(error));
            return 0;
        }
        simdjson::dom::object object;
        if (row.get(object)) { hit("data_type"_check, "the row is no object: " + shown(line)); return 0; }
        repeated_keys(object, "the row");
        for (auto const field : object) {
            constexpr std::string_view known[] = {"messages", "tools", "functions", "parallel_tool_calls", "metadata"};
            if (std::ranges::find(known, field.key) == std::end(known)) hit("row_unrecognized_key"_check, "the row has " + shown(field.key));
        }
        simdjson::dom::array messages;
        if (object["messages"].get(messages) || messages.size() == 0) { hit("missing_messages_list"_check, object["messages"].error() ? "the row has no \"messages\"" + looks_like(line) : "\"messages\" is no list, or an empty one"); return 0; }
        row_facts facts;
        std::string identity;
        std::size_t index = 0, count = 0;
        for ([[maybe_unused]] auto const m : messages) ++count;     // size() stops counting at 2^24
        for (auto const m : messages) look_at_message(m, index++, count, facts, tokens, identity);
        if (!facts.assistant) hit("example_missing_assistant_message"_check, "no message is the assistant's");
        if (!facts.system && provider()) hit("missing_system_message"_check, "no system message");
        if (!facts.user) hit("missing_user_message"_check, "no user message");
        if (options_.max_tokens != 0 && tokens > options_.max_tokens) hit("too_many_tokens"_check, (options_.tokens.estimated ? "about " : "") + with_commas(tokens) + " tokens, the limit is " + with_commas(options_.max_tokens));
        rows_.push_back({fingerprint_of(identity), file_, line_});
        return tokens;
    }

    void begin(std::string const& name) {
        file_ = static_cast<std::uint32_t>(report_.files.size());
        report_.files.push_back({.path = name});
        kept_.push_back({});
        auto const base = name.substr(name.rfind('/') + 1);
        for (auto const* prefix : {"val", "test", "eval", "dev"}) report_.files[file_].validation |= base.starts_with(prefix);
        line_ = 0;
    }
    /// Files of trainers: JSON lines or one JSON array, without a provider's limits.
    void look_into_form(std::string const& path, std::string const& name) {
        std::vector<std::uint64_t> tokens;
        each_json_row(path, options_.stop, [&](std::string const& own) { begin(name.empty() ? own : name); }, [&](io::raw_row const& r) {
            ++line_;
            report_.files[file_].bytes = r.byte + r.whole;
            if (!r.fault.empty()) { hit("invalid_json"_check, printable(r.fault, 200)); return; }
            if (auto const n = look_at_form(r.text()); n != 0) tokens.push_back(n);
        });
        report_.files[file_].rows = line_;
        report_.files[file_].tokens = summarise(std::move(tokens));
    }

    void look_into(std::string const& path, std::string const& name) {
        if (!provider()) return look_into_form(path, name);
        line_reader lines(path, options_.stop);
        begin(name.empty() ? lines.name() : name);
        if (options_.target == lint_target::azure && !lines.marked) hit("byte_order_mark"_check, "no byte order mark in front; Azure's documentation asks for UTF-8 with one");
        if (options_.target == lint_target::openai && lines.marked) hit("byte_order_mark"_check, "a byte order mark in front");
        std::vector<std::uint64_t> tokens;
        std::string_view line;
        for (bool too_long = false; lines.next(line, too_long);) {
            check_stop(options_.stop, lines.name());
            ++line_;
            if (too_long) { hit("line_too_long"_check, "over 64 MiB"); continue; }
            if (auto const n = look_at(line); n != 0) tokens.push_back(n);
        }
        auto& file = report_.files[file_];
        file.rows = line_;
        file.bytes = lines.bytes;
        file.tokens = summarise(std::move(tokens));
        line_ = 0;
        if (file.rows < options_.min_examples && !file.validation) hit("too_few_examples"_check, std::to_string(file.rows) + " rows, " + std::to_string(options_.min_examples) + " are needed");
        if (file.bytes > 512'000'000) hit("file_too_large"_check, with_commas(file.bytes) + " bytes");
    }

    void find_duplicates() {
        std::ranges::sort(rows_, {}, [](seen_row const& r) { return std::tuple(r.of, r.file, r.line); });
        struct twin { std::uint32_t file; std::uint64_t line; seen_row const* first; };
        std::vector<twin> twins;
        for (std::size_t i = 1, first = 0; i < rows_.size(); ++i)
            if (rows_[i].of == rows_[first].of) twins.push_back({rows_[i].file, rows_[i].line, &rows_[first]}); else first = i;
        std::ranges::sort(twins, {}, [](twin const& t) { return std::pair(t.file, t.line); });
        for (auto const& t : twins) {
            if (t.file == t.first->file) hit("duplicate_row"_check, "the same messages as line " + std::to_string(t.first->line), t.line, t.file);
            else hit("duplicate_across_files"_check, "the same messages as " + printable(report_.files[t.first->file].path, 200) + ':' + std::to_string(t.first->line), t.line, t.file);
        }
    }
public:
    explicit linter(lint_options options) : options_(options) {}
    lint_report run(std::span<lint_file const> files) {
        report_.tokens_estimated = options_.tokens.estimated;
        for (auto const& f : files) look_into(f.path, f.name);
        find_duplicates();
        std::map<std::string_view, std::size_t> order;
        for (std::size_t i = 0; i != report_.files.size(); ++i) order.emplace(report_.files[i].path, i);
        std::ranges::sort(report_.findings, {}, [&](finding const& f) { return std::tuple(order.at(f.file), f.line, f.check, std::string_view(f.message)); });
        return std::move(report_);
    }
};

inline std::uint64_t hits(lint_report const& r, severity grade) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i != std::size(lint_checks); ++i) if (lint_checks[i].grade == grade) n += r.counts[i];
    return n;
}
inline std::string_view grade_name(severity s) { return s == severity::error ? "error" : "warning"; }
}

lint_report lint(std::span<lint_file const> files, lint_options options) { return detail::linter(options).run(files); }
lint_report lint(std::span<std::string const> paths, lint_options options) {
    std::vector<lint_file> files;
    for (auto const& p : paths) files.push_back({.path = p, .name = {}});
    return lint(files, options);
}

std::uint64_t lint_report::count(std::string_view check) const {
    for (std::size_t i = 0; i != std::size(lint_checks); ++i) if (lint_checks[i].name == check) return counts[i];
    return 0;
}
std::uint64_t lint_report::errors() const { return detail::hits(*this, severity::error); }
std::uint64_t lint_report::warnings() const { return detail::hits(*this, severity::warning); }

std::string lint_report::text() const {
    std::string out;
    for (auto const& f : files) {
        out += printable(f.path, 300) + ": " + with_commas(f.rows) + " rows, " + with_commas(f.bytes) + " bytes";
        if (f.tokens.count != 0) out += (tokens_estimated ? "; tokens a row (estimated): " : "; tokens a row: ") + f.tokens.text();
        out += '\n';
    }
    for (auto const& f : findings)
        out += printable(f.file, 300) + (f.line ? ':' + std::to_string(f.line) : std::string()) + ": " + std::string(detail::grade_name(f.grade)) + ": " + std::string(f.check) + ": " + f.message + '\n';
    bool headed = false;
    for (std::size_t i = 0; i != std::size(lint_checks); ++i) if (counts[i] != 0) {
        if (!headed) out += "\n";
        headed = true;
        auto number = with_commas(counts[i]);
        out += std::string(number.size() < 9 ? 9 - number.size() : 0, ' ') + number + "  " + std::string(detail::grade_name(lint_checks[i].grade)) + "  " + std::string(lint_checks[i].name) + ": " + std::string(lint_checks[i].meaning) + '\n';
    }
    auto const e = errors(), w = warnings();
    out += with_commas(e) + (e == 1 ? " error, " : " errors, ") + with_commas(w) + (w == 1 ? " warning\n" : " warnings\n");
    return out;
}

std::string lint_report::json() const {
    auto const n = [](std::uint64_t x) { return std::to_string(x); };
    std::string out = "{\"errors\":" + n(errors()) + ",\"warnings\":" + n(warnings()) + ",\"files\":[";
    for (std::size_t i = 0; i != files.size(); ++i) {
        auto const& f = files[i];
        out += (i ? "," : "") + std::string("{\"path\":") + json_text(f.path) + ",\"rows\":" + n(f.rows) + ",\"bytes\":" + n(f.bytes)
            + (tokens_estimated ? ",\"estimated_tokens\":{\"total\":" : ",\"tokens\":{\"total\":") + n(f.tokens.total) + ",\"least\":" + n(f.tokens.least) + ",\"median\":" + n(f.tokens.median) + ",\"p95\":" + n(f.tokens.p95) + ",\"most\":" + n(f.tokens.most) + "}}";
    }
    out += "],\"counts\":{";
    bool first = true;
    for (std::size_t i = 0; i != std::size(lint_checks); ++i) if (counts[i] != 0) { out += (first ? "" : ",") + json_text(lint_checks[i].name) + ':' + n(counts[i]); first = false; }
    out += "},\"findings\":[";
    for (std::size_t i = 0; i != findings.size(); ++i) {
        auto const& f = findings[i];
        out += (i ? "," : "") + std::string("{\"severity\":") + json_text(detail::grade_name(f.grade)) + ",\"check\":" + json_text(f.check) + ",\"file\":" + json_text(f.file) + ",\"line\":" + n(f.line) + ",\"message\":" + json_text(f.message) + '}';
    }
    return json_indented(out + "]}");
}

} // namespace penstock::dataset
