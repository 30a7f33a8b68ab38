#include <doctest/doctest.h>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <penstock/record/enums.hpp>
#include <penstock/record/fields.hpp>
namespace ps = penstock;

namespace {
struct point { int x, y; };
struct only { std::string it; };
struct holder { std::optional<only> only_one; };
struct self { std::vector<self> children; };
enum class colour : unsigned char { red, green = 5, violet = 127 };
enum kind : char { zero, comma = ',', quote = '\'', slash = '\\', brace = '}' };
enum class beyond { near_by = 3, far_away = 128, below = -1 };
struct everything {
    bool flag; std::string text; std::optional<int> number; std::optional<std::string> words; std::optional<point> where; std::optional<std::vector<std::string>> lists;
    std::vector<point> points; point at; std::map<std::string, point> named; std::array<int, 3> three; std::array<point, 2> two; colour tint; std::unique_ptr<int> owned;
    double value = 7; char const* none = nullptr; std::pair<int, int> pair; only nested;
};
struct full {
    int m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15, m16, m17, m18, m19, m20, m21, m22, m23, m24, m25, m26, m27, m28, m29, m30, m31; std::string last;
};
struct renamed { std::string id, secret; int count; using json = ps::keys<ps::key<"@id", &renamed::id>, ps::key<"n", &renamed::count>>; };
template <class T> struct shelf { T what; std::string label_; };
}
namespace theirs { struct row { int a, b; }; }
template <> struct penstock::keys_of<theirs::row> { using type = keys<key<"second", &theirs::row::b>, key<"first", &theirs::row::a>>; };

template <class T> using names = std::array<std::string_view, ps::member_count<T>>;
static_assert(ps::member_names<point> == names<point>{"x", "y"});
static_assert(ps::member_names<only> == names<only>{"it"} && ps::member_names<holder> == names<holder>{"only_one"} && ps::member_names<self> == names<self>{"children"});
static_assert(ps::member_names<everything> == names<everything>{"flag", "text", "number", "words", "where", "lists", "points", "at", "named", "three", "two", "tint", "owned",
                                                                 "value", "none", "pair", "nested"});
static_assert(ps::member_count<full> == 32 && ps::member_names<full>[0] == "m1" && ps::member_names<full>[31] == "last");
static_assert(ps::member_names<shelf<std::vector<point>>> == names<shelf<int>>{"what", "label_"});
static_assert(ps::field_names<renamed> == std::array<std::string_view, 2>{"@id", "n"} && ps::member_count<renamed> == 3);
static_assert(ps::field_names<theirs::row> == std::array<std::string_view, 2>{"second", "first"});
static_assert(!ps::record<std::string> && !ps::record<int> && !ps::record<std::vector<int>>);

static_assert(ps::enum_name(colour::red) == "red" && ps::enum_name(colour::violet) == "violet" && ps::enum_name(colour{6}) == "" && ps::enum_name(colour{200}) == "");
static_assert(ps::enum_value<colour>("green") == colour::green && !ps::enum_value<colour>("blue") && !ps::enum_value<colour>(""));
static_assert(ps::enum_names<kind> == std::array<std::string_view, 5>{"zero", "quote", "comma", "slash", "brace"});
static_assert(ps::enum_value<kind>("brace") == brace && ps::enum_name(comma) == "comma");
static_assert(ps::enum_names<beyond> == std::array<std::string_view, 1>{"near_by"} && ps::enum_name(beyond::far_away) == "" && ps::enum_name(beyond::below) == "");

TEST_CASE("fields: members are references in order, const where the record is") {
    everything e{};
    std::get<1>(ps::members(e)) = "written through";
    CHECK(e.text == "written through");
    std::get<16>(ps::members(e)).it = "nested";
    CHECK(e.nested.it == "nested");
    everything const& c = e;
    static_assert(std::is_same_v<std::tuple_element_t<1, decltype(ps::members(c))>, std::string const&>);
    CHECK(&std::get<1>(ps::members(c)) == &e.text);
    full f{};
    std::get<31>(ps::members(f)) = "x";
    std::get<30>(ps::members(f)) = 31;
    CHECK(f.last == "x"); CHECK(f.m31 == 31);
}
TEST_CASE("fields: keys rename, reorder and leave out") {
    renamed r{"a", "b", 3};
    std::get<0>(ps::fields(r)) = "c";
    CHECK(r.id == "c");
    static_assert(std::tuple_size_v<decltype(ps::fields(r))> == 2);
    theirs::row t{1, 2};
    CHECK(std::get<0>(ps::fields(t)) == 2);
    CHECK(&std::get<1>(ps::fields(t)) == &t.a);
    point p{1, 2};
    CHECK(&std::get<1>(ps::fields(p)) == &p.y);
}
