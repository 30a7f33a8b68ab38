/// 128 bits that stand for a text: what dedup, split and lint keep of a row instead of the row. XXH3; two different texts share one with probability 1e-21 among 10^9.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace penstock::dataset {

struct fingerprint {
    std::uint64_t high = 0, low = 0;
    friend constexpr auto operator<=>(fingerprint const&, fingerprint const&) = default;
};

/// kind keeps texts of different meaning apart: an essay that equals some prompt is not the same thing.
fingerprint fingerprint_of(std::string_view text, std::uint64_t kind = 0);
/// Of fold(text).
fingerprint folded_fingerprint_of(std::string_view text, std::uint64_t kind = 0);

} // namespace penstock::dataset

template <> struct std::hash<penstock::dataset::fingerprint> {
    std::size_t operator()(penstock::dataset::fingerprint const& f) const noexcept { return f.low; }
};
