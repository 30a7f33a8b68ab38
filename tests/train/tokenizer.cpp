#include <penstock/train/tokenizer.hpp>
#include "support.hpp"
#include "tiktoken.hpp"
#include <algorithm>
#include <sstream>
namespace tr = penstock::train;

namespace {
constexpr auto some_text = "The reservoir filled slowly; the turbines didn't. Engineers' notes from 1987 say: \"it'll hold\".\n\n  Two years later\tthey'd raised the dam by 12.5 m — über alles 水力発電所 हिन्दी 👩‍🔬.\r\n"
                           "A pipe that feeds a turbine is a penstock, and a penstock's valve closes slowly, because water in a long pipe is heavy and does not like to be stopped.\n";
tr::tokenizer trained(std::size_t vocabulary) {
    tr::tokenizer_training learn;
    for (int i = 0; i != 3; ++i) learn.add(some_text);
    return learn.finish({.vocabulary = vocabulary});
}
std::vector<std::string> words(std::string_view text) {
    // With no merges but those that join everything, a word is what encode cannot cross: taken here from a vocabulary that merges nothing, the split is seen through training.
    tr::tokenizer_training learn;
    learn.add(text);
    auto const t = learn.finish({.vocabulary = 100000, .at_least = 1, .added = {}});
    tr::encoder e(t);
    std::vector<std::string> out;
    for (auto id : e.encode(text)) out.emplace_back(t.bytes(id));
    return out;
}
using list = std::vector<std::string>;
/// The merges of a tokenizer.json of ours, one a line there, as they stand between their quotes.
list merge_lines(std::string const& json) {
    std::istringstream in(json.substr(json.find("\"merges\":[") + 11));
    list out;
    for (std::string line; std::getline(in, line) && line != "]}}";) out.push_back(line.substr(1, line.rfind('"') - 1));
    return out;
}
}

TEST_CASE("the split into words, alternative by alternative") {
    CHECK(words("I'll say they'VE'd it's") == list{"I", "'ll", " say", " they", "'VE", "'d", " it", "'s"});
    CHECK(words("don\xE2\x80\x99t 'x' '\xC5\xBFo") == list{"don", "\xE2\x80\x99t", " '", "x", "'", " '", "\xC5\xBFo"});
    CHECK(words("a'\xC5\xBFo") == list{"a", "'\xC5\xBF", "o"});
    CHECK(words("1234 5") == list{"1", "2", "3", "4", " ", "5"});
    CHECK(words("x!!\n\n y") == list{"x", "!!\n\n", " y"});
    CHECK(words("a   b") == list{"a", "  ", " b"});
    CHECK(words("a \n \n  b") == list{"a", " \n \n", " ", " b"});
    CHECK(words("a  ") == list{"a", "  "});
    CHECK(words("a \t(b)\tc\r\nd") == list{"a", " ", "\t", "(b", ")", "\tc", "\r\n", "d"});
    CHECK(words("\xC2\xA0x\xE3\x80\x80\xE3\x80\x80" "1") == list{"\xC2\xA0x", "\xE3\x80\x80", "\xE3\x80\x80", "1"});
    CHECK(words("\xC2\xB2\xE2\x85\xA7z") == list{"\xC2\xB2", "\xE2\x85\xA7", "z"});
    CHECK(words("\xFFx\xC3") == list{"\xFFx", "\xC3"});
    CHECK(words("") == list{});
}

TEST_CASE("what is encoded is decoded: the text in NFC") {
    auto const t = trained(400);
    tr::encoder e(t);
    CHECK(t.decode(e.encode(some_text)) == some_text);
    CHECK(e.encode(some_text).size() < std::string_view(some_text).size() / 2);
    CHECK(t.decode(e.encode("e\xCC\x81")) == "\xC3\xA9");
    CHECK(t.decode(e.encode("a\xCC\x81\xCC\xA3 \xE2\x84\xAB")) == "\xE1\xBA\xA1\xCC\x81 \xC3\x85");
    CHECK(t.decode(e.encode("\xC2\xA8\xCC\x81")) == "\xCE\x85");
    CHECK(t.decode(e.encode("\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8")) == "\xEA\xB0\x81");
    CHECK(t.decode(e.encode("\xFF\xCC\x81 \xE2\x84")) == "\xFF\xCC\x81 \xE2\x84");
    std::string all;
    for (int b = 0; b != 256; ++b) all += static_cast<char>(b);
    CHECK(t.decode(e.encode(all)) == all);
    std::string const long_word(5000, 'a'), mixed = long_word + "turbine" + long_word;
    CHECK(t.decode(e.encode(mixed)) == mixed);
    CHECK(e.count(mixed) == e.encode(mixed).size());
    std::vector<tr::token> more = {7};
    e.encode("pipe", more);
    CHECK(more.front() == 7);
    CHECK(t.decode(std::span(more).subspan(1)) == "pipe");
    CHECK(t.decode(std::vector<tr::token>{100000}) == "");
}

