/// Tensors in the safetensors format. Read through a memory map, so that a 15 GB model costs no copy before its weights are converted; everything that a header
/// says is checked before the first byte is handed out. Errors are penstock::fatal with the path in it (exit codes: input, output).
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::train {

/// As the format names them, in its order of size.
enum class dtype : std::uint8_t { BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, F16, BF16, I32, U32, F32, F64, I64, U64 };
std::string_view name(dtype);
std::size_t size_of(dtype);         ///< bytes of an element

using shape = std::vector<std::uint64_t>;
std::uint64_t elements(shape const&);

/// One tensor of an open file: row-major, little-endian, at any alignment.
struct tensor_view {
    std::string name = {};
    dtype type = dtype::F32;
    train::shape shape = {};
    std::span<std::byte const> bytes = {};
};

using string_pairs = std::vector<std::pair<std::string, std::string>>;

/// An open model: one file, or the shards that an index names. Views live as long as it does. A file that shrinks while it is open is the one thing that cannot be
/// checked: reading it then ends the process (SIGBUS).
class safetensors {
    struct mapping;
    std::vector<std::unique_ptr<mapping>> maps_;
    std::vector<tensor_view> tensors_ = {};         // by name
    string_pairs metadata_ = {};
    safetensors();
    void add(std::span<std::byte const> file, std::string const& shown);
    void sort(std::string const& shown);
    void map(std::string const& path);
    void open_index(std::string const& path);
public:
    safetensors(safetensors&&) noexcept;
    safetensors& operator=(safetensors&&) noexcept;
    ~safetensors();

    /// path: a .safetensors file, a model.safetensors.index.json, or a folder that has model.safetensors or that index (adapter_model.safetensors for an adapter's).
    static safetensors open(std::string const& path);
    /// The bytes of one file, which must outlive it; shown stands for its path in errors.
    static safetensors of_memory(std::span<std::byte const> file, std::string const& shown);

    std::span<tensor_view const> tensors() const { return tensors_; }
    tensor_view const* find(std::string_view name) const;
    /// fatal(input) with the name and the shape that was wanted, where the tensor is missing or of another shape.
    tensor_view const& at(std::string_view name, train::shape const& wanted) const;
    string_pairs const& metadata() const { return metadata_; }      ///< "__metadata__"
    std::string const& shown() const { return shown_; }
private:
    std::string shown_ = {};
};

/// Elements [first, first + to.size()) converted from any floating type; narrowing rounds to nearest even. fatal(input) for an integer tensor.
void read(tensor_view const&, std::uint64_t first, std::span<double> to);
void read(tensor_view const&, std::uint64_t first, std::span<float> to);

/// What is to be written: bytes that lie in memory, or a function that gives them piece by piece (fill(at, piece): the tensor's bytes from `at` on).
struct tensor_out {
    std::string name = {};
    dtype type = dtype::F32;
    train::shape shape = {};
    std::span<std::byte const> bytes = {};
    std::function<void(std::uint64_t at, std::span<std::byte> piece)> fill = {};
};

/// PATH.partial, fsync, rename (io/atomic_file.hpp). Tensors are laid out as the format's own library does: wide types first, then by name; data begin at a multiple of 64.
void write_safetensors(std::string const& path, std::vector<tensor_out> tensors, string_pairs const& metadata = {{"format", "pt"}});
/// Calls every fill as write_safetensors would, in the same order and pieces, and writes nothing: for ranks that only have their part in what rank 0 writes.
void fill_safetensors(std::vector<tensor_out> tensors);

} // namespace penstock::train
