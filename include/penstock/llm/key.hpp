/// The name of a question in the journal: XXH3-128 over its parts, each with its length before it. Not a cryptographic hash, because it need not be: a reply
/// is used only where the whole question that stands beside it is the same, so that a collision costs a call and never gives a wrong reply.
#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace penstock::llm {

struct key {
    std::array<unsigned char, 16> bytes{};      ///< big-endian, xxHash's canonical form: the same on every machine

    std::string text() const;                   ///< 32 hexadecimal digits
    static std::optional<key> parse(std::string_view text);
    friend auto operator<=>(key const&, key const&) = default;
};

} // namespace penstock::llm

template <> struct std::hash<penstock::llm::key> {
    std::size_t operator()(penstock::llm::key const& k) const noexcept { std::uint64_t h; std::memcpy(&h, k.bytes.data(), sizeof h); return h; }    // already mixed
};
