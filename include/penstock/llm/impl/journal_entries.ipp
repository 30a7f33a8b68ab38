#pragma once
#include <penstock/llm/journal_entries.hpp>
#include <penstock/llm/impl/journal_file.hpp>
#include <penstock/llm/impl/journal_folder.hpp>
#include <penstock/llm/impl/owner_file.hpp>
#include <penstock/record/json_decode.hpp>
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace penstock::llm {
namespace detail {

inline journal_part read_part(std::string const& path, file_name const& name, bool ours, bool& going_on, std::vector<std::string>& notes, std::move_only_function<bool(journal_entry)>& each) {
    journal_part part{name.text(), name.host};
    auto const there = [&](char const* beside) { std::error_code error; return std::filesystem::exists(path + beside, error); };
    part.open = there(".owner") || there("-wal");
    check_size(path, owned(path));
    database probe(path, ours ? database::mode::read : database::mode::frozen);
    if (!ours && probe.write_ahead()) {
        notes.push_back("journal " + shown(path) + " belongs to a run on " + name.host + " that has not ended, and is not read");
        part.open = true;
        return part;
    }
    if (unmade(probe)) return part;
    journal_reader reader(std::move(probe));
    std::vector<entry> all;                 // first, so that no read transaction stays open while `each` works
    reader.each_new([&](entry const& e) { all.push_back(e); });
    for (auto const& e : all) {
        journal_entry out{.what = e.kind == entry_kind::reply ? journal_entry::kind::reply : journal_entry::kind::verdict, .key = e.key, .round = e.round, .at = e.at};
        if (e.kind == entry_kind::reply) {
            auto stored = reader.reply(e.id);
            out.asked = std::move(stored.asked), out.came = std::move(stored.reply);
            ++part.replies;
        } else {
            out.why = reader.verdict(e.id);
            ++part.verdicts;
        }
        if (going_on) going_on = each(std::move(out));
    }
    std::set<std::tuple<llm::key, std::uint32_t, std::int64_t>> counted;
    statement lost(reader.on(), "SELECT key, round, at, how, copies FROM lost ORDER BY id");
    while (lost.step()) {
        journal_entry out{.what = journal_entry::kind::lost, .key = {}, .round = static_cast<std::uint32_t>(lost.number(1)), .at = lost.number(2)};
        if (auto const bytes = lost.text(0); bytes.size() == out.key.bytes.size()) std::memcpy(out.key.bytes.data(), bytes.data(), bytes.size());
        out.why = lost.text(3);
        out.copies = static_cast<unsigned>(lost.number(4));
        part.lost += out.copies;
        counted.emplace(out.key, out.round, out.at);
        if (going_on) going_on = each(std::move(out));
    }
    // What a dead run had under way; the next run that meets the file counts it for good.
    if (auto const left = ours ? owner_file::look(path + ".owner") : std::nullopt; left && !left->owner().empty() && !left->alive(name.host)) {
        std::map<llm::key, std::uint32_t> answered;
        for (auto const& e : all) if (e.kind == entry_kind::reply) { auto& round = answered[e.key]; round = std::max(round, e.round + 1); }
        for (auto const& s : left->under_way()) {
            if (auto const at = answered.find(s.key); at != answered.end() && at->second > s.round) continue;
            if (counted.contains({s.key, s.round, s.at})) continue;
            ++part.lost;
            if (going_on) going_on = each({.what = journal_entry::kind::lost, .key = s.key, .round = s.round, .at = s.at, .why = "the process died"});
        }
    }
    if (!going_on || reader.on().number("SELECT count(*) FROM sqlite_master WHERE name = 'asked'") == 0) return part;
    statement asked(reader.on(), "SELECT source, row, path, key, started, provider, model, schema_version, draw, request FROM asked JOIN runs ON runs.id = run");
    while (going_on && asked.step()) {
        journal_entry out{.what = journal_entry::kind::asked, .at = asked.number(4)};
        out.where = origin::of(static_cast<std::uint16_t>(asked.number(0)), static_cast<std::uint64_t>(asked.number(1)));
        for (auto path = asked.text(2); !path.empty() && out.where.depth() != position::levels;) {
            std::uint32_t index = 0;
            auto const end = std::from_chars(path.data() + 1, path.data() + path.size(), index).ptr;
            path.remove_prefix(static_cast<std::size_t>(end - path.data()));
            out.where = out.where.child(index);
        }
        if (auto const bytes = asked.text(3); bytes.size() == out.key.bytes.size()) std::memcpy(out.key.bytes.data(), bytes.data(), bytes.size());
        out.asked = {std::string(asked.text(5)), std::string(asked.text(6)), std::string(asked.text(7)), static_cast<std::uint32_t>(asked.number(8)), std::string(asked.text(9))};
        going_on = each(std::move(out));
    }
    return part;
}

// The canonical request, as far as differences are told.
struct compared_message { std::string role, content; };
struct compared_request {
    std::vector<compared_message> messages;
    std::optional<double> temperature;
    std::optional<std::uint32_t> max_output_tokens;
    std::optional<std::string> schema_name;
    std::optional<json::raw> schema;
};
inline std::size_t shared_front(std::string_view a, std::string_view b) { return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin()); }
/// The texts from shortly before the first difference on.
inline std::string text_difference(std::string const& where, std::string_view a, std::string_view b) {
    auto const at = shared_front(a, b);
    auto const excerpt = [at](std::string_view s) {
        auto start = at < 20 ? 0 : at - 20, end = std::min(s.size(), at + 30);
        while (start != 0 && static_cast<unsigned char>(s[start]) >> 6 == 2) --start;       // between characters
        while (end != s.size() && static_cast<unsigned char>(s[end]) >> 6 == 2) ++end;
        return '"' + std::string(start ? "..." : "") + shown(s.substr(start, end - start)) + (end != s.size() ? "...\"" : "\"");
    };
    return where + ", from byte " + std::to_string(at) + ": " + excerpt(a) + ", in the journal " + excerpt(b);
}
template <class T> std::string as_text(std::optional<T> const& v) {
    if (!v) return "(none)";
    if constexpr (std::is_arithmetic_v<T>) { std::string out; if constexpr (std::is_floating_point_v<T>) json::detail::append_number(out, *v); else out = std::to_string(*v); return out; }
    else return '"' + shown(*v) + '"';
}
} // namespace detail

