// A vocabulary ready for use: bytes of tokens in one arena, merges in one table of open addressing.
#pragma once
#include <penstock/train/tokenizer.hpp>
#include <array>

namespace penstock::train::detail {

/// (left, right) to (rank, whole). 16 bytes an entry, at most half of them used.
class merge_table {
    struct entry { std::uint64_t pair; std::uint32_t rank; token whole; };
    std::vector<entry> entries_;
    unsigned shift_ = 0;
    static constexpr std::uint64_t none = ~std::uint64_t{0};
    std::size_t place(std::uint64_t pair) const { return static_cast<std::size_t>(pair * 0x9E3779B97F4A7C15u >> shift_); }
public:
    struct merge { std::uint32_t rank = no_rank; token whole = 0; };
    static constexpr std::uint32_t no_rank = ~std::uint32_t{0};

    explicit merge_table(std::size_t merges = 0) {
        unsigned bits = 4;
        while ((std::size_t{1} << bits) < 2 * merges) ++bits;
        shift_ = 64 - bits;
        entries_.assign(std::size_t{1} << bits, {none, no_rank, 0});
    }
    /// false where the pair is there already: the earlier one, of the better rank, counts.
    bool add(token left, token right, merge m) {
        auto const pair = std::uint64_t{left} << 32 | right;
        auto i = place(pair);
        for (; entries_[i].pair != none; i = (i + 1) & (entries_.size() - 1)) if (entries_[i].pair == pair) return false;
        entries_[i] = {pair, m.rank, m.whole};
        return true;
    }
    merge find(token left, token right) const {
        auto const pair = std::uint64_t{left} << 32 | right;
        for (auto i = place(pair);; i = (i + 1) & (entries_.size() - 1)) {
            auto const& e = entries_[i];
            if (e.pair == pair) return {e.rank, e.whole};
            if (e.pair == none) return {};
        }
    }
};

struct vocabulary {
    std::string arena = {};
    std::vector<std::uint32_t> begins = {0};            // of each token in the arena, and the end
    std::vector<std::pair<token, token>> merges = {};
    std::vector<added_token> added = {};                // longest first
    std::vector<added_token> added_by_id = {};
    std::array<bool, 256> added_first = {};             // bytes that an added token begins with
    std::array<token, 256> of_byte = {};
    merge_table table = merge_table();
    std::uint64_t hash = 0;

    std::string_view bytes(token t) const { return t + 1 < begins.size() ? std::string_view(arena).substr(begins[t], begins[t + 1] - begins[t]) : std::string_view(); }
};

/// The letters that stand for bytes in Hugging Face's files: printable bytes for themselves, the others from U+0100 on.
std::string letters_of_bytes(std::string_view bytes);
/// And back; nothing where a letter stands for no byte.
std::optional<std::string> bytes_of_letters(std::string_view letters);

tokenizer_parts read_tokenizer_json(std::string const& path);
tokenizer_parts read_vocabulary_and_merges(std::string const& folder);

} // namespace penstock::train::detail
