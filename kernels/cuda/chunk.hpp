/// A chunk is what a thread takes of a row at a time, N elements in float. `wide`: all of it is there and aligned, and it is accessed 16 bytes at once; else element by element. Which thread has which elements, and so the
/// order of every sum, is the same either way.
#pragma once
#include "launch.hpp"

namespace penstock::train::cuda {

template<int N> struct chunk {
    float v[N];
};

/// `left`: elements from p to the end of the row, which only a narrow access asks for (a branch would keep the loads of several operands from being under way together); those behind the end read as zero.
template<int N, bool wide, class T> PENSTOCK_DEVICE chunk<N> read(T const* p, [[maybe_unused]] std::int64_t left) {
    constexpr int n = vector_width<T> < N ? vector_width<T> : N;
    chunk<N> c;
    if constexpr (wide)
        for (int i = 0; i != N; i += n) {
            auto const part = *reinterpret_cast<lanes_of<T, n> const*>(p + i);
            for (int j = 0; j != n; ++j) c.v[i + j] = real(part.v[j]);
        }
    else
        for (int i = 0; i != N; ++i) c.v[i] = i < left ? real(p[i]) : 0.0F;
    return c;
}
template<int N, bool wide, class T> PENSTOCK_DEVICE void write(T* p, chunk<N> const& c, [[maybe_unused]] std::int64_t left) {
    constexpr int n = vector_width<T> < N ? vector_width<T> : N;
    if constexpr (wide)
        for (int i = 0; i != N; i += n) {
            lanes_of<T, n> part;
            for (int j = 0; j != n; ++j) part.v[j] = stored<T>(c.v[i + j]);
            *reinterpret_cast<lanes_of<T, n>*>(p + i) = part;
        }
    else
        for (int i = 0; i != N; ++i)
            if (i < left) p[i] = stored<T>(c.v[i]);
}

inline bool aligned(void const* p) { return reinterpret_cast<std::uintptr_t>(p) % 16 == 0; }

/// Threads of a block that has a row of `cols`: as few chunks a thread as 256 threads allow, and no more threads than that takes.
inline int threads_for(std::int64_t cols, int chunk) {
    auto const chunks = ceil_div<std::int64_t>(cols, chunk), each = std::max<std::int64_t>(ceil_div<std::int64_t>(chunks, 256), 1);
    return static_cast<int>(std::max<std::int64_t>(ceil_div<std::int64_t>(ceil_div(chunks, each), 32), 1) * 32);
}

} // namespace penstock::train::cuda
