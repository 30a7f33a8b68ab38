#include <penstock/train/safetensors.hpp>
#include "json.hpp"
#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <penstock/io/atomic_file.hpp>

namespace penstock::train {

static_assert(std::endian::native == std::endian::little, "tensors are read as they lie in the file");
using detail::bad;
using detail::in_quotes;

namespace {

struct format { std::string_view name; std::size_t size; };
constexpr std::array<format, 15> formats = {{{"BOOL", 1}, {"U8", 1}, {"I8", 1}, {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2}, {"BF16", 2},
                                             {"I32", 4}, {"U32", 4}, {"F32", 4}, {"F64", 8}, {"I64", 8}, {"U64", 8}}};
constexpr std::uint64_t largest_header = 100'000'000;       // the limit of the format's own library

bool dtype_of(std::string_view s, dtype& out) {
    for (std::size_t i = 0; i != formats.size(); ++i)
        if (formats[i].name == s) { out = static_cast<dtype>(i); return true; }
    return false;
}
/// a * b, false where it does not fit.
bool times(std::uint64_t& a, std::uint64_t b) { return !__builtin_mul_overflow(a, b, &a); }

std::string shown_shape(shape const& s) {
    std::string out = "[";
    for (auto n : s) out += (out.size() > 1 ? ", " : "") + std::to_string(n);
    return out + ']';
}

tensor_view one_tensor(std::string_view name, detail::dom::element e, std::span<std::byte const> data, std::string const& shown) {
    auto const where = shown + ": tensor " + in_quotes(name);
    detail::dom::object o;
    if (e.get(o)) bad(where, "is not described by an object");
    auto const need = [&](std::string_view key) {
        std::optional<detail::dom::element> found;
        for (auto [k, v] : o) if (k == key) { if (found) bad(where, in_quotes(key) + " stands there twice"); found = v; }
        if (!found) bad(where, "has no " + in_quotes(key));
        return *found;
    };
    tensor_view t{.name = std::string(name)};
    auto const type = detail::text(need("dtype"), where, "dtype");
    if (!dtype_of(type, t.type)) bad(where, "is of type " + in_quotes(type) + ", which is unknown here");
    std::uint64_t size = size_of(t.type);
    bool fits = true, empty = false;
    for (auto n : detail::array(need("shape"), where, "shape")) {
        t.shape.push_back(detail::whole_number(n, where, "shape"));
        empty |= t.shape.back() == 0;
        fits = fits && (t.shape.back() == 0 || times(size, t.shape.back()));
    }
    if (!fits) bad(where, "has more elements than a file can hold");
    if (empty) size = 0;
    std::uint64_t ends[2] = {};
    std::size_t n = 0;
    for (auto end : detail::array(need("data_offsets"), where, "data_offsets")) {
        if (n == 2) bad(where, "\"data_offsets\" are more than two");
        ends[n++] = detail::whole_number(end, where, "data_offsets");
    }
    if (n != 2) bad(where, "\"data_offsets\" are fewer than two");
    if (ends[0] > ends[1] || ends[1] > data.size()) bad(where, "lies at " + std::to_string(ends[0]) + " to " + std::to_string(ends[1]) + " of " + std::to_string(data.size()) + " bytes of data");
    if (ends[1] - ends[0] != size) bad(where, "is " + std::string(train::name(t.type)) + ' ' + shown_shape(t.shape) + ", " + std::to_string(size) + " bytes, but its data are " + std::to_string(ends[1] - ends[0]));
    t.bytes = data.subspan(ends[0], size);
    return t;
}

} // namespace

std::string_view name(dtype t) { return formats[static_cast<std::size_t>(t)].name; }
std::size_t size_of(dtype t) { return formats[static_cast<std::size_t>(t)].size; }
std::uint64_t elements(shape const& s) {
    std::uint64_t n = 1;
    for (auto d : s) n *= d;
    return n;
}

struct safetensors::mapping {
    void* at = MAP_FAILED;
    std::size_t size = 0;
    explicit mapping(std::string const& path) {
        int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        struct stat about {};
        if (fd < 0 || ::fstat(fd, &about) != 0) {
            int const error = errno;
            if (fd >= 0) ::close(fd);
            bad(path, std::string("cannot be read: ") + std::strerror(error));
        }
        size = S_ISREG(about.st_mode) ? static_cast<std::size_t>(about.st_size) : 0;
        if (size != 0) at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
        int const error = errno;
        ::close(fd);
        if (size == 0) bad(path, S_ISREG(about.st_mode) ? "is empty" : "is not a file");
        if (at == MAP_FAILED) bad(path, std::string("cannot be mapped: ") + std::strerror(error));
        (void)::madvise(at, size, MADV_SEQUENTIAL);        // read once, from front to back
    }
    mapping(mapping&&) = delete;
    ~mapping() { if (at != MAP_FAILED) ::munmap(at, size); }
    std::span<std::byte const> bytes() const { return {static_cast<std::byte const*>(at), size}; }
};

safetensors::safetensors() = default;
safetensors::safetensors(safetensors&&) noexcept = default;
safetensors& safetensors::operator=(safetensors&&) noexcept = default;
safetensors::~safetensors() = default;

void safetensors::add(std::span<std::byte const> file, std::string const& shown) {
    std::uint64_t length = 0;
    if (file.size() < sizeof length) bad(shown, "is no safetensors file: " + std::to_string(file.size()) + " bytes are fewer than the eight that say how long the header is");
    std::memcpy(&length, file.data(), sizeof length);
    if (length > largest_header) bad(shown, "is no safetensors file: its header would be " + std::to_string(length) + " bytes long");
    if (length > file.size() - sizeof length) bad(shown, "is cut off: its header should be " + std::to_string(length) + " bytes long, " + std::to_string(file.size() - sizeof length) + " are there");
    auto const data = file.subspan(sizeof length + length);
    simdjson::padded_string const header(reinterpret_cast<char const*>(file.data()) + sizeof length, length);
    if (length == 0 || header.data()[0] != '{') bad(shown, "is no safetensors file: its header does not begin with {");
    detail::dom::parser parser;
    auto const first = tensors_.size();
    bool described = false;
    for (auto [key, value] : detail::parse_object(parser, header, shown)) {
        if (key != "__metadata__") { tensors_.push_back(one_tensor(key, value, data, shown)); continue; }
        if (described) bad(shown, "\"__metadata__\" stands there twice");
        described = true;
        for (auto [k, v] : detail::object(value, shown, key)) metadata_.emplace_back(k, detail::text(v, shown, k));
    }
    // No holes, no overlaps, nothing behind: laid side by side, the tensors are the data.
    std::vector<tensor_view const*> laid;
    for (auto i = first; i != tensors_.size(); ++i) laid.push_back(&tensors_[i]);
    std::ranges::sort(laid, [](auto a, auto b) { return std::pair(a->bytes.data(), a->bytes.size()) < std::pair(b->bytes.data(), b->bytes.size()); });
    auto const* at = data.data();
    for (auto const* t : laid) {
        if (t->bytes.data() != at) bad(shown, "tensor " + in_quotes(t->name) + (t->bytes.data() < at ? " overlaps the one before it" : " has a hole before it"));
        at += t->bytes.size();
    }
    if (at != data.data() + data.size()) bad(shown, "has " + std::to_string(data.data() + data.size() - at) + " bytes that belong to no tensor");
}

void safetensors::sort(std::string const& shown) {
    std::ranges::sort(tensors_, {}, &tensor_view::name);
    auto const twice = std::ranges::adjacent_find(tensors_, {}, &tensor_view::name);
    if (twice != tensors_.end()) bad(shown, "tensor " + in_quotes(twice->name) + " stands there twice");
    shown_ = shown;
}

void safetensors::map(std::string const& path) {
    maps_.push_back(std::make_unique<mapping>(path));
    add(maps_.back()->bytes(), path);
}

void safetensors::open_index(std::string const& path) {
    auto const text = detail::whole_file(path);
    detail::dom::parser parser;
    auto const root = detail::parse_object(parser, text, path);
    auto const names = detail::member(root, "weight_map");
    if (!names) bad(path, "has no \"weight_map\"");
    std::vector<std::pair<std::string, std::string>> places;        // tensor, file
    std::vector<std::string> files;
    for (auto [tensor, file] : detail::object(*names, path, "weight_map")) {
        places.emplace_back(tensor, detail::text(file, path, tensor));
        auto const& f = places.back().second;
        if (f.empty() || f.find('/') != f.npos || f == "." || f == "..") bad(path, "tensor " + in_quotes(tensor) + " is said to be in " + in_quotes(f) + ", which is no file beside the index");
        files.push_back(f);
    }
    if (files.empty()) bad(path, "names no tensor");
    std::ranges::sort(files);
    files.erase(std::unique(files.begin(), files.end()), files.end());
    auto const folder = std::filesystem::path(path).parent_path();
    std::vector<std::size_t> until;                                 // tensors of the files up to here
    for (auto const& f : files) {
        map((folder / f).string());
        until.push_back(tensors_.size());
    }
    std::vector<std::pair<std::string, std::string>> found;
    for (std::size_t i = 0, f = 0; i != tensors_.size(); ++i) {
        while (i >= until[f]) ++f;
        found.emplace_back(tensors_[i].name, files[f]);
    }
    std::ranges::sort(found);
    std::ranges::sort(places);
    for (auto const& p : places) if (!std::ranges::binary_search(found, p)) bad(path, "tensor " + in_quotes(p.first) + " is not in " + p.second);
    for (auto const& f : found) if (!std::ranges::binary_search(places, f)) bad(path, "does not name tensor " + in_quotes(f.first) + " of " + f.second);
}

safetensors safetensors::open(std::string const& path) {
    namespace fs = std::filesystem;
    std::string file = path;
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        file.clear();
        for (auto const* name : {"model.safetensors", "model.safetensors.index.json", "adapter_model.safetensors"})
            if (file.empty() && fs::exists(fs::path(path) / name, ignored)) file = (fs::path(path) / name).string();
        if (file.empty()) bad(path, "has no model.safetensors, model.safetensors.index.json or adapter_model.safetensors");
    }
    safetensors s;
    if (file.ends_with(".json")) s.open_index(file);
    else s.map(file);
    s.sort(file);
    return s;
}

