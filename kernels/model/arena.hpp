/// All memory that a step needs, laid out before the first: the same walk over the model gives sizes when the arena is empty and addresses when it has memory. So the plan cannot be wrong about the peak.
#pragma once
#include "../ops.hpp"

namespace penstock::train {

class arena {
public:
    explicit arena(std::byte* base = nullptr) : base_(base) {}

    template<class T> std::span<T> take(std::int64_t count) {
        auto* const p = base_ ? reinterpret_cast<T*>(base_ + used_) : nullptr;
        used_ += (static_cast<std::size_t>(count) * sizeof(T) + 63) / 64 * 64;
        return {p, p ? static_cast<std::size_t>(count) : 0};
    }
    /// `spare` more columns lie after each row: room for x Aᵀ beside x, so that a machine may read both as one matrix.
    template<class T> matrix<T> take(std::int64_t rows, std::int64_t cols, std::int64_t spare = 0) { return {take<T>(rows * (cols + spare)).data(), rows, cols, cols + spare}; }
    std::size_t used() const { return used_; }

private:
    std::byte* base_;
    std::size_t used_ = 0;
};

} // namespace penstock::train
