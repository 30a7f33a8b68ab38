// Compiled once for each instruction set: PENSTOCK_ISA is its namespace, PENSTOCK_BYTES its vectors' width, PENSTOCK_TILE_ROWS the rows of a product's register tile.
// Nothing of the standard library is instantiated in here, else its code for the widest processor could be the one that the linker keeps for all.
#include "../philox.hpp"
#include "loops.hpp"
#ifdef __AVX512BW__
#include <immintrin.h>
#endif

namespace penstock::train::cpu::PENSTOCK_ISA {
namespace {

#define PENSTOCK_INLINE [[gnu::always_inline]] inline
#define PENSTOCK_ALWAYS __attribute__((always_inline))

// --- vectors -------------------------------------------------------------------------------------------------------------------------------------------------------

template<class R> struct vector_of { typedef R type __attribute__((vector_size(PENSTOCK_BYTES))); };
template<> struct vector_of<bf16> {};           // stored, never computed with
template<class R> using vec = typename vector_of<R>::type;
template<class R> constexpr std::int64_t width = PENSTOCK_BYTES / static_cast<std::int64_t>(sizeof(R));
template<class R> struct word_of { using type = std::int32_t; };
template<> struct word_of<double> { using type = std::int64_t; };
template<class R> using words = vec<typename word_of<R>::type>;
typedef std::uint16_t halves __attribute__((vector_size(PENSTOCK_BYTES / 2)));
typedef std::uint32_t unsigned_words __attribute__((vector_size(PENSTOCK_BYTES)));

struct whole {};                        // a vector's worth of elements
struct part { std::int64_t count; };    // the rest of a row; missing lanes read as zero

template<class R> PENSTOCK_INLINE vec<R> same(R x) { return x - vec<R>{}; }
template<std::floating_point R> PENSTOCK_INLINE vec<R> load(R const* p, whole) { vec<R> v; __builtin_memcpy(&v, p, sizeof v); return v; }
#ifdef __AVX512BW__       // a copy of some bytes is a call into the library; here it is an instruction
PENSTOCK_INLINE __mmask16 sixteen(part n) { return static_cast<__mmask16>((1U << n.count) - 1); }
PENSTOCK_INLINE vec<float> load(float const* p, part n) { return _mm512_maskz_loadu_ps(sixteen(n), p); }
PENSTOCK_INLINE vec<double> load(double const* p, part n) { return _mm512_maskz_loadu_pd(static_cast<__mmask8>((1U << n.count) - 1), p); }
PENSTOCK_INLINE void store(float* p, vec<float> v, part n) { _mm512_mask_storeu_ps(p, sixteen(n), v); }
PENSTOCK_INLINE void store(double* p, vec<double> v, part n) { _mm512_mask_storeu_pd(p, static_cast<__mmask8>((1U << n.count) - 1), v); }
PENSTOCK_INLINE halves some(bf16 const* p, part n) { auto const h = _mm256_maskz_loadu_epi16(sixteen(n), p); halves v; __builtin_memcpy(&v, &h, sizeof v); return v; }
PENSTOCK_INLINE void put(bf16* p, halves v, part n) { __m256i h; __builtin_memcpy(&h, &v, sizeof h); _mm256_mask_storeu_epi16(p, sixteen(n), h); }
#else
template<std::floating_point R> PENSTOCK_INLINE vec<R> load(R const* p, part n) { vec<R> v{}; __builtin_memcpy(&v, p, static_cast<std::size_t>(n.count) * sizeof(R)); return v; }
template<std::floating_point R> PENSTOCK_INLINE void store(R* p, vec<R> v, part n) { __builtin_memcpy(p, &v, static_cast<std::size_t>(n.count) * sizeof(R)); }
PENSTOCK_INLINE halves some(bf16 const* p, part n) { halves h{}; __builtin_memcpy(&h, p, static_cast<std::size_t>(n.count) * 2); return h; }
PENSTOCK_INLINE void put(bf16* p, halves v, part n) { __builtin_memcpy(p, &v, static_cast<std::size_t>(n.count) * 2); }
#endif
PENSTOCK_INLINE halves some(bf16 const* p, whole) { halves h; __builtin_memcpy(&h, p, sizeof h); return h; }
PENSTOCK_INLINE void put(bf16* p, halves v, whole) { __builtin_memcpy(p, &v, sizeof v); }
template<std::floating_point R> PENSTOCK_INLINE void store(R* p, vec<R> v, whole) { __builtin_memcpy(p, &v, sizeof v); }
PENSTOCK_INLINE vec<float> load(bf16 const* p, auto n) {
    unsigned_words const u = __builtin_convertvector(some(p, n), unsigned_words) << 16;
    vec<float> v;
    __builtin_memcpy(&v, &u, sizeof v);
    return v;
}
PENSTOCK_INLINE void store(bf16* p, vec<float> v, auto n) {
    unsigned_words u;
    __builtin_memcpy(&u, &v, sizeof u);
    u = (u + 0x7fffU + ((u >> 16) & 1U)) >> 16;
    unsigned_words const nan = reinterpret_cast<unsigned_words>(v != v);
    u = (u & ~nan) | (nan & 0x7fc0U);
    put(p, __builtin_convertvector(u, halves), n);
}
template<class R> PENSTOCK_INLINE std::int64_t lane_count(whole) { return width<R>; }
template<class R> PENSTOCK_INLINE std::int64_t lane_count(part n) { return n.count; }
template<class R, class F> PENSTOCK_INLINE void lanes(std::int64_t n, F&& f) {
    std::int64_t i = 0;
    for (; i + width<R> <= n; i += width<R>) f(i, whole{});
    if (i < n) f(i, part{n - i});
}
template<class R> PENSTOCK_INLINE R total(vec<R> v) {
    R s[width<R>];
    __builtin_memcpy(s, &v, sizeof v);
    for (std::int64_t half = width<R> / 2; half; half /= 2)
        for (std::int64_t i = 0; i != half; ++i) s[i] += s[i + half];
    return s[0];
}
template<class R> PENSTOCK_INLINE R largest(R const* p, std::int64_t n) {
    vec<R> top = same(p[0]);
    std::int64_t i = 0;
    for (; i + width<R> <= n; i += width<R>) {
        vec<R> const v = load(p + i, whole{});
        top = v > top ? v : top;
    }
    R one = top[0];
    for (std::int64_t l = 1; l != width<R>; ++l) one = top[l] > one ? top[l] : one;
    for (; i != n; ++i) one = p[i] > one ? p[i] : one;
    return one;
}
template<class R> PENSTOCK_INLINE R to_real(R x) { return x; }
PENSTOCK_INLINE float to_real(bf16 x) { return widen(x); }

PENSTOCK_INLINE float root(float x) { return __builtin_sqrtf(x); }
PENSTOCK_INLINE double root(double x) { return __builtin_sqrt(x); }
PENSTOCK_INLINE float logarithm(float x) { return __builtin_logf(x); }
PENSTOCK_INLINE double logarithm(double x) { return __builtin_log(x); }

// eˣ = 2ⁿ eʳ with |r| <= ln 2 / 2, eʳ by Taylor to the format's last bit. Below the smallest normal number it stays there; above the largest likewise.
template<class R> PENSTOCK_INLINE vec<R> exponential(vec<R> x) {
    constexpr bool single = sizeof(R) == 4;
    constexpr R low = single ? R(-87.3) : R(-708.3), high = single ? R(88.3) : R(709.0);
    constexpr R magic = single ? R(12582912.0) : R(6755399441055744.0);     // 1.5 · 2^mantissa: adding it leaves the nearest whole number in the low bits
    constexpr R ln2_high = single ? R(0.693359375) : R(0.6931471803691238), ln2_low = single ? R(-2.12194440e-4) : R(1.9082149292705877e-10);
    x = x < low ? same(low) : x;
    x = x > high ? same(high) : x;
    vec<R> const shifted = x * R(1.4426950408889634) + magic;
    vec<R> const n = shifted - magic;
    vec<R> const r = (x - n * ln2_high) - n * ln2_low;
    vec<R> p = same(R(1) / (single ? R(5040) : R(6227020800.0)));
    if constexpr (!single) {
        constexpr double factorials[] = {479001600.0, 39916800.0, 3628800.0, 362880.0, 40320.0, 5040.0};
        for (double f : factorials) p = p * r + R(1 / f);
    }
    constexpr double factorials[] = {720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0};
    for (double f : factorials) p = p * r + R(1 / f);
    words<R> exponent, base;
    vec<R> const m = same(magic);
    __builtin_memcpy(&exponent, &shifted, sizeof exponent);
    __builtin_memcpy(&base, &m, sizeof base);
    exponent = (exponent - base + (single ? 127 : 1023)) << (single ? 23 : 52);
    vec<R> power;
    __builtin_memcpy(&power, &exponent, sizeof power);
    return p * power;
}
template<class R> PENSTOCK_INLINE vec<R> sigmoid(vec<R> x) { return R(1) / (R(1) + exponential<R>(-x)); }

// --- tasks ---------------------------------------------------------------------------------------------------------------------------------------------------------

template<class F> PENSTOCK_INLINE void each(stream& s, std::int64_t tasks, F const& f) {
    s.workers.run(tasks, [](void* c, std::int64_t i) { (*static_cast<F const*>(c))(i); }, const_cast<F*>(&f));
}
constexpr std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
constexpr std::int64_t parts(std::int64_t n, std::int64_t size) { return (n + size - 1) / size; }

// f(first, last) over rows, some 16,000 elements a task.
template<class F> PENSTOCK_INLINE void each_rows(stream& s, std::int64_t rows, std::int64_t cols, F const& f) {
    std::int64_t const size = cols < 16384 ? 16384 / (cols ? cols : 1) : 1;
    each(s, parts(rows, size), [&](std::int64_t t) { f(t * size, least(rows, (t + 1) * size)); });
}

// --- products ------------------------------------------------------------------------------------------------------------------------------------------------------
// The register tile is PENSTOCK_TILE_ROWS rows by two vectors (one, where a result is no wider: small heads); A and B are packed so that it reads both in order, widened on the way. Missing rows and columns are packed as
// zeros: an element is summed the same way wherever it lies in the matrix, so a sequence's numbers do not depend on its neighbours.

constexpr std::int64_t tile_rows = PENSTOCK_TILE_ROWS, block_m = 192, block_n = 512, block_k = 256;
template<class R> constexpr std::int64_t tile_cols = 2 * width<R>;

// The rows of A that a tile reads, an element of each a step: side by side (packed, or A by columns), or as far apart as rows are. There three share a pointer, which costs no more registers than a processor has.
template<class R> struct side_by_side {
    R const* p;
    std::int64_t step;
    PENSTOCK_INLINE side_by_side from(std::int64_t row) const { return {p + row, step}; }
    PENSTOCK_INLINE R at(std::int64_t r) const { return p[r]; }
    PENSTOCK_INLINE void next() { p += step; }
};
template<class R> struct apart {
    R const* p[(tile_rows + 2) / 3];
    std::int64_t ld;
    PENSTOCK_INLINE static apart of(R const* rows, std::int64_t ld) {
        apart a{{}, ld};
        for (std::int64_t r = 0; r < tile_rows; r += 3) a.p[r / 3] = rows + r * ld;
        return a;
    }
    PENSTOCK_INLINE apart from(std::int64_t row) const { return of(p[0] + row * ld, ld); }
    PENSTOCK_INLINE R at(std::int64_t r) const { return p[r / 3][r % 3 * ld]; }
    PENSTOCK_INLINE void next() { for (auto& q : p) ++q; }
};

template<class R, int vectors, class A> [[gnu::noinline]] void register_tile(std::int64_t k, A a, R const* b, R* y, std::int64_t ld, bool first, std::int64_t rows, std::int64_t cols) {
    vec<R> c[tile_rows][vectors];
    for (auto& r : c)
        for (auto& v : r) v = vec<R>{};
    for (std::int64_t i = 0; i != k; ++i, a.next(), b += vectors * width<R>) {
        vec<R> bs[vectors];
        for (int v = 0; v != vectors; ++v) bs[v] = load(b + v * width<R>, whole{});
#pragma GCC unroll 16
        for (std::int64_t r = 0; r != tile_rows; ++r)
#pragma GCC unroll 2
            for (int v = 0; v != vectors; ++v) c[r][v] += a.at(r) * bs[v];
    }
    auto const out = [&](R* p, vec<R> x, auto n) PENSTOCK_ALWAYS { store(p, first ? x : load(p, n) + x, n); };
#pragma GCC unroll 16
    for (std::int64_t r = 0; r != tile_rows; ++r) {
        if (r >= rows) break;
#pragma GCC unroll 2
        for (std::int64_t v = 0; v != vectors; ++v) {
            auto const left = cols - v * width<R>;
            if (left >= width<R>) out(y + r * ld + v * width<R>, c[r][v], whole{});
            else if (left > 0) out(y + r * ld + v * width<R>, c[r][v], part{left});
        }
    }
}

// lines of `size`, each with its k elements, packed [line group][k][size]: rows of A or columns of B.
template<class R, std::int64_t size, class T> void pack(R* to, T const* from, std::int64_t lines, std::int64_t k, std::int64_t line_stride, std::int64_t k_stride) {
    for (std::int64_t l = 0; l < lines; l += size, to += size * k) {
        std::int64_t const count = least(size, lines - l);
        T const* const p = from + l * line_stride;
        if (count < size)
            for (std::int64_t i = 0; i != size * k; ++i) to[i] = R(0);
        if (line_stride == 1) {
            for (std::int64_t i = 0; i != k; ++i)
                for (std::int64_t j = 0; j != count; ++j) to[i * size + j] = to_real(p[i * k_stride + j]);
        } else {
            for (std::int64_t i0 = 0; i0 < k; i0 += 16)      // a few cache lines of `to` at a time
                for (std::int64_t j = 0; j != count; ++j)
                    for (std::int64_t i = i0; i != least(k, i0 + 16); ++i) to[i * size + j] = to_real(p[j * line_stride + i * k_stride]);
        }
    }
}

template<class R> constexpr std::int64_t block_bytes = static_cast<std::int64_t>(sizeof(R)) * block_k * (block_m + block_n + tile_rows + tile_cols<R>);

// y[m][n] (+)= Σ a b on this thread; work holds block_bytes.
template<class R, int vectors, class TA, class TB>
void block_of(std::int64_t m, std::int64_t n, std::int64_t k, TA const* a, std::int64_t a_row, std::int64_t a_col, TB const* b, std::int64_t b_row, std::int64_t b_col, R* y, std::int64_t ld, bool add, R* work) {
    constexpr std::int64_t cols = vectors * width<R>;
    R* const packed_b = work;
    R* const packed_a = work + block_k * (block_n + tile_cols<R>);
    for (std::int64_t n0 = 0; n0 < n; n0 += block_n) {
        std::int64_t const nn = least(block_n, n - n0);
        for (std::int64_t k0 = 0; k0 < k; k0 += block_k) {
            std::int64_t const kk = least(block_k, k - k0);
            bool const first = k0 == 0 && !add;
            pack<R, cols>(packed_b, b + k0 * b_row + n0 * b_col, nn, kk, b_col, b_row);
            for (std::int64_t m0 = 0; m0 < m; m0 += block_m) {
                std::int64_t const mm = least(block_m, m - m0);
                pack<R, tile_rows>(packed_a, a + m0 * a_row + k0 * a_col, mm, kk, a_row, a_col);
                for (std::int64_t j = 0; j < nn; j += cols)
                    for (std::int64_t i = 0; i < mm; i += tile_rows)
                        register_tile<R, vectors>(kk, side_by_side<R>{packed_a + i * kk, tile_rows}, packed_b + j * kk, y + (m0 + i) * ld + n0 + j, ld, first, least(tile_rows, mm - i), least(cols, nn - j));
            }
        }
    }
}
template<class R, class TA, class TB>
void block(std::int64_t m, std::int64_t n, std::int64_t k, TA const* a, std::int64_t a_row, std::int64_t a_col, TB const* b, std::int64_t b_row, std::int64_t b_col, R* y, std::int64_t ld, bool add, R* work) {
    if (n <= width<R>) block_of<R, 1>(m, n, k, a, a_row, a_col, b, b_row, b_col, y, ld, add, work);
    else block_of<R, 2>(m, n, k, a, a_row, a_col, b, b_row, b_col, y, ld, add, work);
}

// B packed whole, for many products: groups of columns, each with all its k.
template<class R> struct packed_columns {
    R* data;
    std::int64_t n, k, cols;
    static std::int64_t group(std::int64_t n) { return n <= width<R> ? width<R> : tile_cols<R>; }
    static std::int64_t rounded(std::int64_t n) { return parts(n, group(n)) * group(n); }
    static std::int64_t size(std::int64_t n, std::int64_t k) { return rounded(n) * k; }
    template<class T> static packed_columns of(R* to, std::int64_t n, std::int64_t k, T const* from, std::int64_t column_stride, std::int64_t k_stride) {
        if (n <= width<R>) pack<R, width<R>>(to, from, n, k, column_stride, k_stride);
        else pack<R, tile_cols<R>>(to, from, n, k, column_stride, k_stride);
        return {to, n, k, group(n)};
    }
};
// y = (or +=) A B for m rows of A and the first n columns and k rows of B. y has room for whole groups of columns where `n` is not all of B's.
template<class R, class A> void multiply(std::int64_t m, std::int64_t n, std::int64_t k, A const& a, packed_columns<R> const& b, R* y, std::int64_t ld, bool add) {
    auto const tiles = [&]<int vectors>() {
        constexpr std::int64_t cols = vectors * width<R>;
        for (std::int64_t j = 0; j < n; j += cols)
            for (std::int64_t i = 0; i < m; i += tile_rows) register_tile<R, vectors>(k, a.from(i), b.data + j * b.k, y + i * ld + j, ld, !add, least(tile_rows, m - i), n == b.n ? least(cols, n - j) : cols);
    };
    if (b.cols == width<R>) tiles.template operator()<1>();
    else tiles.template operator()<2>();
}

template<class A, class R, class Y> void product(product_task<A, R, Y> const& t, stream& s) {
    std::int64_t const across = parts(t.n, block_n);
    each(s, parts(t.m, block_m) * across, [&](std::int64_t i) {
        std::int64_t const m0 = i / across * block_m, n0 = i % across * block_n, m = least(block_m, t.m - m0), n = least(block_n, t.n - n0);
        R* const work = reinterpret_cast<R*>(workspace(static_cast<std::size_t>(block_bytes<R>)));
        R* const sum = reinterpret_cast<R*>(workspace(sizeof(R) * block_m * block_n, 1));
        block<R>(m, n, t.k, t.a + m0 * t.a_row, t.a_row, t.a_col, t.b + n0 * t.b_col, t.b_row, t.b_col, sum, block_n, false, work);
        for (std::int64_t r = 0; r != m; ++r) {
            Y* const y = t.y + (m0 + r) * t.y_row + n0;
            lanes<R>(n, [&](std::int64_t c, auto w) {
                vec<R> v = t.scale * load(sum + r * block_n + c, w);
                if (t.bias) v += load(t.bias + n0 + c, w);
                if (t.add) v += load(y + c, w);
                store(y + c, v, w);
            });
        }
    });
}

// --- rows ----------------------------------------------------------------------------------------------------------------------------------------------------------

template<class S, class R> struct operations {
    static std::int64_t length(auto const& span) { return static_cast<std::int64_t>(span.size()); }

    static void round(std::span<S> to, std::span<R const> from, stream& s) {
        each_rows(s, length(to), 1, [&](std::int64_t first, std::int64_t last) {
            lanes<R>(last - first, [&](std::int64_t i, auto w) { store(to.data() + first + i, load(from.data() + first + i, w), w); });
        });
    }

    static void embed(matrix<S> y, std::span<std::int32_t const> tokens, matrix<S const> table, stream& s) { gather(y, table, tokens, s); }

    static void gather(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream& s) {
        each_rows(s, y.rows, y.cols, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i != last; ++i) __builtin_memcpy(y.row(i), x.row(index.data()[i]), static_cast<std::size_t>(y.cols) * sizeof(S));
        });
    }

