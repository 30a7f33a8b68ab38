#include "vocabulary.hpp"
#include "split.hpp"
#include "../files/json.hpp"
#include <algorithm>
#include <filesystem>
#include <functional>
#include <xxhash.h>
#include <penstock/io/atomic_file.hpp>

namespace penstock::train {

using namespace detail;

tokenizer tokenizer::of(tokenizer_parts parts, std::string const& shown) {
    constexpr std::size_t most = 1u << 24;
    if (parts.tokens.size() > most) bad(shown, "has more than " + std::to_string(most) + " tokens");
    auto v = std::make_shared<vocabulary>();
    std::ranges::sort(parts.added, {}, &added_token::id);
    for (auto const& a : parts.added) {
        if (a.text.empty() || a.id >= most) bad(shown, "has an added token " + std::to_string(a.id) + (a.text.empty() ? " without text" : ", which is too large an id"));
        if (parts.tokens.size() <= a.id) parts.tokens.resize(a.id + 1);
        if (!parts.tokens[a.id].empty() && parts.tokens[a.id] != a.text) bad(shown, "gives id " + std::to_string(a.id) + " to two tokens");
        parts.tokens[a.id] = a.text;
        v->added_first[static_cast<unsigned char>(a.text[0])] = true;
    }
    v->added_by_id = parts.added;
    v->added = std::move(parts.added);
    std::ranges::sort(v->added, std::greater<>(), [](added_token const& a) { return a.text.size(); });

    for (auto const& t : parts.tokens) {
        v->arena += t;
        if (v->arena.size() > ~std::uint32_t{0}) bad(shown, "has tokens of more than 4 GiB");
        v->begins.push_back(static_cast<std::uint32_t>(v->arena.size()));
    }
    std::array<bool, 256> there{};
    for (token t = 0; t != parts.tokens.size(); ++t) {
        auto const& s = parts.tokens[t];
        if (s.size() != 1) continue;
        auto const byte = static_cast<unsigned char>(s[0]);
        if (!there[byte]) v->of_byte[byte] = t;
        there[byte] = true;
    }
    if (auto const missing = std::ranges::find(there, false); missing != there.end()) bad(shown, "has no token for byte " + std::to_string(missing - there.begin()) + ": it is no byte-level vocabulary");

    // The whole of each merge, by its bytes: one table of open addressing instead of a map of strings.
    auto const bytes = [&](token t) -> std::string_view { return parts.tokens[t]; };
    auto const hash = [&](std::string_view a, std::string_view b) {
        std::uint64_t h = 0xCBF29CE484222325u;
        for (auto s : {a, b}) for (char c : s) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
        return h ^ h >> 32;
    };
    std::size_t slots = 16;
    while (slots < 2 * parts.tokens.size()) slots *= 2;
    constexpr token none = ~token{0};
    std::vector<token> found(slots, none);
    for (token t = 0; t != parts.tokens.size(); ++t) {
        if (bytes(t).empty()) continue;
        auto i = hash(bytes(t), {}) & (slots - 1);
        while (found[i] != none) i = (i + 1) & (slots - 1);
        found[i] = t;
    }
    v->table = merge_table(parts.merges.size());
    for (std::uint32_t rank = 0; rank != parts.merges.size(); ++rank) {
        auto const [l, r] = parts.merges[rank];
        auto const wrong = [&](std::string const& why) { bad(shown, "merge " + std::to_string(rank) + ' ' + why); };
        if (l >= parts.tokens.size() || r >= parts.tokens.size() || bytes(l).empty() || bytes(r).empty()) wrong("is of tokens that are not in the vocabulary");
        auto i = hash(bytes(l), bytes(r)) & (slots - 1);
        auto const is_whole = [&](token t) { auto const b = bytes(t); return b.size() == bytes(l).size() + bytes(r).size() && b.starts_with(bytes(l)) && b.ends_with(bytes(r)); };
        while (found[i] != none && !is_whole(found[i])) i = (i + 1) & (slots - 1);
        if (found[i] == none) wrong("makes " + in_quotes(letters_of_bytes(std::string(bytes(l)) + std::string(bytes(r)))) + ", which is not in the vocabulary");
        v->table.add(l, r, {rank, found[i]});
    }
    v->merges = std::move(parts.merges);

    XXH3_state_t* const state = XXH3_createState();
    XXH3_64bits_reset(state);
    auto const mix = [&](void const* data, std::size_t size) { XXH3_64bits_update(state, data, size); };
    mix(v->arena.data(), v->arena.size());
    mix(v->begins.data(), v->begins.size() * sizeof v->begins[0]);
    mix(v->merges.data(), v->merges.size() * sizeof v->merges[0]);
    for (auto const& a : v->added_by_id) { token const about[2] = {a.id, a.special}; mix(about, sizeof about); }
    v->hash = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return tokenizer(std::move(v));
}

tokenizer tokenizer::open(std::string const& path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    if (!fs::is_directory(path, ignored)) return of(read_tokenizer_json(path), path);
    auto const file = (fs::path(path) / "tokenizer.json").string();
    if (fs::exists(file, ignored)) return of(read_tokenizer_json(file), file);
    if (fs::exists(fs::path(path) / "merges.txt", ignored)) return of(read_vocabulary_and_merges(path), path);
    bad(path, "has neither tokenizer.json nor vocab.json and merges.txt");
}

std::size_t tokenizer::size() const { return body_->begins.size() - 1; }
std::size_t tokenizer::merges() const { return body_->merges.size(); }
std::string_view tokenizer::bytes(token t) const { return body_->bytes(t); }
std::span<added_token const> tokenizer::added() const { return body_->added_by_id; }
std::uint64_t tokenizer::hash() const { return body_->hash; }
std::optional<token> tokenizer::find(std::string_view bytes) const {
    for (token t = 0; t != size(); ++t) if (body_->bytes(t) == bytes && !bytes.empty()) return t;
    return {};
}

std::string tokenizer::decode(std::span<token const> ids, bool skip_special) const {
    std::string out;
    for (auto id : ids) {
        if (skip_special) {
            auto const a = std::ranges::lower_bound(body_->added_by_id, id, {}, &added_token::id);
            if (a != body_->added_by_id.end() && a->id == id && a->special) continue;
        }
        out += body_->bytes(id);
    }
    return out;
}

std::string tokenizer::json() const {
    auto const& v = *body_;
    std::string out = R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[)";
    for (auto const& a : v.added_by_id)
        out += (out.back() == '[' ? "\n" : ",\n") + std::string("{\"id\":") + std::to_string(a.id) + ",\"content\":" + json_text(a.text)
             + R"(,"single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":)" + (a.special ? "true}" : "false}");
    constexpr auto byte_level = R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false})";
    out += "\n],\"normalizer\":{\"type\":\"NFC\"},\n\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\",\"pattern\":{\"Regex\":" + json_text(qwen2_pattern)
         + "},\"behavior\":\"Isolated\",\"invert\":false}," + byte_level + "]},\n\"post_processor\":" + byte_level + ",\n\"decoder\":" + byte_level
         + ",\n\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":null,\"continuing_subword_prefix\":\"\",\"end_of_word_suffix\":\"\",\"fuse_unk\":false,\"byte_fallback\":false,\"ignore_merges\":false,\n\"vocab\":{";
    for (token t = 0; t != size(); ++t) {
        auto const a = std::ranges::lower_bound(v.added_by_id, t, {}, &added_token::id);
        if (v.bytes(t).empty() || (a != v.added_by_id.end() && a->id == t)) continue;
        out += (out.back() == '{' ? "\n" : ",\n") + json_text(letters_of_bytes(v.bytes(t))) + ':' + std::to_string(t);
    }
    out += "\n},\"merges\":[";
    for (auto const& [l, r] : v.merges) out += (out.back() == '[' ? "\n" : ",\n") + json_text(letters_of_bytes(v.bytes(l)) + ' ' + letters_of_bytes(v.bytes(r)));
    return out + "\n]}}\n";
}