TEST_CASE("a word gives the same ids from the cache, in short, and in long form") {
    auto const t = trained(500);
    tr::encoder e(t), fresh(t);
    auto const text = std::string(some_text) + some_text + std::string(100, 'e') + " penstockpenstockpenstockpenstockpenstockpenstock";
    auto const once = e.encode(text), again = e.encode(text);
    CHECK(once == again);
    std::vector<tr::token> by_pieces;       // every word by an encoder that has seen nothing
    for (auto const& w : words(text)) { tr::encoder one(t); one.encode(w, by_pieces); }
    CHECK(by_pieces == once);
}

TEST_CASE("added tokens are found first, the longest of those that begin at one place") {
    auto const plain = trained(300);
    tr::tokenizer_parts parts;
    for (tr::token i = 0; i != 256; ++i) parts.tokens.emplace_back(1, static_cast<char>(i));
    parts.added = {{"<|a|>", 300, true}, {"<|a|>b", 301, false}, {"\xC3\xA9!", 302, true}};
    auto const t = tr::tokenizer::of(parts, "t");
    tr::encoder e(t);
    CHECK(e.encode("x<|a|>b<|a|><|a\xC3\xA9!") == std::vector<tr::token>{'x', 301, 300, '<', '|', 'a', 302});
    CHECK(t.decode(e.encode("x<|a|>b<|a|>y"), true) == "x<|a|>by");
    CHECK(t.size() == 303);
    CHECK(t.bytes(299).empty());
    CHECK(t.find("<|a|>") == 300u);
    CHECK(!t.find("nothing"));
    // Before composition: an accent behind the token joins nothing.
    CHECK(e.encode("<|a|>\xCC\x81") == std::vector<tr::token>{300, 0xCC, 0x81});
    CHECK(plain.added().size() == 3);
    CHECK(plain.added()[0].text == "<|endoftext|>");
}

TEST_CASE("a tokenizer.json is read as it was written, and every other tokenizer is refused") {
    test::folder const f;
    auto const t = trained(400);
    t.save(f.path.string());
    auto const again = tr::tokenizer::open(f.path.string());
    CHECK(again.hash() == t.hash());
    CHECK(again.json() == t.json());
    CHECK(again.size() == 400);
    CHECK(trained(399).hash() != t.hash());
    auto const text = test::read(f / "tokenizer.json");
    auto const with = [&](std::string const& from, std::string const& to) {
        auto changed = text;
        auto const at = changed.find(from);
        REQUIRE(at != changed.npos);
        changed.replace(at, from.size(), to);
        test::write(f / "t.json", changed);
        auto const said = test::error_of([&] { (void)tr::tokenizer::open(f / "t.json"); });
        return said.starts_with("3: " + (f / "t.json") + ": ") ? said.substr(5 + (f / "t.json").size()) : said;
    };
    CHECK(with("NFC", "NFKC") == "its normalizer is not NFC; only Qwen2's tokenizers are built here");
    CHECK(with("\\\\p{N}|", "\\\\p{N}{1,3}|") == "its pre_tokenizer is not Qwen2's split into words followed by bytes as letters; only that one is built here");
    CHECK(with("\"use_regex\":false", "\"use_regex\":true") == "its pre_tokenizer is not Qwen2's split into words followed by bytes as letters; only that one is built here");
    CHECK(with("\"type\":\"BPE\"", "\"type\":\"Unigram\"") == "its model is \"Unigram\"; only BPE is built here");
    CHECK(with("\"dropout\":null", "\"dropout\":0.1") == "its model has \"dropout\" set, which is not built here");
    CHECK(with("\"ignore_merges\":false", "\"ignore_merges\":true") == "its model has \"ignore_merges\" set, which is not built here");
    CHECK(with("\"lstrip\":false", "\"lstrip\":true") == "added token \"<|endoftext|>\" has \"lstrip\" set, which is not built here");
    CHECK(with("\"!\":0,\n", "") == "has no token for byte 33: it is no byte-level vocabulary");
    CHECK(with("\"\\\"\":1,", "\"\\\"\":0,") == "gives id 0 to two tokens");
    CHECK(with("\"merges\":[\n", "\"merges\":[\n\"a b c\",") == "merge 0 is \"a b c\", not two tokens with a blank between them");
    CHECK(with("\"merges\":[\n", "\"merges\":[\n\"zz a\",") == "merge 0: \"zz\" is not in the vocabulary");
    CHECK(with("\"merges\":[\n", "\"merges\":[\n\"z %\",") == "merge 0 makes \"z%\", which is not in the vocabulary");
    CHECK(with("\"merges\":[\n", "\"merges\":[\n[\"z\"],") == "merge 0 is not of two tokens");
    CHECK(with("{", "") .starts_with("is not JSON: "));
    CHECK(test::error_of([&] { (void)tr::tokenizer::open(f / "none"); }) == "3: " + (f / "none") + ": cannot be read: No such file or directory");
    // Merges as pairs, the newer form.
    auto const begin = text.find("\"merges\":[") + 10;
    std::string pairs = text.substr(0, begin);
    for (auto const& m : merge_lines(text)) {
        auto const blank = m.find(' ');
        pairs += (pairs.back() == '[' ? "[\"" : ",[\"") + m.substr(0, blank) + "\",\"" + m.substr(blank + 1) + "\"]";
    }
    pairs += "]}}";
    test::write(f / "pairs.json", pairs);
    CHECK(tr::tokenizer::open(f / "pairs.json").hash() == t.hash());
}

