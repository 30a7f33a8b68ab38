// Products by cuBLASLt (host code, the host's compiler): sums in float (never TF32), one rounding into D. Deterministic: one stream, a workspace of its own, and of the ways to split a long sum only the one that keeps the parts in float in the workspace
// and adds them in a second step. (In place, a part meets D as it finishes; in D's format, parts of a bf16 D would be rounded before they are added.)
//
// A stream keeps a plan a product_key: descriptors and the algorithm; a product is then one look-up and one call. The algorithm is that of product_plans, else the fastest of the heuristic's eight, timed here on the product's
// own operands (where D is added to, into a copy of it: that must happen once), else, where there is no room for the copy or the product is small, the heuristic's first.
#include "body.hpp"
#include "product.hpp"
#include "profile.hpp"
#include "product_plans.hpp"
#include <cmath>
#include <cstdio>
#include <cstring>
#include <cublasLt.h>
#include <vector>

namespace penstock::train::cuda {
namespace {

constexpr std::size_t workspace_bytes = std::size_t{64} << 20;      // NVIDIA asks for 32 MiB on Hopper; 1 MiB is known to be slow there
constexpr int candidates = 8;
static_assert(sizeof(cublasLtMatmulAlgo_t) == sizeof(algorithm));

void check(cublasStatus_t e, char const* call, product_key const& k) {
    if (e != CUBLAS_STATUS_SUCCESS) throw fatal(exit_code::internal, std::string(call) + ": " + cublasLtGetStatusString(e) + ", of " + text(k));
}
using cuda::check;

cudaDataType_t type_of(format f) { return f == format::bf16 ? CUDA_R_16BF : CUDA_R_32F; }

struct plan {
    cublasLtMatmulDescOpaque_t what = {};
    cublasLtMatrixLayoutOpaque_t a = {}, b = {}, d = {};
    cublasLtMatmulAlgo_t how = {};
    bool plain = false;         // cuBLASLt has nothing for it
};

} // namespace

struct products {
    cublasLtHandle_t handle = nullptr;
    buffer workspace = {};
    product_plans* chosen = nullptr;
    std::map<product_key, plan> plans = {};

