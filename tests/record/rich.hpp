/// A record with one of everything, for the laws.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include <penstock/record/constrained.hpp>
#include <penstock/record/fields.hpp>
#include <penstock/record/json_raw.hpp>

namespace test {
namespace ps = penstock;

enum class mood : std::uint8_t { calm, brisk = 7, loud = 127 };
struct message { std::string role, content; bool operator==(message const&) const = default; };
struct tree { std::string name; std::vector<tree> below; bool operator==(tree const&) const = default; };
struct rich {
    std::string text;
    double real = 0;
    float single = 0;
    std::int64_t wide = 0;
    std::uint64_t high = 0;
    std::int8_t tiny = 0;
    bool flag = false;
    mood feeling = mood::calm;
    std::optional<std::string> maybe;
    std::optional<message> reply;
    std::vector<message> messages;
    std::vector<std::vector<int>> table;
    std::vector<bool> flags;
    std::array<double, 3> three{};
    std::map<std::string, std::optional<double>> weights;
    ps::number<0.0, 9.0, 0.5> band;
    ps::number<-5, 5> whole;
    ps::text<0, 5> few;
    ps::list<int, 0, 3> several;
    ps::one_of<"one", "two \"quoted\"", "drei ü"> choice;
    ps::json::raw any;
    tree nested;
    std::string odd_name;
    bool operator==(rich const&) const = default;
    using json = ps::keys<ps::key<"text", &rich::text>, ps::key<"real", &rich::real>, ps::key<"single", &rich::single>, ps::key<"wide", &rich::wide>, ps::key<"high", &rich::high>,
                          ps::key<"tiny", &rich::tiny>, ps::key<"flag", &rich::flag>, ps::key<"feeling", &rich::feeling>, ps::key<"maybe", &rich::maybe>, ps::key<"reply", &rich::reply>,
                          ps::key<"messages", &rich::messages>, ps::key<"table", &rich::table>, ps::key<"flags", &rich::flags>, ps::key<"three", &rich::three>,
                          ps::key<"weights", &rich::weights>, ps::key<"band", &rich::band>, ps::key<"whole", &rich::whole>, ps::key<"few", &rich::few>, ps::key<"several", &rich::several>,
                          ps::key<"choice", &rich::choice>, ps::key<"any", &rich::any>, ps::key<"nested", &rich::nested>, ps::key<"an \"odd\" näme", &rich::odd_name>>;
};
}
