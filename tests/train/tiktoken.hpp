// Qwen's vocabulary from a file of ranks (base64 and rank a line): the merges that its tokenizer.json lists follow from the ranks.
#pragma once
#include <penstock/train/tokenizer.hpp>
#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <unordered_map>

namespace test {

inline std::string from_base64(std::string_view text) {
    std::string out;
    std::uint32_t bits = 0;
    int have = 0;
    for (char c : text) {
        auto const at = std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/").find(c);
        if (at == std::string_view::npos) break;
        bits = bits << 6 | static_cast<std::uint32_t>(at);
        if ((have += 6) >= 8) out += static_cast<char>(bits >> (have -= 8) & 255);
    }
    return out;
}

/// A token of n bytes is the merge of the two parts that the merges of better rank leave of it.
inline penstock::train::tokenizer_parts from_tiktoken(std::string const& path) {
    penstock::train::tokenizer_parts parts;
    std::ifstream in(path, std::ios::binary);
    for (std::string line; std::getline(in, line);) if (auto const blank = line.find(' '); blank != line.npos) parts.tokens.push_back(from_base64(std::string_view(line).substr(0, blank)));
    std::unordered_map<std::string_view, penstock::train::token> ranks;
    for (penstock::train::token t = 0; t != parts.tokens.size(); ++t) ranks.emplace(parts.tokens[t], t);
    for (penstock::train::token t = 0; t != parts.tokens.size(); ++t) {
        std::string_view const whole = parts.tokens[t];
        if (whole.size() == 1) continue;
        std::vector<std::string_view> pieces;
        for (std::size_t i = 0; i != whole.size(); ++i) pieces.push_back(whole.substr(i, 1));
        while (pieces.size() > 2) {
            auto best = t;
            std::size_t at = 0;
            for (std::size_t i = 1; i != pieces.size(); ++i)
                if (auto const r = ranks.find({pieces[i - 1].data(), pieces[i - 1].size() + pieces[i].size()}); r != ranks.end() && r->second < best) best = r->second, at = i;
            if (best == t) break;
            pieces[at - 1] = {pieces[at - 1].data(), pieces[at - 1].size() + pieces[at].size()};
            pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(at));
        }
        if (pieces.size() == 2) parts.merges.emplace_back(ranks.at(pieces[0]), ranks.at(pieces[1]));
    }
    constexpr std::array special = {"<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>", "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>",
                                    "<|vision_start|>", "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>", "<tool_call>", "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>"};
    for (auto const* text : special) parts.added.push_back({text, static_cast<penstock::train::token>(parts.tokens.size() + parts.added.size()), text[1] == '|'});
    return parts;
}

} // namespace test
