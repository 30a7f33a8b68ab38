// penstock journal show|why|cost|export FOLDER: what a journal of paid replies holds. It only reads, and may be used while runs go on.
#include "commands.hpp"
#include <penstock/llm/journal_entries.hpp>
#include <penstock/record/json.hpp>
#include <penstock/text/printable.hpp>
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <map>
#include <set>
#include <utility>

namespace tool {
namespace {

using penstock::exit_code;
using penstock::fatal;
using penstock::printable;
namespace json = penstock::json;
namespace llm = penstock::llm;
namespace run = penstock::run;

struct options {
    std::vector<std::string> words;
    double input_price = 0, cached_price = 0, output_price = 0;

    static constexpr run::option flags[] = {
        {.member = "words", .help = "show FOLDER, or with a KEY one question; why FOLDER ROW|KEY|FILE says whether a row's questions, or one question, have their reply, or what differs; cost FOLDER; export FOLDER as JSON lines",
         .value = "show|why|cost|export FOLDER [ROW|KEY|FILE]", .required = true, .positional = true},
        {.member = "input_price", .help = "cost: US dollars for a million input tokens", .at_least = 0},
        {.member = "cached_price", .help = "cost: for those of them that were cached; 0: as the others", .at_least = 0},
        {.member = "output_price", .help = "cost: for a million output tokens", .at_least = 0},
    };
};

// One line of export, and the file that `why` takes: members that a question has not got keep their defaults.
struct exported_question {
    std::string provider, model, schema_version;
    std::uint32_t draw = 0;
    json::raw request;
};
struct exported_reply {
    std::string kind = "reply", key;
    std::uint32_t round = 0;
    std::int64_t at = 0;
    std::string provider, model, schema_version;
    std::uint32_t draw = 0;
    json::raw request;
    std::optional<std::string> raw, raw_hex;            // raw_hex where the reply is not UTF-8
    std::uint64_t input_tokens = 0, cached_tokens = 0, output_tokens = 0, reasoning_tokens = 0;
    std::uint32_t attempts = 0, milliseconds = 0;
};
struct exported_note {
    std::string kind, key;
    std::uint32_t round = 0;
    std::int64_t at = 0;
    std::string why;
    unsigned copies = 1;
};

struct exported_asker {
    std::string kind, key;
    std::int64_t at = 0;
    std::string position;
    std::optional<std::string> provider = {}, model = {}, schema_version = {};      // of a question that was left without a reply
    std::optional<std::uint32_t> draw = {};
    std::optional<json::raw> request = {};
};

void print(std::string const& line) { std::fwrite(line.data(), 1, line.size(), stdout); std::fputc('\n', stdout); }
std::string date(std::int64_t seconds) {
    std::time_t const t = seconds;
    std::tm parts{};
    char text[32] = {};
    ::gmtime_r(&t, &parts);
    std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &parts);
    return text;
}
std::string counted(std::uint64_t n, char const* one, char const* many) { return std::to_string(n) + ' ' + (n == 1 ? one : many); }
void say(std::vector<std::string> const& notes) { for (auto const& n : notes) std::fprintf(stderr, "penstock journal: %s\n", n.c_str()); }

exit_code show(std::string const& folder) {
    std::set<llm::key> asked, judged;
    auto const all = llm::read_journal(folder, [&](llm::journal_entry e) {
        if (e.what == llm::journal_entry::kind::reply) asked.insert(e.key);
        if (e.what == llm::journal_entry::kind::verdict) judged.insert(e.key);
        return true;
    });
    if (all.first_start != 0) print("first start " + date(all.first_start));
    std::uint64_t lost = 0;
    for (auto const& p : all.parts) {
        lost += p.lost;
        print(p.name + ": " + counted(p.replies, "reply", "replies") + ", " + counted(p.verdicts, "verdict", "verdicts") + ", " + std::to_string(p.lost) + " possibly paid twice" + (p.open ? ", open" : ""));
    }
    auto const refused = std::erase_if(judged, [&](llm::key const& k) { return !asked.contains(k); });
    print(counted(asked.size(), "question", "questions") + " answered, " + std::to_string(judged.size()) + " of them judged wrong for good at some time, " + (refused ? std::to_string(refused) + " more refused by the provider, " : std::string())
          + "possibly paid twice: " + std::to_string(lost));
    say(all.notes);
    return exit_code::complete;
}

exit_code show_one(std::string const& folder, llm::key const& key) {
    bool found = false;
    auto const all = llm::read_journal(folder, [&](llm::journal_entry e) {
        if (e.key != key) return true;
        found = true;
        if (e.what == llm::journal_entry::kind::verdict) print("judged wrong for good " + date(e.at / 1000) + ": " + printable(e.why));
        if (e.what == llm::journal_entry::kind::asked) print("asked by " + e.where.text() + " in the run of " + date(e.at / 1000));
        if (e.what == llm::journal_entry::kind::lost) print("sent " + date(e.at / 1000) + ", possibly paid and lost: " + printable(e.why));
        if (e.what != llm::journal_entry::kind::reply) return true;
        auto const& [raw, tokens, attempts, milliseconds] = e.came;
        print("asked " + printable(e.asked.provider) + ' ' + printable(e.asked.model) + ", schema version \"" + printable(e.asked.schema_version) + "\", draw " + std::to_string(e.asked.draw)
              + ", answered " + date(e.at / 1000) + " after " + std::to_string(milliseconds) + " ms and " + counted(attempts, "attempt", "attempts") + ": " + std::to_string(tokens.input) + " input tokens ("
              + std::to_string(tokens.cached) + " cached), " + std::to_string(tokens.output) + " output tokens (" + std::to_string(tokens.reasoning) + " reasoning)");
        print("request: " + printable(e.asked.request));
        print("reply: " + printable(raw));
        return true;
    });
    say(all.notes);
    if (!found) print("no entry has the key " + key.text());
    return found ? exit_code::complete : exit_code::input;
}

/// A line of export, or a file with the same members: "provider", "model", "schema_version", "draw", "request".
llm::question question_in(std::string const& path) {
    std::FILE* const file = std::fopen(path.c_str(), "rb");
    if (!file) throw fatal(exit_code::input, printable(path) + " is neither a row (17, or 0:16), nor a key (32 hexadecimal digits), nor a file that can be read");
    std::string text;
    char piece[4096];
    for (std::size_t n = 0; (n = std::fread(piece, 1, sizeof piece, file)) != 0 && text.size() < 64u << 20;) text.append(piece, n);
    std::fclose(file);
    auto q = json::decode<exported_question, json::policy{.missing = json::missing_keys::keep}>(text);
    if (!q) throw fatal(exit_code::input, printable(path) + " is no question as `penstock journal export` writes it: " + q.error().what());
    return {q->provider, q->model, q->schema_version, q->draw, q->request.text()};
}

/// A question that is looked for, and what the journal says of it.
struct wanted {
    llm::key key;
    std::optional<llm::question> asked = {};        // where its text is known
    std::optional<llm::journal_entry> hit = {};
    std::string verdict = {};
    std::optional<llm::question> nearest = {};
    double best = -1;

