/// Which of cuBLASLt's algorithms a product takes. Its heuristic names eight; large products time them once, on their own data, and the choice is kept in a file, so that the next run computes the same bits without a clock:
/// timing decides once a machine, not once a run. Host code that knows no CUDA.
///
/// The file has a line a choice (machine, product, the algorithm's eight words) between a title and a checksum. It is PENSTOCK_GEMM_PLANS, else $XDG_CACHE_HOME/penstock/products, else ~/.cache/penstock/products;
/// PENSTOCK_GEMM_PLANS=off takes the heuristic's first always, and neither times nor writes.
#pragma once
#include "product.hpp"
#include <array>
#include <compare>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>

namespace penstock::train::cuda {

/// What an algorithm may depend on: all of a product but its addresses, of which it is their alignment, and alpha.
struct product_key {
    bool transpose_a = false, transpose_b = false, bias = false, adds = false;
    format in = format::f32, out = format::f32;
    std::int64_t m = 0, n = 0, k = 0, a_ld = 0, b_ld = 0, d_ld = 0;
    int a_alignment = 0, b_alignment = 0, d_alignment = 0, bias_alignment = 0;      ///< in bytes, 64 for more: what every matrix of the arena has
    friend auto operator<=>(product_key const&, product_key const&) = default;
};
product_key key_of(product const&);
std::string text(product_key const&);

/// cublasLtMatmulAlgo_t: its words may be kept for the same version of the library.
using algorithm = std::array<std::uint64_t, 8>;

/// Below that a product takes about as long as its launch, and what is gained is not worth the timing.
inline bool worth_timing(product_key const& k) { return static_cast<double>(k.m) * static_cast<double>(k.n) * static_cast<double>(k.k) >= 0x1p28; }

/// Of seconds in the heuristic's order (infinite: it cannot run), the first within 2 % of the fastest: noise does not choose.
std::size_t choose(std::span<double const> seconds);

struct plan_settings {
    bool timed = true;
    std::string path = {};          ///< empty: kept in this process alone
};
plan_settings plan_settings_of_environment();

/// The choices for one machine, of all streams of the process. A file that is not ours, is damaged, or cannot be written: one line, and it goes on without.
class product_plans {
public:
    using say = std::function<void(std::string const&)>;
    product_plans(std::string machine, plan_settings, say);

    bool timed() const { return settings_.timed; }
    std::optional<algorithm> find(product_key const&) const;
    /// The first one counts, also where another process kept it meanwhile: ranks that time the same product take the same. The answer is the one that counts.
    algorithm keep(product_key const&, algorithm const&);
    void forget(product_key const&);        ///< the library no longer takes it
    std::size_t size() const { return own_.size(); }

private:
    using lines = std::map<std::pair<std::string, std::string>, algorithm>;
    lines read(bool complain);
    void write(std::string const& product);

    std::string machine_;
    plan_settings settings_;
    say say_;
    mutable std::mutex lock_ = {};
    std::map<std::string, algorithm> own_ = {};
    std::set<std::string> stale_ = {};
};

/// The process's, made when it is first asked for. Machine: the GPU's name and the library's version.
product_plans& plans_of(std::string const& machine);

} // namespace penstock::train::cuda