TEST_CASE("vocab.json and merges.txt say the same") {
    test::folder const f;
    auto const t = trained(400);
    auto const text = t.json();
    auto const from = text.find("\"vocab\":") + 8;
    test::write(f / "vocab.json", text.substr(from, text.find("},\"merges\"") + 1 - from));
    std::string lines = "#version: 0.2\n";
    for (auto line : merge_lines(text)) {
        std::erase(line, '\\');       // only quotes are escaped in it
        lines += line + "\r\n";
    }
    test::write(f / "merges.txt", lines);
    test::write(f / "added_tokens.json", R"({"<|endoftext|>":397,"<|im_start|>":398,"<|im_end|>":399})");
    CHECK(tr::tokenizer::open(f.path.string()).hash() == t.hash());
    test::write(f / "tokenizer_config.json", R"({"added_tokens_decoder":{"397":{"content":"<|endoftext|>","special":true},"398":{"content":"<|im_start|>","special":true},"399":{"content":"<|im_end|>","special":true}}})");
    CHECK(tr::tokenizer::open(f.path.string()).hash() == t.hash());
    test::write(f / "merges.txt", lines + "nonsense\n");
    CHECK(test::error_of([&] { (void)tr::tokenizer::open(f.path.string()); }) == "3: " + (f / "merges.txt") + ": merge " + std::to_string(t.merges()) + " is \"nonsense\", not two tokens with a blank between them");
    test::folder const empty;
    CHECK(test::error_of([&] { (void)tr::tokenizer::open(empty.path.string()); }) == "3: " + empty.path.string() + ": has neither tokenizer.json nor vocab.json and merges.txt");
}

TEST_CASE("training: the order of texts is of no influence, frequent pairs come first") {
    tr::tokenizer_training one, two;
    std::vector<std::string> texts = {"abab abab ab", "cdcd cdcd", "the the the", some_text, "\xE6\xB0\xB4\xE5\x8A\x9B"};
    for (auto const& t : texts) one.add(t);
    std::ranges::reverse(texts);
    for (auto const& t : texts) two.add(t);
    CHECK(one.finish({.vocabulary = 400}).hash() == two.finish({.vocabulary = 400}).hash());
    tr::tokenizer_training learn;
    learn.add("aaaa aaaa aaaa b");
    auto const t = learn.finish({.vocabulary = 1000, .added = {}});
    // 'a' 'a' stands 9 times, then ' ' 'a' and 'aa' 'a'... until nothing is seen twice.
    tr::encoder e(t);
    CHECK(t.decode(std::vector{e.encode("aaaa").front()}) == "aaaa");
    CHECK(e.encode("aaaa aaaa").size() == 2);
    CHECK(e.encode(" b").size() == 2);      // seen once
    CHECK(test::error_of([&] { (void)learn.finish({.vocabulary = 258}); }) == "2: a vocabulary of 258 tokens is too small: 256 bytes and 3 added tokens are in every one");
}

TEST_CASE("Qwen2's own vocabulary: llama.cpp's vectors") {
    auto const ranks = test::real_data("tokenizer/qwen.tiktoken"), inputs = test::real_data("tokenizer/qwen2.vectors.inp"), outputs = test::real_data("tokenizer/qwen2.vectors.out");
    if (!ranks || !inputs || !outputs) return;
    auto const t = tr::tokenizer::of(test::from_tiktoken(*ranks), *ranks);
    CHECK(t.merges() == 151387);
    tr::encoder e(t);
    auto const in = test::read(*inputs);
    std::istringstream out(test::read(*outputs));
    std::size_t vectors = 0;
    constexpr std::string_view between = "\n__ggml_vocab_test__\n";
    for (std::size_t from = 0; from < in.size(); ++vectors) {
        auto const to = in.find(between, from);
        auto const text = in.substr(from, to - from);
        std::string line, ours;
        std::getline(out, line);
        for (auto id : e.encode(text)) ours += ' ' + std::to_string(id);
        CHECK_MESSAGE(ours == line, "text " << text);
        if (to == in.npos) break;
        from = to + between.size();
    }
    CHECK(vectors == 46);
}