safetensors safetensors::of_memory(std::span<std::byte const> file, std::string const& shown) {
    safetensors s;
    s.add(file, shown);
    s.sort(shown);
    return s;
}

tensor_view const* safetensors::find(std::string_view name) const {
    auto const at = std::ranges::lower_bound(tensors_, name, {}, [](tensor_view const& t) -> std::string_view { return t.name; });
    return at != tensors_.end() && at->name == name ? &*at : nullptr;
}
tensor_view const& safetensors::at(std::string_view name, train::shape const& wanted) const {
    auto const* const t = find(name);
    if (!t) bad(shown_, "has no tensor " + in_quotes(name) + " of shape " + shown_shape(wanted));
    if (t->shape != wanted) bad(shown_, "tensor " + in_quotes(name) + " has shape " + shown_shape(t->shape) + ", not " + shown_shape(wanted));
    return *t;
}

namespace {

float of_bf16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
float of_f16(std::uint16_t bits) {
    std::uint32_t const sign = (bits & 0x8000u) << 16, exponent = bits >> 10 & 31u, mantissa = bits & 1023u;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000u | mantissa << 13);
    if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | mantissa << 13);
    auto const tiny = static_cast<float>(mantissa) * 0x1p-24f;
    return sign ? -tiny : tiny;
}

