// Which algorithm a product takes, and the file that keeps the choice.
#include <cmath>
#include <cuda/product_plans.hpp>
#include <cuda/recordings.hpp>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <limits>
#include "train/support.hpp"

namespace {
using namespace penstock::train;
using namespace penstock::train::cuda;

alignas(64) std::byte memory[4096];

product sample_product() {
    auto const at = [](int i) { return reinterpret_cast<bf16*>(memory + i); };
    return product_nt<bf16, bf16>({at(0), 5, 8, 8}, {at(512), 5, 64, 72}, {at(1024), 8, 64, 64}, at(2), 1, true);
}
product_key key(std::int64_t m) {
    product_key k;
    k.m = m, k.n = 2, k.k = 3;
    return k;
}
constexpr algorithm one{1, 2, 3, 4, 5, 6, 7, 0xfedcba9876543210}, two{8, 8, 8, 8, 8, 8, 8, 8};

struct said {
    std::vector<std::string> lines{};
    product_plans::say operator()() { return [this](std::string const& s) { lines.push_back(s); }; }
};
std::string bytes_of(std::filesystem::path const& p) { return test::read(p); }
}

TEST_CASE("products are described to cuBLASLt by columns: D is the transpose of y") {
    auto const nt = key_of(sample_product());
    CHECK(text(nt) == "tn 8/5/64 ld 64/72/8 bf16 bf16 bias adds aligned 64/64/64/2");
    auto const x = matrix<float const>{reinterpret_cast<float const*>(memory), 4, 6, 7}, w = matrix<float const>{reinterpret_cast<float const*>(memory + 8), 6, 3, 3};
    CHECK(text(key_of(product_nn<float>({reinterpret_cast<float*>(memory + 4), 4, 3, 5}, x, w, 1, false))) == "nn 3/4/6 ld 3/7/5 f32 f32 aligned 8/64/4/0");
    CHECK(text(key_of(product_tn<bf16, float>({reinterpret_cast<float*>(memory + 16), 3, 6, 6}, {reinterpret_cast<bf16 const*>(memory + 2), 4, 3, 9}, {reinterpret_cast<bf16 const*>(memory + 32), 4, 6, 6}, 1))) ==
          "nt 6/3/4 ld 6/9/6 bf16 f32 adds aligned 32/2/16/0");
}

TEST_CASE("a key is all that an algorithm may depend on, and no more") {
    auto const p = sample_product();
    auto other = p;
    other.a = memory + 2048, other.alpha = 0.5F;
    CHECK(key_of(other) == key_of(p));
    auto const differs = [&](auto change) {
        auto q = p;
        change(q);
        return key_of(q) != key_of(p) && text(key_of(q)) != text(key_of(p));
    };
    CHECK(differs([](product& q) { q.a = memory + 16; }));
    CHECK(differs([](product& q) { q.bias = nullptr; }));
    CHECK(differs([](product& q) { q.bias = memory + 4; }));
    CHECK(differs([](product& q) { q.beta = 0; }));
    CHECK(differs([](product& q) { q.m = 9; }));
    CHECK(differs([](product& q) { q.b_ld = 80; }));
    CHECK(differs([](product& q) { q.out = format::f32; }));
    CHECK(differs([](product& q) { q.transpose_b = true; }));
}

TEST_CASE("noise does not choose: of those within 2 % of the fastest, the heuristic's first") {
    double const far = std::numeric_limits<double>::infinity();
    CHECK(choose(std::vector{1.0, 0.99, 0.985}) == 0);
    CHECK(choose(std::vector{1.0, 0.9, 0.89}) == 1);
    CHECK(choose(std::vector{far, 3.0, 2.0}) == 2);
    CHECK(choose(std::vector{5.0}) == 0);
}

TEST_CASE("what is worth its timing") {
    auto k = key(1024);
    k.n = 1024, k.k = 256;
    CHECK(worth_timing(k));
    k.k = 255;
    CHECK(!worth_timing(k));
    k.m = k.n = k.k = std::int64_t{1} << 31;
    CHECK(worth_timing(k));
}

TEST_CASE("choices come back from the file, each machine its own") {
    test::folder const f;
    std::string const path = f / "cache/penstock/products";
    said s;
    {
        product_plans plans("NVIDIA H200, cuBLASLt 130000", {.path = path}, s());
        CHECK(!plans.find(key(1)));
        plans.keep(key(1), one), plans.keep(key(2), two);
        CHECK(plans.keep(key(1), two) == one);      // the first counts
        CHECK(plans.find(key(1)) == one);
        product_plans other("NVIDIA A100\tof a kind", {.path = path}, s());
        CHECK(other.size() == 0);
        other.keep(key(1), two);
    }
    product_plans again("NVIDIA H200, cuBLASLt 130000", {.path = path}, s());
    CHECK(again.size() == 2);
    CHECK(again.find(key(1)) == one);
    CHECK(again.find(key(2)) == two);
    CHECK(product_plans("NVIDIA A100\tof a kind", {.path = path}, s()).find(key(1)) == two);
    CHECK(product_plans("NVIDIA H200, cuBLASLt 130100", {.path = path}, s()).size() == 0);
    CHECK(s.lines.empty());
    CHECK(std::distance(std::filesystem::directory_iterator(std::string(f / "cache/penstock")), {}) == 1);       // no .partial beside it

    again.forget(key(1));               // the library takes it no longer: what replaces it reaches the file
    CHECK(!again.find(key(1)));
    again.keep(key(1), two);
    CHECK(product_plans("NVIDIA H200, cuBLASLt 130000", {.path = path}, s()).find(key(1)) == two);
}

