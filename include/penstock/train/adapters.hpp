/// LoRA: beside a frozen matrix W two small trained ones, y = x Wᵀ + scale (x Aᵀ) Bᵀ. The score head is trained and saved whole.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::train {

/// The matrices of a layer, in the order in which products of the same input stand together: q, k, v are one product, gate and up another.
enum class projection : std::uint8_t { q, k, v, o, gate, up, down };
inline constexpr std::array<std::string_view, 7> projection_names{"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"};

struct adapter_options {
    int rank = 0;                       ///< 0: no adapters, all weights are trained
    int alpha = 32;                     ///< a whole number: other readers of adapter_config.json take no other
    bool rank_stabilised = false;       ///< scale = alpha / sqrt(rank) instead of alpha / rank
    std::array<bool, 7> targets{true, false, true, false, false, false, false};     ///< by projection; PEFT's own choice for Qwen2: q and v

    double scale() const { return rank == 0 ? 0 : static_cast<double>(alpha) / (rank_stabilised ? std::sqrt(static_cast<double>(rank)) : rank); }
    bool on(projection p) const { return rank > 0 && targets[static_cast<std::size_t>(p)]; }
    friend bool operator==(adapter_options const&, adapter_options const&) = default;
};

/// What an adapter_config.json (or the folder that holds one) says, as PEFT writes it. What would be computed differently here (DoRA, a rank of its own for some matrix, other layers or modules) is fatal(input) by the key's
/// name; a dropout is not: it is training's alone, and training here has none. The tensors beside it are read by trainer::load (trainer.hpp).
adapter_options read_adapter_config(std::string const& path);

} // namespace penstock::train
