// [names]
#include <string>
#include <penstock/record/fields.hpp>
#include <penstock/record/json.hpp>

namespace ps = penstock;

enum class level : int { low, high };
struct point { double x, y; };
struct row {
    std::string id, secret;
    level confidence;
    using json = ps::keys<ps::key<"@id", &row::id>, ps::key<"confidence", &row::confidence>>;      // these members, under these names
};
static_assert(ps::member_names<point>[1] == "y" && ps::field_names<row>[0] == "@id" && ps::enum_name(level::high) == "high");
// [/names]

int main() {
    row const r{"7", "never written", level::high};
    return ps::json::encode(r).value() == R"({"@id":"7","confidence":"high"})" && std::get<0>(ps::members(r)) == "7" ? 0 : 1;
}
