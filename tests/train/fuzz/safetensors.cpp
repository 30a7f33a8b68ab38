// Any bytes: one line, or tensors that are read to their last byte and cover the file.
#include <penstock/core/fatal.hpp>
#include <penstock/train/safetensors.hpp>
#include <cstdio>
#include <cstdlib>
#include <vector>
namespace tr = penstock::train;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    try {
        auto const m = tr::safetensors::of_memory(std::as_bytes(std::span(data, size)), "fuzz");
        std::size_t covered = 0;
        unsigned sum = 0;
        for (auto const& t : m.tensors()) {
            covered += t.bytes.size();
            for (auto b : t.bytes) sum += std::to_integer<unsigned>(b);
            if (m.find(t.name) != &t || t.bytes.size() != tr::elements(t.shape) * tr::size_of(t.type)) std::abort();
            try {
                std::vector<float> all(t.bytes.size() / tr::size_of(t.type));
                tr::read(t, 0, std::span<float>(all));
            } catch (penstock::fatal const&) {}
        }
        if (covered + 8 > size || sum == ~0u) std::abort();
    } catch (penstock::fatal const& e) {
        if (*e.what() == 0) std::abort();
    }
    return 0;
}