journal_contents read_journal(std::string const& folder, std::move_only_function<bool(journal_entry)> each) {
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error)) throw fatal(exit_code::input, "journal folder " + detail::shown(folder) + " is not there");
    journal_contents out;
    out.first_start = detail::read_first_start(folder);
    auto const host = detail::host_name({});
    bool going_on = true;
    for (auto const& name : detail::files_in(folder)) out.parts.push_back(detail::read_part(folder + '/' + name.text(), name, name.host == host, going_on, out.notes, each));
    return out;
}

std::vector<std::string> differences(question const& asked, question const& kept) {
    std::vector<std::string> out;
    auto const part = [&](std::string const& name, auto const& a, auto const& b) { if (a != b) out.push_back(name + ": " + detail::as_text(std::optional(a)) + ", in the journal " + detail::as_text(std::optional(b))); };
    part("provider", asked.provider, kept.provider);
    part("model", asked.model, kept.model);
    part("schema version", asked.schema_version, kept.schema_version);
    part("draw", asked.draw, kept.draw);
    if (asked.request == kept.request) return out;
    auto const a = json::decode<detail::compared_request>(asked.request), b = json::decode<detail::compared_request>(kept.request);
    auto const before = out.size();
    if (a && b) {
        if (a->messages.size() != b->messages.size()) out.push_back("messages: " + std::to_string(a->messages.size()) + ", in the journal " + std::to_string(b->messages.size()));
        for (std::size_t i = 0; i != std::min(a->messages.size(), b->messages.size()); ++i) {
            auto const& [role, content] = a->messages[i];
            part("message " + std::to_string(i + 1) + " role", role, b->messages[i].role);
            if (content != b->messages[i].content) out.push_back(detail::text_difference("message " + std::to_string(i + 1) + " (" + role + ')', content, b->messages[i].content));
        }
        auto const maybe = [&](std::string const& name, auto const& x, auto const& y) { if (x != y) out.push_back(name + ": " + detail::as_text(x) + ", in the journal " + detail::as_text(y)); };
        maybe("temperature", a->temperature, b->temperature);
        maybe("output tokens", a->max_output_tokens, b->max_output_tokens);
        maybe("schema name", a->schema_name, b->schema_name);
        if (a->schema != b->schema) out.push_back(detail::text_difference("schema", a->schema ? a->schema->text() : "", b->schema ? b->schema->text() : ""));
    }
    if (out.size() == before) out.push_back(detail::text_difference("request", asked.request, kept.request));
    return out;
}

double nearness(question const& asked, question const& kept) {
    std::string_view const a = asked.request, b = kept.request;
    auto const shortest = std::min(a.size(), b.size()), longest = std::max(a.size(), b.size());
    auto const front = detail::shared_front(a, b);
    std::size_t back = 0;
    while (back < shortest - front && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;
    return (longest == 0 ? 1 : static_cast<double>(front + back) / static_cast<double>(longest))
         + 0.1 * ((asked.provider == kept.provider) + (asked.model == kept.model) + (asked.schema_version == kept.schema_version) + (asked.draw == kept.draw));
}

} // namespace penstock::llm