template <class From, class To, class F> void convert(std::byte const* from, std::span<To> to, F f) {
    for (std::size_t i = 0; i != to.size(); ++i) {
        From bits;
        std::memcpy(&bits, from + i * sizeof bits, sizeof bits);
        to[i] = static_cast<To>(f(bits));
    }
}
template <class To> void read_floating(tensor_view const& t, std::uint64_t first, std::span<To> to) {
    auto const all = t.bytes.size() / size_of(t.type);
    if (first > all || to.size() > all - first) throw fatal(exit_code::internal, "tensor " + in_quotes(t.name) + " is read beyond its end");
    auto const* const from = t.bytes.data() + first * size_of(t.type);
    switch (t.type) {
        case dtype::F64: return convert<double>(from, to, [](double x) { return x; });
        case dtype::F32: return convert<float>(from, to, [](float x) { return x; });
        case dtype::BF16: return convert<std::uint16_t>(from, to, of_bf16);
        case dtype::F16: return convert<std::uint16_t>(from, to, of_f16);
        default: bad("tensor " + in_quotes(t.name), "is of type " + std::string(name(t.type)) + "; weights are read from F64, F32, F16 and BF16");
    }
}

} // namespace

void read(tensor_view const& t, std::uint64_t first, std::span<double> to) { read_floating(t, first, to); }
void read(tensor_view const& t, std::uint64_t first, std::span<float> to) { read_floating(t, first, to); }

