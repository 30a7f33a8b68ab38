#pragma once
#include <penstock/llm/question.hpp>
#include <xxhash.h>

namespace penstock::llm {

std::string key::text() const {
    constexpr auto digits = "0123456789abcdef";
    std::string out;
    for (auto b : bytes) { out += digits[b >> 4]; out += digits[b & 15]; }
    return out;
}

std::optional<key> key::parse(std::string_view text) {
    key out;
    if (text.size() != 2 * out.bytes.size()) return {};
    for (std::size_t i = 0; i != text.size(); ++i) {
        char const c = text[i];
        int const digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return {};
        out.bytes[i / 2] = static_cast<unsigned char>(out.bytes[i / 2] << 4 | digit);
    }
    return out;
}

key question::key() const {
    std::string all = "penstock question 1";    // another way to put the parts together is another number here
    all.reserve(all.size() + 5 * 8 + provider.size() + model.size() + schema_version.size() + request.size());
    auto const number = [&](std::uint64_t n) { for (int shift = 0; shift != 64; shift += 8) all += static_cast<char>(n >> shift & 0xFF); };
    for (std::string const* part : {&provider, &model, &schema_version, &request}) { number(part->size()); all += *part; }
    number(draw);
    llm::key out;
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(all.data(), all.size()));
    std::memcpy(out.bytes.data(), canonical.digest, out.bytes.size());
    return out;
}

} // namespace penstock::llm
