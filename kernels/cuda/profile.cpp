#include "profile.hpp"
#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#ifdef PENSTOCK_EMULATED
#include <chrono>
#else
#include <cstdlib>
#include <cuda_runtime_api.h>
#include <cxxabi.h>
#endif

namespace penstock::train::cuda {
#ifndef PENSTOCK_EMULATED
cudaStream_t queue_of(stream&);
#endif
namespace {

#ifdef PENSTOCK_EMULATED
// Work is done when it is queued: the host's clock tells.
using moment = std::chrono::steady_clock::time_point;
moment now(stream&) { return std::chrono::steady_clock::now(); }
double between(moment a, moment b) { return std::chrono::duration<double>(b - a).count(); }
void finish(moment, moment) {}
std::string name_of(void const*) { return "kernel"; }
#else
using moment = cudaEvent_t;
moment now(stream& s) {
    moment e = nullptr;
    if (cudaEventCreate(&e) == cudaSuccess) (void)cudaEventRecord(e, queue_of(s));
    return e;
}
double between(moment a, moment b) {
    float milliseconds = 0;
    (void)cudaEventSynchronize(b);
    (void)cudaEventElapsedTime(&milliseconds, a, b);
    return static_cast<double>(milliseconds) * 1e-3;
}
void finish(moment a, moment b) { (void)cudaEventDestroy(a), (void)cudaEventDestroy(b); }
// "void penstock::train::cuda::(anonymous namespace)::forward<float, 4>(…)": what stands before the arguments.
std::string name_of(void const* kernel) {
    char const* mangled = nullptr;
    if (!kernel || cudaFuncGetName(&mangled, kernel) != cudaSuccess) return "kernel";
    int status = 0;
    char* const plain = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
    std::string name = status == 0 ? plain : mangled;
    std::free(plain);
    if (auto const anonymous = name.rfind("(anonymous namespace)::"); anonymous != std::string::npos) name.erase(0, anonymous + 23);
    name.erase(std::min(name.size(), name.find_first_of("<(")));
    return name.substr(name.rfind(':') + 1);
}
#endif

struct span {
    std::string file, kernel;
    double flops;
    moment from, to;
};
std::vector<span> spans;

} // namespace

void profile::start() { spans.clear(), on = true; }

std::vector<profile::line> profile::stop() {
    on = false;
    std::map<std::pair<std::string, std::string>, line> sums;
    for (auto const& s : spans) {
        auto& l = sums[{s.file, s.kernel}];
        l.file = s.file, l.kernel = s.kernel, l.times += 1, l.seconds += between(s.from, s.to), l.flops += s.flops;
        finish(s.from, s.to);
    }
    spans.clear();
    std::vector<line> all;
    for (auto& [key, l] : sums) all.push_back(std::move(l));
    std::ranges::sort(all, [](line const& a, line const& b) { return a.seconds > b.seconds; });
    return all;
}

void timed::begin(stream& s, char const* file, void const* kernel, std::int64_t m, std::int64_t n, std::int64_t k) {
    std::string_view name = file;
    name.remove_prefix(name.rfind('/') + 1);        // npos + 1 is 0
    name = name.substr(0, name.find('.'));
    bool const product = m > 0;
    spans.push_back({std::string(name), product ? std::to_string(m) + " x " + std::to_string(n) + " x " + std::to_string(k) : name_of(kernel), 2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k), {}, {}});
    stream_ = &s, at_ = spans.size() - 1;
    spans[at_].from = now(s);
}
void timed::end() { spans[at_].to = now(*stream_); }

memory_state device_memory() {
    std::size_t free = std::size_t{64} << 30, all = free;
#ifndef PENSTOCK_EMULATED
    if (cudaMemGetInfo(&free, &all) != cudaSuccess) free = all = 0;
#endif
    return {all - free, all};
}

} // namespace penstock::train::cuda
