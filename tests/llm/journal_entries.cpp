/// A journal read from outside, and what is said about two questions that are not the same.
#include "support.hpp"
#include <penstock/llm/chat_request.hpp>
#include <penstock/llm/journal_entries.hpp>

using namespace penstock;
using namespace penstock::llm;
using support::desk;
using support::folder;

TEST_CASE("everything that is in a journal is read from outside, while it is written and after") {
    folder const there;
    auto const look = [&] {
        std::size_t replies = 0, verdicts = 0, lost = 0;
        auto const all = read_journal(there.path, [&](journal_entry e) {
            if (e.what == journal_entry::kind::reply) { CHECK(e.asked == support::question(static_cast<unsigned>(replies))); CHECK(e.came == support::answer(static_cast<unsigned>(replies))); CHECK(e.asked.key() == e.key); ++replies; }
            if (e.what == journal_entry::kind::verdict) { CHECK(e.why == "bad"); CHECK(e.key == support::question(1).key()); ++verdicts; }
            if (e.what == journal_entry::kind::lost) lost += e.copies;
            CHECK(e.at > 1'600'000'000'000);
            return true;
        });
        CHECK(replies == 5);
        CHECK(verdicts == 1);
        CHECK(lost == 2);
        REQUIRE(all.parts.size() == 1);
        CHECK(all.parts[0].replies == 5);
        CHECK(all.parts[0].lost == 2);
        CHECK(all.notes.empty());
        return all.parts[0].open;
    };
    {
        desk d(there.path);
        for (unsigned i = 0; i != 5; ++i) d.keep(i);
        d->lost(support::question(3).key(), 2);
        d.wait([&](auto done) { d->judge(support::question(1).key(), "bad", std::move(done)); });
        CHECK(look());
    }
    CHECK(!look());
    std::size_t seen = 0;
    (void)read_journal(there.path, [&](journal_entry) { return ++seen != 2; });
    CHECK(seen == 2);
    CHECK(support::fatal_of([&] { (void)read_journal(there / "nowhere", [](journal_entry) { return true; }); }).second == exit_code::input);
}

TEST_CASE("what differs is named: the part, and where in a text") {
    chat_request const base{.model = "gpt-4o", .messages = {{role::system, "You are an examiner."}, {role::user, "Essay: the quick brown fox jumps over the lazy dog, again and again."}}, .temperature = 0.3, .schema = "{}"};
    auto const told = [&](auto change) {
        auto other = base;
        change(other);
        auto const lines = differences(*question_of("openai", base), *question_of("openai", other));
        return lines.size() == 1 ? lines[0] : "not one line, but " + std::to_string(lines.size());
    };
    CHECK(told([](auto&) {}) == "not one line, but 0");
    CHECK(told([](auto& r) { r.model = "gpt-5"; }) == "model: \"gpt-4o\", in the journal \"gpt-5\"");
    CHECK(told([](auto& r) { r.draw = 2; }) == "draw: 0, in the journal 2");
    CHECK(told([](auto& r) { r.schema_version = "2"; }) == "schema version: \"\", in the journal \"2\"");
    CHECK(told([](auto& r) { r.temperature = 0.7; }) == "temperature: 0.3, in the journal 0.7");
    CHECK(told([](auto& r) { r.temperature = {}; }) == "temperature: 0.3, in the journal (none)");
    CHECK(told([](auto& r) { r.max_output_tokens = 9; }) == "output tokens: (none), in the journal 9");
    CHECK(told([](auto& r) { r.schema = "{\"a\":1}"; }).starts_with("schema, from byte 1: "));
    CHECK(told([](auto& r) { r.messages.pop_back(); }) == "messages: 2, in the journal 1");
    CHECK(told([](auto& r) { r.messages[1].content.replace(17, 5, "green"); }) == "message 2 (user), from byte 17: \"Essay: the quick brown fox jumps over the lazy ...\", in the journal \"Essay: the quick green fox jumps over the lazy ...\"");
    auto other = base;
    other.messages[1].content[20] = 'X';
    CHECK(nearness(*question_of("openai", base), *question_of("openai", other)) > 1.29);
    CHECK(nearness(*question_of("openai", base), *question_of("openai", base)) > nearness(*question_of("openai", base), *question_of("openai", other)));
}