void tokenizer::save(std::string const& folder) const {
    auto const write = [&](char const* name, std::string const& text) {
        io::atomic_file file(folder + '/' + name);
        file.write(text);
        file.commit();
    };
    std::string about = "{\n  \"tokenizer_class\": \"Qwen2Tokenizer\",\n  \"add_prefix_space\": false,\n  \"clean_up_tokenization_spaces\": false,\n  \"errors\": \"replace\",\n  \"split_special_tokens\": false,\n  \"unk_token\": null,\n  \"bos_token\": null,\n";
    for (auto const* key : {"eos_token", "pad_token"}) {
        auto const& added = body_->added_by_id;
        auto const end = std::ranges::find(added, std::string("<|endoftext|>"), &added_token::text);
        about += std::string("  \"") + key + "\": " + (end == added.end() ? "null" : json_text(end->text)) + ",\n";
    }
    about += "  \"added_tokens_decoder\": {";
    for (auto const& a : body_->added_by_id)
        about += (about.back() == '{' ? "\n    \"" : ",\n    \"") + std::to_string(a.id) + "\": {\"content\": " + json_text(a.text)
               + ", \"lstrip\": false, \"normalized\": false, \"rstrip\": false, \"single_word\": false, \"special\": " + (a.special ? "true}" : "false}");
    write("tokenizer.json", json());
    write("tokenizer_config.json", about + "\n  }\n}\n");
}

} // namespace penstock::train
