#include <doctest/doctest.h>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/lint.hpp>
#include <penstock/record/json_text.hpp>
#include "run/support.hpp"
#include "real_data.hpp"

namespace ps = penstock;
namespace ds = penstock::dataset;

namespace {
std::string turn(std::string const& role, std::string const& content) { return R"({"role":")" + role + R"(","content":")" + content + "\"}"; }
std::string chat(std::string const& user, std::string const& assistant = "yes") {
    return R"({"messages":[)" + turn("system", "s") + ',' + turn("user", user) + ',' + turn("assistant", assistant) + "]}\n";
}
std::string good(int n, int from = 0) {
    std::string text;
    for (int i = 0; i != n; ++i) text += chat("question " + std::to_string(from + i));
    return text;
}
struct files {
    test::folder dir;
    std::vector<std::string> paths;
    files& add(std::string const& name, std::string const& text) { paths.push_back(dir.write(name, text)); return *this; }
    ds::lint_report lint(ds::lint_options o = {}) const { return ds::lint(paths, o); }
};
/// Ten good rows and one line.
ds::lint_report with(std::string const& line, ds::lint_options o = {}) { return files().add("train.jsonl", good(10) + line + '\n').lint(o); }
void expect(std::string const& line, std::string_view check, ds::lint_options o = {}) {
    auto const r = with(line, o);
    CHECK_MESSAGE(r.count(check) == 1, check << " in " << line);
    REQUIRE(!r.findings.empty());
    bool found = false;
    for (auto const& f : r.findings) { CHECK_MESSAGE(f.line == 11, f.check); found |= f.check == check; }
    CHECK(found);
    std::uint64_t others = 0;
    for (auto const& c : ds::lint_checks) if (c.name != check) others += r.count(c.name);
    CHECK_MESSAGE(others == 0, r.text());
}
std::string messages(std::string const& inside) { return "{\"messages\":[" + inside + "]}"; }
}

TEST_CASE("lint: a clean file has no findings") {
    auto const r = files().add("train.jsonl", good(12)).lint();
    CHECK(r.clean()); CHECK(r.warnings() == 0); CHECK(r.findings.empty());
    REQUIRE(r.files.size() == 1);
    CHECK(r.files[0].rows == 12); CHECK(r.files[0].tokens.count == 12);
    CHECK(files().add("train.jsonl", good(12).substr(0, good(12).size() - 1)).lint().clean());      // no line break at the end
    std::string crlf;
    for (char c : good(10)) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    CHECK(files().add("train.jsonl", crlf).lint().clean());
}

TEST_CASE("lint: each check fires alone, on its line") {
    auto const s = turn("system", "s"), u = turn("user", "u"), a = turn("assistant", "a");
    expect("[1]", "data_type");
    expect("{\"messages\":[]}", "missing_messages_list");
    expect("{\"messages\":{}}", "missing_messages_list");
    expect("{}", "missing_messages_list");
    expect(messages(s + ',' + u + R"(,{"role":"assistant","content":"a","weight":1,"mood":"good"})"), "message_unrecognized_key");
    expect(messages(s + ',' + u + ',' + turn("robot", "x") + ',' + a), "unrecognized_role");
    expect(messages(s + ',' + u + R"(,{"role":"assistant","content":"  "})"), "missing_content");
    expect(messages(s + ',' + u + R"(,{"role":"assistant","content":null})"), "missing_content");
    expect(messages(s + ',' + u + R"(,{"role":"assistant","content":5})"), "missing_content");
    expect(messages(u + ',' + a), "missing_system_message");
    expect("\xFF", "invalid_utf8");
    expect(messages(s + ',' + u + ',' + turn("assistant", "\xC0\xAF")), "invalid_utf8");
    expect("{\"messages\":", "invalid_json");
    expect("", "invalid_json");
    expect(R"({"messages":[)" + s + ',' + u + ',' + a + R"(],"id":7})", "row_unrecognized_key");
    expect(messages(s + ',' + u + R"(,{"role":"assistant","content":"a","content":"b"})"), "duplicate_key");
    expect(messages(u + ',' + s + ',' + a), "role_order");
    expect(messages(s + ',' + u + ',' + a + ',' + u), "role_order");
    expect(messages(s + ',' + u + R"(,{"role":"assistant","content":"a","weight":2})"), "invalid_weight");
    expect(messages(s + R"(,{"role":"user","content":"u","weight":1},)" + a), "invalid_weight");
}

