// cuda-check [NAME...]: every operation of the GPU against the CPU in double, then the whole model; all, or those named. Goes on after a failure; a line for each, and a closing line. Exit code 0, 1 (something failed), 2 (no such check), 6 (no GPU).
#include "support.hpp"
#include <cstdlib>
#include <filesystem>
#include <penstock/core/fatal.hpp>
#include <penstock/train/devices.hpp>
#include <string_view>
#ifdef PENSTOCK_EMULATED
#include <cuda/emulated/simt.hpp>
#endif

namespace cuda_check {
void report::expect(bool holds, std::string const& what, std::string const& found) {
    ++(holds ? passed : failed);
    if (!holds) std::printf("FAILED %s%s%s\n", what.c_str(), found.empty() ? "" : ": ", found.c_str());
    else if (!quiet) std::printf("passed %s\n", what.c_str());
}
} // namespace cuda_check

int main(int count, char** words) {
    using namespace cuda_check;
    ::setenv("PENSTOCK_GEMM_PLANS", (std::filesystem::temp_directory_path() / "cuda-check.products").c_str(), 0);        // before any product: not the user's own file; a second run reads it
    struct { char const* name; void (*run)(report&); bool twice = true; } const checks[] = {
        {"products", check_products}, {"graphs", check_graphs},
        {"rows", check_rows},
        {"attention", check_attention},
        {"losses", check_losses},
        {"optimizer", check_optimizer},
        {"model", check_model, false},
        {"ranks", check_ranks, false},
    };
#ifndef PENSTOCK_EMULATED
    if (auto const list = penstock::train::devices(); list.all.empty()) {
        std::fprintf(stderr, "cuda-check: %s\n", list.why.c_str());
        return 6;
    }
#endif
    for (int i = 1; i != count; ++i)
        if (std::ranges::none_of(checks, [&](auto const& c) { return std::string_view(c.name) == words[i]; })) {
            std::fprintf(stderr, "cuda-check: no check is called %s; there are", words[i]);
            for (auto const& c : checks) std::fprintf(stderr, " %s", c.name);
            std::fprintf(stderr, "\n");
            return 2;
        }
    report r;
    for (auto const& c : checks) {
        if (count > 1 && std::none_of(words + 1, words + count, [&](char const* w) { return std::string_view(c.name) == w; })) continue;
        int const before = r.failed, passed = r.passed;
        try {
            c.run(r);
#ifdef PENSTOCK_EMULATED
            cuda::emulated::run_in(cuda::emulated::order::backward);       // operations once more with warps and blocks from the last to the first: a missing barrier shows
            if (c.twice) c.run(r);
            cuda::emulated::run_in(cuda::emulated::order::forward);
#endif
        } catch (std::exception const& e) { r.expect(false, c.name, e.what()); }
        std::printf("%s: %d passed, %d failed\n", c.name, r.passed - passed, r.failed - before);
        std::fflush(stdout);
    }
    std::printf("%d passed, %d failed\n", r.passed, r.failed);
    return r.failed > 0;
}
