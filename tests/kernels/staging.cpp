// Uploads through the ring, to a machine that copies as late as it may: what arrives is what the source held when it was handed over.
#include <array>
#include <cuda/staging.hpp>
#include <deque>
#include <doctest/doctest.h>
#include <random>
#include <vector>

namespace {
using penstock::train::cuda::staging;

struct late_machine {
    struct job { std::byte* to; std::byte const* from; std::size_t bytes; };
    std::array<std::vector<std::byte>, staging::slots> slots{};
    std::deque<job> queued{};
    std::array<std::size_t, staging::slots> closed{};       // jobs ever queued, when the slot was closed
    std::size_t ever = 0, waits = 0;

    std::byte* memory(int slot) {
        auto& s = slots[static_cast<std::size_t>(slot)];
        s.resize(staging::slot_bytes);
        return s.data();
    }
    void copy(std::byte* to, std::byte const* from, std::size_t bytes) { queued.push_back({to, from, bytes}), ++ever; }
    void close(int slot) { closed[static_cast<std::size_t>(slot)] = ever; }
    void wait(int slot) { run_until(closed[static_cast<std::size_t>(slot)]), ++waits; }
    void run_until(std::size_t count) {
        for (; ever - queued.size() < count; queued.pop_front()) std::copy_n(queued.front().from, queued.front().bytes, queued.front().to);
    }
};
}

TEST_CASE("an upload's source may change as soon as it returns, however late the machine copies") {
    std::mt19937_64 random(1);
    for (std::size_t const largest : {std::size_t{200}, staging::slot_bytes / 3, staging::slot_bytes * 9}) {
        late_machine machine;
        staging ring;
        std::vector<std::vector<std::byte>> expected, arrived;
        for (int i = 0; i != 60; ++i) {
            auto const bytes = std::uniform_int_distribution<std::size_t>(0, largest)(random);
            auto const mark = static_cast<std::byte>(i * 7 + 1);
            expected.emplace_back(bytes, mark), arrived.emplace_back(bytes);
            std::vector<std::byte> source(bytes, mark);
            if (bytes > 2) expected.back()[bytes - 1] = source[bytes - 1] = std::byte{0}, expected.back()[bytes / 2] = source[bytes / 2] = std::byte{255};
            ring.upload(machine, arrived.back().data(), source.data(), bytes);
        }
        machine.run_until(machine.ever);
        CHECK(expected == arrived);
        if (largest == 200) CHECK_MESSAGE(machine.waits == 0, "small ones share a slot and wait for nobody");
    }
}