    llm::question const* known() const { return asked ? &*asked : hit ? &hit->asked : nullptr; }
    void see(llm::journal_entry const& e) {
        if (e.what == llm::journal_entry::kind::verdict && e.key == key) verdict = e.why;
        if (e.what != llm::journal_entry::kind::reply) return;
        if (e.key == key) { if (!hit || e.round > hit->round) { verdict.clear(); hit = e; } return; }
        if (!asked) return;
        auto const& q = e.asked;
        double const alike = llm::nearness(*asked, q);
        if (alike > best) { best = alike; nearest = q; }
    }
    /// Whether the question has its reply. before: what an earlier run asked in its place will be told, so that the nearest question need not be.
    bool tell(bool before = false) const {
        if (hit) {
            print("hit: " + key.text() + " was answered " + date(hit->at / 1000) + " by " + printable(hit->asked.provider) + ' ' + printable(hit->asked.model));
            if (!verdict.empty()) print("and judged wrong for good: " + printable(verdict) + "; --retry-rejected asks again");
            return true;
        }
        print("miss: no reply has the key " + key.text());
        if (!verdict.empty()) print("and the provider refused it for good: " + printable(verdict) + "; --retry-rejected asks again");
        if (before) return false;
        if (!asked) print("what differs can be said of a file with the question: one line of `penstock journal export`");
        else if (!nearest) print("the journal holds no reply at all");
        else tell_differences("the nearest question is ", *nearest);
        return false;
    }
    void tell_differences(std::string const& what, llm::question const& other) const {
        print(what + other.key().text() + ", and these parts of the key differ:");
        for (auto const& line : llm::differences(*known(), other)) print("  " + printable(line));
    }
};

exit_code why(std::string const& folder, wanted w) {
    if (!w.asked) llm::read_journal(folder, [&](llm::journal_entry e) {         // a run that was left without its reply may have written it down
        if (e.what == llm::journal_entry::kind::asked && e.key == w.key && !e.asked.request.empty()) w.asked = std::move(e.asked);
        return !w.asked;
    });
    say(llm::read_journal(folder, [&](llm::journal_entry e) { w.see(e); return true; }).notes);
    return w.tell() ? exit_code::complete : exit_code::input;
}

/// "17", counted from 1 as a reject's "row" is, or a reject's "position", "0:16": what the row's questions were in the last run that had any, and what became of them.
std::optional<penstock::origin> row_in(std::string_view text) {
    auto const number = [](std::string_view digits) -> std::optional<std::uint64_t> {
        std::uint64_t n = 0;
        auto const [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), n);
        return wrong == std::errc{} && end == digits.data() + digits.size() && n >> 48 == 0 ? std::optional(n) : std::nullopt;
    };
    auto const colon = text.find(':');
    auto const source = colon == text.npos ? 0 : number(text.substr(0, colon));
    auto const row = number(text.substr(colon == text.npos ? 0 : colon + 1));
    if (!source || *source > 0xFFFF || !row || (colon == text.npos && *row == 0)) return {};
    return penstock::origin::of(static_cast<std::uint16_t>(*source), colon == text.npos ? *row - 1 : *row);
}
exit_code why_row(std::string const& folder, penstock::origin row) {
    struct visit { std::int64_t at; wanted of; };
    std::map<penstock::position, std::vector<visit>> places;       // what each of the row's records asked, in all runs
    std::int64_t last = 0;
    llm::read_journal(folder, [&](llm::journal_entry e) {
        if (e.what != llm::journal_entry::kind::asked || e.where.root != row) return true;
        auto& visits = places[e.where];
        auto const same = std::ranges::find(visits, e.key, [](visit const& v) { return v.of.key; });
        auto& v = same == visits.end() ? visits.emplace_back(visit{0, {e.key}}) : *same;
        v.at = std::max(v.at, e.at), last = std::max(last, e.at);
        if (!e.asked.request.empty()) v.of.asked = std::move(e.asked);
        return true;
    });
    auto const name = "row " + std::to_string(row.row() + 1) + (row.source() == 0 ? "" : " of source " + std::to_string(row.source()));
    if (places.empty()) { print("no run that ended asked anything about " + name); return exit_code::input; }
    say(llm::read_journal(folder, [&](llm::journal_entry e) {
        for (auto& [where, visits] : places) for (auto& v : visits) v.of.see(e);
        return true;
    }).notes);
    bool all = true;
    print(name + ", as the run of " + date(last / 1000) + " asked about it:");
    for (auto const& [where, visits] : places) for (auto const& now : visits) {
        if (now.at != last) continue;
        visit const* before = nullptr;
        if (now.of.known()) for (auto const& v : visits) if (v.at != last && v.of.known() && (!before || v.at > before->at)) before = &v;
        print(where.text());
        all = now.of.tell(before != nullptr) && all;
        if (before) now.of.tell_differences("the run of " + date(before->at / 1000) + " asked ", *before->of.known());
    }
    return all ? exit_code::complete : exit_code::input;
}

