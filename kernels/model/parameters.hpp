/// The list of a model's parameters: names as Hugging Face has them, shapes, and where each lies in the two slabs, that of all weights and that of what is trained (gradients, moments and
/// masters have its layout). Matrices that are one product (q, k, v; gate, up; their biases; their adapters' A) lie side by side, so that together they are one matrix.
///
/// Where a product has adapters, its frozen matrix is larger: beside W is room for B, as beside x for scale x Aᵀ, so that W x + B A x is one product, [x | scale x Aᵀ] [W | B]ᵀ; below W is room for A, so that the
/// derivative by x is one too, [dy | scale dy B] [W / A]. The B of several matrices stand there as a block diagonal. B and A, which learn, have their own places elsewhere and are copied into the rooms where they are used.
#pragma once
#include <cstdint>
#include <penstock/train/adapters.hpp>
#include <penstock/train/config.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::train {

struct parameter {
    enum class start : std::uint8_t { zeros, ones, normal, adapter };       ///< of a fresh model; adapter: uniform in ±1/sqrt(cols), PEFT's for A

    std::string name = {};              ///< an adapter's: the matrix's, with ".lora_A.weight" for ".weight"
    std::int64_t rows = 0, cols = 0;    ///< of a vector: rows 1
    bool vector = false;                ///< one-dimensional in the file: biases and norms, which weight decay leaves alone
    bool trained = true;
    start fresh = start::zeros;
    std::int64_t at = 0;                ///< first element in the slab of weights
    std::int64_t state = -1;            ///< first element in the slab of what is trained; -1: frozen

    std::int64_t ld = 0;                ///< from row to row in the slab of weights: cols, and room for B where the matrix is frozen and its product has adapters

    std::int64_t size() const { return rows * cols; }
};

struct layer_parameters {
    int input_norm = -1, post_norm = -1;
    int weight[7], bias[7], a[7], b[7];         ///< by projection; -1: there is none
    std::int64_t low[7];                        ///< the first column of its x Aᵀ, and of its B, in the room of its product
};
/// Columns of that room for so many of A's rows: x and W stay aligned to 16 bytes.
constexpr std::int64_t adapter_room(std::int64_t columns) { return (columns + 7) / 8 * 8; }

class parameters {
public:
    static constexpr std::int64_t share = 48 * 32;              ///< slabs end at a multiple of it, so that their shares are equal for 2, 3, 4, 6, 8, 12, 16, … ranks

    parameters(qwen2_config const&, adapter_options const&);

    std::vector<parameter> const& all() const { return all_; }
    parameter const& operator[](int i) const { return all_[static_cast<std::size_t>(i)]; }
    std::int64_t weights() const { return weights_; }           ///< elements of the slab of weights
    std::int64_t trained() const { return trained_; }           ///< elements of the slab of what is trained
    std::int64_t count(bool trained_only) const;                ///< without what lies between groups for alignment
    int find(std::string_view name) const;                      ///< -1: there is none

    int embedding = -1, norm = -1, head = -1;                   ///< head: score, lm_head, or embedding where they are tied
    std::vector<layer_parameters> layers = {};

private:
    int add(std::string name, std::int64_t rows, std::int64_t cols, bool vector, bool trained, parameter::start, std::int64_t room = 0);
    void group();                                               // what follows starts on its own cache line
    std::vector<parameter> all_ = {};
    std::int64_t weights_ = 0, trained_ = 0;
};

} // namespace penstock::train
