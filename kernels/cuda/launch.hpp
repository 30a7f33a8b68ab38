/// A kernel on a stream. The grid is counted in blocks, `shared` in bytes; a grid of no blocks is no launch.
#pragma once
#include "profile.hpp"
#include "simt.hpp"
#include "stream.hpp"
#include <algorithm>
#include <type_traits>

namespace penstock::train::cuda {

struct grid {
    std::int64_t x = 1, y = 1, z = 1;
    int threads = 256;
    std::size_t shared = 0;
    char const* file = __builtin_FILE();        // that asks for it: the operation, in a profile
};

/// Whether `cols` elements of each row of all these matrices can be read 16 bytes at a time.
template<class... M> bool in_vectors(std::int64_t cols, M const&... all) {
    auto fits = [](auto const& m) {
        constexpr std::int64_t width = 16 / static_cast<std::int64_t>(sizeof(*m.data));
        return m.ld % width == 0 && reinterpret_cast<std::uintptr_t>(m.data) % 16 == 0;
    };
    auto width = [](auto const& m) { return 16 / static_cast<std::int64_t>(sizeof(*m.data)); };
    return ((fits(all) && cols % width(all) == 0) && ...);
}

template<class T> constexpr T ceil_div(T n, T by) { return (n + by - 1) / by; }

#ifdef PENSTOCK_EMULATED
namespace emulated { void queue(stream&, std::function<void()>); }      // runs it, and puts it down where the stream is being recorded
template<class... P> void launch(grid const& g, stream& s, void (*kernel)(P...), std::type_identity_t<P>... arguments) {
    if (g.x <= 0 || g.y <= 0 || g.z <= 0) return;
    timed const clock(s, g.file, nullptr);
    emulated::queue(s, [=] { emulated::run_grid(static_cast<int>(g.x), static_cast<int>(g.y), static_cast<int>(g.z), g.threads, g.shared, [&] { kernel(arguments...); }); });
}
#else
void begin_launch(void const* kernel, std::size_t shared);      // more than 48 KiB of shared memory has to be asked for
void end_launch();                                              // a launch that was refused is fatal(internal)
cudaStream_t queue_of(stream&);

template<class... P> void launch(grid const& g, stream& s, void (*kernel)(P...), std::type_identity_t<P>... arguments) {
    if (g.x <= 0 || g.y <= 0 || g.z <= 0) return;
    auto const queue = queue_of(s);        // and its device is this thread's
    timed const clock(s, g.file, reinterpret_cast<void const*>(kernel));
    begin_launch(reinterpret_cast<void const*>(kernel), g.shared);
    kernel<<<dim3(static_cast<unsigned>(g.x), static_cast<unsigned>(g.y), static_cast<unsigned>(g.z)), static_cast<unsigned>(g.threads), g.shared, queue>>>(arguments...);
    end_launch();
}
#endif

} // namespace penstock::train::cuda
