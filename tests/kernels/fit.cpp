// The budget of a batch and what is computed again: the quickest of what fits.
#include "support.hpp"
#include <doctest/doctest.h>
#include <penstock/train/fit.hpp>

using namespace kernels_tests;

TEST_CASE("fit: the quickest of what fits, by the plan itself") {
    qwen2_config const c = tiny(head::regression, true, 4, 2, 6);
    std::vector<std::int64_t> const lengths(64, 500);
    trainer_options o{.precision = precision::f32, .sequences = 8, .longest = 512, .static_shapes = true};
    fit_question q{.lengths = lengths, .a_step = 8, .memory = std::uint64_t{1} << 40};
    auto const bytes = [&](std::int64_t tokens, recompute again) {
        o.tokens = tokens, o.recompute = again;
        return plan(c, o).total();
    };
    auto const is = [&](std::int64_t tokens, recompute again) {
        auto const f = fit(c, o, q);
        return f && f->tokens == tokens && f->recompute == again && plan(c, *f).total() <= q.memory;
    };
    CHECK(is(4096, recompute::nothing));            // a whole step in one batch; more would be filled up with nothing
    q.memory = bytes(4096, recompute::nothing) - 1;
    CHECK(is(4096, recompute::rows));               // a fiftieth more is less than a second batch
    q.memory = bytes(4096, recompute::rows) - 1;
    CHECK(is(2048, recompute::nothing));            // two batches are less than a third more
    q.tokens = 4096;
    CHECK(is(4096, recompute::blocks));
    q.memory = bytes(4096, recompute::blocks) - 1;
    CHECK(!fit(c, o, q));
    q.tokens.reset(), q.memory = bytes(512, recompute::blocks);
    CHECK(fit(c, o, q));
    q.memory = bytes(512, recompute::blocks) - 1;
    CHECK(!fit(c, o, q));

    o.static_shapes = false, q.memory = std::uint64_t{1} << 40;
    std::vector<std::int64_t> const few(3, 100);
    q.lengths = few;
    CHECK(is(512, recompute::nothing));             // no more than a step needs
    std::vector<std::int64_t> const many(1000, 500);
    q.lengths = many, q.a_step = 1000;
    CHECK(is(4096, recompute::nothing));            // nor more than gains something
    q.recompute = recompute::blocks;
    CHECK(is(4096, recompute::blocks));
}
