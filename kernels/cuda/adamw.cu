// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/adamw.cu
//
// AdamW as PyTorch does it, all parameters in one launch: a block has a stretch of at most 65,536 elements. The CPU's is kernels/cpu/loops.ipp.
// With bf16 weights it reads 16 bytes an element (gradient, master, m, v) and writes 14 (master, m, v, weight); with moments in bf16 12 and 10, and what they cost instead is a Philox of 4 words for 4 elements, which
// hides behind the memory. A thread takes 8 elements, 16 bytes of the weights, where the stretch is aligned for all operands, else one.
#include "../philox.hpp"
#include "chunk.hpp"
#include "cuda.hpp"
#include <cmath>

namespace penstock::train {
namespace cuda {
namespace {

struct constants {
    float beta1, beta2, rest1, rest2, epsilon, rate, correction, decayed;
    std::uint64_t seed;
    std::int64_t step;
};

// Noise for the elements from `at` on; N is 1, or 8 and `at` a multiple of it.
template<int N> PENSTOCK_DEVICE void noise_from(std::uint32_t (&to)[N], constants const& k, std::int64_t at) {
    if constexpr (N == 1) {
        auto const words = moment_noise(k.seed, k.step, at / 4);
        auto const word = at % 4;
        to[0] = word == 0 ? words.v[0] : word == 1 ? words.v[1] : word == 2 ? words.v[2] : words.v[3];      // an index would put them into memory
    } else
        for (int i = 0; i != N; i += 4) {
            auto const words = moment_noise(k.seed, k.step, at / 4 + i / 4);
            for (int j = 0; j != 4; ++j) to[i + j] = words.v[j];
        }
}

template<int N> PENSTOCK_DEVICE void write_moment(float* p, chunk<N> const& x, std::uint32_t const (&)[N], int) { write<N, true>(p, x, N); }
template<int N> PENSTOCK_DEVICE void write_moment(bf16* p, chunk<N> const& x, std::uint32_t const (&noise)[N], int shift) {
    lanes_of<bf16, N> rounded;
    for (int i = 0; i != N; ++i) rounded.v[i] = narrow_stochastically(x.v[i], noise[i] >> shift);
    *reinterpret_cast<lanes_of<bf16, N>*>(p) = rounded;
}

// N elements from `at` of the stretch on.
template<int N, class S, class M> PENSTOCK_DEVICE void update(optimizer_slabs<S, float, M> const& t, stretch const& part, std::int64_t at, float clip, constants const& k) {
    float const keep = part.decays ? k.decayed : 1.0F;
    S* const weights = t.weights + part.weights + at;
    auto const own = part.own + at;
    auto const g = read<N, true>(t.gradients + part.state + at, N);
    auto p = t.masters ? read<N, true>(t.masters + own, N) : read<N, true>(weights, N);
    auto m = read<N, true>(t.m + own, N), v = read<N, true>(t.v + own, N);
    for (int i = 0; i != N; ++i) {      // the same bits however many elements a thread takes: another cut of the shards must not show
        float const d = g.v[i] * clip;
        m.v[i] = multiply_add(m.v[i], k.beta1, d * k.rest1);
        v.v[i] = multiply_add(v.v[i], k.beta2, d * d * k.rest2);
        p.v[i] = multiply_add(p.v[i], keep, -(k.rate * m.v[i] / multiply_add(square_root(v.v[i]), k.correction, k.epsilon)));
    }
    std::uint32_t noise[N] = {};
    if constexpr (std::is_same_v<M, bf16>) noise_from<N>(noise, k, part.state + at);
    write_moment<N>(t.m + own, m, noise, 0);
    write_moment<N>(t.v + own, v, noise, 16);
    if (t.masters) write<N, true>(t.masters + own, p, N);
    write<N, true>(weights, p, N);
}

template<class S, class M> __global__ void update_all(optimizer_slabs<S, float, M> t, stretch const* all, double const* factor, constants k, bool aligned) {
    stretch const part = all[block_x()];
    auto const clip = static_cast<float>(*factor);
    bool const wide = aligned && (part.weights | part.state | part.own) % 8 == 0;
    auto const whole = wide ? part.size / 8 * 8 : 0;
    for (std::int64_t at = thread_index() * 8; at < whole; at += block_threads() * 8) update<8>(t, part, at, clip, k);
    for (auto at = whole + thread_index(); at < part.size; at += block_threads()) update<1>(t, part, at, clip, k);
}

// Powers by squaring in double, as the CPU has them: a library's power function may differ between machines.
double power(double base, std::int64_t n) {
    double all = 1;
    for (std::int64_t bit = 0; n; n >>= 1, ++bit)
        if (n & 1) {
            double p = base;
            for (std::int64_t i = 0; i != bit; ++i) p *= p;
            all *= p;
        }
    return all;
}

template<class S, class M> void queue_update(optimizer_slabs<S, float, M> const& t, std::span<stretch const> stretches, double const* factor, adamw_step const& a, stream& s) {
    auto f = [](double x) { return static_cast<float>(x); };
    constants const k{f(a.beta1), f(a.beta2), f(1 - a.beta1), f(1 - a.beta2), f(a.epsilon), f(a.rate / (1 - power(a.beta1, a.step))), f(1 / std::sqrt(1 - power(a.beta2, a.step))), f(1 - a.rate * a.decay), a.seed, a.step};
    bool const wide = aligned(t.weights) && aligned(t.masters) && aligned(t.m) && aligned(t.v) && aligned(t.gradients);
    launch({.x = static_cast<std::int64_t>(stretches.size())}, s, update_all<S, M>, t, stretches.data(), factor, k, wide);
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::adamw(optimizer_slabs<S, real> const& t, std::span<stretch const> stretches, double const* factor, adamw_step step, stream& s) { cuda::queue_update(t, stretches, factor, step, s); }
template<class S> void Cuda<S>::adamw(optimizer_slabs<S, real, bf16> const& t, std::span<stretch const> stretches, double const* factor, adamw_step step, stream& s) { cuda::queue_update(t, stretches, factor, step, s); }

template void Cuda<bf16>::adamw(optimizer_slabs<bf16, float> const&, std::span<stretch const>, double const*, adamw_step, stream&);
template void Cuda<float>::adamw(optimizer_slabs<float, float> const&, std::span<stretch const>, double const*, adamw_step, stream&);
template void Cuda<bf16>::adamw(optimizer_slabs<bf16, float, bf16> const&, std::span<stretch const>, double const*, adamw_step, stream&);
template void Cuda<float>::adamw(optimizer_slabs<float, float, bf16> const&, std::span<stretch const>, double const*, adamw_step, stream&);

} // namespace penstock::train
