#include <string>
#include <vector>
#include <penstock/core/env.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/map.hpp>

// [declared]
#include <penstock/core/any_stage.hpp>

namespace ps = penstock;

struct essay { std::string text; };
struct question { std::string criterion, text; };
struct scored { int points; };

using questions = ps::stream<question, essay>;                      // of a family: what flows between a fan_out of essays and its gather
ps::any_stage<essay, questions, ps::bare_env> ask_four();           // each is compiled where it is defined, and nowhere else
ps::any_stage<questions, scored, ps::bare_env> add_up();
// [/declared]

// [defined]
ps::any_stage<essay, questions, ps::bare_env> ask_four() {          // any stage or recipe that makes these of those
    return ps::fan_out("criteria", [](essay const& e) { return std::vector<question>{{"grammar", e.text}, {"vocabulary", e.text}}; });
}
ps::any_stage<questions, scored, ps::bare_env> add_up() {
    return ps::map("grade", [](question q) { return int(q.criterion.size()); })
         | ps::gather("scores", [](essay, ps::children<int> grades) {
               int points = 0;
               for (auto const& grade : grades.results) points += *grade.value;
               return scored{points};
           });
}
// [/defined]

int main() {
    std::vector<essay> const essays{{"One."}, {"Two."}};
    std::vector<int> points;
    // [run]
    ps::bare_env env;
    for (auto&& item : essays | ask_four() | add_up() | ps::with(env)) points.push_back(item.value->points);
    // [/run]
    return points == std::vector{17, 17} && env.books.imbalance().empty() ? 0 : 1;
}