exit_code cost(options const& o, std::string const& folder) {
    struct sum { std::uint64_t replies = 0, attempts = 0; llm::usage tokens; };
    std::map<std::pair<std::string, std::string>, sum> sums;
    std::uint64_t lost = 0;
    auto const all = llm::read_journal(folder, [&](llm::journal_entry e) {
        if (e.what == llm::journal_entry::kind::lost) lost += e.copies;
        if (e.what != llm::journal_entry::kind::reply) return true;
        auto& s = sums[{e.asked.provider, e.asked.model}];
        ++s.replies, s.attempts += e.came.attempts, s.tokens += e.came.tokens;
        return true;
    });
    double total = 0;
    for (auto const& [of, s] : sums) {
        print(printable(of.first) + ' ' + printable(of.second) + ": " + counted(s.replies, "reply", "replies") + " in " + counted(s.attempts, "request", "requests") + ", " + std::to_string(s.tokens.input) + " input tokens ("
              + std::to_string(s.tokens.cached) + " cached), " + std::to_string(s.tokens.output) + " output tokens (" + std::to_string(s.tokens.reasoning) + " reasoning)");
        auto const cached = std::min(s.tokens.cached, s.tokens.input);
        total += (static_cast<double>(s.tokens.input - cached) * o.input_price + static_cast<double>(cached) * (o.cached_price > 0 ? o.cached_price : o.input_price) + static_cast<double>(s.tokens.output) * o.output_price) / 1e6;
    }
    if (o.input_price > 0 || o.output_price > 0) { char text[64]; std::snprintf(text, sizeof text, "%.4f US dollars at these prices", total); print(text); }
    print("possibly paid twice: " + std::to_string(lost) + ", in no sum above");
    say(all.notes);
    return exit_code::complete;
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (char c : bytes) { char two[3]; std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c))); out += two; }
    return out;
}
void print_json(auto const& x) {
    auto line = json::encode<json::policy{.empty = json::absent::omit}>(x);
    if (!line) throw fatal(exit_code::internal, "an entry cannot be written as JSON: " + line.error().what());
    print(*line);
}
exit_code export_all(std::string const& folder) {
    auto const all = llm::read_journal(folder, [&](llm::journal_entry e) {
        auto const key = e.key.text();
        if (e.what == llm::journal_entry::kind::asked) {
            exported_asker line{"asked", key, e.at, e.where.text()};
            if (!e.asked.request.empty()) {
                auto request = json::raw::of(e.asked.request);
                if (!request) throw fatal(exit_code::internal, "the request of " + key + " is not JSON");
                line.provider = e.asked.provider, line.model = e.asked.model, line.schema_version = e.asked.schema_version, line.draw = e.asked.draw, line.request = std::move(*request);
            }
            print_json(line);
            return true;
        }
        if (e.what != llm::journal_entry::kind::reply) {
            print_json(exported_note{e.what == llm::journal_entry::kind::verdict ? "verdict" : "lost", key, e.round, e.at, e.why, e.copies});
            return true;
        }
        auto request = json::raw::of(e.asked.request);
        if (!request) throw fatal(exit_code::internal, "the request of " + key + " is not JSON");
        auto const& t = e.came.tokens;
        exported_reply line{"reply", key, e.round, e.at, e.asked.provider, e.asked.model, e.asked.schema_version, e.asked.draw, std::move(*request), {}, {}, t.input, t.cached, t.output, t.reasoning, e.came.attempts, e.came.milliseconds};
        if (json::encode(e.came.raw)) line.raw = std::move(e.came.raw); else line.raw_hex = hex(e.came.raw);
        print_json(line);
        return true;
    });
    say(all.notes);
    return exit_code::complete;
}

