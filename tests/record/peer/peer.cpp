/// The C++ side of the tests against Python: records made from a seed, records read and written again, schemas and verdicts.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <random>
#include <string>
#include <penstock/record/json.hpp>
#include <penstock/record/schema.hpp>
#include "../rich.hpp"
#include "../score.hpp"
namespace json = penstock::json;
using namespace test;

namespace {
struct plain { ps::text<2, 4> word; ps::number<1, 5> stars; ps::number<0.0, 9.0, 0.5> band; std::optional<bool> flag; ps::list<int, 1, 3> few; std::map<std::string, std::uint8_t> bytes;
               ps::one_of<"a", "ä"> letter; mood feeling; std::array<double, 2> pair; json::raw any; };

std::mt19937_64 random_bits(1);
std::uint64_t below(std::uint64_t n) { return random_bits() % n; }
std::string any_text() {
    std::string s;
    for (auto n = below(12); n != 0; --n) {
        std::uint32_t c = 0;
        switch (below(5)) {
            case 0: c = static_cast<std::uint32_t>(below(0x20)); break;
            case 1: c = static_cast<std::uint32_t>("\"\\/\x7f"[below(4)]); break;
            case 2: c = static_cast<std::uint32_t>(0x20 + below(0x5F)); break;
            case 3: c = static_cast<std::uint32_t>(0x80 + below(0xD780)); break;
            default: c = static_cast<std::uint32_t>(0xE000 + below(0x102000)); break;
        }
        if (c < 0x80) s += static_cast<char>(c);
        else if (c < 0x800) { s += static_cast<char>(0xC0 | c >> 6); s += static_cast<char>(0x80 | (c & 63)); }
        else if (c < 0x10000) { s += static_cast<char>(0xE0 | c >> 12); s += static_cast<char>(0x80 | (c >> 6 & 63)); s += static_cast<char>(0x80 | (c & 63)); }
        else { s += static_cast<char>(0xF0 | c >> 18); s += static_cast<char>(0x80 | (c >> 12 & 63)); s += static_cast<char>(0x80 | (c >> 6 & 63)); s += static_cast<char>(0x80 | (c & 63)); }
    }
    return s;
}
double any_real() {
    if (below(2) == 0) return static_cast<double>(below(2000)) / 8 - 100;
    for (;;) if (auto const d = std::bit_cast<double>(random_bits()); d - d == 0) return d;
}
rich any_rich() {
    rich r;
    r.text = any_text(); r.odd_name = any_text(); r.real = any_real(); r.single = static_cast<float>(below(1000)) / 8; r.wide = static_cast<std::int64_t>(random_bits()); r.high = random_bits();
    r.tiny = static_cast<std::int8_t>(below(256)); r.flag = below(2) != 0; r.feeling = below(2) != 0 ? mood::brisk : mood::loud;
    if (below(2) != 0) r.maybe = any_text();
    if (below(2) != 0) r.reply = message{any_text(), any_text()};
    for (auto n = below(3); n != 0; --n) r.messages.push_back({any_text(), any_text()});
    for (auto n = below(3); n != 0; --n) r.weights[any_text()] = any_real();
    for (auto& d : r.three) d = any_real();
    r.band = static_cast<double>(below(19)) / 2; r.whole = static_cast<std::int64_t>(below(11)) - 5; r.several = std::vector<int>(below(4), -7); r.choice = "drei ü";
    r.nested = {any_text(), {{any_text(), {}}}};
    return r;
}
template <class T> int judge() {
    for (std::string line; std::getline(std::cin, line);) {
        auto const r = json::decode<T, json::strict>(line);
        std::cout << (r ? "good" : r.error().code() == penstock::errc::parse ? "parse " + r.error().what() : "schema " + r.error().what()) << '\n';
    }
    return 0;
}
}

int main(int argc, char** argv) {
    std::string const what = argc > 1 ? argv[1] : "", name = argc > 2 ? argv[2] : "";
    std::ios::sync_with_stdio(false);
    if (what == "generate") {
        for (int n = std::atoi(name.c_str()); n > 0; --n) std::cout << json::encode(any_rich()).value() << '\n';
        return 0;
    }
    if (what == "again") {
        for (std::string line; std::getline(std::cin, line);) {
            auto const r = json::decode<rich, json::strict>(line);
            std::cout << (r ? json::encode(*r).value() : "refused: " + r.error().what()) << '\n';
        }
        return 0;
    }
    if (what == "schema") {
        std::cout << (name == "score" ? penstock::json_schema<score, "ScoreResponseV1">() : name == "tree" ? penstock::json_schema<tree>() : penstock::json_schema<plain, "Plain \"one\"">()) << '\n';
        return 0;
    }
    if (what == "judge") return name == "score" ? judge<score>() : name == "tree" ? judge<tree>() : judge<plain>();
    std::cerr << "record-peer generate N | again | schema NAME | judge NAME\n";
    return 2;
}