    products() = default;
    products(products const&) = delete;
    ~products() { (void)cublasLtDestroy(handle); }
};
void free_products::operator()(products* p) const { delete p; }

namespace {

cublasStatus_t multiply(products& lib, plan& p, cublasLtMatmulAlgo_t const& how, product const& t, void* d, cudaStream_t queue) {
    return cublasLtMatmul(lib.handle, &p.what, &t.alpha, t.a, &p.a, t.b, &p.b, &t.beta, d, &p.d, d, &p.d, &how, lib.workspace.get(), workspace_bytes, queue);
}

products& library_of(stream& s) {
    auto& b = *s;
    if (b.library) return *b.library;
    b.library.reset(new products);
    auto& lib = *b.library;
    if (auto const e = cublasLtCreate(&lib.handle); e != CUBLAS_STATUS_SUCCESS) throw fatal(exit_code::access, std::string("cublasLtCreate: ") + cublasLtGetStatusString(e));
    void* room = nullptr;
    check(cudaMalloc(&room, workspace_bytes), "cudaMalloc of the products' workspace");
    lib.workspace.reset(static_cast<std::byte*>(room));
    cudaDeviceProp about{};
    check(cudaGetDeviceProperties(&about, b.device), "cudaGetDeviceProperties");
    lib.chosen = &plans_of(std::string(about.name) + ", cuBLASLt " + std::to_string(cublasLtGetVersion()));
    return lib;
}

plan describe(product const& t, product_key const& k) {
    plan p;
    auto set = [&](cublasLtMatmulDescAttributes_t which, auto value) { check(cublasLtMatmulDescSetAttribute(&p.what, which, &value, sizeof value), "cublasLtMatmulDescSetAttribute", k); };
    auto layout = [&](cublasLtMatrixLayoutOpaque_t& l, format f, std::int64_t rows, std::int64_t cols, std::int64_t ld) {
        check(cublasLtMatrixLayoutInit(&l, type_of(f), static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(cols), ld), "cublasLtMatrixLayoutInit", k);
    };
    check(cublasLtMatmulDescInit(&p.what, CUBLAS_COMPUTE_32F, CUDA_R_32F), "cublasLtMatmulDescInit", k);
    set(CUBLASLT_MATMUL_DESC_TRANSA, t.transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N);
    set(CUBLASLT_MATMUL_DESC_TRANSB, t.transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N);
    if (t.bias) set(CUBLASLT_MATMUL_DESC_EPILOGUE, CUBLASLT_EPILOGUE_BIAS), set(CUBLASLT_MATMUL_DESC_BIAS_POINTER, t.bias);       // here for its alignment
    layout(p.a, t.in, t.transpose_a ? t.k : t.m, t.transpose_a ? t.m : t.k, t.a_ld);
    layout(p.b, t.in, t.transpose_b ? t.n : t.k, t.transpose_b ? t.k : t.n, t.b_ld);
    layout(p.d, t.out, t.m, t.n, t.d_ld);
    return p;
}

// Whether it runs here, in the workspace, and splits sums in no way but ours.
bool takes(products& lib, plan& p, cublasLtMatmulAlgo_t const& how) {
    cublasLtMatmulHeuristicResult_t about{};
    std::uint32_t reduction = 0;
    std::size_t written = 0;
    return cublasLtMatmulAlgoCheck(lib.handle, &p.what, &p.a, &p.b, &p.d, &p.d, &how, &about) == CUBLAS_STATUS_SUCCESS && about.workspaceSize <= workspace_bytes &&
           cublasLtMatmulAlgoConfigGetAttribute(&how, CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME, &reduction, sizeof reduction, &written) == CUBLAS_STATUS_SUCCESS &&
           (reduction == CUBLASLT_REDUCTION_SCHEME_NONE || reduction == CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE);
}

std::vector<cublasLtMatmulAlgo_t> heuristic(products& lib, plan& p, product_key const& k, cublasLtReductionScheme_t splits) {
    cublasLtMatmulPreferenceOpaque_t wish{};
    check(cublasLtMatmulPreferenceInit(&wish), "cublasLtMatmulPreferenceInit", k);
    auto set = [&](cublasLtMatmulPreferenceAttributes_t which, auto value) { check(cublasLtMatmulPreferenceSetAttribute(&wish, which, &value, sizeof value), "cublasLtMatmulPreferenceSetAttribute", k); };
    set(CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, std::uint64_t{workspace_bytes});
    set(CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, static_cast<std::uint32_t>(splits));
    set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, static_cast<std::uint32_t>(k.a_alignment));
    set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, static_cast<std::uint32_t>(k.b_alignment));
    set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, static_cast<std::uint32_t>(k.d_alignment));
    set(CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, static_cast<std::uint32_t>(k.d_alignment));
    cublasLtMatmulHeuristicResult_t found[candidates];
    int count = 0;
    if (auto const e = cublasLtMatmulAlgoGetHeuristic(lib.handle, &p.what, &p.a, &p.b, &p.d, &p.d, &wish, candidates, found, &count); e != CUBLAS_STATUS_NOT_SUPPORTED) check(e, "cublasLtMatmulAlgoGetHeuristic", k);
    else count = 0;
    std::vector<cublasLtMatmulAlgo_t> all;
    for (int i = 0; i != count; ++i)
        if (found[i].state == CUBLAS_STATUS_SUCCESS && takes(lib, p, found[i].algo)) all.push_back(found[i].algo);
    return all;
}

struct event {
    cudaEvent_t e = nullptr;
    event() { check(cudaEventCreate(&e), "cudaEventCreate"); }
    event(event const&) = delete;
    ~event() { (void)cudaEventDestroy(e); }
};

