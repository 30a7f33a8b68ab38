#include "loops.hpp"

namespace penstock::train::cpu {
namespace {
enum class set { baseline, avx2, avx512 };

set widest() {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return set::avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return set::avx2;
    return set::baseline;
}
set chosen_set() {
    static set const s = widest();
    return s;
}
} // namespace

template<class S> loops<S> const& chosen() {
    static loops<S> const table = chosen_set() == set::avx512 ? avx512::table<S>() : chosen_set() == set::avx2 ? avx2::table<S>() : baseline::table<S>();
    return table;
}
template loops<double> const& chosen<double>();
template loops<float> const& chosen<float>();
template loops<bf16> const& chosen<bf16>();

char const* chosen_name() {
    switch (chosen_set()) {
    case set::avx512: return "AVX-512";
    case set::avx2: return "AVX2";
    default: return "baseline";
    }
}

} // namespace penstock::train::cpu
