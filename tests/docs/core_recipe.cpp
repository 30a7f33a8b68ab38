#include <cassert>
#include <vector>
// [recipe]
#include <penstock/core/env.hpp>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/filter.hpp>
#include <penstock/core/gather.hpp>
#include <penstock/core/in_source_order.hpp>
#include <penstock/core/map.hpp>
#include <penstock/core/parallel.hpp>
#include <string>

namespace ps = penstock;

struct essay { std::string text; };
struct question { std::string criterion, text; };
struct scored { std::string text; int points; };

constexpr auto recipe = ps::filter("length", [](essay const& e) -> std::string_view { return e.text.size() < 10 ? "too short" : ""; })
                      | ps::fan_out("criteria", [](essay const& e) { return std::vector<question>{{"grammar", e.text}, {"vocabulary", e.text}}; })
                      | ps::parallel("grade", [](question q) -> ps::result<int> {
                            if (q.text.find('?') != std::string::npos) return std::unexpected(ps::failure(ps::errc::rejected, "not an essay"));
                            return int(q.criterion.size());
                        })
                      | ps::gather("scores", [](essay e, ps::children<int> grades) -> ps::result<scored> {
                            int points = 0;
                            for (auto const& grade : grades.results) {
                                if (!grade.value) return std::unexpected(grade.value.error());
                                points += *grade.value;
                            }
                            return scored{std::move(e.text), points};
                        })
                      | ps::in_source_order();

static_assert(ps::checked<essay>(recipe));                                          // no source, no env: the whole type check
static_assert(std::same_as<ps::output_t<decltype(recipe), essay>, scored>);
// [/recipe]

int main() {
    std::vector<essay> const essays{{"A long enough essay."}, {"Short."}, {"Is this an essay at all?"}, {"Another long essay."}};
    std::vector<int> points;
    std::vector<std::string> rejects;
    // [run]
    ps::bare_env env;
    env.windows["grade"].in_flight = 4;                     // the stage's default was compiled in; run time decides
    env.capacities["criteria"] = 8;
    for (auto&& item : essays | recipe | ps::with(env)) {
        if (item.value) points.push_back(item.value->points);
        else rejects.push_back(ps::position(item.where).text() + ' ' + std::string(item.value.error().stage()) + ": " + item.value.error().what());
    }
    auto const rows = env.books.totals();                   // complete once the range is gone
    bool const whole = env.books.imbalance().empty() && rows.read == 4 && rows.written == 2 && rows.left == 0
                    && rows.filtered == ps::tally{{"length/too short", 1}} && rows.rejected == ps::tally{{"scores/rejected", 1}};
    // [/run]
    return whole && points == std::vector{17, 17} && rejects == std::vector<std::string>{"0:2 grade: not an essay"} ? 0 : 1;
}
