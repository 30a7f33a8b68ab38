#include <cstdio>
// [prompt]
#include <string>
#include <penstock/record/constrained.hpp>
#include <penstock/record/prompt.hpp>
#include <penstock/record/prompt_template.hpp>

namespace ps = penstock;

struct writer { std::string name; };
struct essay { std::string text; ps::number<0.0, 9.0, 0.5> band; writer author; };

constexpr auto& ask = ps::prompt<R"(Why is this essay by {author.name} worth {band}? Answer as {{"why": "..."}}.

{text})">;                                                                  // {bandd} would not compile: the_record_has_no_member<"bandd", essay>
// [/prompt]

int main() {
    essay const e{"A {band} played.", 6.5, {"Ann"}};
    std::string const asked = ask(e);
    // [template]
    auto const t = ps::prompt_template::parse("Grade:\n{txt}", "grade.txt");         // or ps::prompt_template::load(path)
    std::string message;
    try { auto const grade = t.check<essay>(); message = grade(e); }         // before the first record is read; grade is a function from essay to text
    catch (ps::fatal const& f) { message = f.what(); }                       // grade.txt:2:1: the record has no {txt} that a prompt could hold; nearest: {text}, {band}, {author.name}
    // [/template]
    std::puts(message.c_str());
    return asked == "Why is this essay by Ann worth 6.5? Answer as {\"why\": \"...\"}.\n\nA {band} played."
        && message == "grade.txt:2:1: the record has no {txt} that a prompt could hold; nearest: {text}, {band}, {author.name}" ? 0 : 1;
}
