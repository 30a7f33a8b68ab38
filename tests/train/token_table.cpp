#include <penstock/train/token_table.hpp>
#include "support.hpp"
#include <array>
#include <vector>
namespace tr = penstock::train;

namespace {
tr::tokenizer bytes(std::vector<std::pair<tr::token, tr::token>> merges = {}) {
    tr::tokenizer_parts parts;
    for (tr::token i = 0; i != 256; ++i) parts.tokens.emplace_back(1, static_cast<char>(i));
    for (auto [l, r] : merges) parts.tokens.push_back(parts.tokens[l] + parts.tokens[r]);
    parts.merges = std::move(merges);
    return tr::tokenizer::of(parts, "t");
}
std::vector<std::filesystem::path> files(test::folder const& f) {
    std::vector<std::filesystem::path> all;
    for (auto const& e : std::filesystem::directory_iterator(f.path)) all.push_back(e.path());
    return all;
}
}

TEST_CASE("a table holds what the encoder gives, cut where it is asked to be") {
    std::vector<std::string> const texts = {"one", "", "three words here"};
    tr::text_source const from{texts.size(), [&](std::size_t i, std::string& to) { to += texts[i]; }};
    auto const t = tr::token_table::make(bytes(), from, 5);
    REQUIRE(t.size() == 3);
    CHECK(t[0].size() == 3);
    CHECK(t[1].empty());
    CHECK(std::string(t[2].begin(), t[2].end()) == "three");
    CHECK(t.tokens() == 8);
    CHECK(tr::token_table::make(bytes(), {}).size() == 0);
    CHECK(tr::token_table().size() == 0);
}

TEST_CASE("a table on the disk is found again, by its tokenizer, its texts and its cut, and made again when it is damaged") {
    test::folder const f;
    std::vector<std::string> texts = {"one", "two", std::string(1000, 'x')};
    tr::text_source const from{texts.size(), [&](std::size_t i, std::string& to) { to += texts[i]; }};
    bool found = true;
    auto const ids = [&](tr::tokenizer const& t, std::size_t longest = 100) {
        auto const table = tr::token_table::cached(f.path.string(), t, from, longest, &found);
        std::vector<tr::token> all;
        for (std::size_t i = 0; i != table.size(); ++i) all.insert(all.end(), table[i].begin(), table[i].end());
        return all;
    };
    auto const first = ids(bytes());
    CHECK(!found);
    CHECK(first.size() == 106);
    CHECK(ids(bytes()) == first);
    CHECK(found);
    CHECK(ids(bytes({{'x', 'x'}})).size() == 106);
    CHECK(!found);
    CHECK(ids(bytes(), 7).size() == 13);
    CHECK(!found);
    CHECK(files(f).size() == 3);
    texts[1] = "tow";
    CHECK(ids(bytes()) != first);
    CHECK(!found);
    texts[1] = "two";
    for (auto const& path : files(f)) {
        auto damaged = test::read(path.string());
        damaged.resize(damaged.size() - 4);
        test::write(path.string(), damaged);
    }
    CHECK(ids(bytes()) == first);
    CHECK(!found);
    CHECK(ids(bytes()) == first);
    CHECK(found);
    // Whole, but of ids that the tokenizer has not got.
    for (auto const& path : files(f)) {
        auto other = test::read(path.string());
        other[other.size() - 1] = 1;
        test::write(path.string(), other);
    }
    CHECK(ids(bytes()) == first);
    CHECK(!found);
}

TEST_CASE("where nothing can be written, the table is there all the same") {
    std::string const text = "text";
    tr::text_source const from{1, [&](std::size_t, std::string& to) { to += text; }};
    CHECK(tr::token_table::cached("/dev/null/nowhere", bytes(), from).tokens() == 4);
}