    static void scatter(matrix<S> y, matrix<S const> x, std::span<std::int32_t const> index, stream& s) {
        each_rows(s, y.rows, y.cols, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i != last; ++i) __builtin_memset(static_cast<void*>(y.row(i)), 0, static_cast<std::size_t>(y.cols) * sizeof(S));
        });
        for (std::int64_t i = 0; i != x.rows; ++i) __builtin_memcpy(y.row(index.data()[i]), x.row(i), static_cast<std::size_t>(y.cols) * sizeof(S));
    }

    static void embed_backward(matrix<R> table, matrix<S const> dy, token_groups const& groups, stream& s) {
        each(s, length(groups.token), [&](std::int64_t g) {
            if (groups.token.data()[g] < 0) return;
            R* const to = table.row(groups.token.data()[g]);
            lanes<R>(dy.cols, [&](std::int64_t c, auto w) {     // summed first, added once: what a batch gives does not depend on what was there
                vec<R> sum{};
                for (std::int64_t i = groups.first.data()[g]; i != groups.first.data()[g + 1]; ++i) sum += load(dy.row(groups.order.data()[i]) + c, w);
                store(to + c, load(to + c, w) + sum, w);
            });
        });
    }

    static void add_norm(matrix<S> y, matrix<S> sum, std::span<R> rstd, matrix<S const> in, matrix<S const> delta, std::span<S const> weight, double epsilon, stream& s) {
        each_rows(s, y.rows, y.cols, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i != last; ++i) {
                S const* const x = in.row(i);
                S* const to = sum.row(i);
                if (delta.data)
                    lanes<R>(y.cols, [&](std::int64_t c, auto w) { store(to + c, load(x + c, w) + load(delta.row(i) + c, w), w); });
                else if (to != x)
                    __builtin_memcpy(to, x, static_cast<std::size_t>(y.cols) * sizeof(S));
                vec<R> squares{};
                lanes<R>(y.cols, [&](std::int64_t c, auto w) { vec<R> const v = load(to + c, w); squares += v * v; });
                R const r = R(1) / root(total<R>(squares) / static_cast<R>(y.cols) + static_cast<R>(epsilon));
                rstd.data()[i] = r;
                lanes<R>(y.cols, [&](std::int64_t c, auto w) { store(y.row(i) + c, load(to + c, w) * r * load(weight.data() + c, w), w); });
            }
        });
    }

    // dx_c = rstd (w_c dy_c - x_c rstd² mean(w dy x))
    static void norm_backward(matrix<S> dx, std::span<R> dw, matrix<S const> dy, matrix<S const> x, std::span<R const> rstd, std::span<S const> weight, stream& s) {
        each_rows(s, dy.rows, dy.cols, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i != last; ++i) {
                vec<R> dot{};
                lanes<R>(dy.cols, [&](std::int64_t c, auto w) { dot += load(weight.data() + c, w) * load(dy.row(i) + c, w) * load(x.row(i) + c, w); });
                R const r = rstd.data()[i], mean = total<R>(dot) / static_cast<R>(dy.cols) * r * r;
                lanes<R>(dy.cols, [&](std::int64_t c, auto w) {
                    vec<R> const step = r * (load(weight.data() + c, w) * load(dy.row(i) + c, w) - load(x.row(i) + c, w) * mean);
                    store(dx.row(i) + c, load(dx.row(i) + c, w) + step, w);
                });
            }
        });
        if (dw.data()) columns(dw, dy.rows, s, [&](std::int64_t i, std::int64_t c, auto w) { return load(dy.row(i) + c, w) * load(x.row(i) + c, w) * rstd.data()[i]; });
    }

    // sum[c] += Σ_i f(i, c): a task has a strip of columns and walks down all rows, so the order is that of the rows.
    template<class F> static void columns(std::span<R> sum, std::int64_t rows, stream& s, F const& f) {
        constexpr std::int64_t strip = 4 * width<R>;
        std::int64_t const cols = length(sum);
        each(s, parts(cols, 4 * strip), [&](std::int64_t t) {
            for (std::int64_t c0 = t * 4 * strip; c0 < least(cols, (t + 1) * 4 * strip); c0 += strip) {
                std::int64_t const n = least(strip, cols - c0);
                vec<R> acc[4] = {};
                for (std::int64_t i = 0; i != rows; ++i)
                    lanes<R>(n, [&](std::int64_t c, auto w) { acc[c / width<R>] += f(i, c0 + c, w); });
                lanes<R>(n, [&](std::int64_t c, auto w) { store(sum.data() + c0 + c, load(sum.data() + c0 + c, w) + acc[c / width<R>], w); });
            }
        });
    }
    static void column_sum(std::span<R> sum, matrix<S const> x, stream& s) {
        columns(sum, x.rows, s, [&](std::int64_t i, std::int64_t c, auto w) { return load(x.row(i) + c, w); });
    }

    static void rotate(matrix<S> x, int heads, int head_width, std::span<std::int32_t const> positions, matrix<R const> table, int direction, stream& s) {
        each_rows(s, x.rows, static_cast<std::int64_t>(heads) * head_width, [&](std::int64_t first, std::int64_t last) {
            std::int64_t const half = head_width / 2;
            R const sign = static_cast<R>(direction);
            for (std::int64_t i = first; i != last; ++i) {
                R const* const cosine = table.row(positions.data()[i]);
                R const* const sine = cosine + half;
                for (int h = 0; h != heads; ++h) {
                    S* const p = x.row(i) + h * head_width;
                    lanes<R>(half, [&](std::int64_t c, auto w) {
                        vec<R> const a = load(p + c, w), b = load(p + half + c, w), co = load(cosine + c, w), si = sign * load(sine + c, w);
                        store(p + c, a * co - b * si, w);
                        store(p + half + c, b * co + a * si, w);
                    });
                }
            }
        });
    }

    static void swiglu(matrix<S> y, matrix<S const> x, stream& s) {
        each_rows(s, y.rows, y.cols, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i != last; ++i)
                lanes<R>(y.cols, [&](std::int64_t c, auto w) {
                    vec<R> const g = load(x.row(i) + c, w);
                    store(y.row(i) + c, g * sigmoid<R>(g) * load(x.row(i) + y.cols + c, w), w);
                });
        });
    }

    static void swiglu_backward(matrix<S> dx, matrix<S const> dy, matrix<S const> x, stream& s) {
        each_rows(s, dy.rows, dy.cols, [&](std::int64_t first, std::int64_t last) {
            for (std::int64_t i = first; i != last; ++i)
                lanes<R>(dy.cols, [&](std::int64_t c, auto w) {
                    vec<R> const g = load(x.row(i) + c, w), up = load(x.row(i) + dy.cols + c, w), d = load(dy.row(i) + c, w), sg = sigmoid<R>(g);
                    store(dx.row(i) + c, d * up * sg * (R(1) + g * (R(1) - sg)), w);
                    store(dx.row(i) + dy.cols + c, d * g * sg, w);
                });
        });
    }

    // --- attention ---------------------------------------------------------------------------------------------------------------------------------------------------
    // A tile of queries against all keys that it sees, scores kept in real: a processor's caches hold them, so nothing is gained by the online softmax that a GPU needs.

    static constexpr std::int64_t tile = 60;        // whole register tiles

    struct span_of { std::int64_t q0, nq, k0, nk; };
    static span_of sequence(sequence_bounds const& b, std::int64_t i) {
        auto const *q = b.queries.data(), *k = b.keys.data();
        return {q[i], q[i + 1] - q[i], k[i], k[i + 1] - k[i]};
    }
    static R scale_of(attention_shape a) { return static_cast<R>(1 / root(static_cast<double>(a.width))); }

    // The rows of a tile of Q or of the like, widened, for register tiles.
    struct packed_rows {
        R const* data;
        std::int64_t k;
        side_by_side<R> from(std::int64_t row) const { return {data + row * k, tile_rows}; }
    };
    static packed_rows rows_of(R* to, std::int64_t n, std::int64_t k, S const* from, std::int64_t ld) {
        pack<R, tile_rows>(to, from, n, k, ld, 1);
        return {to, k};
    }

    static void attention(matrix<S> o, matrix<R> lse, matrix<S const> q, matrix<S const> k, matrix<S const> v, attention_shape a, sequence_bounds const& bounds, stream& s) {
        using columns = packed_columns<R>;
        R const scale = scale_of(a);
        std::int64_t const sequences = length(bounds.queries) - 1, group = a.heads / a.kv_heads, heads = sequences * a.kv_heads >= 4 * s.workers.count() ? group : 1;    // of a task: those that share keys share their packing, where there are enough tasks
        each(s, sequences * (a.heads / heads), [&](std::int64_t task) {
            std::int64_t const d = a.width, first = task % (a.heads / heads) * heads, kv = first / group * d;
            span_of const b = sequence(bounds, task / (a.heads / heads));
            if (b.nq == 0) return;
            std::int64_t const ld = columns::rounded(b.nk);
            R* room = reinterpret_cast<R*>(workspace(sizeof(R) * static_cast<std::size_t>(columns::size(b.nk, d) + columns::size(d, b.nk) + tile * (2 * d + ld))));
            auto const take = [&](std::int64_t n) { return room += n, room - n; };
            auto const keys = columns::of(take(columns::size(b.nk, d)), b.nk, d, k.row(b.k0) + kv, k.ld, 1), values = columns::of(take(columns::size(d, b.nk)), d, b.nk, v.row(b.k0) + kv, 1, v.ld);
            R *const queries = take(tile * d), *const scores = take(tile * ld), *const out = take(tile * d);
            for (std::int64_t h = first; h != first + heads; ++h)
                for (std::int64_t i0 = 0; i0 < b.nq; i0 += tile) {
                    std::int64_t const n = least(tile, b.nq - i0), hidden = b.nk - b.nq + i0, seen = hidden + n;
                    multiply<R>(n, seen, d, rows_of(queries, n, d, q.row(b.q0 + i0) + h * d, q.ld), keys, scores, ld, false);
                    R share[tile];
                    for (std::int64_t i = 0; i != n; ++i) {
                        R* const p = scores + i * ld;
                        std::int64_t const count = hidden + i + 1;
                        R const top = largest(p, count), sum = softmax_row(p, count, top, scale);
                        share[i] = R(1) / sum;
                        for (std::int64_t j = count; j < seen; ++j) p[j] = R(0);
                        lse.row(b.q0 + i0 + i)[h] = top * scale + logarithm(sum);
                    }
                    multiply<R>(n, d, seen, apart<R>::of(scores, ld), values, out, d, false);
                    for (std::int64_t i = 0; i != n; ++i)
                        lanes<R>(d, [&](std::int64_t c, auto w) { store(o.row(b.q0 + i0 + i) + h * d + c, load(out + i * d + c, w) * share[i], w); });
                }
        });
    }

    // p = exp(scale (p - top)), and its sum
    static R softmax_row(R* p, std::int64_t count, R top, R scale) {
        vec<R> sum{};
        lanes<R>(count, [&](std::int64_t j, auto w) {
            vec<R> const e = exponential<R>((load(p + j, w) - top) * scale);
            store(p + j, e, w);
            if constexpr (requires { w.count; }) sum += load(p + j, w);     // only the lanes that are there
            else sum += e;
        });
        return total<R>(sum);
    }

    static void attention_backward(matrix<S> dq, matrix<S> dk, matrix<S> dv, matrix<S const> d_o, matrix<S const> q, matrix<S const> k, matrix<S const> v, matrix<S const> o, matrix<R const> lse,
                                   attention_shape a, sequence_bounds const& bounds, stream& s) {
        using columns = packed_columns<R>;
        R const scale = scale_of(a);
        std::int64_t const group = a.heads / a.kv_heads, d = a.width;
        each(s, (length(bounds.queries) - 1) * a.kv_heads, [&](std::int64_t task) {     // a task has a key head: dK and dV are summed over its queries in order
            span_of const b = sequence(bounds, task / a.kv_heads);
            std::int64_t const kv = task % a.kv_heads * d, ld = columns::rounded(b.nk), key_size = columns::size(b.nk, d), row_size = columns::size(d, b.nk), tile_size = columns::size(d, tile);
            R* room = reinterpret_cast<R*>(workspace(sizeof(R) * static_cast<std::size_t>(2 * key_size + row_size + 2 * b.nk * d + 2 * tile_size + 3 * tile * d + 2 * tile * ld + tile_rows)));
            auto const take = [&](std::int64_t n) { return room += n, room - n; };
            R *const sum_k = take(b.nk * d), *const sum_v = take(b.nk * d);
            for (std::int64_t i = 0; i != b.nk * d; ++i) sum_k[i] = sum_v[i] = R(0);
            if (b.nq > 0) {
                auto const keys = columns::of(take(key_size), b.nk, d, k.row(b.k0) + kv, k.ld, 1), values = columns::of(take(key_size), b.nk, d, v.row(b.k0) + kv, v.ld, 1), key_rows = columns::of(take(row_size), d, b.nk, k.row(b.k0) + kv, 1, k.ld);
                R *const q_rows = take(tile * d), *const do_rows = take(tile * d), *const q_columns = take(tile_size), *const do_columns = take(tile_size), *const out = take(tile * d);
                R *const p = take(tile * ld), *const dp = take(tile * ld);
                for (std::int64_t h = task % a.kv_heads * group; h != (task % a.kv_heads + 1) * group; ++h)
                    for (std::int64_t i0 = 0; i0 < b.nq; i0 += tile) {
                        std::int64_t const n = least(tile, b.nq - i0), hidden = b.nk - b.nq + i0, seen = hidden + n, row = b.q0 + i0;
                        S const *const q_tile = q.row(row) + h * d, *const do_tile = d_o.row(row) + h * d;
                        multiply<R>(n, seen, d, rows_of(q_rows, n, d, q_tile, q.ld), keys, p, ld, false);
                        multiply<R>(n, seen, d, rows_of(do_rows, n, d, do_tile, d_o.ld), values, dp, ld, false);
                        for (std::int64_t i = 0; i != n; ++i) {
                            vec<R> dot{};
                            lanes<R>(d, [&](std::int64_t c, auto w) { dot += load(do_tile + i * d_o.ld + c, w) * load(o.row(row + i) + h * d + c, w); });
                            R const delta = total<R>(dot), top = lse.row(row + i)[h];
                            std::int64_t const count = hidden + i + 1;
                            R *const p_row = p + i * ld, *const dp_row = dp + i * ld;
                            lanes<R>(count, [&](std::int64_t j, auto w) {
                                vec<R> const e = exponential<R>(load(p_row + j, w) * scale - top);
                                store(p_row + j, e, w);
                                store(dp_row + j, e * (load(dp_row + j, w) - delta) * scale, w);
                            });
                            for (std::int64_t j = count; j < seen; ++j) p_row[j] = dp_row[j] = R(0);
                        }
                        multiply<R>(n, d, seen, apart<R>::of(dp, ld), key_rows, out, d, false);
                        for (std::int64_t i = 0; i != n; ++i)
                            lanes<R>(d, [&](std::int64_t c, auto w) { store(dq.row(row + i) + h * d + c, load(out + i * d + c, w), w); });
                        multiply<R>(seen, d, n, side_by_side<R>{dp, ld}, columns::of(q_columns, d, n, q_tile, 1, q.ld), sum_k, d, true);
                        multiply<R>(seen, d, n, side_by_side<R>{p, ld}, columns::of(do_columns, d, n, do_tile, 1, d_o.ld), sum_v, d, true);
                    }
            }
            for (std::int64_t i = 0; i != b.nk; ++i)
                lanes<R>(d, [&](std::int64_t c, auto w) {
                    store(dk.row(b.k0 + i) + kv + c, load(sum_k + i * d + c, w), w);
                    store(dv.row(b.k0 + i) + kv + c, load(sum_v + i * d + c, w), w);
                });
        });
    }

    // --- losses and the optimizer ------------------------------------------------------------------------------------------------------------------------------------

    static void regression_loss(double* loss, matrix<R> d, matrix<R const> scores, std::span<float const> labels, std::span<float const> weights, regression_rule rule, double scale, stream&) {
        for (std::int64_t i = 0; i != scores.rows; ++i)
            for (std::int64_t c = 0; c != scores.cols; ++c) {
                std::int64_t const at = i * scores.cols + c;
                double const factor = scale * (length(weights) ? static_cast<double>(weights.data()[at]) : 1.0), error = static_cast<double>(scores.row(i)[c]) - static_cast<double>(labels.data()[at]);
                double const size = error < 0 ? -error : error;
                bool const linear = rule.huber > 0 && size > rule.huber;
                *loss += factor * (linear ? rule.huber * (size - rule.huber / 2) : (rule.huber > 0 ? error * error / 2 : error * error));
                d.row(i)[c] = static_cast<R>(factor * (linear ? (error < 0 ? -rule.huber : rule.huber) : (rule.huber > 0 ? error : 2 * error)));
            }
    }

    static void cross_entropy(double* loss, matrix<S> d, matrix<R const> logits, std::span<std::int32_t const> targets, double scale, stream& s) {
        s.partial.resize(static_cast<std::size_t>(logits.rows));
        double* const row_loss = s.partial.data();
        each(s, logits.rows, [&](std::int64_t i) {
            std::int32_t const target = targets.data()[i];
            S* const to = d.row(i);
            R const* const x = logits.row(i);
            row_loss[i] = 0;
            if (target < 0) {
                __builtin_memset(static_cast<void*>(to), 0, static_cast<std::size_t>(logits.cols) * sizeof(S));
                return;
            }
            R const top = largest(x, logits.cols);
            R* const e = reinterpret_cast<R*>(workspace(sizeof(R) * static_cast<std::size_t>(logits.cols)));
            __builtin_memcpy(e, x, static_cast<std::size_t>(logits.cols) * sizeof(R));
            R const sum = softmax_row(e, logits.cols, top, R(1)), factor = static_cast<R>(scale) / sum;
            row_loss[i] = static_cast<double>(top) + logarithm(static_cast<double>(sum)) - static_cast<double>(x[target]);
            e[target] -= sum;
            lanes<R>(logits.cols, [&](std::int64_t c, auto w) { store(to + c, load(e + c, w) * factor, w); });
        });
        for (std::int64_t i = 0; i != logits.rows; ++i) *loss += scale * row_loss[i];
    }

    static void square_sums(std::span<double> sums, std::span<R const> x, std::int64_t block, stream& s) {
        constexpr std::int64_t chunk = 65536, run = 1024;
        std::int64_t const n = length(x), per_block = parts(block, chunk), count = length(sums) * per_block;
        s.partial.resize(static_cast<std::size_t>(count));
        double* const partial = s.partial.data();
        each(s, count, [&](std::int64_t t) {
            std::int64_t const first = t / per_block * block + t % per_block * chunk, last = least(least(n, (t / per_block + 1) * block), first + chunk);
            double chunk_sum = 0;
            for (std::int64_t i = first; i < last; i += run) {
                vec<R> v{};
                lanes<R>(least(run, last - i), [&](std::int64_t j, auto w) { vec<R> const g = load(x.data() + i + j, w); v += g * g; });
                chunk_sum += static_cast<double>(total<R>(v));
            }
            partial[t] = chunk_sum;
        });
        for (std::int64_t b = 0; b != length(sums); ++b) {
            double sum = 0;
            for (std::int64_t t = b * per_block; t != (b + 1) * per_block; ++t) sum += partial[t];
            sums.data()[b] = sum;
        }
    }

    // Moments in bf16: read like any bf16; written up or down by the noise of their place in the slab of what is trained.
    template<class M> PENSTOCK_INLINE static vec<R> moment(M const* p, auto w) {
        if constexpr (std::same_as<M, R> || std::same_as<R, float>) return load(p, w);
        else {
            vec<R> x{};
            for (std::int64_t l = 0; l != lane_count<R>(w); ++l) x[l] = static_cast<R>(widen(p[l]));
            return x;
        }
    }
    PENSTOCK_INLINE static void store_noisily(bf16* p, vec<R> x, std::uint32_t const* noise, int shift, auto w) {
        for (std::int64_t l = 0; l != lane_count<R>(w); ++l) p[l] = narrow_stochastically(static_cast<float>(x[l]), noise[l] >> shift);
    }
    static std::uint32_t const* noise_of(stretch const& part, adamw_step const& a) {
        std::int64_t const first = part.state / 4, last = parts(part.state + part.size, 4);
        auto* const words = reinterpret_cast<std::uint32_t*>(workspace(static_cast<std::size_t>(last - first) * sizeof(random_words)));
        for (std::int64_t four = first; four != last; ++four) {
            random_words const r = moment_noise(a.seed, a.step, four);
            __builtin_memcpy(words + (four - first) * 4, &r, sizeof r);
        }
        return words + part.state % 4;
    }

    template<class M> static void adamw(optimizer_slabs<S, R, M> const& t, std::span<stretch const> stretches, double const* factor, adamw_step a, stream& s) {
        double b1 = 1, b2 = 1;      // powers by squaring would round otherwise than pow; a power function of the library may differ between machines
        for (std::int64_t n = a.step, f = 0; n; n >>= 1, ++f)
            if (n & 1) {
                double p1 = a.beta1, p2 = a.beta2;
                for (std::int64_t i = 0; i != f; ++i) p1 *= p1, p2 *= p2;
                b1 *= p1, b2 *= p2;
            }
        R const beta1 = static_cast<R>(a.beta1), beta2 = static_cast<R>(a.beta2), rest1 = static_cast<R>(1 - a.beta1), rest2 = static_cast<R>(1 - a.beta2), epsilon = static_cast<R>(a.epsilon),
                rate = static_cast<R>(a.rate / (1 - b1)), correction = static_cast<R>(1 / root(1 - b2)), clip = static_cast<R>(*factor);
        each_rows(s, length(stretches), stretch::longest, [&](std::int64_t first, std::int64_t last) {
            for (auto const& part : stretches.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(last - first))) {
                R const keep = static_cast<R>(part.decays ? 1 - a.rate * a.decay : 1);
                S* const weights = t.weights + part.weights;
                R* const master = t.masters ? t.masters + part.own : reinterpret_cast<R*>(weights);
                M *const m = t.m + part.own, *const v = t.v + part.own;
                R const* const gradient = t.gradients + part.state;
                [[maybe_unused]] std::uint32_t const* noise = nullptr;
                if constexpr (!std::same_as<M, R>) noise = noise_of(part, a);
                lanes<R>(part.size, [&](std::int64_t i, auto w) {
                    vec<R> const g = load(gradient + i, w) * clip;
                    vec<R> const mm = moment(m + i, w) * beta1 + g * rest1, vv = moment(v + i, w) * beta2 + g * g * rest2;
                    vec<R> roots;
                    for (std::int64_t l = 0; l != width<R>; ++l) roots[l] = root(vv[l]);
                    vec<R> const p = load(master + i, w) * keep - rate * mm / (roots * correction + epsilon);
                    if constexpr (std::same_as<M, R>) store(m + i, mm, w), store(v + i, vv, w);
                    else store_noisily(m + i, mm, noise + i, 0, w), store_noisily(v + i, vv, noise + i, 16, w);
                    store(master + i, p, w);
                    store(weights + i, p, w);        // where the weights are the masters, the very same memory
                });
            }
        });
    }
};

} // namespace

template<class S> loops<S> table() {
    using R = typename real_of<S>::type;
    using o = operations<S, R>;
    return {product<S, R, S>, product<S, R, R>, o::round, o::embed, o::embed_backward, o::add_norm, o::norm_backward, o::rotate, o::swiglu, o::swiglu_backward, o::gather, o::scatter, o::column_sum,
            o::attention, o::attention_backward, o::regression_loss, o::cross_entropy, o::square_sums, o::template adamw<R>, o::template adamw<bf16>};
}
template loops<double> table<double>();
template loops<float> table<float>();
template loops<bf16> table<bf16>();

} // namespace penstock::train::cpu::PENSTOCK_ISA
