// nvcc -O3 -std=c++20 --expt-relaxed-constexpr -arch=sm_90a -Iinclude -c kernels/cuda/regression.cu
//
// Squared or Huber's error, its derivative and the loss in one kernel. The CPU's is kernels/cpu/loops.ipp.
// Reads 12 and writes 4 bytes a score; a batch has some hundred scores. So one block does all, in double as the CPU does, and the loss needs no second stage.
#include "cuda.hpp"
#include "launch.hpp"

namespace penstock::train {
namespace cuda {
namespace {

__global__ void loss_and_derivative(double* loss, matrix<float> d, matrix<float const> scores, float const* labels, float const* weights, double huber, double scale) {
    double sum = 0;
    for (std::int64_t at = thread_index(); at < scores.rows * scores.cols; at += block_threads()) {
        auto const row = at / scores.cols, c = at % scores.cols;
        double const factor = scale * (weights ? static_cast<double>(weights[at]) : 1.0), error = static_cast<double>(scores.row(row)[c]) - static_cast<double>(labels[at]), size = error < 0 ? -error : error;
        bool const linear = huber > 0 && size > huber;
        sum += factor * (linear ? huber * (size - huber / 2) : huber > 0 ? error * error / 2 : error * error);
        d.row(row)[c] = static_cast<float>(factor * (linear ? (error < 0 ? -huber : huber) : huber > 0 ? error : 2 * error));
    }
    sum = block_sum(sum, shared<double>());
    if (thread_index() == 0) *loss += sum;
}

} // namespace
} // namespace cuda

template<class S> void Cuda<S>::regression_loss(double* loss, matrix<real> d, matrix<real const> scores, std::span<float const> labels, std::span<float const> weights, regression_rule rule, double scale, stream& s) {
    cuda::launch({.threads = 512, .shared = 32 * sizeof(double)}, s, cuda::loss_and_derivative, loss, d, scores, labels.data(), weights.empty() ? nullptr : weights.data(), rule.huber, scale);
}

template void Cuda<bf16>::regression_loss(double*, matrix<float>, matrix<float const>, std::span<float const>, std::span<float const>, regression_rule, double, stream&);
template void Cuda<float>::regression_loss(double*, matrix<float>, matrix<float const>, std::span<float const>, std::span<float const>, regression_rule, double, stream&);

} // namespace penstock::train