namespace {

std::uint64_t bytes_of(tensor_out const& t) { return elements(t.shape) * size_of(t.type); }
void put_in_order(std::vector<tensor_out>& tensors) {
    std::ranges::sort(tensors, [](auto const& a, auto const& b) { return std::pair(size_of(b.type), std::string_view(a.name)) < std::pair(size_of(a.type), std::string_view(b.name)); });
}
template <class F> void each_piece(std::vector<tensor_out> const& tensors, F put) {
    std::vector<std::byte> piece;
    constexpr std::uint64_t most = 4u << 20;
    for (auto const& t : tensors)
        for (std::uint64_t done = 0; done != bytes_of(t);) {
            auto const n = static_cast<std::size_t>(std::min(most, bytes_of(t) - done));
            if (t.fill) {
                piece.resize(n);
                t.fill(done, piece);
                put(std::span<std::byte const>(piece));
            } else put(t.bytes.subspan(done, n));
            done += n;
        }
}

} // namespace

void fill_safetensors(std::vector<tensor_out> tensors) {
    put_in_order(tensors);
    each_piece(tensors, [](std::span<std::byte const>) {});
}

void write_safetensors(std::string const& path, std::vector<tensor_out> tensors, string_pairs const& metadata) {
    put_in_order(tensors);
    std::string header = "{";
    if (!metadata.empty()) {
        header += "\"__metadata__\":{";
        for (auto const& [key, value] : metadata) header += (header.back() == '{' ? "" : ",") + detail::json_text(key) + ':' + detail::json_text(value);
        header += '}';
    }
    std::uint64_t at = 0;
    for (auto const& t : tensors) {
        if (!t.fill && t.bytes.size() != bytes_of(t)) throw fatal(exit_code::internal, path + ": tensor " + in_quotes(t.name) + " comes with " + std::to_string(t.bytes.size()) + " bytes instead of " + std::to_string(bytes_of(t)));
        header += (header.size() > 1 ? "," : "") + detail::json_text(t.name) + ":{\"dtype\":\"" + std::string(name(t.type)) + "\",\"shape\":[";
        for (auto n : t.shape) header += (header.back() == '[' ? "" : ",") + std::to_string(n);
        header += "],\"data_offsets\":[" + std::to_string(at) + ',' + std::to_string(at + bytes_of(t)) + "]}";
        at += bytes_of(t);
    }
    header += '}';
    header.resize((sizeof(std::uint64_t) + header.size() + 63) / 64 * 64 - sizeof(std::uint64_t), ' ');
    std::uint64_t const length = header.size();

    io::atomic_file file(path);
    auto const put = [&](std::span<std::byte const> bytes) { file.write({reinterpret_cast<char const*>(bytes.data()), bytes.size()}); };
    put(std::as_bytes(std::span(&length, 1)));
    file.write(header);
    each_piece(tensors, put);
    file.commit();
}

} // namespace penstock::train
