/// A checksum of bytes as they are written, piece by piece, at the speed of memory: 64 bits over four lanes of 8-byte words. Each step is one to one, so that a single changed word always changes it; it is no shield against
/// people. Our own because the trainer's small build has no other library for it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <penstock/core/position.hpp>
#include <span>
#include <string_view>

namespace penstock::train {

class checksum {
    static constexpr std::size_t lanes = 4, word = sizeof(std::uint64_t);
    std::uint64_t lane_[lanes] = {1, 2, 3, 4}, bytes_ = 0;

    void step(std::size_t l, std::uint64_t w) {
        lane_[l] = (lane_[l] ^ w) * 0x9e3779b97f4a7c15;
        lane_[l] ^= lane_[l] >> 29;
    }
public:
    /// Pieces of any size; but cut elsewhere, the same bytes have another sum, unless all but the last are multiples of 32 bytes.
    void add(std::span<std::byte const> piece) {
        bytes_ += piece.size();
        std::uint64_t w[lanes];
        for (; piece.size() >= sizeof w; piece = piece.subspan(sizeof w)) {
            std::memcpy(w, piece.data(), sizeof w);
            for (std::size_t l = 0; l != lanes; ++l) step(l, w[l]);
        }
        for (std::size_t l = 0; !piece.empty(); ++l) {
            auto const n = piece.size() < word ? piece.size() : word;
            std::uint64_t rest = 0;
            std::memcpy(&rest, piece.data(), n);
            step(l, rest);
            piece = piece.subspan(n);
        }
    }
    void add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }
    std::uint64_t value() const {
        auto all = mix(bytes_);
        for (auto l : lane_) all = mix(all ^ l);
        return all;
    }
};

} // namespace penstock::train