// Into D, which the product itself then writes again; where it adds to D, into a copy at the same alignment, which begins as D is, so that no zeros make it look fast. Rounds over all of them, the least of each counts:
// a clock that moves meets all alike.
std::optional<std::size_t> fastest(products& lib, plan& p, std::vector<cublasLtMatmulAlgo_t> const& all, product const& t, product_key const& k, cudaStream_t queue) {
    constexpr int rounds = 4, runs = 2;     // the first round warms up
    auto const bytes = static_cast<std::size_t>((t.n - 1) * t.d_ld + t.m) * (t.out == format::bf16 ? 2 : 4), shift = reinterpret_cast<std::uintptr_t>(t.d) % 256;
    buffer copy = {};
    auto* d = static_cast<std::byte*>(t.d);
    if (t.beta != 0) {
        void* room = nullptr;
        if (auto const e = cudaMalloc(&room, bytes + shift); e == cudaErrorMemoryAllocation) return (void)cudaGetLastError(), std::nullopt;
        else check(e, "cudaMalloc");
        copy.reset(static_cast<std::byte*>(room));
        d = copy.get() + shift;
        check(cudaMemcpyAsync(d, t.d, bytes, cudaMemcpyDeviceToDevice, queue), "cudaMemcpyAsync");
    }
    event begin, end;
    std::vector<double> seconds(all.size(), INFINITY);
    for (int round = 0; round != rounds; ++round)
        for (std::size_t i = 0; i != all.size(); ++i) {
            bool ran = true;
            check(cudaEventRecord(begin.e, queue), "cudaEventRecord");
            for (int run = 0; run != runs && ran; ++run) ran = multiply(lib, p, all[i], t, d, queue) == CUBLAS_STATUS_SUCCESS;
            check(cudaEventRecord(end.e, queue), "cudaEventRecord");
            check(cudaEventSynchronize(end.e), "cudaEventSynchronize");
            float milliseconds = 0;
            check(cudaEventElapsedTime(&milliseconds, begin.e, end.e), "cudaEventElapsedTime");
            if (ran && round > 0) seconds[i] = std::min(seconds[i], static_cast<double>(milliseconds) * 1e-3 / runs);
        }
    auto const best = choose(seconds);
    if (std::isinf(seconds[best])) throw fatal(exit_code::internal, "cuBLASLt runs none of the algorithms it proposes for " + text(k));
    return best;
}

plan make(products& lib, product const& t, product_key const& k, stream& s) {
    auto p = describe(t, k);
    if (auto const kept = lib.chosen->find(k)) {
        std::memcpy(&p.how, kept->data(), sizeof p.how);
        if (takes(lib, p, p.how)) return p;
        lib.chosen->forget(k);
    }
    auto all = heuristic(lib, p, k, CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE);      // none included: it has no bit
    if (all.empty()) all = heuristic(lib, p, k, CUBLASLT_REDUCTION_SCHEME_NONE);
    if (all.empty()) {
        std::fprintf(stderr, "trainer: cuBLASLt has no kernel for %s; our own, slow one takes it\n", text(k).c_str());
        p.plain = true;
        return p;
    }
    p.how = all.front();
    if (!lib.chosen->timed() || !worth_timing(k) || (*s).capturing) return p;
    if (auto const best = all.size() == 1 ? std::optional<std::size_t>(0) : fastest(lib, p, all, t, k, queue_of(s))) {
        p.how = all[*best];
        algorithm words;
        std::memcpy(words.data(), &p.how, sizeof p.how);
        words = lib.chosen->keep(k, words);         // or another process's, of the same eight
        std::memcpy(&p.how, words.data(), sizeof p.how);
    }
    return p;
}

} // namespace

void run(product const& t, stream& s) {
    if (t.m == 0 || t.n == 0) return;
    if (t.k == 0) return run_plain(t, s);
    if (t.bias && t.in != t.out) {      // cuBLASLt adds a bias of D's format only: it goes into D first, as the sum of nothing
        auto first = t, second = t;
        first.k = 0, second.bias = nullptr, second.beta = 1;
        return run_plain(first, s), run(second, s);
    }
    auto const queue = queue_of(s);
    auto& lib = library_of(s);
    auto const k = key_of(t);
    auto at = lib.plans.find(k);
    if (at == lib.plans.end()) at = lib.plans.emplace(k, make(lib, t, k, s)).first;
    auto& p = at->second;
    if (p.plain) return run_plain(t, s);
    if (t.bias) check(cublasLtMatmulDescSetAttribute(&p.what, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &t.bias, sizeof t.bias), "cublasLtMatmulDescSetAttribute", k);
    timed const clock(s, t.m, t.n, t.k);
    check(multiply(lib, p, p.how, t, t.d, queue), "cublasLtMatmul", k);
}

} // namespace penstock::train::cuda