exit_code journal_work(options const& o, run::job&) {
    auto const& w = o.words;
    auto const wrong = [] { throw fatal(exit_code::usage, "penstock journal show FOLDER [KEY] | why FOLDER ROW|KEY|FILE | cost FOLDER | export FOLDER"); };
    auto const is = [&](std::string_view word, std::size_t least, std::size_t most) { return w[0] == word && w.size() >= least && w.size() <= most; };
    if (w.empty()) wrong();
    if (is("show", 2, 2)) return show(w[1]);
    if (is("show", 3, 3)) {
        auto const key = llm::key::parse(w[2]);
        if (!key) throw fatal(exit_code::usage, printable(w[2]) + " is no key: 32 hexadecimal digits");
        return show_one(w[1], *key);
    }
    if (is("why", 3, 3)) {
        if (auto const key = llm::key::parse(w[2])) return why(w[1], {*key});
        if (auto const row = row_in(w[2])) return why_row(w[1], *row);
        auto asked = question_in(w[2]);
        auto const key = asked.key();
        return why(w[1], {key, std::move(asked)});
    }
    if (is("cost", 2, 2)) return cost(o, w[1]);
    if (is("export", 2, 2)) return export_all(w[1]);
    wrong();
    return exit_code::usage;
}

} // namespace

std::unique_ptr<run::command_base> journal() {
    return run::command<options>("journal", "what a journal of paid replies holds: show, why, cost, export", journal_work);
}

} // namespace tool
