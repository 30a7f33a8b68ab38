/// Disjoint sets of the numbers 0 … n-1. The root of a set is its smallest number, so that what is derived from it does not depend on the order of joins.
#pragma once
#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace penstock {

class union_find {
    std::vector<std::size_t> parent_;
public:
    explicit union_find(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
    std::size_t root(std::size_t x) {
        while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
        return x;
    }
    void join(std::size_t a, std::size_t b) { a = root(a); b = root(b); parent_[std::max(a, b)] = std::min(a, b); }
};

} // namespace penstock
