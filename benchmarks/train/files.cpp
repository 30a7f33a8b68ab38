// What stands between a training and its files: 512 MiB of weights from the page cache, and articles to ids beside Hugging Face's tokenizers.
#include <cstdio>
#include <cstring>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <numeric>
#include <unistd.h>
#include <vector>
#include <penstock/train/safetensors.hpp>
#include "measure.hpp"
namespace tr = penstock::train;

int main() {
    auto const path = (std::filesystem::temp_directory_path() / ("penstock-bench-" + std::to_string(::getpid()) + ".safetensors")).string();
    constexpr std::size_t tensors = 32, elements = std::size_t{8} << 20;        // 32 bf16 tensors of 16 MiB
    {
        std::vector<std::uint16_t> weights(elements);
        for (std::size_t i = 0; i != elements; ++i) weights[i] = static_cast<std::uint16_t>(0x3C00 + i % 4096);
        std::vector<tr::tensor_out> out;
        for (std::size_t t = 0; t != tensors; ++t) out.push_back({.name = "t" + std::to_string(t), .type = tr::dtype::BF16, .shape = {elements}, .bytes = std::as_bytes(std::span(weights))});
        tr::write_safetensors(path, std::move(out));
    }
    std::vector<std::uint16_t> raw(elements * tensors);
    std::vector<float> floats(elements);
    std::vector<bench::contender> all = {
        {"read(2) into memory", [&] {
            int const fd = ::open(path.c_str(), O_RDONLY);
            auto* at = reinterpret_cast<char*>(raw.data());
            for (std::size_t left = raw.size() * 2; left != 0;) { auto const n = ::read(fd, at, left); if (n <= 0) break; at += n; left -= static_cast<std::size_t>(n); }
            ::close(fd);
            bench::keep(raw[7]);
        }},
        {"safetensors, copied as it is", [&] {
            auto const m = tr::safetensors::open(path);
            std::size_t at = 0;
            for (auto const& t : m.tensors()) { std::memcpy(raw.data() + at, t.bytes.data(), t.bytes.size()); at += t.bytes.size() / 2; }
            bench::keep(raw[7]);
        }},
        {"safetensors, converted to float", [&] {
            auto const m = tr::safetensors::open(path);
            for (auto const& t : m.tensors()) tr::read(t, 0, std::span<float>(floats));
            bench::keep(floats[7]);
        }},
        {"safetensors, opened and checked only", [&] { bench::keep(tr::safetensors::open(path).tensors().size()); }},
    };
    bench::race(all, 5);
    std::filesystem::remove(path);
    std::vector<bench::contender> const loads(all.begin(), all.begin() + 3);
    bench::table("Weights: 32 tensors of bf16, 512 MiB, in the page cache", loads, {.per = double(elements * tensors * 2), .unit = "GB/s", .rate = true, .scale = 1e9});
    std::printf("\nOpening and checking the file alone: %.2f ms.\n", bench::median(all[3].seconds) * 1e3);
    std::printf("\n### Tokenizer\n\n");
    std::fflush(stdout);
    if (!std::getenv("PENSTOCK_DATA")) std::printf("PENSTOCK_DATA is not set: no articles to encode.\n");
    else if (std::system(PENSTOCK_TOKENIZERS) != 0) std::printf("tokenizers could not be run.\n");
}
