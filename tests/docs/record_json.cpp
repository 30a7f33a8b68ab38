#include <cstdio>
#include <string>
// [declare]
#include <optional>
#include <vector>
#include <penstock/record/constrained.hpp>
#include <penstock/record/json.hpp>
#include <penstock/record/schema.hpp>

namespace ps = penstock;

struct slip {
    ps::text<1, 1000> span;                                                 // code points, as JSON Schema counts
    ps::one_of<"grammar", "lexical", "other"> type;
};
struct verdict {
    std::string name;
    ps::number<0.0, 9.0, 0.5> band;
    ps::list<slip, 0, 10> errors;
    std::optional<std::string> note;                                        // may be absent or null; everything else must be there
};

constexpr std::string_view schema = ps::json_schema<verdict>();             // put together by the compiler
static_assert(schema.starts_with(R"({"type":"object","properties":{"name":{"type":"string"},"band":{"type":"number","minimum":0,"maximum":9,"multipleOf":0.5})"));
// [/declare]

int main() {
    // [decode]
    ps::result<verdict> v = ps::json::decode<verdict, ps::json::strict>(R"({"name":"Task","band":6.5,"errors":[{"span":"he go","type":"grammar"}]})");
    double const band = v->band;                                            // 6.5

    auto const wrong = ps::json::decode<verdict>(R"({"name":"Task","band":"7.5","errors":[]})");
    std::string const why = wrong.error().what();                           // $.band: expected a number from 0 to 9 in steps of 0.5, got a string ("7.5")

    auto const lenient = ps::json::decode<verdict, ps::json::lenient>(R"({"name":"Task","band":"7.5","errors":[]})");      // takes it for 7.5

    std::string line = ps::json::encode(*v).value();                        // {"name":"Task","band":6.5,"errors":[{"span":"he go","type":"grammar"}],"note":null}
    // [/decode]
    std::puts(line.c_str());
    return band == 6.5 && why == R"($.band: expected a number from 0 to 9 in steps of 0.5, got a string ("7.5"))" && lenient->band == 7.5
        && line == R"({"name":"Task","band":6.5,"errors":[{"span":"he go","type":"grammar"}],"note":null})" ? 0 : 1;
}
