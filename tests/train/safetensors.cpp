#include <penstock/train/safetensors.hpp>
#include "support.hpp"
#include <array>
#include <cstring>
#include <limits>
#include <vector>
namespace tr = penstock::train;

namespace {
std::string file_of(std::string const& header, std::string const& data = "", std::uint64_t length = ~std::uint64_t{0}) {
    if (length == ~std::uint64_t{0}) length = header.size();
    std::string out(sizeof length, 0);
    std::memcpy(out.data(), &length, sizeof length);
    return out + header + data;
}
std::span<std::byte const> bytes(std::string const& s) { return std::as_bytes(std::span(s)); }
std::string said(std::string const& file) { return test::error_of([&] { (void)tr::safetensors::of_memory(bytes(file), "m"); }); }
template <class T> std::span<std::byte const> bytes_of(std::vector<T> const& v) { return std::as_bytes(std::span(v)); }
}

TEST_CASE("what is written is read back, wide types first, data at a multiple of 64") {
    test::folder const f;
    std::vector<float> const w = {1, -2.5f, 3e-20f, 4, 5, 6};
    std::vector<double> const d = {0.1, -7};
    std::vector<std::uint16_t> const half = {0x3C00, 0xC000, 0x0001, 0x7C00}, brain = {0x3F80, 0xC000, 0x0001, 0x7F80};
    tr::write_safetensors(f / "m.safetensors", {{.name = "z", .type = tr::dtype::F32, .shape = {2, 3}, .bytes = bytes_of(w)},
                                                {.name = "h", .type = tr::dtype::F16, .shape = {4}, .bytes = bytes_of(half)},
                                                {.name = "odd \"name\"\n", .type = tr::dtype::BF16, .shape = {2, 2}, .fill = [&](std::uint64_t at, std::span<std::byte> piece) {
                                                    std::memcpy(piece.data(), reinterpret_cast<std::byte const*>(brain.data()) + at, piece.size()); }},
                                                {.name = "d", .type = tr::dtype::F64, .shape = {2}, .bytes = bytes_of(d)},
                                                {.name = "none", .type = tr::dtype::I64, .shape = {0, 7}},
                                                {.name = "one", .type = tr::dtype::U8, .shape = {}, .bytes = bytes_of(std::vector<char>{'x'})}}, {{"by", "a \\ test"}});
    auto const m = tr::safetensors::open(f / "m.safetensors");
    CHECK(m.tensors().size() == 6);
    CHECK(m.metadata() == tr::string_pairs{{"by", "a \\ test"}});
    CHECK(reinterpret_cast<std::uintptr_t>(m.at("d", {2}).bytes.data()) % 64 == 0);
    std::array<float, 6> z{};
    tr::read(m.at("z", {2, 3}), 0, std::span<float>(z));
    CHECK(std::vector(z.begin(), z.end()) == w);
    std::array<double, 4> h{}, b{};
    tr::read(m.at("h", {4}), 0, h);
    tr::read(m.at("odd \"name\"\n", {2, 2}), 0, b);
    CHECK(h == std::array{1.0, -2.0, 0x1p-24, std::numeric_limits<double>::infinity()});
    CHECK(b == std::array{1.0, -2.0, 0x1p-133, std::numeric_limits<double>::infinity()});
    std::array<float, 1> last{};
    tr::read(m.at("d", {2}), 1, std::span<float>(last));
    CHECK(last[0] == -7);
    CHECK(m.at("none", {0, 7}).bytes.empty());
    CHECK(m.at("one", {}).bytes.size() == 1);
    CHECK(m.find("zz") == nullptr);
    CHECK(test::error_of([&] { m.at("zz", {1}); }) == "3: " + (f / "m.safetensors") + ": has no tensor \"zz\" of shape [1]");
    CHECK(test::error_of([&] { m.at("z", {3, 2}); }) == "3: " + (f / "m.safetensors") + ": tensor \"z\" has shape [2, 3], not [3, 2]");
    CHECK(test::error_of([&] { tr::read(m.at("one", {}), 0, last); }) == "3: tensor \"one\": is of type U8; weights are read from F64, F32, F16 and BF16");
    CHECK(test::error_of([&] { tr::read(m.at("d", {2}), 2, last); }) == "1: tensor \"d\" is read beyond its end");
}

TEST_CASE("every half-precision number is read as what it is") {
    // Against the definition: sign, 2^(e-15), mantissa / 1024.
    for (unsigned bits = 0; bits != 0x10000; ++bits) {
        unsigned const e = bits >> 10 & 31, m = bits & 1023;
        if (e == 31) continue;
        double want = e == 0 ? m * 0x1p-24 : (1 + m / 1024.0) * (e >= 15 ? double(1u << (e - 15)) : 1.0 / double(1u << (15 - e)));
        if (bits & 0x8000) want = -want;
        auto const b = static_cast<std::uint16_t>(bits);
        tr::tensor_view const t{.name = "t", .type = tr::dtype::F16, .shape = {1}, .bytes = std::as_bytes(std::span(&b, 1))};
        double got = 0;
        tr::read(t, 0, std::span(&got, 1));
        if (got != want) FAIL_CHECK(bits << ": " << got << " instead of " << want);
    }
}

