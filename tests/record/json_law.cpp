// decode(encode(x)) == x. rapidcheck's header costs 5 s, so this unit holds nothing else.
#include <doctest/doctest.h>
#include <cmath>
#include <rapidcheck.h>
#include <penstock/record/json.hpp>
#include "record/rich.hpp"
namespace json = penstock::json;
using namespace test;

namespace {
rc::Gen<std::string> unicode() {
    auto const point = rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 0x80), rc::gen::inRange<std::uint32_t>(0, 0x20), rc::gen::element<std::uint32_t>('"', '\\', '/', 0x7F, 0x2028, 0xFEFF, 0xFFFF, 0x10FFFF),
                                      rc::gen::inRange<std::uint32_t>(0x80, 0xD800), rc::gen::inRange<std::uint32_t>(0xE000, 0x110000));
    return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(point), [](std::vector<std::uint32_t> const& points) {
        std::string s;
        for (auto c : points) {
            if (c < 0x80) s += char(c);
            else if (c < 0x800) { s += char(0xC0 | c >> 6); s += char(0x80 | (c & 63)); }
            else if (c < 0x10000) { s += char(0xE0 | c >> 12); s += char(0x80 | (c >> 6 & 63)); s += char(0x80 | (c & 63)); }
            else { s += char(0xF0 | c >> 18); s += char(0x80 | (c >> 12 & 63)); s += char(0x80 | (c >> 6 & 63)); s += char(0x80 | (c & 63)); }
        }
        return s;
    });
}
/// Any bits that are a number: all exponents, not only those near 1.
template <class F, class Bits> F finite() {
    for (;;) {
        auto const bits = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<Bits>());
        auto const f = std::bit_cast<F>(bits);
        if (std::isfinite(f)) return f;
    }
}
template <class T> std::vector<T> several(auto make) {
    std::vector<T> v;
    for (auto n = *rc::gen::inRange(0, 4); n > 0; --n) v.push_back(make());
    return v;
}
tree any_tree(int depth) { return {*unicode(), depth == 0 ? std::vector<tree>{} : several<tree>([&] { return any_tree(depth - 1); })}; }
message any_message() { return {*unicode(), *unicode()}; }
rich any_rich() {
    rich r;
    r.text = *unicode(); r.odd_name = *unicode();
    r.real = finite<double, std::uint64_t>(); r.single = finite<float, std::uint32_t>();
    r.wide = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::int64_t>()); r.high = *rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()); r.tiny = *rc::gen::arbitrary<std::int8_t>();
    r.flag = *rc::gen::arbitrary<bool>(); r.feeling = *rc::gen::element(mood::calm, mood::brisk, mood::loud);
    if (*rc::gen::arbitrary<bool>()) r.maybe = *unicode();
    if (*rc::gen::arbitrary<bool>()) r.reply = any_message();
    r.messages = several<message>(any_message);
    r.table = several<std::vector<int>>([] { return several<int>([] { return *rc::gen::arbitrary<int>(); }); });
    r.flags = several<bool>([] { return *rc::gen::arbitrary<bool>(); });
    for (auto& d : r.three) d = *rc::gen::arbitrary<double>();
    for (auto n = *rc::gen::inRange(0, 4); n > 0; --n) r.weights[*unicode()] = *rc::gen::arbitrary<bool>() ? std::optional(*rc::gen::arbitrary<double>()) : std::nullopt;
    r.band = *rc::gen::inRange(0, 19) * 0.5; r.whole = *rc::gen::inRange<std::int64_t>(-5, 6);
    r.several = several<int>([] { return *rc::gen::arbitrary<int>(); });
    auto few = *unicode();
    if (ps::text<0, 5>::holds(few)) r.few = few;
    r.choice = *rc::gen::element<std::string>("one", "two \"quoted\"", "drei ü");
    r.any = json::raw::of(*json::encode(any_message())).value();
    r.nested = any_tree(2);
    return r;
}
/// Not shrunk: a record of this many choices would take gigabytes to shrink.
rc::Gen<rich> whole_rich() { return rc::gen::noShrink(rc::gen::exec(any_rich)); }
}

TEST_CASE("law: decode(encode(x)) == x, with both ways of writing an empty optional") {
    CHECK(rc::check([] {
        auto const x = *whole_rich();
        auto const text = json::encode(x);
        RC_ASSERT(text.has_value());
        RC_ASSERT(text->find_first_of("\r\n") == text->npos);
        RC_ASSERT(!json::flaw_of(*text));
        auto const back = json::decode<rich, json::strict>(*text);
        RC_ASSERT(back.has_value());
        RC_ASSERT(*back == x);
        RC_ASSERT(std::signbit(back->real) == std::signbit(x.real));
        auto const shorter = json::encode<json::policy{.empty = json::absent::omit}>(x);
        auto const same = json::decode<rich>(*shorter);
        RC_ASSERT(same.has_value());
        RC_ASSERT(*same == x);
    }));
}
TEST_CASE("law: whatever is cut off or changed in a good text, decoding ends with a record or a message") {
    CHECK(rc::check([] {
        auto made = json::encode(*whole_rich());
        auto& text = made.value();
        for (auto n = *rc::gen::inRange(1, 4); n > 0; --n) text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::element('"', '{', '}', '[', ']', ',', '\\', '0'));
        auto const r = json::decode<rich>(text);
        RC_ASSERT(r.has_value() || !r.error().what().empty());
        if (r) RC_ASSERT(!json::flaw_of(text));
        else RC_ASSERT((r.error().code() == ps::errc::parse) == bool(json::flaw_of(text)));
    }));
}
