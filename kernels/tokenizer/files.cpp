// Hugging Face's files of a byte-level BPE: tokenizer.json, and the older vocab.json with merges.txt.
#include "vocabulary.hpp"
#include "split.hpp"
#include "../files/json.hpp"
#include <filesystem>
#include <unordered_map>

namespace penstock::train::detail {

namespace {

/// Code point of the letter that stands for a byte: itself where it prints, the others one by one from U+0100.
struct byte_letters {
    std::array<char32_t, 256> letter{};
    std::array<std::int16_t, 0x144> byte{};
    byte_letters() {
        byte.fill(-1);
        char32_t next = 0x100;
        for (unsigned b = 0; b != 256; ++b) {
            letter[b] = (b > 0x20 && b < 0x7F) || (b > 0xA0 && b != 0xAD) ? b : next++;
            byte[letter[b]] = static_cast<std::int16_t>(b);
        }
    }
};
byte_letters const& letters() {
    static byte_letters const only;
    return only;
}

using token_ids = std::unordered_map<std::string_view, token>;      // letters, as they stand in the file

struct file {
    std::string const& shown;

    [[noreturn]] void no(std::string const& why) const { bad(shown, why); }
    std::string_view type(dom::object o) const {
        auto const e = member(o, "type");
        return e ? detail::text(*e, shown, "type") : "";
    }
    /// Whether a member is absent, null, false, or an empty text.
    bool off(dom::object o, std::string_view key) const {
        auto const e = member(o, key);
        if (!e) return true;
        if (bool b = true; !e->get(b)) return !b;
        if (std::string_view s; !e->get(s)) return s.empty();
        return false;
    }
    void only(dom::object o, std::string_view of, std::initializer_list<std::string_view> keys) const {
        for (auto key : keys) if (!off(o, key)) no(std::string(of) + " has " + in_quotes(key) + " set, which is not built here");
    }

    void vocabulary(dom::object tokens, token_ids& ids, tokenizer_parts& to) const {
        for (auto [word, e] : tokens) {
            auto const id = whole_number(e, shown, word);
            if (id >= 1u << 24) no("token " + in_quotes(word) + " has the id " + std::to_string(id));
            auto bytes = bytes_of_letters(word);
            if (!bytes || bytes->empty()) { if (auto const [at, fresh] = ids.try_emplace(word, static_cast<token>(id)); !fresh) no("token " + in_quotes(word) + " stands there twice"); continue; }     // an added one, or one that no text can give
            if (to.tokens.size() <= id) to.tokens.resize(id + 1);
            if (!to.tokens[id].empty()) no("gives id " + std::to_string(id) + " to two tokens");
            if (!ids.try_emplace(word, static_cast<token>(id)).second) no("token " + in_quotes(word) + " stands there twice");
            to.tokens[id] = *std::move(bytes);
        }
    }
    void merge(std::string_view left, std::string_view right, token_ids const& ids, tokenizer_parts& to) const {
        auto const l = ids.find(left), r = ids.find(right);
        if (l == ids.end() || r == ids.end()) no("merge " + std::to_string(to.merges.size()) + ": " + in_quotes(l == ids.end() ? left : right) + " is not in the vocabulary");
        to.merges.emplace_back(l->second, r->second);
    }
    void merge(std::string_view both, token_ids const& ids, tokenizer_parts& to) const {
        auto const blank = both.find(' ');
        if (blank == both.npos || both.find(' ', blank + 1) != both.npos) no("merge " + std::to_string(to.merges.size()) + " is " + in_quotes(both) + ", not two tokens with a blank between them");
        merge(both.substr(0, blank), both.substr(blank + 1), ids, to);
    }
    added_token added(dom::object o, token id, std::string_view content) const {
        only(o, "added token " + in_quotes(content), {"single_word", "lstrip", "rstrip", "normalized"});
        return {std::string(content), id, !off(o, "special")};
    }
    token id(std::uint64_t n) const {
        if (n >= 1u << 24) no("has the id " + std::to_string(n));
        return static_cast<token>(n);
    }

