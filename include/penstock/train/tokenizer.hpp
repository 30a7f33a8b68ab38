/// Text to token ids and back: the byte-level BPE of Qwen2 (NFC, added tokens, the split into words, merges), read from Hugging Face's files and equal to its
/// `tokenizers` to the last id. A tokenizer is its vocabulary and never changes; an encoder is one thread's worker on it, with a cache of words, which is what makes it fast.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace penstock::train {

using token = std::uint32_t;

/// A token that is found in the text before anything else happens to it: "<|endoftext|>".
struct added_token {
    std::string text;
    token id = 0;
    bool special = true;            ///< what decode(…, skip_special) leaves out
    friend bool operator==(added_token const&, added_token const&) = default;
};

/// What a vocabulary is made of. Tokens are bytes here, not the letters that tokenizer.json writes for them.
struct tokenizer_parts {
    std::vector<std::string> tokens;                            ///< by id; an empty one is an id that is not used
    std::vector<std::pair<token, token>> merges;                ///< by rank; the two together are a token too
    std::vector<added_token> added = {};
};

namespace detail { struct vocabulary; }

class tokenizer {
    std::shared_ptr<detail::vocabulary const> body_;
    friend class encoder;
    explicit tokenizer(std::shared_ptr<detail::vocabulary const> body) : body_(std::move(body)) {}
public:
    /// path: a tokenizer.json, or a folder that holds one, or vocab.json and merges.txt. fatal(input) where a file cannot be read, or asks for a normalizer, a split or a
    /// model that is not Qwen2's: another split would train on other tokens than those that are deployed.
    static tokenizer open(std::string const& path);
    /// shown stands for the path in errors. All 256 single bytes must be tokens.
    static tokenizer of(tokenizer_parts, std::string const& shown);

    std::size_t size() const;                                   ///< one more than the largest id
    std::size_t merges() const;
    std::string_view bytes(token) const;                        ///< what it stands for; empty for an id that is not used
    std::span<added_token const> added() const;
    std::optional<token> find(std::string_view bytes) const;    ///< walks through all tokens: for the few that a program asks for by name
    std::uint64_t hash() const;                                 ///< of tokens, merges and added tokens: two tokenizers that share it give the same ids

    /// Ids that are not in the vocabulary give nothing. The bytes need not be UTF-8: a character may be cut.
    std::string decode(std::span<token const>, bool skip_special = false) const;

    /// A tokenizer.json that Hugging Face's tokenizers load.
    std::string json() const;
    /// tokenizer.json and tokenizer_config.json, which AutoTokenizer needs beside it.
    void save(std::string const& folder) const;
};

/// One thread's: not to be shared. 4 MiB.
class encoder {
    struct state;
    std::unique_ptr<state> state_;
public:
    explicit encoder(tokenizer);
    encoder(encoder&&) noexcept;
    encoder& operator=(encoder&&) noexcept;
    ~encoder();

    /// Appends the ids of text. Bytes that are not UTF-8 become the tokens of single bytes or what they merge to.
    void encode(std::string_view text, std::vector<token>& to);
    std::vector<token> encode(std::string_view text);
    std::size_t count(std::string_view text);
};

struct training_options {
    std::size_t vocabulary = 8192;                              ///< all tokens together, added ones included; 256 and the added ones at least
    std::uint64_t at_least = 2;                                 ///< a pair that is seen less often is not merged
    std::vector<std::string> added = {"<|endoftext|>", "<|im_start|>", "<|im_end|>"};
};

/// Learns a byte-level BPE: texts in, a tokenizer out. The same texts in any order give the same tokenizer: merges go by count, ties by the smaller ids.
class tokenizer_training {
    struct state;
    std::unique_ptr<state> state_;
public:
    tokenizer_training();
    tokenizer_training(tokenizer_training&&) noexcept;
    ~tokenizer_training();
    void add(std::string_view text);
    tokenizer finish(training_options = {}) const;
};

} // namespace penstock::train