TEST_CASE("two processes write one file: what the first chose counts for both") {
    test::folder const f;
    std::string const path = f / "products";
    said s;
    product_plans a("m", {.path = path}, s()), b("m", {.path = path}, s());
    a.keep(key(1), one);
    CHECK(b.keep(key(1), two) == one);
    b.keep(key(2), two), a.keep(key(3), one);
    product_plans const c("m", {.path = path}, s());
    CHECK(c.size() == 3);
    CHECK(c.find(key(1)) == one);
    CHECK(b.find(key(1)) == one);
    CHECK(s.lines.empty());
}

TEST_CASE("a damaged file is ignored with a line, wherever it is damaged, and written anew") {
    test::folder const f;
    std::string const path = f / "products";
    said none;
    product_plans first("m", {.path = path}, none());
    first.keep(key(1), one), first.keep(key(2), two);
    auto const whole = bytes_of(path);
    for (std::size_t i = std::string_view("penstock products 1\n").size(); i != whole.size(); ++i) {
        auto damaged = whole;
        damaged[i] = damaged[i] == '0' ? '1' : '0';
        test::write(path, damaged);
        said s;
        product_plans plans("m", {.path = path}, s());
        CHECK_MESSAGE(plans.size() == 0, damaged);
        CHECK(s.lines.size() == 1);
        if (i % 40 == 0) {
            plans.keep(key(9), one);
            said quiet;
            CHECK(product_plans("m", {.path = path}, quiet()).find(key(9)) == one);
            CHECK(quiet.lines.empty());
        }
    }
    for (std::size_t length = std::string_view("penstock products 1\n").size(); length != whole.size(); ++length) {
        test::write(path, whole.substr(0, length));
        said s;
        CHECK(product_plans("m", {.path = path}, s()).size() == 0);
        CHECK(s.lines.size() == 1);
    }
}

TEST_CASE("a file that is not ours is left alone") {
    test::folder const f;
    std::string const path = f / "notes.txt";
    test::write(path, "my notes\n");
    said s;
    product_plans plans("m", {.path = path}, s());
    plans.keep(key(1), one);
    CHECK(plans.find(key(1)) == one);
    CHECK(bytes_of(path) == "my notes\n");
    CHECK(s.lines == std::vector<std::string>{path + ": is no file of products' algorithms; it is left alone, and they are chosen anew"});
}

TEST_CASE("where nothing can be written, one line, and it goes on") {
    test::folder const f;
    test::write(f / "file", "x");
    said s;
    product_plans plans("m", {.path = f / "file/products"}, s());
    plans.keep(key(1), one), plans.keep(key(2), one);
    CHECK(plans.size() == 2);
    CHECK(s.lines.size() == 1);
}

TEST_CASE("the file's place, by the environment") {
    auto const place = [](char const* plans, char const* cache, char const* home) {
        auto const put = [](char const* name, char const* value) { value ? ::setenv(name, value, 1) : ::unsetenv(name); };
        std::string kept[3];
        char const* const names[] = {"PENSTOCK_GEMM_PLANS", "XDG_CACHE_HOME", "HOME"};
        bool had[3];
        for (int i = 0; i != 3; ++i) had[i] = std::getenv(names[i]) != nullptr, kept[i] = had[i] ? std::getenv(names[i]) : "";
        put(names[0], plans), put(names[1], cache), put(names[2], home);
        auto const s = plan_settings_of_environment();
        for (int i = 0; i != 3; ++i) put(names[i], had[i] ? kept[i].c_str() : nullptr);
        return s;
    };
    CHECK(place("/a/file", "/c", "/h").path == "/a/file");
    CHECK(place(nullptr, "/c", "/h").path == "/c/penstock/products");
    CHECK(place(nullptr, nullptr, "/h").path == "/h/.cache/penstock/products");
    CHECK(place(nullptr, nullptr, nullptr).path.empty());
    CHECK(place(nullptr, nullptr, nullptr).timed);
    CHECK(!place("off", "/c", "/h").timed);
    CHECK(place("off", "/c", "/h").path.empty());
}

TEST_CASE("work of one key: run, recorded, then played; the record that was not played for the longest goes") {
    recordings<int> all;
    int calls = 0, made = 0, played = 0;
    auto const run = [&](std::int64_t k, bool can = true) {
        all.run({k}, [&] { ++calls; }, [&](auto const&) { return can ? std::optional(++made) : std::nullopt; }, [&](int) { ++played; });
    };
    for (int i = 0; i != 5; ++i) run(0);
    CHECK(calls == 1); CHECK(made == 1); CHECK(played == 4);
    for (int i = 0; i != 5; ++i) run(1, false);     // cannot be recorded: asked once
    CHECK(calls == 6); CHECK(made == 1); CHECK(played == 4);
    all.forget();
    run(0);
    CHECK(calls == 6); CHECK(made == 2); CHECK(played == 5);
    for (std::int64_t k = 2; k != 2 + static_cast<std::int64_t>(recordings<int>::most); ++k) run(k), run(k);
    CHECK(made == 2 + static_cast<int>(recordings<int>::most));
    auto const before = made;
    run(3);
    CHECK(made == before);
    run(0);                                         // it was the oldest
    CHECK(made == before + 1);
}