    /// Qwen2's, and nothing else: NFC, the one pattern, bytes as letters.
    void shape(dom::object root) const {
        auto const normalizer = member(root, "normalizer");
        if (!normalizer || type(object(*normalizer, shown, "normalizer")) != "NFC") no("its normalizer is not NFC; only Qwen2's tokenizers are built here");
        auto const split = member(root, "pre_tokenizer");
        auto const parts = split ? member(object(*split, shown, "pre_tokenizer"), "pretokenizers") : std::nullopt;
        bool right = false;
        if (parts && array(*parts, shown, "pretokenizers").size() == 2) {
            auto const list = array(*parts, shown, "pretokenizers");
            auto const first = object(list.at(0).value(), shown, "pretokenizers"), second = object(list.at(1).value(), shown, "pretokenizers");
            std::string_view regex, behavior;
            right = type(first) == "Split" && !first.at_pointer("/pattern/Regex").get(regex) && regex == qwen2_pattern && !first.at_key("behavior").get(behavior) && behavior == "Isolated" && off(first, "invert")
                 && type(second) == "ByteLevel" && off(second, "add_prefix_space") && member(second, "use_regex") && off(second, "use_regex");
        }
        if (!right) no("its pre_tokenizer is not Qwen2's split into words followed by bytes as letters; only that one is built here");
        if (auto const e = member(root, "post_processor"); e && type(object(*e, shown, "post_processor")) != "ByteLevel") no("its post_processor is " + in_quotes(type(object(*e, shown, "post_processor"))) + "; only \"ByteLevel\", which adds no token, is built here");
    }
};

} // namespace

std::string letters_of_bytes(std::string_view bytes) {
    std::string out;
    for (char b : bytes) {
        auto const c = letters().letter[static_cast<unsigned char>(b)];
        if (c < 0x80) out += static_cast<char>(c);
        else { out += static_cast<char>(0xC0 | c >> 6); out += static_cast<char>(0x80 | (c & 0x3F)); }
    }
    return out;
}
std::optional<std::string> bytes_of_letters(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i != text.size();) {
        char32_t c = 0;
        auto const n = utf8_sequence(text.substr(i), c);
        if (n == 0 || c >= letters().byte.size() || letters().byte[c] < 0) return {};
        out += static_cast<char>(letters().byte[c]);
        i += n;
    }
    return out;
}

tokenizer_parts read_tokenizer_json(std::string const& path) {
    file const in{path};
    auto const text = whole_file(path);
    dom::parser parser;
    auto const root = parse_object(parser, text, path);
    in.shape(root);
    auto const e = member(root, "model");
    if (!e) in.no("has no \"model\"");
    auto const model = object(*e, path, "model");
    if (auto const type = in.type(model); !type.empty() && type != "BPE") in.no("its model is " + in_quotes(type) + "; only BPE is built here");
    in.only(model, "its model", {"dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "byte_fallback", "ignore_merges"});
    auto const vocab = member(model, "vocab"), merges = member(model, "merges");
    if (!vocab || !merges) in.no("its model has no \"vocab\" or no \"merges\"");

    tokenizer_parts parts;
    token_ids ids;
    in.vocabulary(object(*vocab, path, "vocab"), ids, parts);
    for (auto m : array(*merges, path, "merges")) {
        if (std::string_view both; !m.get(both)) { in.merge(both, ids, parts); continue; }
        auto const pair = array(m, path, "merges");     // the form since tokenizers 0.20
        if (pair.size() != 2) in.no("merge " + std::to_string(parts.merges.size()) + " is not of two tokens");
        in.merge(detail::text(pair.at(0).value(), path, "merges"), detail::text(pair.at(1).value(), path, "merges"), ids, parts);
    }
    if (auto const list = member(root, "added_tokens"))
        for (auto a : array(*list, path, "added_tokens")) {
            auto const o = object(a, path, "added_tokens");
            auto const id = member(o, "id"), content = member(o, "content");
            if (!id || !content) in.no("has an added token without \"id\" or \"content\"");
            auto const t = in.id(whole_number(*id, path, "id"));
            auto const said = detail::text(*content, path, "content");
            if (t < parts.tokens.size() && !parts.tokens[t].empty() && ids.find(said) != ids.end() && ids.find(said)->second == t) parts.tokens[t].clear();      // it stands in the vocabulary too
            parts.added.push_back(in.added(o, t, said));
        }
    return parts;
}

tokenizer_parts read_vocabulary_and_merges(std::string const& folder) {
    namespace fs = std::filesystem;
    auto const path = [&](char const* name) { return (fs::path(folder) / name).string(); };
    auto const words = path("vocab.json"), merges = path("merges.txt"), about = path("tokenizer_config.json"), extra = path("added_tokens.json");
    tokenizer_parts parts;
    token_ids ids;
    auto const text = whole_file(words), lines = whole_file(merges);
    dom::parser parser, second;
    file{words}.vocabulary(parse_object(parser, text, words), ids, parts);
    for (std::string_view rest(lines); !rest.empty();) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || (parts.merges.empty() && line.starts_with("#version"))) continue;
        file{merges}.merge(line, ids, parts);
    }
    std::error_code ignored;
    if (fs::exists(about, ignored)) {
        auto const json = whole_file(about);
        auto const root = parse_object(second, json, about);
        if (auto const added = member(root, "added_tokens_decoder"))
            for (auto [id, e] : object(*added, about, "added_tokens_decoder")) {
                auto const o = object(e, about, id);
                auto const content = member(o, "content");
                std::uint64_t n = 0;
                for (char c : id) { if (c < '0' || c > '9' || n >= 1u << 24) bad(about, "\"added_tokens_decoder\" has the key " + in_quotes(id)); n = n * 10 + static_cast<std::uint64_t>(c - '0'); }
                if (!content) bad(about, "added token " + std::string(id) + " has no \"content\"");
                parts.added.push_back(file{about}.added(o, file{about}.id(n), detail::text(*content, about, "content")));
            }
    }
    if (parts.added.empty() && fs::exists(extra, ignored)) {
        auto const json = whole_file(extra);
        for (auto [content, id] : parse_object(second, json, extra)) parts.added.push_back({std::string(content), file{extra}.id(whole_number(id, extra, content)), true});
    }
    return parts;
}

} // namespace penstock::train::detail
