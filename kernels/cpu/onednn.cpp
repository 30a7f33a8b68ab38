// Products by oneDNN's matmul. Its own threads stay off: each of ours takes slices of rows or of columns and runs them alone, so one pool serves everything, nobody spins against it, and oneDNN never
// splits a sum among threads. Primitives are made once a shape; sizes that follow the number of tokens are few, because batches are rounded up (train/packing.hpp).
#include "cpu.hpp"
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
constexpr std::int64_t slice_length = 512;
std::atomic<bool> enabled{true};

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
    bool const by_rows = t.m >= t.n;
    std::int64_t const length = by_rows ? t.m : t.n, size = std::min(length, slice_length), slices = (length + size - 1) / size;     // never by the number of threads: bits would depend on it
    auto slice = [&](std::int64_t i) {
        auto u = t;
        std::int64_t const first = i * size, count = std::min(size, length - first);
        if (by_rows) u.a += first * t.a_row, u.y += first * t.y_row, u.m = count;
        else u.b += first * t.b_col, u.y += first, u.bias += t.bias ? first : 0, u.n = count;
        made const* const p = find({u.m, u.n, u.k, u.a_row, u.a_col, u.b_row, u.b_col, u.y_row, static_cast<int>(type_of<A>), static_cast<int>(type_of<Y>), u.bias != nullptr, u.add, u.scale},
                                   type_of<A>, type_of<Y>);
        return std::pair(u, p);
    };
    for (std::int64_t i = 0; i != slices; ++i)
        if (!slice(i).second) return false;
    auto body = [&](std::int64_t i) {
        thread_local bool const alone = (omp_set_num_threads(1), true);
        (void)alone;
        thread_local dnnl::stream queue(engine());
        auto const [u, p] = slice(i);
        auto& e = engine();
        // the descriptors promise oneDNN to leave what it reads as it is; its interface has no const
        std::unordered_map<int, dnnl::memory> arguments{{DNNL_ARG_SRC, dnnl::memory(p->a, e, const_cast<A*>(u.a))}, {DNNL_ARG_WEIGHTS, dnnl::memory(p->b, e, const_cast<A*>(u.b))}, {DNNL_ARG_DST, dnnl::memory(p->y, e, u.y)},
                                                        {DNNL_ARG_SCRATCHPAD, dnnl::memory(p->scratch, e, workspace(p->scratch.get_size() + 64, 2))}};
        if (u.bias) arguments.emplace(DNNL_ARG_BIAS, dnnl::memory(p->bias, e, const_cast<A*>(u.bias)));
        p->primitive.execute(queue, arguments);
        queue.wait();
    };
    s.workers.run(slices, [](void* c, std::int64_t i) { (*static_cast<decltype(body)*>(c))(i); }, &body);
    return true;
}

} // namespace

template<> bool library_product(product_task<float, float, float> const& t, stream& s) { return product(t, s); }
template<> bool library_product(product_task<bf16, float, bf16> const& t, stream& s) { return product(t, s); }
template<> bool library_product(product_task<bf16, float, float> const& t, stream& s) { return product(t, s); }
void use_library(bool on) { enabled = on; }

} // namespace penstock::train::cpu
