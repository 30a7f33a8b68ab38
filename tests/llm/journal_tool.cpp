/// penstock journal: what it says of a folder, of one question, and of one that has no reply.
#include "support.hpp"
#include <cstdio>
#include <sys/wait.h>

using namespace penstock;
using namespace support;

namespace {
struct said { int code; std::string out; };
said tool(std::string const& arguments) {
    std::FILE* const pipe = ::popen(("'" PENSTOCK_TOOL "' journal " + arguments + " 2>&1").c_str(), "r");
    REQUIRE(pipe);
    said s{};
    char piece[4096];
    for (std::size_t n = 0; (n = std::fread(piece, 1, sizeof piece, pipe)) != 0;) s.out.append(piece, n);
    int const status = ::pclose(pipe);
    s.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return s;
}
bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
llm::question rivers(std::string model, std::uint32_t draw = 0) { return {"openai", std::move(model), "1", draw, R"({"messages":[{"role":"user","content":"Name a river."}],"temperature":0.3})"}; }
}

TEST_CASE("penstock journal: show, show KEY, why, cost, export") {
    folder here;
    auto const where = "'" + (here / "journal") + "'";
    {
        desk d(here / "journal", {.host = "alpha"});
        for (std::uint32_t i = 0; i != 3; ++i) d.keep(rivers("m", i), {R"({"choices":[{"message":{"content":"Elbe"}}]})", {100, 40, 10, 0}, 2, 7});
        d.wait([&](auto done) { d->judge(rivers("m", 2).key(), "Elbe is no answer", std::move(done)); });
        d.wait([&](auto done) { d->judge(rivers("refused").key(), "400 no rivers", std::move(done)); });
    }
    auto const show = tool("show " + where);
    CAPTURE(show.out);
    CHECK(show.code == 0);
    CHECK(has(show.out, "3 questions answered, 1 of them judged wrong for good at some time, 1 more refused by the provider, "));
    auto const refused = tool("why " + where + " " + rivers("refused").key().text());
    CHECK(refused.code == 3);
    CHECK(has(refused.out, "the provider refused it for good: 400 no rivers; --retry-rejected asks again"));
    auto const one = tool("show " + where + " " + rivers("m", 2).key().text());
    CHECK(one.code == 0);
    CHECK(has(one.out, "Name a river."));
    CHECK(has(one.out, "Elbe is no answer"));
    CHECK(tool("show " + where + " " + rivers("other").key().text()).code == 3);
    CHECK(tool("show " + where + " river").code == 2);

    auto const cost = tool("cost " + where + " --input-price 1000000 --output-price 2000000 --cached-price 500000");
    CHECK(has(cost.out, "openai m: 3 replies in 6 requests, 300 input tokens (120 cached), 30 output tokens"));
    CHECK(has(cost.out, "300.0000 US dollars"));        // 180 + 60 + 60

    auto const exported = tool("export " + where);
    CHECK(exported.code == 0);
    auto const line = exported.out.substr(0, exported.out.find('\n'));
    write_bytes(here / "asked.json", line);
    auto const hit = tool("why " + where + " '" + (here / "asked.json") + "'");
    CHECK(hit.code == 0);
    CHECK(has(hit.out, "hit: "));
    auto other = line;
    other.replace(other.find("\"model\":\"m\""), 11, "\"model\":\"n\"");
    other.replace(other.find("a river"), 7, "a brook");
    write_bytes(here / "other.json", other);
    auto const miss = tool("why " + where + " '" + (here / "other.json") + "'");
    CAPTURE(miss.out);
    CHECK(miss.code == 3);
    CHECK(has(miss.out, "model: \"n\", in the journal \"m\""));
    CHECK(has(miss.out, "message 1 (user), from byte 7: \"Name a brook.\""));
    CHECK(tool("why " + where + " " + rivers("m", 2).key().text()).code == 0);
    CHECK(tool("show '" + (here / "nothing") + "'").code == 3);
    CHECK(tool("").code == 2);
}

TEST_CASE("penstock journal why ROW: what a row asked, and what differs from the run before") {
    folder here;
    auto const folder = here / "journal", where = "'" + folder + "'";
    position const first = origin::of(0, 16), other = origin::of(1, 16);
    auto const reply = llm::reply{R"({"choices":[{"message":{"content":"Elbe"}}]})", {100, 40, 10, 0}, 2, 7};
    {
        desk d(folder, {.host = "alpha"});
        for (std::uint32_t i = 0; i != 2; ++i) {
            d.keep(rivers("m", i), reply);
            d->asked(first.child(i), rivers("m", i).key());
        }
        d->asked(other, rivers("m").key());
    }
    auto const hits = tool("why " + where + " 17");
    CAPTURE(hits.out);
    CHECK(hits.code == 0);
    CHECK(has(hits.out, "0:16.0\nhit: " + rivers("m", 0).key().text()));
    CHECK(has(hits.out, "0:16.1\nhit: " + rivers("m", 1).key().text()));
    CHECK(!has(hits.out, "1:16"));
    CHECK(has(tool("why " + where + " 1:16").out, "row 17 of source 1"));
    CHECK(tool("why " + where + " 18").code == 3);
    CHECK(tool("why " + where + " 0").code == 3);           // rows are counted from 1: a file of this name, which is not there

    {
        desk d(folder, {.host = "alpha"});
        d->asked(first.child(0), rivers("m", 0).key());
        d->unanswered(first.child(1), rivers("n", 1));
    }
    auto const miss = tool("why " + where + " 0:16");
    CAPTURE(miss.out);
    CHECK(miss.code == 3);
    CHECK(has(miss.out, "0:16.0\nhit: "));
    CHECK(has(miss.out, "0:16.1\nmiss: no reply has the key " + rivers("n", 1).key().text()));
    CHECK(has(miss.out, "model: \"n\", in the journal \"m\""));
    CHECK(has(tool("show " + where + " " + rivers("m", 1).key().text()).out, "asked by 0:16.1"));
    auto const exported = tool("export " + where).out;
    CHECK(has(exported, R"("position":"0:16.1")"));
    auto const by_key = tool("why " + where + " " + rivers("n", 1).key().text());
    CAPTURE(by_key.out);
    CHECK(by_key.code == 3);
    CHECK(has(by_key.out, "model: \"n\", in the journal \"m\""));
    auto const start = exported.rfind('\n', exported.find(R"("model":"n")")) + 1;
    write_bytes(here / "left.json", exported.substr(start, exported.find('\n', start) - start));
    auto const by_file = tool("why " + where + " '" + (here / "left.json") + "'");
    CAPTURE(by_file.out);
    CHECK(has(by_file.out, "miss: no reply has the key " + rivers("n", 1).key().text()));
    CHECK(has(by_file.out, "model: \"n\", in the journal \"m\""));
    desk replay(folder, {.replay = true, .host = "alpha"});
    auto const [line, code] = fatal_of([&] { replay->find(rivers("n", 1)); });
    CAPTURE(line);
    CHECK(code == exit_code::input);
    CHECK(one_line(line));
    CHECK(has(line, "the nearest question there is " + rivers("m", 1).key().text() + ", which differs in model: \"n\", in the journal \"m\""));
}
