#include <penstock/train/config.hpp>
#include "json.hpp"
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

namespace penstock::train {

namespace {

using namespace detail;
namespace fs = std::filesystem;

/// The questions asked of one config.json; every answer names its key when it is wrong.
struct reader {
    dom::object root;
    std::string const& shown;

    std::optional<dom::element> find(std::string_view key) const { return member(root, key); }
    std::uint32_t size(std::string_view key, std::optional<std::uint32_t> otherwise = {}) const {
        auto const e = find(key);
        if (!e && otherwise) return *otherwise;
        if (!e) bad(shown, "has no " + in_quotes(key));
        auto const n = whole_number(*e, shown, key);
        if (n == 0 || n > 1u << 30) bad(shown, in_quotes(key) + " is " + std::to_string(n));
        return static_cast<std::uint32_t>(n);
    }
    double positive(std::string_view key, double otherwise) const {
        auto const e = find(key);
        return e ? positive(*e, key) : otherwise;
    }
    double positive(dom::element e, std::string_view key) const {
        auto const x = number(e, shown, key);
        if (!(x > 0) || !std::isfinite(x)) bad(shown, in_quotes(key) + " is not above 0");
        return x;
    }
    std::string_view words(std::string_view key, std::string_view otherwise) const {
        auto const e = find(key);
        return e ? text(*e, shown, key) : otherwise;
    }
    std::optional<std::uint32_t> token(std::string_view key) const {
        auto e = find(key);
        if (e && e->is_array()) {
            auto const list = array(*e, shown, key);
            e = list.size() == 0 ? std::nullopt : std::optional(list.at(0).value());
        }
        if (!e) return {};
        if (std::int64_t negative = 0; !e->get(negative) && negative < 0) return {};       // -1: none
        auto const n = whole_number(*e, shown, key);
        if (n > std::numeric_limits<std::uint32_t>::max()) bad(shown, in_quotes(key) + " is " + std::to_string(n));
        return static_cast<std::uint32_t>(n);
    }
    void only(std::string_view key, std::string_view built) const {
        if (auto const said = words(key, built); said != built) bad(shown, in_quotes(key) + " is " + in_quotes(said) + "; only " + in_quotes(built) + " is built here");
    }
    /// Both forms that Transformers has written: keys of the file, and since version 5 "rope_parameters".
    double rope_theta() const {
        double theta = positive("rope_theta", 10000);
        for (auto const* key : {"rope_scaling", "rope_parameters"}) {
            auto const e = find(key);
            if (!e) continue;
            auto const o = object(*e, shown, key);
            for (auto const* kind : {"rope_type", "type"})
                if (auto const said = member(o, kind); said && text(*said, shown, kind) != "default")
                    bad(shown, in_quotes(key) + " asks for " + in_quotes(text(*said, shown, kind)) + " rotary angles; only the plain ones are built here");
            if (auto const said = member(o, "rope_theta")) theta = positive(*said, "rope_theta");
        }
        return theta;
    }
    std::vector<std::string> labels() const {
        std::vector<std::pair<std::uint64_t, std::string>> found;
        if (auto const e = find("id2label"))
            for (auto [key, value] : object(*e, shown, "id2label")) {
                char* end = nullptr;
                std::string const digits(key);
                found.emplace_back(std::strtoull(digits.c_str(), &end, 10), text(value, shown, "id2label"));
                if (digits.empty() || *end != 0 || digits.size() > 9) bad(shown, "\"id2label\" has the key " + in_quotes(key) + ", which is no whole number");
            }
        if (found.empty()) for (std::uint64_t i = 0; i != size("num_labels", 2); ++i) found.emplace_back(i, "LABEL_" + std::to_string(i));
        std::ranges::sort(found);
        std::vector<std::string> names;
        for (auto& [id, name] : found) {
            if (id != names.size()) bad(shown, "\"id2label\" has no label " + std::to_string(names.size()));
            if (std::ranges::find(names, name) != names.end()) bad(shown, "\"id2label\" has " + in_quotes(name) + " twice");
            names.push_back(std::move(name));
        }
        return names;
    }
};

std::string number_text(double x) {
    char s[32];
    for (int digits = 1; digits != 18; ++digits) {
        std::snprintf(s, sizeof s, "%.*g", digits, x);
        if (std::strtod(s, nullptr) == x) break;
    }
    std::string out = s;
    if (out.find_first_of(".en") == out.npos) out += ".0";      // Transformers checks that thetas are floats
    return out;
}

} // namespace

qwen2_config parse_config(std::string_view json, std::string const& shown) {
    simdjson::padded_string const text(json);
    dom::parser parser;
    reader const in{parse_object(parser, text, shown), shown};
    in.only("model_type", "qwen2");
    in.only("hidden_act", "silu");
    if (auto const e = in.find("use_sliding_window"); e && truth(*e, shown, "use_sliding_window")) bad(shown, "\"use_sliding_window\" is true; attention over a window is not built here");
    if (auto const e = in.find("layer_types"))
        for (auto layer : array(*e, shown, "layer_types"))
            if (detail::text(layer, shown, "layer_types") != "full_attention") bad(shown, "\"layer_types\" has " + in_quotes(detail::text(layer, shown, "layer_types")) + "; only \"full_attention\" is built here");
    if (auto const e = in.find("attention_dropout"); e && number(*e, shown, "attention_dropout") != 0) bad(shown, "\"attention_dropout\" is not 0; dropout is not built here");

    qwen2_config c;
    c.hidden_size = in.size("hidden_size");
    c.num_hidden_layers = in.size("num_hidden_layers");
    c.num_attention_heads = in.size("num_attention_heads");
    c.num_key_value_heads = in.size("num_key_value_heads", c.num_attention_heads);
    if (c.num_attention_heads % c.num_key_value_heads != 0) bad(shown, std::to_string(c.num_attention_heads) + " attention heads cannot share " + std::to_string(c.num_key_value_heads) + " key-value heads");
    if (!in.find("head_dim") && c.hidden_size % c.num_attention_heads != 0) bad(shown, "\"hidden_size\" is no multiple of \"num_attention_heads\"");
    c.head_dim = in.size("head_dim", c.hidden_size / c.num_attention_heads);
    if (c.head_dim % 2 != 0) bad(shown, "heads of " + std::to_string(c.head_dim) + " numbers cannot be turned in halves");
    c.intermediate_size = in.size("intermediate_size");
    c.vocab_size = in.size("vocab_size");
    c.max_position_embeddings = in.size("max_position_embeddings", c.max_position_embeddings);
    c.rms_norm_eps = in.positive("rms_norm_eps", c.rms_norm_eps);
    c.rope_theta = in.rope_theta();
    c.initializer_range = in.positive("initializer_range", c.initializer_range);
    if (auto const e = in.find("tie_word_embeddings")) c.tie_word_embeddings = truth(*e, shown, "tie_word_embeddings");
    c.bos_token_id = in.token("bos_token_id");
    c.eos_token_id = in.token("eos_token_id");
    c.pad_token_id = in.token("pad_token_id");
    for (auto const& [key, id] : {std::pair("bos_token_id", c.bos_token_id), std::pair("eos_token_id", c.eos_token_id), std::pair("pad_token_id", c.pad_token_id)})
        if (id && *id >= c.vocab_size) bad(shown, in_quotes(key) + " is " + std::to_string(*id) + ", and there are " + std::to_string(c.vocab_size) + " tokens");
    for (auto const* key : {"torch_dtype", "dtype"}) c.stored_type = in.words(key, c.stored_type);
    if (auto const e = in.find("architectures"); e && array(*e, shown, "architectures").size() != 0) {
        auto const what = detail::text(array(*e, shown, "architectures").at(0).value(), shown, "architectures");
        if (what == "Qwen2ForSequenceClassification") c.head = head::regression;
        else if (what != "Qwen2ForCausalLM" && what != "Qwen2Model") bad(shown, "\"architectures\" is " + in_quotes(what) + "; Qwen2ForCausalLM and Qwen2ForSequenceClassification are built here");
    }
    if (c.head == head::regression) {
        in.only("problem_type", "regression");
        c.labels = in.labels();
    }
    return c;
}

qwen2_config read_config(std::string const& path) {
    std::error_code ignored;
    auto const file = fs::is_directory(path, ignored) ? (fs::path(path) / "config.json").string() : path;
    auto const text = whole_file(file);
    return parse_config(std::string_view(text), file);
}

std::string config_json(qwen2_config const& c) {
    std::string out = "{\n";
    auto const put = [&](std::string_view key, std::string const& json) { out += (out.size() > 2 ? ",\n  " : "  ") + json_text(key) + ": " + json; };
    auto const size = [&](std::string_view key, std::uint32_t n) { put(key, std::to_string(n)); };
    auto const token = [&](std::string_view key, std::optional<std::uint32_t> id) { put(key, id ? std::to_string(*id) : "null"); };
    bool const scores = c.head == head::regression;
    put("architectures", scores ? "[\"Qwen2ForSequenceClassification\"]" : "[\"Qwen2ForCausalLM\"]");
    put("attention_dropout", "0.0");
    token("bos_token_id", c.bos_token_id);
    token("eos_token_id", c.eos_token_id);
    size("head_dim", c.head_dim);
    put("hidden_act", "\"silu\"");
    size("hidden_size", c.hidden_size);
    if (scores) {
        std::string ids = "{", names = "{";
        for (std::size_t i = 0; i != c.labels.size(); ++i) {
            ids += (i ? ", " : "") + json_text(std::to_string(i)) + ": " + json_text(c.labels[i]);
            names += (i ? ", " : "") + json_text(c.labels[i]) + ": " + std::to_string(i);
        }
        put("id2label", ids + '}');
        put("label2id", names + '}');
        put("problem_type", "\"regression\"");
    }
    put("initializer_range", number_text(c.initializer_range));
    size("intermediate_size", c.intermediate_size);
    size("max_position_embeddings", c.max_position_embeddings);
    put("model_type", "\"qwen2\"");
    size("num_attention_heads", c.num_attention_heads);
    size("num_hidden_layers", c.num_hidden_layers);
    size("num_key_value_heads", c.num_key_value_heads);
    token("pad_token_id", c.pad_token_id);
    put("rms_norm_eps", number_text(c.rms_norm_eps));
    put("rope_theta", number_text(c.rope_theta));
    put("tie_word_embeddings", c.tie_word_embeddings ? "true" : "false");
    put("torch_dtype", json_text(c.stored_type));
    put("use_cache", "true");
    put("use_sliding_window", "false");
    size("vocab_size", c.vocab_size);
    return out + "\n}\n";
}

namespace {
std::string variable(char const* name) {
    auto const* const value = std::getenv(name);
    return value ? value : "";
}
/// Empty where the environment gives nothing to start from.
std::string hub_cache() {
    for (auto const* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) if (auto v = variable(name); !v.empty()) return v;
    if (auto const v = variable("HF_HOME"); !v.empty()) return v + "/hub";
    if (auto const v = variable("XDG_CACHE_HOME"); !v.empty()) return v + "/huggingface/hub";
    if (auto const v = variable("HOME"); !v.empty()) return v + "/.cache/huggingface/hub";
    return {};
}
}

std::string find_model(std::string const& what) {
    std::error_code ignored;
    if (fs::is_directory(what, ignored)) return what;
    auto const at = what.find('@');
    auto const id = what.substr(0, at);
    auto const revision = at == what.npos ? std::string("main") : what.substr(at + 1);
    bool const like_an_id = std::ranges::count(id, '/') <= 1 && !id.empty() && id.front() != '/' && id.front() != '.' && id.back() != '/' && !revision.empty() && revision.find("..") == revision.npos;
    if (!like_an_id) bad(what, "is no folder of a model");
    auto const cache = hub_cache();
    if (cache.empty()) bad(what, "is no folder, and no cache of models is known: set HF_HOME");
    auto folder = id;
    if (auto const slash = folder.find('/'); slash != folder.npos) folder.replace(slash, 1, "--");
    auto const model = fs::path(cache) / ("models--" + folder);
    if (!fs::is_directory(model, ignored)) bad(what, "is neither a folder nor in the cache of models: there is no " + model.string());
    std::string commit = revision;
    if (std::ifstream ref(model / "refs" / revision); ref) std::getline(ref, commit);
    while (!commit.empty() && (commit.back() == '\r' || commit.back() == ' ')) commit.pop_back();
    auto const snapshot = model / "snapshots" / commit;
    if (commit.empty() || commit.find('/') != commit.npos || !fs::is_directory(snapshot, ignored)) bad(what, "is in the cache, but not its revision " + in_quotes(revision) + ": there is no " + snapshot.string());
    return snapshot.string();
}

} // namespace penstock::train
