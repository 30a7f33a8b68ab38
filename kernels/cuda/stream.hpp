/// A queue of work on one GPU, with what the operations on it share: scratch memory, and the products' library with its plans. Standard types only, so that host code may hold one.
#pragma once
#include <cstddef>
#include <memory>

namespace penstock::train::cuda {

class stream {
public:
    explicit stream(int device = 0);        ///< fatal(access) with the reason where there is no such GPU
    ~stream();
    stream(stream const&) = delete;
    stream& operator=(stream const&) = delete;

    /// Memory of the operation that is being queued; the next one on this stream may get the same. Grows when a larger piece than ever is asked for, so it no longer does after the first step.
    std::byte* scratch(std::size_t bytes);
    int processors() const;                 ///< streaming multiprocessors

    struct body;
    body& operator*() const { return *body_; }

private:
    std::unique_ptr<body> body_;
};

struct free_memory { void operator()(std::byte*) const; };
using buffer = std::unique_ptr<std::byte[], free_memory>;

} // namespace penstock::train::cuda
