/// The ids of many texts in one piece, and kept on the disk: a training that is started again does not split its texts again. The file is a safetensors file, named after
/// what it was made of (tokenizer, texts, cut), so a stale one is never found and a damaged one is made again.
#pragma once
#include <penstock/train/tokenizer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace penstock::train {

/// text(i, to) puts text i into `to`; it is asked for all of them in order, twice where the table has to be made.
struct text_source {
    std::size_t count = 0;
    std::function<void(std::size_t i, std::string& to)> text;
};

class token_table {
    std::shared_ptr<void const> owner_ = {};        // the vectors, or the mapped file
    std::span<token const> ids_ = {};
    std::span<std::uint64_t const> begins_ = {};    // of each text, and the end
public:
    token_table() = default;
    /// longest: ids of a text that are kept, from its beginning.
    static token_table make(tokenizer const&, text_source const&, std::size_t longest = ~std::size_t{0});
    /// From folder/tokens-KEY.safetensors if it is there and whole, else made and written there. A folder that cannot be written costs the cache, not the run. `found`, where
    /// given, says which it was.
    static token_table cached(std::string const& folder, tokenizer const&, text_source const&, std::size_t longest = ~std::size_t{0}, bool* found = nullptr);

    std::size_t size() const { return begins_.empty() ? 0 : begins_.size() - 1; }
    std::span<token const> operator[](std::size_t i) const { return ids_.subspan(static_cast<std::size_t>(begins_[i]), static_cast<std::size_t>(begins_[i + 1] - begins_[i])); }
    std::size_t tokens() const { return ids_.size(); }
};

} // namespace penstock::train
