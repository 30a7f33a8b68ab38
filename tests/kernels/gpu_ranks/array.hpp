/// A GPU's memory, seen from the host.
#pragma once
#include <cuda/cuda.hpp>
#include <vector>

namespace kernels_tests {

template<class T> class array {
public:
    array(std::size_t n, penstock::train::cuda::stream& s) : stream_(s), size_(n), memory_(machine::allocate(n * sizeof(T))) {}
    std::span<T> gpu() { return {reinterpret_cast<T*>(machine::data(memory_)), size_}; }
    void put(std::vector<T> const& x) { machine::upload(machine::data(memory_), reinterpret_cast<std::byte const*>(x.data()), size_ * sizeof(T), stream_); }
    std::vector<T> get() {
        std::vector<T> x(size_);
        machine::download(reinterpret_cast<std::byte*>(x.data()), machine::data(memory_), size_ * sizeof(T), stream_);
        return x;
    }

private:
    using machine = penstock::train::Cuda<float>;
    penstock::train::cuda::stream& stream_;
    std::size_t size_;
    penstock::train::cuda::buffer memory_;
};

inline void require(bool holds, char const* what) {       // of a rank, which is a thread
    if (!holds) throw std::runtime_error(what);
}

} // namespace kernels_tests
