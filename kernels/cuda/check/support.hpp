/// What the checks share: matrices with a host and a device side, and the rule that a result is held to. An operation runs three times on the same (rounded) inputs: in double on the CPU, which is the truth; in the
/// format's own arithmetic on the CPU, which rounds where the GPU rounds; and on the GPU. The GPU may be off by `times` what the CPU is (2 forward, 3 backward; attention, by heads, 3 and 4), and by what a few roundings of the format come to.
/// Both are counted row by row (attention: head by head in a row), so that the small numbers of late rows are held as the large ones of early rows are. Outputs hold NaN before they are written, and so do the spare columns after each row.
#pragma once
#include <algorithm>
#include <cmath>
#include <cpu/cpu.hpp>
#include <cstdio>
#include <cstring>
#include <cuda/cuda.hpp>
#include <functional>
#include <string>
#include <vector>

namespace cuda_check {
using namespace penstock::train;

#ifdef PENSTOCK_EMULATED
inline constexpr bool emulated = true;
#else
inline constexpr bool emulated = false;
#endif

struct numbers {        // splitmix64
    std::uint64_t state;
    explicit numbers(std::uint64_t seed) : state(seed) {}
    std::uint64_t next() {
        auto z = (state += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    double around(double scale) { return scale * (uniform() + uniform() + uniform() + uniform() - 2); }
    std::int32_t below(std::int64_t n) { return static_cast<std::int32_t>(next() % static_cast<std::uint64_t>(n)); }
};

template<class S> S make(double x) {
    if constexpr (std::same_as<S, bf16>) return narrow(static_cast<float>(x));
    else return static_cast<S>(x);
}
template<class S> double value(S x) {
    if constexpr (std::same_as<S, bf16>) return static_cast<double>(widen(x));
    else return static_cast<double>(x);
}
template<class S> inline constexpr double unit = std::same_as<S, bf16> ? 0x1p-9 : std::same_as<S, float> ? 0x1p-24 : 0x1p-53;
template<class S> constexpr char const* name_of() { return std::same_as<S, bf16> ? "bf16" : std::same_as<S, float> ? "float" : "double"; }

/// One line of the report for each: what was checked, and the worst element where it failed. Goes on after a failure.
class report {
public:
    void expect(bool holds, std::string const& what, std::string const& found = {});
    int passed = 0, failed = 0;
    bool quiet = true;      ///< only failures get a line
};

/// A stream of each machine.
template<class S> struct streams {
    typename Cuda<S>::stream cuda;
    typename Cpu<S>::stream cpu{2};
    Cpu<double>::stream truth{2};
};

/// The same numbers three times: as S on the CPU and on the GPU, and widened to double.
template<class S> class grid {
public:
    grid(std::int64_t rows, std::int64_t cols, std::int64_t spare = 0);
    grid(grid const&) = delete;
    grid& fill(numbers&, double scale = 1);
    grid& fill(double);
    void set(std::int64_t row, std::int64_t col, double x) { host_[at(row, col)] = make<S>(x), wide_[at(row, col)] = value(make<S>(x)); }
    double get(std::int64_t row, std::int64_t col) const { return wide_[at(row, col)]; }
    void upload(typename Cuda<S>::stream&);         ///< the CPU's numbers to the GPU

    matrix<S> cpu() { return {host_.data(), rows, cols, ld}; }
    matrix<S> cuda() { return {reinterpret_cast<S*>(Cuda<float>::data(device_)), rows, cols, ld}; }
    matrix<double> truth() { return {wide_.data(), rows, cols, ld}; }
    std::span<S> cpu_line() { return {host_.data(), static_cast<std::size_t>(rows * cols)}; }       // of a grid without spare columns
    std::span<S> cuda_line() { return {cuda().data, static_cast<std::size_t>(rows * cols)}; }
    std::span<double> truth_line() { return {wide_.data(), static_cast<std::size_t>(rows * cols)}; }

    /// Whether the GPU's result is as near the truth as the rule says, in each row by `width` columns (0: all); spare columns must still hold NaN. The CPU's error in so few numbers may be small by chance: it counts for no less
    /// than the usual one (the median of all, by size). `least`: no bound is less than this share of that of the whole matrix; for numbers that are what larger terms leave over, whose errors are those of the terms.
    void check(report&, std::string const& what, double times, typename Cuda<S>::stream&, double more = 0, std::int64_t width = 0, double least = 0);
    std::vector<S> downloaded(typename Cuda<S>::stream&);

    std::int64_t rows, cols, ld;

private:
    std::size_t at(std::int64_t r, std::int64_t c) const { return static_cast<std::size_t>(r * ld + c); }
    std::vector<S> host_;
    std::vector<double> wide_;
    cuda::buffer device_;
};

/// Integers on both sides.
class indices {
public:
    indices(std::vector<std::int32_t> const& x, cuda::stream& s) : host_(x), device_(Cuda<float>::allocate(x.size() * 4 + 4)) {
        Cuda<float>::upload(Cuda<float>::data(device_), reinterpret_cast<std::byte const*>(host_.data()), host_.size() * 4, s);
    }
    std::span<std::int32_t const> cpu() const { return host_; }
    std::span<std::int32_t const> cuda() const { return {reinterpret_cast<std::int32_t const*>(Cuda<float>::data(device_)), host_.size()}; }

private:
    std::vector<std::int32_t> host_;
    cuda::buffer device_;
};

/// Plain values on the GPU.
template<class T> class line {
public:
    line(std::vector<T> const& x, cuda::stream& s) : size_(x.size()), device_(Cuda<float>::allocate(x.size() * sizeof(T) + 16)) { upload(x, s); }
    void upload(std::vector<T> const& x, cuda::stream& s) { Cuda<float>::upload(Cuda<float>::data(device_), reinterpret_cast<std::byte const*>(x.data()), size_ * sizeof(T), s); }
    std::span<T> cuda() const { return {reinterpret_cast<T*>(Cuda<float>::data(device_)), size_}; }
    std::vector<T> downloaded(cuda::stream& s) const {
        std::vector<T> x(size_);
        Cuda<float>::download(reinterpret_cast<std::byte*>(x.data()), Cuda<float>::data(device_), size_ * sizeof(T), s);
        return x;
    }

private:
    std::size_t size_;
    cuda::buffer device_;
};

template<class T> bool same_bits(std::vector<T> const& a, std::vector<T> const& b) { return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0; }

// One file each.
void check_products(report&);
void check_graphs(report&);
void check_rows(report&);
void check_attention(report&);
void check_losses(report&);
void check_optimizer(report&);
void check_model(report&);
void check_ranks(report&);

// --- bodies of the templates ---------------------------------------------------------------------------------------------------------------------------------------

template<class S> grid<S>::grid(std::int64_t r, std::int64_t c, std::int64_t spare)
    : rows(r), cols(c), ld(c + spare), host_(static_cast<std::size_t>(r * (c + spare)), make<S>(std::nan(""))), wide_(host_.size(), std::nan("")), device_(Cuda<float>::allocate(host_.size() * sizeof(S) + 16)) {
    cuda::stream s;
    upload(s);
}
template<class S> grid<S>& grid<S>::fill(numbers& n, double scale) {
    for (std::int64_t i = 0; i != rows; ++i)
        for (std::int64_t c = 0; c != cols; ++c) set(i, c, n.around(scale));
    return *this;
}
template<class S> grid<S>& grid<S>::fill(double x) {
    for (std::int64_t i = 0; i != rows; ++i)
        for (std::int64_t c = 0; c != cols; ++c) set(i, c, x);
    return *this;
}
template<class S> void grid<S>::upload(typename Cuda<S>::stream& s) { Cuda<S>::upload(Cuda<float>::data(device_), reinterpret_cast<std::byte const*>(host_.data()), host_.size() * sizeof(S), s); }
template<class S> std::vector<S> grid<S>::downloaded(typename Cuda<S>::stream& s) {
    std::vector<S> all(host_.size());
    Cuda<S>::download(reinterpret_cast<std::byte*>(all.data()), Cuda<float>::data(device_), all.size() * sizeof(S), s);
    return all;
}
template<class S> void grid<S>::check(report& r, std::string const& what, double times, typename Cuda<S>::stream& s, double more, std::int64_t width, double least) {
    auto const got = downloaded(s);
    if (width == 0) width = std::max<std::int64_t>(cols, 1);
    auto const across = (cols + width - 1) / width;
    struct part { double cpu_error = 0, largest = 0; };
    std::vector<part> parts(static_cast<std::size_t>(rows * across));
    auto const part_of = [&](std::int64_t i, std::int64_t c) -> part& { return parts[static_cast<std::size_t>(i * across + c / width)]; };
    for (std::int64_t i = 0; i != rows; ++i)
        for (std::int64_t c = 0; c != cols; ++c) {
            auto& p = part_of(i, c);
            p.cpu_error = std::max(p.cpu_error, std::abs(value(host_[at(i, c)]) - wide_[at(i, c)])), p.largest = std::max(p.largest, std::abs(wide_[at(i, c)]));
        }
    std::vector<double> shares;
    for (auto const& p : parts)
        if (p.largest > 0) shares.push_back(p.cpu_error / p.largest);
    std::ranges::sort(shares);
    double const usual = shares.empty() ? 0 : shares[shares.size() / 2];
    part whole;
    for (auto const& p : parts) whole = {std::max(whole.cpu_error, p.cpu_error), std::max(whole.largest, p.largest)};
    double const floor = least * (times * whole.cpu_error + 2 * unit<S> * whole.largest);
    auto const shown = [](double x) {
        char text[32];
        std::snprintf(text, sizeof text, "%.6g", x);
        return std::string(text);
    };
    double worst = 0;       // beyond what is allowed
    bool good = true;
    std::string found;
    for (std::int64_t i = 0; i != rows; ++i)
        for (std::int64_t c = 0; c != ld; ++c) {
            double const x = value(got[at(i, c)]);
            bool const spare = c >= cols;
            part const p = spare ? part{} : part_of(i, c);
            double const e = spare ? (std::isnan(x) ? 0 : INFINITY) : std::isnan(x) ? INFINITY : std::abs(x - wide_[at(i, c)]), bound = spare ? 0 : std::max(floor, times * std::max(p.cpu_error, usual * p.largest) + 2 * unit<S> * p.largest) + more;
            if (e <= bound || (!good && e - bound <= worst)) continue;
            good = false, worst = e - bound;
            found = "row " + std::to_string(i) + " column " + std::to_string(c) + (spare ? " (behind the row)" : "") + " is " + shown(x) + ", should be " + shown(wide_[at(i, c)]) + "; off by " + shown(e) + ", allowed " +
                    shown(bound) + ", the CPU is off by " + shown(p.cpu_error) + " there, usually by " + shown(usual * p.largest);
        }
    r.expect(good, what + " in " + name_of<S>() + ", " + std::to_string(rows) + " x " + std::to_string(cols), found);
}

} // namespace cuda_check
