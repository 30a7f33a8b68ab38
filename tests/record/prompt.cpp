#include <doctest/doctest.h>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <unistd.h>                 // getpid
#include <penstock/core/fatal.hpp>
#include <penstock/record/prompt.hpp>
#include <penstock/record/prompt_template.hpp>
#include "record/rich.hpp"
namespace ps = penstock;

namespace {
struct criterion { std::string name; ps::number<0.0, 9.0, 0.5> band; };
struct essay {
    std::string text; criterion first; std::optional<criterion> second; int words = 0; double share = 0; float single = 0; test::mood feeling{}; ps::one_of<"high", "low"> confidence;
    std::optional<std::string> note; bool flag = false; ps::text<0, 9> few; std::uint64_t id = 0; std::vector<int> list;
};
struct keyed { std::string id, body; using json = ps::keys<ps::key<"doc-id", &keyed::id>>; };
essay sample() { return {"T", {"task", 6.5}, {}, -7, 0.1, 0.5f, test::mood::loud, "low", {}, true, "few", ~std::uint64_t{}, {}}; }
std::string error(std::string text, std::string file = "prompts/score.txt") {
    try { (void)ps::prompt_template::parse(std::move(text), std::move(file)).check<essay>(); return "fine"; }
    catch (ps::fatal const& e) { CHECK(e.code() == ps::exit_code::usage); return e.what(); }
}
}

TEST_CASE("prompt: members in their places, the same from a constant and from a file") {
    auto e = sample();
    constexpr char const expected[] = "T task=6.5 [] -7 0.1 0.5 loud low [] true few 18446744073709551615 {x} {{ } ä";
    CHECK(ps::prompt<"{text} {first.name}={first.band} [{second.band}] {words} {share} {single} {feeling} {confidence} [{note}] {flag} {few} {id} {{x}} {{{{ }} ä">(e) == expected);
    CHECK(ps::prompt_template::parse("{text} {first.name}={first.band} [{second.band}] {words} {share} {single} {feeling} {confidence} [{note}] {flag} {few} {id} {{x}} {{{{ }} ä", "f").check<essay>()(e) == expected);
    e.second = criterion{"x", 7}; e.note = "n";
    CHECK(ps::prompt<"{second.band}{note}">(e) == "7n");
    CHECK(ps::prompt_template::parse("{second.band}{note}", "f").check<essay>()(e) == "7n");
    CHECK(ps::prompt<"">(e) == ""); CHECK(ps::prompt_template::parse("", "f").check<essay>()(e) == "");
    CHECK(ps::prompt<"{text}">.text() == "{text}");
}
TEST_CASE("prompt: what is put in is never expanded again") {
    auto e = sample();
    e.text = "{words} {{ }} {first.name} {"; e.first.name = "{text}";
    CHECK(ps::prompt<"{text}|{first.name}|{text}">(e) == "{words} {{ }} {first.name} {|{text}|{words} {{ }} {first.name} {");
    CHECK(ps::prompt_template::parse("{text}|{first.name}", "f").check<essay>()(e) == "{words} {{ }} {first.name} {|{text}");
}
TEST_CASE("prompt: keys are names too") {
    keyed k{"7", "B"};
    CHECK(ps::prompt<"{doc-id} {id} {body}">(k) == "7 7 B");
    CHECK(ps::prompt_template::parse("{doc-id} {id} {body}", "f").check<keyed>()(k) == "7 7 B");
}
TEST_CASE("prompt: is a stage's function, and appends") {
    auto const& p = ps::prompt<"<{text}>">;
    std::string out = "a";
    p.append_to(out, sample());
    CHECK(out == "a<T>");
    auto const checked = ps::prompt_template::parse("<{text}>", "f").check<essay>();
    checked.append_to(out, sample());
    CHECK(out == "a<T><T>");
}
TEST_CASE("prompt template: file, line, column, the name, the nearest names") {
    CHECK(error("Essay:\n  ä {first.bandd}") == "prompts/score.txt:2:5: the record has no {first.bandd} that a prompt could hold; nearest: {first.band}, {first.name}, {second.band}");
    CHECK(error("{esay} {x} {list} {text}").starts_with("prompts/score.txt:1:1: the record has no {esay} that a prompt could hold; nearest: {"));
    CHECK(error("{esay} {x} {list}").ends_with(" (2 more such names)"));
    CHECK(error("{list}").find("the record has no {list} that a prompt could hold") != std::string::npos);
    CHECK(error("{first}").find("no {first} that") != std::string::npos); CHECK(error("{words.x}").find("no {words.x} that") != std::string::npos);
    CHECK(error("a {text") == "prompts/score.txt:1:3: this { is not closed on its line; write {{ for a brace");
    CHECK(error("{\n\"a\": {text}}") == "prompts/score.txt:1:1: this { is not closed on its line; write {{ for a brace");
    CHECK(error("{text}}") == "prompts/score.txt:1:7: this } closes nothing; write }} for a brace");
    CHECK(error("{a b}") == "prompts/score.txt:1:1: {a b} is no member's name; write {{ and }} for braces");
    CHECK(error("{}").find("{} is no member's name") != std::string::npos); CHECK(error("{first.}").find("is no member's name") != std::string::npos); CHECK(error("{.x}").find("is no member's name") != std::string::npos);
}
TEST_CASE("prompt template: from a file") {
    auto const path = (std::filesystem::temp_directory_path() / ("penstock-prompt-" + std::to_string(getpid()) + ".txt")).string();
    { auto f = std::fopen(path.c_str(), "wb"); REQUIRE(f); std::fputs("a\n{text}\n\n", f); std::fclose(f); }
    CHECK(ps::prompt_template::load(path).check<essay>()(sample()) == "a\nT\n");
    std::remove(path.c_str());
    try { (void)ps::prompt_template::load(path); FAIL("read a missing file"); }
    catch (ps::fatal const& e) { CHECK(std::string(e.what()) == path + ": this prompt file cannot be read"); CHECK(e.code() == ps::exit_code::usage); }
    CHECK_THROWS_AS((void)ps::prompt_template::load("/"), ps::fatal);
}