TEST_CASE("lint: checks that come in company") {
    auto const s = turn("system", "s"), u = turn("user", "u"), a = turn("assistant", "a");
    auto r = with(messages(s + ',' + u));
    CHECK(r.count("example_missing_assistant_message") == 1); CHECK(r.count("role_order") == 1);
    r = with(messages(s + ',' + a));
    CHECK(r.count("missing_user_message") == 1); CHECK(r.count("role_order") == 1);
    r = with(messages(s + R"(,{"content":"u"},)" + a));
    CHECK(r.count("message_missing_key") == 1);
    r = with(messages(s + R"(,{"role":"user"},)" + a));
    CHECK(r.count("message_missing_key") == 1); CHECK(r.count("missing_content") == 1);
    r = with(messages(s + ",7," + u + ',' + a));
    CHECK(r.count("message_missing_key") == 1);
    r = with(messages(s + ',' + u + R"(,{"role":"assistant","tool_calls":[{"id":"1"}]})"));
    CHECK(r.clean());
}

TEST_CASE("lint: JSON in the assistant, only when asked for") {
    ds::lint_options const json{.assistant_json = true};
    std::string text;
    for (int i = 0; i != 10; ++i) text += chat(std::to_string(i), "{\\\"band\\\": 6.5}");
    auto const lint = [&](std::string const& assistant) { return files().add("train.jsonl", text + chat("x", assistant)).lint(json); };
    CHECK(lint("{\\\"a\\\":[1]}").clean());
    CHECK(lint(" {} \\n").clean());
    for (auto const* bad : {"{{\\\"a\\\":1}}", "plain", "[1]", "7", "{\\\"a\\\":1} extra", "{\\\"a\\\":NaN}", "```json\\n{}\\n```"}) CHECK_MESSAGE(lint(bad).count("assistant_not_json") == 1, bad);
    CHECK(files().add("train.jsonl", good(10)).lint().clean());
    CHECK(files().add("train.jsonl", good(10)).lint(json).count("assistant_not_json") == 10);
}

TEST_CASE("lint: duplicates inside and across files, whatever the spelling") {
    files f;
    auto const spaced = R"({ "messages" : [ {"content":"s","role":"system"}, {"role":"user","content":"question \u0033"},{"role":"assistant","content":"yes"}]})" "\n";
    f.add("train.jsonl", good(10) + spaced).add("validation.jsonl", good(2, 100) + chat("question 5"));
    auto const r = f.lint();
    CHECK(r.count("duplicate_row") == 1);
    CHECK(r.count("duplicate_across_files") == 1);
    CHECK(r.count("too_few_examples") == 0);        // three rows of validation are no error
    REQUIRE(r.findings.size() == 2);
    CHECK(r.findings[0].line == 11); CHECK(r.findings[0].message == "the same messages as line 4");
    CHECK(r.findings[1].file == f.paths[1]); CHECK(r.findings[1].line == 3); CHECK(r.findings[1].message == "the same messages as " + f.paths[0] + ":6");
    CHECK(!r.clean());
}

TEST_CASE("lint: sizes, byte order marks, few rows") {
    CHECK(with(chat(std::string(400, 'x') + " y"), {.max_tokens = 15}).count("too_many_tokens") >= 1);
    CHECK(with(chat("short"), {.max_tokens = 0}).count("too_many_tokens") == 0);
    CHECK(files().add("train.jsonl", good(9)).lint().count("too_few_examples") == 1);
    CHECK(files().add("train.jsonl", "").lint().count("too_few_examples") == 1);
    CHECK(files().add("val.jsonl", good(1)).lint().clean());
    CHECK(files().add("train.jsonl", good(9)).lint({.min_examples = 3}).clean());
    auto const marked = "\xEF\xBB\xBF" + good(10);
    CHECK(files().add("a.jsonl", marked).lint().count("byte_order_mark") == 1);
    CHECK(files().add("a.jsonl", marked).lint({.target = ds::lint_target::azure}).count("byte_order_mark") == 0);
    CHECK(files().add("a.jsonl", good(10)).lint({.target = ds::lint_target::azure}).count("byte_order_mark") == 1);
    auto const huge = files().add("train.jsonl", good(10) + std::string((std::size_t{64} << 20) + 300000, 'x') + '\n' + chat("after")).lint();
    CHECK(huge.count("line_too_long") == 1); CHECK(huge.errors() == 1); CHECK(huge.files[0].rows == 12);
}

TEST_CASE("lint: counts are whole, findings are bounded and escaped") {
    std::string text = good(10);
    for (int i = 0; i != 100; ++i) text += "not json \x1b[31m\n";
    auto const r = files().add("train.jsonl", text).lint({.shown = 3});
    CHECK(r.count("invalid_json") == 100);
    CHECK(r.findings.size() == 3);
    CHECK(r.text().find('\x1b') == std::string::npos);
    CHECK(r.text().ends_with("100 errors, 0 warnings\n"));
    CHECK(!ps::json::flaw_of(r.json()));
    CHECK(r.json().find("\"invalid_json\": 100") != std::string::npos);
}

