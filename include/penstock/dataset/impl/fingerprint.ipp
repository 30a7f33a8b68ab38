#pragma once
#include <penstock/dataset/fingerprint.hpp>
#include <penstock/dataset/fold.hpp>
#include <xxhash.h>

namespace penstock::dataset {

fingerprint fingerprint_of(std::string_view text, std::uint64_t kind) {
    auto const h = XXH3_128bits_withSeed(text.data(), text.size(), kind);
    return {h.high64, h.low64};
}
fingerprint folded_fingerprint_of(std::string_view text, std::uint64_t kind) { return fingerprint_of(fold(text), kind); }

} // namespace penstock::dataset
