// Products by oneDNN's matmul. Its own threads stay off: each of ours takes tiles of the result and runs them alone, so one pool serves everything, nobody spins against it, and oneDNN never
// splits a sum among threads. Primitives are made once a shape; sizes that follow the number of tokens are few, because batches are rounded up (model/batch.hpp).
#include "cpu.hpp"
#include <algorithm>
#include <atomic>
#include <dnnl.hpp>
#include <map>
#include <mutex>
#include <tuple>
#include <vector>

extern "C" void omp_set_num_threads(int);

namespace penstock::train::cpu {
namespace {

using dt = dnnl::memory::data_type;
template<class T> constexpr dt type_of = dt::f32;
template<> constexpr dt type_of<bf16> = dt::bf16;

// Below this many multiplications the call costs more than our loops need.
constexpr std::int64_t worth = 32768;
std::atomic<bool> enabled{true};

// The tiles of a result. oneDNN packs B anew for each row of tiles and a transposed A for each column of them, so they are long; where a tile's part of B leaves the caches it loses more, so they are
// narrow; and a transposed A (a gradient of weights) is summed in pieces of as many tokens. Measured over the products of a step. By the shape alone and never by the number of threads: bits would
// depend on it. What follows the number of tokens is cut, not divided: whatever batches come, there are few sizes.
constexpr std::int64_t most_rows = 1024, most_columns = 512, piece = 1024;
struct grid {
    std::int64_t m, n, k;       ///< of a tile
    std::int64_t down, across;
};
grid tiles(std::int64_t m, std::int64_t n, std::int64_t k, bool transposed_a) {
    std::int64_t const columns = transposed_a ? 2 * most_columns : most_columns, across = (n + columns - 1) / columns;
    grid g{.m = most_rows, .n = ((n + across - 1) / across + 63) / 64 * 64, .k = transposed_a ? piece : k, .down = 0, .across = 0};
    g.across = (n + g.n - 1) / g.n;
    while (g.m > 256 && (m + g.m - 1) / g.m * g.across < 8) g.m /= 2;
    g.down = (m + g.m - 1) / g.m;
    return g;
}

dnnl::engine& engine() {
    static dnnl::engine e(dnnl::engine::kind::cpu, 0);
    return e;
}

// m, n, k, the strides of a, b and y, types, bias, add, scale
using key = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, int, int, bool, bool, float>;
struct made {
    dnnl::matmul primitive;
    dnnl::memory::desc a, b, y, bias, scratch;
};

made const* make(key const& k, dt a_type, dt y_type) {
    auto const& [m, n, kk, a_row, a_col, b_row, b_col, y_row, ta, ty, bias, add, scale] = k;
    (void)ta, (void)ty;
    made p;
    p.a = {{m, kk}, a_type, {a_row, a_col}};
    p.b = {{kk, n}, a_type, {b_row, b_col}};
    p.y = {{m, n}, y_type, {y_row, 1}};
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    if (scale != 1) attr.set_output_scales(0, {scale});
    if (add) {
        dnnl::post_ops post;
        post.append_sum(1);
        attr.set_post_ops(post);
    }
    try {
        if (bias) p.bias = {{1, n}, a_type, {n, 1}};
        auto const d = bias ? dnnl::matmul::desc(p.a, p.b, p.bias, p.y) : dnnl::matmul::desc(p.a, p.b, p.y);
        dnnl::matmul::primitive_desc const pd(d, attr, engine());
        if (std::string_view(pd.impl_info_str()).starts_with("ref")) return nullptr;        // a plain loop: ours is faster
        p.primitive = dnnl::matmul(pd);
        p.scratch = pd.scratchpad_desc();
        return new made(std::move(p));
    } catch (dnnl::error const&) {
        return nullptr;         // this processor has no such product
    }
}

made const* find(key const& k, dt a_type, dt y_type) {
    static std::mutex guard;
    static std::map<key, std::unique_ptr<made const>> all;
    std::lock_guard const lock(guard);
    auto const [at, is_new] = all.try_emplace(k);
    if (is_new) at->second.reset(make(k, a_type, y_type));
    return at->second.get();
}

template<class A, class Y> bool product(product_task<A, float, Y> const& t, stream& s) {
    if (!enabled || t.k == 0 || t.m * t.n * t.k < worth) return false;
    bool const apart = t.add && std::same_as<Y, float>;        // summed on its own, then added: a gradient is the same whether its batches are added up here or by ranks
    auto const g = tiles(t.m, t.n, t.k, t.a_row == 1 && t.a_col != 1 && t.add);
    std::int64_t const pieces = (t.k + g.k - 1) / g.k;
    auto part = [&](std::int64_t i, std::int64_t at) {
        auto u = t;
        std::int64_t const m0 = i / g.across * g.m, n0 = i % g.across * g.n, k0 = at * g.k;
        u.m = std::min(g.m, t.m - m0), u.n = std::min(g.n, t.n - n0), u.k = std::min(g.k, t.k - k0);
        if (apart) u.y_row = u.n, u.add = at > 0;
        u.a += m0 * t.a_row + k0 * t.a_col, u.b += k0 * t.b_row + n0 * t.b_col, u.y += m0 * t.y_row + n0, u.bias += t.bias ? n0 : 0;
        made const* const p = find({u.m, u.n, u.k, u.a_row, u.a_col, u.b_row, u.b_col, u.y_row, static_cast<int>(type_of<A>), static_cast<int>(type_of<Y>), u.bias != nullptr, u.add, u.scale},
                                   type_of<A>, type_of<Y>);
        return std::pair(u, p);
    };
    for (auto const i : {std::int64_t{0}, g.across - 1, (g.down - 1) * g.across, g.down * g.across - 1})       // all sizes that there are
        for (auto const at : {std::int64_t{0}, pieces - 1})
            if (!part(i, at).second) return false;
    auto body = [&](std::int64_t i) {
        thread_local bool const alone = (omp_set_num_threads(1), true);
        (void)alone;
        thread_local dnnl::stream queue(engine());
        auto& e = engine();
        for (std::int64_t at = 0; at != pieces; ++at) {
            auto [u, p] = part(i, at);
            auto* const y = u.y;
            if constexpr (std::same_as<Y, float>)
                if (apart) u.y = reinterpret_cast<float*>(workspace(sizeof(float) * static_cast<std::size_t>(u.m * u.n), 3));
            // the descriptors promise oneDNN to leave what it reads as it is; its interface has no const
            std::unordered_map<int, dnnl::memory> arguments{{DNNL_ARG_SRC, dnnl::memory(p->a, e, const_cast<A*>(u.a))}, {DNNL_ARG_WEIGHTS, dnnl::memory(p->b, e, const_cast<A*>(u.b))}, {DNNL_ARG_DST, dnnl::memory(p->y, e, u.y)},
                                                            {DNNL_ARG_SCRATCHPAD, dnnl::memory(p->scratch, e, workspace(p->scratch.get_size() + 64, 2))}};
            if (u.bias) arguments.emplace(DNNL_ARG_BIAS, dnnl::memory(p->bias, e, const_cast<A*>(u.bias)));
            p->primitive.execute(queue, arguments);
            queue.wait();
            if constexpr (std::same_as<Y, float>)
                for (std::int64_t r = 0; apart && at + 1 == pieces && r != u.m; ++r)
                    for (std::int64_t c = 0; c != u.n; ++c) y[r * t.y_row + c] += u.y[r * u.n + c];
        }
    };
    s.workers.run(g.down * g.across, [](void* c, std::int64_t i) { (*static_cast<decltype(body)*>(c))(i); }, &body);
    return true;
}

} // namespace

template<> bool library_product(product_task<float, float, float> const& t, stream& s) { return product(t, s); }
template<> bool library_product(product_task<bf16, float, bf16> const& t, stream& s) { return product(t, s); }
template<> bool library_product(product_task<bf16, float, float> const& t, stream& s) { return product(t, s); }
void use_library(bool on) { enabled = on; }

} // namespace penstock::train::cpu