TEST_CASE("lint: a missing file and a directory end the run") {
    test::folder dir;
    for (auto const& path : {dir / "none.jsonl", dir.path()}) {
        try { (void)ds::lint(std::vector{path}); FAIL("read"); }
        catch (ps::fatal const& e) { CHECK(e.code() == ps::exit_code::input); }
    }
}

TEST_CASE("lint: the original's hate-speech file has 1,417 answers that are not JSON") {
    auto const path = test::real_data("hate/ft_prompts_train.jsonl");
    if (!path) return;
    auto const r = ds::lint(std::vector{*path}, {.assistant_json = true});
    CHECK(r.files[0].rows == 2686);
    CHECK(r.count("assistant_not_json") == 1417);
    CHECK(r.errors() == 1417);
}
TEST_CASE("lint: the original's IELTS file is well-formed, without the mark that Azure's documentation asks for") {
    auto const path = test::real_data("ielts/ft_validation_400_azure.jsonl");
    if (!path) return;
    auto const r = ds::lint(std::vector{*path}, {.target = ds::lint_target::azure, .assistant_json = true});
    CHECK(r.files[0].rows == 400);
    CHECK(r.clean());
    CHECK(r.warnings() == 1); CHECK(r.count("byte_order_mark") == 1);
}

TEST_CASE("lint: targets are the forms that trainers read, as lines or as an array, each row looked at as the chat it is") {
    using enum ds::chat_format;
    files f;
    f.add("a.jsonl", "{\"instruction\":\"Add\",\"input\":\"1 and 2\",\"output\":\"3\"}\n{\"instruction\":\"Add\",\"output\":\"\"}\n\n{\"instruction\":\"Add\"}\n");
    auto const lines = f.lint({.target = alpaca});
    CHECK(lines.files[0].rows == 4);
    CHECK(lines.count("missing_content") == 1);
    CHECK(lines.count("invalid_json") == 1);
    CHECK(lines.count("not_of_the_format") == 1);
    CHECK(lines.errors() == 3);         // and nothing about ten rows: that is OpenAI's rule
    CHECK(lines.warnings() == 0);
    files g;
    g.add("a.json", "[\n  {\"conversations\": [{\"from\": \"human\", \"value\": \"a\"}, {\"from\": \"gpt\", \"value\": \"no JSON\"}]},\n"
                    "  {\"conversations\": [{\"from\": \"gpt\", \"value\": \"{}\"}]},\n  {\"conversations\": [{\"from\": \"human\", \"value\": \"a\"}, {\"from\": \"gpt\", \"value\": \"no JSON\"}]}\n]\n");
    auto const array = g.lint({.target = sharegpt, .assistant_json = true});
    CHECK(array.files[0].rows == 3);
    CHECK(array.count("assistant_not_json") == 2);
    CHECK(array.count("role_order") == 1);
    CHECK(array.count("duplicate_row") == 1);
    for (auto const target : {openai, alpaca, sharegpt, chatml, trl, llamafactory}) {
        files h;
        std::string text;
        for (int i = 0; i != 10; ++i) text += *ds::write_chat({{{"system", "s"}, {"user", std::to_string(i)}, {"assistant", "yes"}}}, target) + '\n';
        CHECK(h.add("train.jsonl", text).lint({.target = target}).text().find("0 errors, 0 warnings") != std::string::npos);
        for (auto const other : {openai, alpaca, sharegpt, chatml, trl, llamafactory}) if (other != target) CHECK(h.lint({.target = other}).errors() != 0);
    }
    CHECK(with(R"({"instruction":"a","output":"b"})").text().find("it looks like alpaca: --target alpaca") != std::string::npos);
    if (auto const path = test::real_data("formats/llamafactory_alpaca_en_demo.json")) {
        auto const r = ds::lint(std::vector{*path}, {.target = alpaca});
        CHECK(r.files[0].rows == 999);
        CHECK_MESSAGE(r.clean(), r.text());
    }
}

