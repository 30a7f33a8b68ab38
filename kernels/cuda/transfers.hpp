/// Pieces of memory on their way between a GPU and the host: slots of pinned memory, each with at most one copy under way, queued on the stream and waited for one by one. So a piece travels while the host works on another.
#pragma once
#include "stream.hpp"
#include <string>

namespace penstock::train::cuda {

class transfers {
public:
    static constexpr int slots = 3;
    static constexpr std::size_t slot_bytes = std::size_t{4} << 20;       // some 80 µs at the 50 GB/s of PCIe 5; a millisecond of one TCP connection

    explicit transfers(stream&);
    ~transfers();
    transfers(transfers const&) = delete;
    transfers& operator=(transfers const&) = delete;

    std::byte* memory(int slot) const;
    void fetch(int slot, std::byte const* from, std::size_t bytes);       ///< queued: GPU to slot
    void store(int slot, std::byte* to, std::size_t bytes);               ///< queued: slot to GPU
    void wait(int slot);                                                  ///< until the slot's copy is done

private:
    struct body;
    std::unique_ptr<body> body_;
};

/// The stream's GPU among those of all hosts: two ranks with one name share it.
std::string device_of(stream&);

} // namespace penstock::train::cuda
