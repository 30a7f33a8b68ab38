#include <penstock/train/adapters.hpp>
#include "json.hpp"
#include <algorithm>
#include <filesystem>
#include <limits>

namespace penstock::train {

using namespace detail;

adapter_options read_adapter_config(std::string const& path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    auto const shown = fs::is_directory(path, ignored) ? (fs::path(path) / "adapter_config.json").string() : path;
    auto const json = whole_file(shown);
    dom::parser parser;
    auto const root = parse_object(parser, json, shown);
    auto const no = [&](std::string_view key, std::string_view why) { bad(shown, in_quotes(key) + ' ' + std::string(why)); };
    auto const only = [&](std::string_view key, std::string_view built) {
        if (auto const e = member(root, key); e && text(*e, shown, key) != built) no(key, "is " + in_quotes(text(*e, shown, key)) + "; only " + in_quotes(built) + " is built here");
    };
    only("peft_type", "LORA"), only("bias", "none");
    for (auto const* key : {"fan_in_fan_out", "use_dora", "lora_bias"})
        if (auto const e = member(root, key); e && truth(*e, shown, key)) no(key, "is true, which is not built here");
    for (auto const* key : {"rank_pattern", "alpha_pattern"})
        if (auto const e = member(root, key); e && object(*e, shown, key).size() != 0) no(key, "gives some matrices a scale of their own, which is not built here");
    if (auto const e = member(root, "init_lora_weights"))       // PEFT's other ways to begin change the frozen weights
        if (bool plain = false; e->get(plain) != simdjson::SUCCESS && text(*e, shown, "init_lora_weights") != "gaussian") no("init_lora_weights", "is " + in_quotes(text(*e, shown, "init_lora_weights")) + ", which changes the model below; not built here");
    for (auto const* key : {"layers_to_transform", "layers_pattern", "exclude_modules", "megatron_config", "layer_replication", "target_parameters", "trainable_token_indices", "alora_invocation_tokens"})
        if (auto const e = member(root, key)) {
            dom::array list;
            if (e->get(list) || list.size() != 0) no(key, "is set, which is not built here");
        }
    if (auto const e = member(root, "modules_to_save"))
        for (auto m : array(*e, shown, "modules_to_save"))
            if (auto const name = text(m, shown, "modules_to_save"); name != "score" && name != "classifier") no("modules_to_save", "has " + in_quotes(name) + "; besides adapters the score head alone is trained here");      // PEFT adds both names for a SEQ_CLS

    adapter_options o;
    auto const size = [&](std::string_view key) {
        auto const e = member(root, key);
        if (!e) bad(shown, "has no " + in_quotes(key));
        double const n = number(*e, shown, key);            // PEFT may have written 16.0
        if (!(n >= 1 && n <= 1 << 20) || n != static_cast<int>(n)) no(key, "is no whole number of 1 and above");
        return static_cast<int>(n);
    };
    o.rank = size("r"), o.alpha = size("lora_alpha");
    if (auto const e = member(root, "use_rslora")) o.rank_stabilised = truth(*e, shown, "use_rslora");
    o.targets = {};
    auto const targets = member(root, "target_modules");
    if (!targets) bad(shown, "has no \"target_modules\"");
    if (targets->is_string()) {
        if (text(*targets, shown, "target_modules") != "all-linear") no("target_modules", "is a pattern; a list of names, or \"all-linear\", is built here");
        o.targets.fill(true);
        return o;
    }
    for (auto t : array(*targets, shown, "target_modules")) {
        auto name = text(t, shown, "target_modules");
        if (auto const dot = name.rfind('.'); dot != name.npos) name = name.substr(dot + 1);       // "self_attn.q_proj"
        auto const at = std::ranges::find(projection_names, name);
        if (at == projection_names.end()) no("target_modules", "has " + in_quotes(name) + ", which is none of the seven matrices of a layer");
        o.targets[static_cast<std::size_t>(at - projection_names.begin())] = true;
    }
    if (std::ranges::none_of(o.targets, [](bool b) { return b; })) no("target_modules", "is empty");
    return o;
}

} // namespace penstock::train
