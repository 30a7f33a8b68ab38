#include "generate.hpp"
#include <algorithm>
#include <numeric>
#include <unordered_set>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/fold.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/text/minhash.hpp>
#include <penstock/text/ngrams.hpp>
#include "evidence.hpp"
#include "typos.hpp"

namespace intents {

using penstock::enum_name;

struct said::body {
    penstock::near_index texts;
    std::unordered_set<std::uint64_t> trigrams;
};
said::said() : body_(std::make_unique<body>()) {}
said::~said() = default;
bool said::has(std::string_view text) const { return body_->texts.find(penstock::dataset::fold(text)).has_value(); }
double said::novelty(std::string_view text) const {
    auto const all = penstock::word_ngrams(text, 3);
    if (all.empty()) return 1;
    auto const fresh = std::ranges::count_if(all, [&](auto h) { return !body_->trigrams.contains(h); });
    return static_cast<double>(fresh) / static_cast<double>(all.size());
}
void said::add(std::string_view text) {
    body_->texts.add(penstock::dataset::fold(text));
    for (auto const h : penstock::word_ngrams(text, 3)) body_->trigrams.insert(h);
}

std::vector<cell> cells_of(std::uint64_t rows) {
    std::vector<cell> out;
    std::vector<std::pair<std::uint64_t, std::size_t>> remainders;      // in parts of 10,000
    std::uint64_t given = 0;
    for (std::size_t a = 0; a != audience_count; ++a) for (std::size_t c = 0; c != complexity_count; ++c) {
        auto const share = std::uint64_t{audience_share[a]} * complexity_share[c];
        remainders.emplace_back(rows % 10'000 * share % 10'000, out.size());
        out.push_back({static_cast<audience>(a), static_cast<complexity>(c), rows / 10'000 * share + rows % 10'000 * share / 10'000});
        given += out.back().rows;
    }
    std::ranges::sort(remainders, [](auto const& a, auto const& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
    for (std::size_t i = 0; given != rows; ++i, ++given) ++out[remainders[i].second].rows;
    return out;
}

example labelled(std::string text, intent i, audience a, complexity c, std::optional<edge_case> kind) {
    example out{.text = std::move(text), .intent = i, .audience = a, .complexity = c, .metadata = {}, .generated_at = {}};
    out.metadata.generation_method = kind ? "edge_case_generator" : "template";
    out.metadata.edge_case = kind;
    return out;
}
void describe(example& row) {
    evidence const shown(row.text);
    auto const kind = row.metadata.edge_case;
    row.confidence = confidence_of(shown, row.intent, row.complexity, kind);
    row.metadata.style = shown_style(row.text, row.metadata.style);
    row.metadata.technical_level = shown.technical_level();
    row.metadata.length = static_cast<std::uint32_t>(shown.words().size());
    row.metadata.has_multiple_parts = has_multiple_parts(row.text) || kind == edge_case::mixed_intent;
}

generator::generator(grammar const& g, generator_options options) : grammar_(g), options_(std::move(options)), dice_(options_.seed) {}

void generator::add(example made) {
    said_.add(made.text);
    describe(made);
    made.generated_at = options_.generated_at;
    rows_.push_back(std::move(made));
}
bool generator::take(example made) {
    if (said_.has(made.text)) return false;
    add(std::move(made));
    return true;
}

/// The newest of several offers; nothing where what is offered again and again is there already.
template <class Offer> std::optional<example> generator::newest(Offer offer) {
    for (int round = 0; round != 8; ++round) {
        std::vector<example> offers;
        std::vector<std::pair<double, std::size_t>> order;      // less of it is newer
        for (unsigned n = 0; n != options_.offers; ++n) {
            offers.push_back(offer());
            order.emplace_back(-said_.novelty(offers.back().text), n);
        }
        std::ranges::sort(order);
        for (auto const& [known, n] : order) if (!said_.has(offers[n].text)) return std::move(offers[n]);
    }
    return {};
}
void generator::exhausted(std::string_view what) const {
    throw penstock::fatal(penstock::exit_code::usage, "the grammar has nothing new to say for " + std::string(what) + " after " + std::to_string(rows_.size())
                                                      + " rows: ask for fewer (--examples-per-intent, --edge-cases), or have a model write them (--provider)");
}

void generator::intent_rows(intent i) {
    for (auto const& c : cells_of(options_.examples_per_intent)) fill(i, c);
}
void generator::fill(intent i, cell const& of) {
    auto const& frames = grammar_.cell(i, of.audience, of.complexity);
    std::vector<std::size_t> turns(frames.size());          // frames take turns, so that none is behind more rows than the others; one with nothing new to say drops out
    std::iota(turns.begin(), turns.end(), std::size_t{0});
    dice_.shuffle(turns);
    std::size_t turn = 0;
    for (std::uint64_t n = 0; n != of.rows; ++turn) {
        if (turns.empty()) exhausted(std::string(enum_name(i)) + ", " + std::string(enum_name(of.audience)) + ", " + std::string(enum_name(of.complexity)));
        auto const& from = frames[turns[turn % turns.size()]];
        auto made = newest([&] {
            auto put = grammar_.say(from, of.audience, dice_);
            auto row = labelled(std::move(put.text), i, of.audience, of.complexity);
            row.metadata.style = put.style;
            row.metadata.frames = {from.name};
            return row;
        });
        if (made) { add(*std::move(made)); ++n; }
        else turns.erase(turns.begin() + static_cast<std::ptrdiff_t>(turn % turns.size()));
    }
}

frame const& generator::request_frame(intent i) {
    for (;;) {      // every intent has requests without a tail among these
        auto const& f = any(grammar_.cell(i, audience::general, dice_.chance(50) ? complexity::simple : complexity::moderate));
        if (f.how == frame::kind::request && f.tail.empty()) return f;
    }
}

std::optional<example> generator::edge(edge_case kind, intent i, std::uint64_t number) {
    auto const name = std::string(enum_name(kind));
    auto const finish = [](example made, style put, std::vector<std::string> frames) {
        made.metadata.style = put;
        made.metadata.frames = std::move(frames);
        return made;
    };
    auto const ordinary = [&](frame const*& from, audience& a, complexity& c) {     // a text as the intents' own rows are, which is in no row
        auto const cells = cells_of(100);
        auto place = dice_.below(100);
        std::size_t at = 0;
        while (place >= cells[at].rows) place -= cells[at++].rows;
        a = cells[at].audience;
        c = cells[at].complexity;
        from = &any(grammar_.cell(i, a, c));
        return grammar_.say(*from, a, dice_);
    };
    switch (kind) {
    case edge_case::mixed_intent: {
        auto const& ways = grammar_.list("mixed");
        auto const way = number % ways.size();
        return newest([&] {
            auto const other = static_cast<intent>((static_cast<std::size_t>(i) + 1 + dice_.below(intent_count - 1)) % intent_count);
            auto const& first = request_frame(i);
            auto const& second = request_frame(other);
            auto text = grammar_.fill(ways[way], audience::general, dice_, {{"a", grammar_.part(first, audience::general, dice_)}, {"b", grammar_.part(second, audience::general, dice_)}});
            auto made = finish(labelled(with_capitals(std::move(text)), i, audience::general, complexity::moderate, kind), style::neutral, {name + '/' + std::to_string(way + 1), first.name, second.name});
            made.metadata.second_intent = other;
            return made;
        });
    }
    case edge_case::vague_request:
        return newest([&] {
            auto const& f = any(grammar_.vague(i));
            auto put = grammar_.say(f, audience::general, dice_);
            return finish(labelled(std::move(put.text), i, audience::general, complexity::simple, kind), put.style, {f.name});
        });
    case edge_case::typos_and_errors:
        return newest([&] {
            frame const* from = nullptr;
            audience a{};
            complexity c{};
            auto put = ordinary(from, a, c);
            if (said_.has(put.text)) return labelled(std::move(put.text), i, a, c, kind);       // not taken either
            return finish(labelled(mistyped(std::move(put.text), dice_), i, a, c, kind), put.style, {from->name});
        });
    case edge_case::extreme_length: {
        auto const& shorts = grammar_.shorts(i);
        std::vector<frame const*> left;
        for (auto const& f : shorts) if (!said_.has(f.pattern)) left.push_back(&f);
        if (number % 3 != 2 && !left.empty()) {
            auto const& f = *left[dice_.below(left.size())];
            return finish(labelled(std::string(f.pattern), i, audience::general, complexity::simple, kind), style::terse, {f.name});
        }
        return newest([&] {
            auto const fill = [&](std::string_view list) { auto const& items = grammar_.list(list); return grammar_.fill(items[dice_.below(items.size())], audience::general, dice_); };
            std::string text = fill("long_open");
            std::vector<std::string> frames = {name + '/' + std::string(enum_name(i)) + "/long"};
            for (auto const goal = 600 + dice_.below(600); text.size() < goal;) {
                auto const& f = any(grammar_.cell(i, audience::general, dice_.chance(60) ? complexity::moderate : complexity::simple));
                if (std::ranges::find(frames, f.name) != frames.end()) continue;        // nobody says the same thing twice in one message
                frames.push_back(f.name);
                auto wish = grammar_.part(f, audience::general, dice_);
                text += ' ';
                if (f.how == frame::kind::request) text += fill("long_link") + ' ';
                text += wish;
                if (text.back() != '.' && text.back() != '?' && text.back() != '!') text += '.';
            }
            text += ' ' + fill("long_close");
            return finish(labelled(with_capitals(std::move(text)), i, audience::general, complexity::complex, kind), style::casual, std::move(frames));
        });
    }
    case edge_case::multiple_languages:
        return newest([&] {
            auto const& f = any(grammar_.foreign(i));
            auto put = grammar_.say(f, audience::general, dice_);
            auto made = finish(labelled(std::move(put.text), i, audience::general, complexity::simple, kind), put.style, {f.name});
            made.metadata.language = std::string(f.language);
            return made;
        });
    case edge_case::emotional_context:
        return newest([&] {
            frame const* from = nullptr;
            audience a{};
            complexity c{};
            std::string wish;
            do {
                a = audience::general;
                c = dice_.chance(50) ? complexity::simple : complexity::moderate;
                from = &any(grammar_.cell(i, a, c));
                wish = grammar_.part(*from, a, dice_);
            } while (!from->tail.empty());
            if (wish.back() != '.' && wish.back() != '?' && wish.back() != '!') wish += '.';
            auto const& ways = grammar_.list("emotion");
            auto const way = dice_.below(ways.size());
            auto text = grammar_.fill(ways[way], a, dice_);
            text.replace(text.find('*'), 1, wish);
            return finish(labelled(with_capitals(std::move(text)), i, a, c, kind), style::casual, {from->name});
        });
    }
    throw penstock::fatal(penstock::exit_code::internal, "no such kind of edge case");
}

void generator::edge_rows() {
    for (std::uint64_t n = 0; n != options_.edge_cases; ++n) {
        auto const kind = static_cast<edge_case>(n % edge_case_count);
        auto const number = n / edge_case_count;
        std::optional<example> made;        // an intent that has said everything leaves its turn to the next
        for (std::size_t shift = 0; !made && shift != intent_count; ++shift) made = edge(kind, static_cast<intent>((number + shift) % intent_count), number / intent_count);
        if (!made) exhausted(enum_name(kind));
        add(*std::move(made));
    }
}

} // namespace intents