TEST_CASE("every malformed header is one line") {
    CHECK(said("") == "3: m: is no safetensors file: 0 bytes are fewer than the eight that say how long the header is");
    CHECK(said(file_of("{}", "", 100)) == "3: m: is cut off: its header should be 100 bytes long, 2 are there");
    CHECK(said(file_of("{}", "", std::uint64_t{1} << 63)) == "3: m: is no safetensors file: its header would be 9223372036854775808 bytes long");
    CHECK(said(file_of("[]")) == "3: m: is no safetensors file: its header does not begin with {");
    CHECK(said(file_of("")) == "3: m: is no safetensors file: its header does not begin with {");
    CHECK(said(file_of("{\"a\":")).starts_with("3: m: is not JSON: "));
    CHECK(said(file_of("{}", "x")) == "3: m: has 1 bytes that belong to no tensor");
    CHECK(said(file_of("{}   ")) == "nothing");
    auto const one = [](std::string const& about, std::string const& data = "") { return said(file_of("{\"a\":" + about + "}", data)); };
    CHECK(one("7") == "3: m: tensor \"a\": is not described by an object");
    CHECK(one("{}") == "3: m: tensor \"a\": has no \"dtype\"");
    CHECK(one(R"({"dtype":"F31","shape":[],"data_offsets":[0,4]})", "1234") == "3: m: tensor \"a\": is of type \"F31\", which is unknown here");
    CHECK(one(R"({"dtype":"F32","dtype":"F32","shape":[],"data_offsets":[0,4]})", "1234") == "3: m: tensor \"a\": \"dtype\" stands there twice");
    CHECK(one(R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", "1234") == "3: m: tensor \"a\": \"shape\" is not a whole number of 0 and above");
    CHECK(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})", "123") == "3: m: tensor \"a\": lies at 0 to 4 of 3 bytes of data");
    CHECK(one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})", "1234") == "3: m: tensor \"a\": lies at 4 to 0 of 4 bytes of data");
    CHECK(one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})", "1234") == "3: m: tensor \"a\": is F32 [2], 8 bytes, but its data are 4");
    CHECK(one(R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]})", "1234") == "3: m: tensor \"a\": has more elements than a file can hold");
    CHECK(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0]})", "1234") == "3: m: tensor \"a\": \"data_offsets\" are fewer than two");
    CHECK(one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4,4]})", "1234") == "3: m: tensor \"a\": \"data_offsets\" are more than two");
    CHECK(one(R"({"dtype":"F32","shape":[1],"data_offsets":[1,5]})", "12345") == "3: m: tensor \"a\" has a hole before it");
    CHECK(said(file_of(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", "123")) == "3: m: tensor \"b\" overlaps the one before it");
    CHECK(said(file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})", "12")) == "3: m: tensor \"a\" stands there twice");
    CHECK(said(file_of(R"({"__metadata__":{"a":1}})")) == "3: m: \"a\" is not a text");
}

TEST_CASE("shards: every tensor is where the index says, and nowhere else") {
    test::folder const f;
    std::vector<float> const x = {1}, y = {2};
    auto const shard = [&](char const* file, char const* name, std::vector<float> const& v) { tr::write_safetensors(f / file, {{.name = name, .type = tr::dtype::F32, .shape = {1}, .bytes = bytes_of(v)}}); };
    shard("model-00001-of-00002.safetensors", "x", x);
    shard("model-00002-of-00002.safetensors", "y", y);
    auto const index = f / "model.safetensors.index.json";
    auto const with = [&](std::string const& map) {
        test::write(index, "{\"metadata\":{\"total_size\":8},\"weight_map\":{" + map + "}}");
        return test::error_of([&] { (void)tr::safetensors::open(f.path.string()); });
    };
    auto const both = std::string(R"("x":"model-00001-of-00002.safetensors","y":"model-00002-of-00002.safetensors")");
    CHECK(with(both) == "nothing");
    auto const m = tr::safetensors::open(f.path.string());
    float got = 0;
    tr::read(m.at("y", {1}), 0, std::span(&got, 1));
    CHECK(got == 2);
    CHECK(with(both + R"(,"z":"model-00002-of-00002.safetensors")") == "3: " + index + ": tensor \"z\" is not in model-00002-of-00002.safetensors");
    CHECK(with(R"("y":"model-00001-of-00002.safetensors","x":"model-00002-of-00002.safetensors")") == "3: " + index + ": tensor \"x\" is not in model-00002-of-00002.safetensors");
    CHECK(with(R"("x":"../x.safetensors")") == "3: " + index + ": tensor \"x\" is said to be in \"../x.safetensors\", which is no file beside the index");
    CHECK(with(R"("x":"gone.safetensors")") == "3: " + (f / "gone.safetensors") + ": cannot be read: No such file or directory");
    CHECK(with("") == "3: " + index + ": names no tensor");
    shard("model-00002-of-00002.safetensors", "x", y);
    CHECK(with(R"("x":"model-00001-of-00002.safetensors","x":"model-00002-of-00002.safetensors")") == "3: " + index + ": tensor \"x\" stands there twice");
    tr::write_safetensors(f / "model-00002-of-00002.safetensors", {{.name = "y", .type = tr::dtype::F32, .shape = {1}, .bytes = bytes_of(y)}, {.name = "w", .type = tr::dtype::F32, .shape = {1}, .bytes = bytes_of(y)}});
    CHECK(with(both) == "3: " + index + ": does not name tensor \"w\" of model-00002-of-00002.safetensors");
}

TEST_CASE("a folder without a model, an empty file, a folder in place of a file") {
    test::folder const f;
    CHECK(test::error_of([&] { (void)tr::safetensors::open(f.path.string()); }) == "3: " + f.path.string() + ": has no model.safetensors, model.safetensors.index.json or adapter_model.safetensors");
    test::write(f / "model.safetensors", "");
    CHECK(test::error_of([&] { (void)tr::safetensors::open(f.path.string()); }) == "3: " + (f / "model.safetensors") + ": is empty");
    CHECK(test::error_of([&] { tr::write_safetensors(f / "no/where", {}); }).starts_with("4: "));
}
