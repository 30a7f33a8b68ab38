// The original's own replies: all 400 break its own schema (data INDEX), so all must fail here, each with a path.
#include <doctest/doctest.h>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <penstock/record/json.hpp>
#include "record/score.hpp"
namespace ps = penstock;

namespace { struct turn { std::string role, content; }; struct chat { std::vector<turn> messages; }; }

TEST_CASE("real data: 400 replies of the original decode as chats, and none of them as its schema") {
    auto const data = std::getenv("PENSTOCK_DATA");
    if (!data) { std::puts("PENSTOCK_DATA is not set: the original's 400 replies are skipped"); return; }
    std::ifstream file(std::string(data) + "/ielts/ft_validation_400_azure.jsonl");
    if (!file) { if (auto const r = std::getenv("PENSTOCK_DATA_REQUIRED"); r && std::string_view(r) == "1") FAIL("ielts/ft_validation_400_azure.jsonl is not there"); std::puts("ft_validation_400_azure.jsonl is not there: skipped"); return; }
    std::map<std::string, int> reasons;
    int rows = 0;
    for (std::string line; std::getline(file, line);) {
        ++rows;
        auto const c = ps::json::decode<chat>(line);
        REQUIRE_MESSAGE(c, c.error().what());
        auto const again = ps::json::encode(*c);
        REQUIRE(again);
        CHECK(ps::json::decode<chat>(*again)->messages.back().content == c->messages.back().content);
        auto const s = ps::json::decode<test::score, ps::json::strict>(c->messages.back().content);
        REQUIRE(!s);
        CHECK(s.error().what().starts_with("$"));
        ++reasons[s.error().what().substr(s.error().what().find(':') + 1, 30)];
    }
    CHECK(rows == 400);
    for (auto const& [reason, n] : reasons) MESSAGE(reason << ": " << n);
}
