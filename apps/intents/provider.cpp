#include "provider.hpp"
#include <algorithm>
#include <utility>
#include <penstock/core/in_source_order.hpp>
#include <penstock/dataset/tokens.hpp>
#include <penstock/llm/ask.hpp>
#include <penstock/record/enums.hpp>
#include <penstock/run/log.hpp>
#include "validate.hpp"

template penstock::result<intents::told> penstock::llm::read_reply<intents::told>(std::string const&);

namespace intents {

using penstock::enum_name;

namespace {

constexpr std::string_view about[intent_count] = {
    "asks for a fact, a definition or an explanation", "wants a story, poem, song, scene or other creative text written", "wants a program, script, query or other code written",
    "wants data analysed, plotted, tested or interpreted", "wants arguments weighed, a conclusion tested or a riddle reasoned through", "wants something summarised or shortened",
    "wants words or texts translated between languages", "just chats: greetings, small talk, thanks, feelings", "wants a plan, schedule, checklist or itinerary", "has a problem that must be diagnosed or solved",
};
constexpr std::string_view speaker[audience_count] = {
    "a child of about eight, in simple words and short sentences", "an adult who is new to the subject and says so by plain words", "somebody with working experience, who uses the usual terms",
    "an expert, with precise technical vocabulary", "an ordinary adult in everyday language",
};
constexpr std::string_view shape[complexity_count] = {"one short sentence with one wish", "one or two sentences with some detail or a condition", "several sentences: more than one wish, with constraints"};

constexpr std::size_t most_seen = 40, manners = 3;
constexpr unsigned rounds_without_news = 3;

std::string quoted_list(std::vector<std::string> const& texts) {
    std::string out;
    for (auto const& t : texts) out += "- " + t + '\n';
    return out;
}

struct reply { std::vector<std::string> texts; std::uint64_t faulty = 0; };
constexpr auto recipe = penstock::llm::ask<told>("write", [](wish const& w) { return prompt(w); },
    [](wish const& w, told t) -> penstock::result<reply> {
        reply out;
        std::string why;
        for (auto const& text : t.texts) {
            auto wrong = objection(text.value(), w.intent);
            if (wrong.empty()) { out.texts.emplace_back(text.value()); continue; }
            ++out.faulty;
            if (why.empty()) why = std::move(wrong);
        }
        if (out.texts.empty()) return std::unexpected(penstock::failure(penstock::errc::rejected, "no text can be used: " + why));
        return out;
    }) | penstock::in_source_order();

/// A cell while it is being filled.
struct filling { intent about; cell of; std::uint64_t taken = 0; std::vector<std::string> seen = {}; unsigned barren = 0; };
std::vector<filling> all_cells(generator_options const& o) {
    std::vector<filling> out;
    for (std::size_t i = 0; i != intent_count; ++i) for (auto const& c : cells_of(o.examples_per_intent)) if (c.rows != 0) out.push_back({.about = static_cast<intent>(i), .of = c});
    return out;
}
wish next(filling const& f, grammar const& g, std::uint64_t round, std::uint64_t batch, random& dice) {
    wish w{.intent = f.about, .audience = f.of.audience, .complexity = f.of.complexity, .round = round, .wanted = std::min(batch, f.of.rows - f.taken), .manner = {}, .seen = {}};
    for (std::size_t n = 0; n != manners; ++n) w.manner.push_back(g.say(dice.one_of(g.cell(f.about, f.of.audience, f.of.complexity)), f.of.audience, dice).text);
    w.seen.assign(f.seen.end() - static_cast<std::ptrdiff_t>(std::min(most_seen, f.seen.size())), f.seen.end());
    return w;
}

} // namespace

penstock::llm::chat_request prompt(wish const& w) {
    auto const i = static_cast<std::size_t>(w.intent), a = static_cast<std::size_t>(w.audience), c = static_cast<std::size_t>(w.complexity);
    std::string user = "Write " + std::to_string(w.wanted) + (w.wanted == 1 ? " message" : " messages") + " that a person could send to an assistant.\nThe person " + std::string(about[i]) + ".\nSpeaker: " + std::string(speaker[a])
                     + ".\nLength and shape: " + std::string(shape[c]) + ".\nEach message is about another subject, is worded differently, and could not be taken for another kind of wish. No placeholders, no numbering, no quotation marks around it.\n";
    user += "\nMessages of this kind, for their manner only; do not repeat or paraphrase them:\n" + quoted_list(w.manner);
    if (!w.seen.empty()) user += "\nThese exist already; write nothing like them:\n" + quoted_list(w.seen);
    auto out = penstock::llm::chat("You write varied, realistic messages for training an intent classifier.", std::move(user));
    out.draw = static_cast<std::uint32_t>(w.round);     // a request that says the same in two rounds is asked twice
    return out;
}

estimate estimate_of(grammar const& g, generator_options const& o, std::uint64_t batch, penstock::dataset::token_counter const& tokens) {
    constexpr std::uint64_t output_tokens[complexity_count] = {14, 28, 60};         // of a text and its quotes
    estimate out;
    random dice(o.seed);
    for (auto& f : all_cells(o)) {
        auto const sample = next(f, g, 0, batch, dice);
        auto const request = prompt(sample);
        std::uint64_t fixed = penstock::dataset::tokens_per_chat;
        for (auto const& m : request.messages) fixed += tokens(m.content) + penstock::dataset::tokens_per_message;
        auto const each = output_tokens[static_cast<std::size_t>(f.of.complexity)];
        for (std::uint64_t left = f.of.rows, done = 0; left != 0;) {
            auto const n = std::min(batch, left);
            ++out.requests;
            out.input_tokens += fixed + std::min<std::uint64_t>(most_seen, done) * each;
            out.output_tokens += n * each;
            left -= n;
            done += n;
        }
    }
    return out;
}

written model_rows(generator& to, grammar const& g, generator_options const& o, std::uint64_t batch, std::uint64_t most_requests, penstock::llm::asking_env& env) {
    written out;
    random dice(o.seed ^ 0x70726f76);       // apart from the generator's own
    auto cells = all_cells(o);
    auto const model = env.asks->options().name;
    for (std::uint64_t round = 0; !env.stop_token().stop_requested(); ++round) {
        std::vector<wish> wishes;
        std::vector<filling*> open;
        for (auto& f : cells) if (f.taken != f.of.rows && f.barren != rounds_without_news) { wishes.push_back(next(f, g, round, batch, dice)); open.push_back(&f); }
        if (wishes.empty()) break;
        ++out.rounds;
        penstock::run::log::debug("round " + std::to_string(round + 1) + ": " + std::to_string(wishes.size()) + " requests");
        for (auto* f : open) ++f->barren;
        auto const asked = [&] { auto const& n = env.asks->counts(); return n.sent - std::min(n.sent, n.retried); };      // one that the server was too busy for is not paid
        if (asked() >= most_requests) { out.dear = true; return out; }
        for (auto&& item : std::move(wishes) | recipe | penstock::with(env)) {
            if (asked() > most_requests) { out.dear = true; return out; }
            auto& f = *open[item.where.row()];
            if (!item.value) {
                if (item.value.error().code() == penstock::errc::cancelled) continue;
                ++out.refused;
                penstock::run::log::debug(std::string(enum_name(f.about)) + ": " + item.value.error().what());
                continue;
            }
            out.faulty += item.value->faulty;
            for (auto& text : item.value->texts) {
                if (f.taken == f.of.rows) break;
                auto made = labelled(std::move(text), f.about, f.of.audience, f.of.complexity);
                made.metadata.generation_method = "model";
                made.metadata.model_used = model;
                f.seen.push_back(made.text);
                if (!to.take(std::move(made))) { ++out.repeated; f.seen.pop_back(); continue; }
                ++f.taken;
                ++out.by_model;
                f.barren = 0;
            }
        }
    }
    if (env.stop_token().stop_requested()) return out;
    for (auto const& f : cells) { to.fill(f.about, {f.of.audience, f.of.complexity, f.of.rows - f.taken}); out.by_grammar += f.of.rows - f.taken; }
    return out;
}

} // namespace intents