#ifdef PENSTOCK_TEST_TOOL
TEST_CASE("penstock convert and leakage: forms on the way there and back; exit codes; what is wrong is said") {
    std::string const tool = PENSTOCK_TEST_TOOL;
    files f;
    f.add("train.jsonl", good(10)).add("other.jsonl", good(3, 8)).add("new.jsonl", chat("nothing like it was ever seen")).add("bad.jsonl", chat("a") + "{\"messages\":[]}\nx\n").add("none.jsonl", "{\"a\":1}\n");
    auto const out = f.paths[0] + ".alpaca.json";
    CHECK(test::shell(tool + " convert " + f.paths[0] + " --to alpaca --output " + out).out == "10 rows written to " + out + ", 0 rejected\n");
    CHECK(test::shell(tool + " lint --target alpaca " + out).code == 0);
    CHECK(test::shell(tool + " convert " + out + " --output " + out + ".2 && cmp " + out + ".2 " + f.paths[0]).code == 0);
    CHECK(test::shell(tool + " convert " + out + " --to azure --output " + out + ".3 && head -c 3 " + out + ".3 | od -An -tx1").out.find("ef bb bf") != std::string::npos);
    auto const part = test::shell(tool + " convert " + f.paths[3] + " --to trl --output " + out + ".4");
    CHECK(part.code == 0);
    CHECK(part.out.find("1 rows written") != std::string::npos);
    CHECK(part.out.find("bad.jsonl: row 2") != std::string::npos);
    CHECK(test::shell("wc -l <" + out + ".4.rejects.jsonl").out.find('2') != std::string::npos);
    CHECK(test::shell(tool + " convert " + f.paths[4] + " --output " + out + ".5").code == 3);
    CHECK(test::shell(tool + " convert " + f.paths[0] + " --output /nowhere/x").code == 4);

    auto const leaks = test::shell(tool + " leakage " + f.paths[0] + ' ' + f.paths[1]);
    CHECK(leaks.code == 3);
    CHECK(leaks.out.find("(3 rows) in " + f.paths[0] + " (10 rows): 2 equal") != std::string::npos);
    CHECK(test::shell(tool + " leakage " + out + ' ' + f.paths[1]).out.find("2 equal") != std::string::npos);      // whatever the form
    CHECK(test::shell(tool + " leakage " + f.paths[0] + ' ' + f.paths[2]).code == 0);
    CHECK(test::shell(tool + " leakage " + f.paths[0]).code == 2);
    CHECK(test::shell(tool + " leakage " + f.paths[0] + ' ' + f.paths[3]).out.find("not compared") != std::string::npos);
}
TEST_CASE("penstock lint: exit codes, several files, stdin, JSON") {
    std::string const tool = PENSTOCK_TEST_TOOL;
    files f;
    f.add("train.jsonl", good(10)).add("b a d.jsonl", good(10, 100) + "{\n").add("warn.jsonl", good(10, 200) + good(1, 200));
    CHECK(test::shell(tool + " lint " + f.paths[0]).code == 0);
    auto const bad = test::shell(tool + " lint " + f.paths[0] + " '" + f.paths[1] + "'");
    CHECK(bad.code == 3);
    CHECK(bad.out.find(f.paths[1] + ":11: error: invalid_json: ") != std::string::npos);
    CHECK(test::shell(tool + " lint " + f.paths[2]).code == 0);
    CHECK(test::shell(tool + " lint --strict " + f.paths[2]).code == 3);
    CHECK(test::shell(tool + " lint - <" + f.paths[0]).code == 0);
    CHECK(test::shell(tool + " lint --json " + f.paths[0] + " | head -c 1").out == "{");
    CHECK(test::shell(tool + " lint").code == 2);
    CHECK(test::shell(tool + " lint /nowhere.jsonl").code == 3);
    CHECK(test::shell(tool + " lint --target google " + f.paths[0]).out == "penstock: --target: 'google' is not openai, azure, alpaca, sharegpt, chatml, trl or llamafactory\n");
    CHECK(test::shell(tool + " --version").out == "penstock 0.1.0\n");
    CHECK(test::shell(tool + " --help").out.find("lint ") != std::string::npos);
    CHECK(test::shell(tool).code == 2);
    CHECK(test::shell(tool).out == "penstock: which command? One of lint, leakage, convert, journal (penstock --help)\n");
    CHECK(test::shell("gzip -k '" + f.paths[1] + "' && " + tool + " lint '" + f.paths[1] + ".gz'").code == 3);
}
TEST_CASE("penstock lint, convert, leakage: the first SIGINT is heard while they wait for standard input") {
    std::string const tool = PENSTOCK_TEST_TOOL;
    files f;
    f.add("train.jsonl", good(10));
    auto const out = f.paths[0] + ".out";
    for (std::string const& words : {std::string("lint -"), std::string("lint --target trl -"), "convert - --output " + out, "leakage " + f.paths[0] + " -"}) {
        CAPTURE(words);
        auto const pipe = f.paths[0] + ".pipe";
        auto const r = test::shell("exec 2>&1; mkfifo " + pipe + " && exec 3<>" + pipe + " && cat " + f.paths[0] + " >&3 && timeout --foreground --preserve-status -s INT -k 20 1 " + tool + ' ' + words + " <&3; code=$?; rm " + pipe + "; exit $code");
        CHECK(r.code == 130);
        CHECK(r.out == "stopping: what is under way is finished first; once more stops at once\npenstock: stopped by SIGINT\n  to go on, run the same command again: penstock " + words + '\n');
        CHECK(!std::filesystem::exists(out));
    }
}
#endif
