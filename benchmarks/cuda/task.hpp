/// What is trained in a cell of the benchmark: a model's shape, the lengths of its samples, and the samples themselves in a file that other trainers read too.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <numbers>
#include <penstock/core/fatal.hpp>
#include <penstock/train/trainer.hpp>

namespace cuda_bench {
using namespace penstock;
using namespace penstock::train;

constexpr int rounds = 4, validation = 64, dimensions = 8;      // a file of samples is four rounds of steps; the first warms up, three are timed

inline double number(std::uint64_t& state) {        // splitmix64 in [0, 1)
    auto z = (state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/// Qwen2.5's shapes with a score for each of eight dimensions; "tiny" is for the emulated GPU.
inline qwen2_config shape_of(std::string_view model) {
    struct shape { std::string_view name; std::uint32_t hidden, layers, heads, kv_heads, width, inner, vocabulary; bool tied; };
    static constexpr shape all[] = {
        {"tiny", 128, 2, 2, 1, 64, 80, 199, true},          {"0.5B", 896, 24, 14, 2, 64, 4864, 151936, true},    {"1.5B", 1536, 28, 12, 2, 128, 8960, 151936, true},
        {"3B", 2048, 36, 16, 2, 128, 11008, 151936, true}, {"7B", 3584, 28, 28, 4, 128, 18944, 152064, false},
    };
    for (auto const& s : all)
        if (s.name == model) {
            qwen2_config c;
            c.hidden_size = s.hidden, c.num_hidden_layers = s.layers, c.num_attention_heads = s.heads, c.num_key_value_heads = s.kv_heads, c.head_dim = s.width, c.intermediate_size = s.inner, c.vocab_size = s.vocabulary;
            c.tie_word_embeddings = s.tied, c.rope_theta = 1e6, c.head = head::regression, c.stored_type = "bfloat16";
            c.pad_token_id = c.bos_token_id = c.eos_token_id = model == "tiny" ? 198 : 151643;
            for (int d = 0; d != dimensions; ++d) c.labels.push_back("dimension_" + std::to_string(d));
            return c;
        }
    throw fatal(exit_code::usage, "no model is called " + std::string(model) + "; there are tiny, 0.5B, 1.5B, 3B, 7B");
}

/// Lengths in tokens, at most 512. `news`: 32 quantiles of 3,804 labelled news articles in Qwen2's tokens; the others log-normal (median, sigma), cut: whole news pages, abstracts of papers, summaries and answers.
inline int length_of(std::string_view rows, std::uint64_t& random) {
    static constexpr std::array news{39, 44, 48, 52, 57, 62, 68, 75, 82, 90, 97, 107, 117, 138, 220, 236, 246, 255, 264, 272, 280, 288, 296, 305, 316, 327, 337, 352, 369, 390, 447, 512};
    if (rows == "news") return news[static_cast<std::size_t>(number(random) * news.size())];
    if (rows == "tiny") return 1 + static_cast<int>(number(random) * 24);
    struct { std::string_view name; double median, sigma; } const all[] = {{"pages", 700, 0.71}, {"abstracts", 180, 0.71}, {"answers", 90, 0.75}};
    for (auto const& r : all)
        if (r.name == rows) {
            double const normal = std::sqrt(-2 * std::log(1 - number(random))) * std::cos(2 * std::numbers::pi * number(random));
            return static_cast<int>(std::clamp(r.median * std::exp(r.sigma * normal), 8.0, 512.0));
        }
    throw fatal(exit_code::usage, "no rows are called " + std::string(rows) + "; there are news, pages, abstracts, answers, tiny");
}

/// Random tokens that carry something to learn: each sample prefers some of eight classes of tokens, and its labels say which.
inline std::vector<sample> make_samples(qwen2_config const& c, std::string_view rows, std::size_t count) {
    std::uint64_t random = 20250101;
    std::vector<sample> all(count);
    auto const classes = static_cast<std::uint32_t>(dimensions), last = std::min<std::uint32_t>(c.vocab_size, *c.pad_token_id) / classes;
    for (auto& s : all) {
        std::array<double, dimensions> share{};
        double sum = 0;
        for (auto& x : share) x = std::pow(number(random), 3), sum += x;
        auto const length = length_of(rows, random);
        for (int i = 0; i != length; ++i) {
            double at = number(random) * sum;
            std::uint32_t which = 0;
            while (which + 1 != classes && at >= share[which]) at -= share[which++];
            s.tokens.push_back(static_cast<std::int32_t>(static_cast<std::uint32_t>(number(random) * last) * classes + which));
        }
        for (double x : share) s.labels.push_back(static_cast<float>(10 * x / sum));
    }
    return all;
}

/// Little-endian words of 32 bits: how many samples train, how many validate, dimensions; then for each its length, its tokens, its labels as float.
inline void write_samples(std::string const& path, std::vector<sample> const& all) {
    std::vector<std::int32_t> words{static_cast<std::int32_t>(all.size()) - validation, validation, dimensions};
    for (auto const& s : all) {
        words.push_back(static_cast<std::int32_t>(s.tokens.size()));
        words.insert(words.end(), s.tokens.begin(), s.tokens.end());
        for (float x : s.labels) words.push_back(std::bit_cast<std::int32_t>(x));
    }
    std::ofstream out(path, std::ios::binary);
    if (!out.write(reinterpret_cast<char const*>(words.data()), static_cast<std::streamsize>(words.size() * 4))) throw fatal(exit_code::output, path + ": cannot be written");
}
inline std::vector<sample> read_samples(std::string const& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    std::vector<std::int32_t> words(in ? static_cast<std::size_t>(in.tellg()) / 4 : 0);
    in.seekg(0);
    if (!in.read(reinterpret_cast<char*>(words.data()), static_cast<std::streamsize>(words.size() * 4)) || words.size() < 3) throw fatal(exit_code::input, path + ": cannot be read");
    std::vector<sample> all(static_cast<std::size_t>(words[0] + words[1]));
    auto at = words.begin() + 3;
    for (auto& s : all) {
        auto const length = *at++;
        s.tokens.assign(at, at + length), at += length;
        for (int d = 0; d != words[2]; ++d) s.labels.push_back(std::bit_cast<float>(*at++));
    }
    return all;
}

/// Multiplications and additions that a sample takes, forward and backward, as everybody counts them: every matrix on every token, attention to the tokens before. Adapters: without the frozen matrices' own gradient.
inline double flops_of(qwen2_config const& c, double tokens, bool adapters) {
    double const hidden = c.hidden_size, q = c.query_size(), kv = c.key_value_size(), layers = c.num_hidden_layers, matrices = layers * (hidden * (2 * q + 2 * kv) + 3 * hidden * c.intermediate_size);
    return tokens * ((adapters ? 4 : 6) * matrices + 6 * layers * q * tokens);
}

/// A line of JSON.
class json_line {
public:
    json_line& add(std::string const& key, std::string const& text) {
        std::string safe;
        for (char ch : text) safe += ch == '"' || ch == '\\' || static_cast<unsigned char>(ch) < 32 ? '\'' : ch;
        return raw(key, '"' + safe + '"');
    }
    json_line& add(std::string const& key, double x) {
        char text[32];
        std::snprintf(text, sizeof text, "%.6g", x);
        return raw(key, std::isfinite(x) ? text : "null");
    }
    json_line& raw(std::string const& key, std::string const& value) {
        text_ += (text_.empty() ? "{\"" : ", \"") + key + "\": " + value;
        return *this;
    }
    std::string text() const { return text_.empty() ? "{}" : text_ + "}"; }
    void append_to(std::string const& path) const {
        std::ofstream out(path, std::ios::app);
        if (!(out << text() << '\n').flush()) throw fatal(exit_code::output, path + ": cannot be written");
    }

private:
    std::string text_ = {};
};

} // namespace cuda_bench
