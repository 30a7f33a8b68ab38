// Named models, from the cache to scores; and each flag of a training, by what it changes.
#include "named.hpp"
#include "training.hpp"

namespace {

struct prepared {
    test::folder in;
    prepared() {
        std::filesystem::copy(DISTILL_SAMPLE "/filter", in.path / "filter", std::filesystem::copy_options::recursive);
        REQUIRE(test::distill(in, "prepare --filter filter --input '" DISTILL_SAMPLE "/labelled.jsonl' --output-dir data --train-ratio 0.6 --val-ratio 0.2 --test-ratio 0.2").code == 0);
    }
    test::outcome train(std::string const& flags) const { return test::distill(in, "train --filter filter --data-dir data " + flags); }
    std::string weights(char const* run) const { return test::read(in / (std::string(run) + "/model/model.safetensors")); }
};

struct scored { std::map<std::string, double> scores; };

struct cache {       // HF_HUB_CACHE, and back
    explicit cache(std::string const& hub) { ::setenv("HF_HUB_CACHE", hub.c_str(), 1); }
    ~cache() { ::unsetenv("HF_HUB_CACHE"); }
};

penstock::train::tensor_view const& tensor(penstock::train::safetensors const& f, std::string_view name) {
    auto const* const t = f.find(name);
    REQUIRE_MESSAGE(t, std::string(name));
    return *t;
}

} // namespace

TEST_CASE("a named model: from shards in the cache by LoRA to a model that scores, and on from a checkpoint") {
    prepared const p;
    auto const snapshot = test::cached_model(p.in);
    cache const c(p.in / "hub");
    std::string const flags = "--model-name Qwen/Small --epochs 2 --batch-size 4 --max-length 48 --learning-rate 1e-3 --warmup-steps 5 ";
    auto const said = p.train(flags + "--output-dir one");
    CAPTURE(said.err);
    REQUIRE(said.code == 0);
    auto const about = test::read(p.in / "one/training_metadata.json");
    CHECK(about.find("\"lora_r\":16,\"lora_alpha\":32") != about.npos);
    CHECK(about.find("\"dtype\":\"bf16\"") != about.npos);

    // the adapters are the seven of PEFT, the score head is whole, the trunk in model/ has moved where there are adapters, and nowhere else
    namespace train = penstock::train;
    auto const base = train::safetensors::open(snapshot), model = train::safetensors::open(p.in / "one/model"), adapter = train::safetensors::open(p.in / "one/model/adapter");
    CHECK(adapter.tensors().size() == 2 * 7 * 2 + 1);
    CHECK(tensor(adapter, "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight").shape[0] == 16);
    CHECK(adapter.find("base_model.model.score.weight"));
    auto const moved = [&](char const* name) {
        std::vector<float> before(train::elements(tensor(base, name).shape)), after(before.size());
        train::read(tensor(base, name), 0, std::span(before)), train::read(tensor(model, name), 0, std::span(after));
        float most = 0;
        for (std::size_t i = 0; i != before.size(); ++i) most = std::max(most, std::abs(before[i] - after[i]));
        return most > 2e-3F;        // bf16 rounds 0.06 by less
    };
    CHECK(moved("model.layers.0.self_attn.q_proj.weight"));
    CHECK(!moved("model.embed_tokens.weight"));
    CHECK(!moved("model.layers.0.input_layernorm.weight"));
    auto const config = train::read_config(p.in / "one/model");
    CHECK(config.labels == std::vector<std::string>{"practicality", "safety", "thrift", "clarity"});
    CHECK(config.pad_token_id == config.eos_token_id);
    CHECK(test::distill(p.in, "evaluate --filter filter --data-dir data --output-dir one").code == 0);
    CHECK(test::distill(p.in, "score --model one/model --input data/test.jsonl --output scores.jsonl --dtype bf16").code == 0);

    // half of it, then the rest: a checkpoint of adapters holds no trunk, that comes from the cache again
    std::filesystem::create_directories(p.in.path / "two");
    REQUIRE(std::system(("cd '" + p.in.path.string() + "' && { '" DISTILL_PROGRAM "' train --filter filter --data-dir data " + flags + "--output-dir two --save-steps 3 >out.txt 2>err.txt </dev/null & p=$!; i=0; while [ $i != 1200 ] && [ ! -e "
                         "two/checkpoint.safetensors ]; do sleep 0.01; i=$((i+1)); done; kill -9 $p; wait $p; true; } 2>/dev/null").c_str()) == 0);
    auto const rest = p.train(flags + "--output-dir two --save-steps 3 --resume");
    CAPTURE(rest.err);
    REQUIRE(rest.code == 0);
    CHECK(p.weights("two") == p.weights("one"));

    auto const all = p.train(flags + "--output-dir three --lora-r 0 --epochs 1");
    CHECK(all.code == 0);
    CHECK(!std::filesystem::exists(p.in.path / "three/model/adapter"));
    CHECK(p.train(flags + "--output-dir x --max-length 129").err == "distill: --max-length 129 is more than the model's 128 positions\n");
    auto const none = p.train("--model-name Qwen/Other --output-dir x");
    CHECK(none.code == 3);
    CHECK(none.err.find("Qwen/Other") != none.err.npos);
    CHECK(none.err.find(p.in / "hub") != none.err.npos);
}

TEST_CASE("a trunk with a hole is no model to go on from") {
    prepared const p;
    test::cached_model(p.in, "model.layers.1.mlp.up_proj.weight");
    cache const c(p.in / "hub");
    auto const said = p.train("--model-name Qwen/Small --max-length 48 --output-dir one");
    CHECK(said.code == 3);
    CHECK_MESSAGE(said.err.ends_with(": lacks model.layers.1.mlp.up_proj.weight\n"), said.err);
}

TEST_CASE("an adapter over the model that was begun with scores as the merged model does, and is where a training begins") {
    prepared const p;
    auto const begun = test::cached_model(p.in);
    cache const c(p.in / "hub");
    REQUIRE(p.train("--model-name Qwen/Small --max-length 48 --epochs 1 --batch-size 8 --warmup-steps 2 --learning-rate 1e-2 --dtype float32 --lora-targets q_proj --lora-targets up_proj --output-dir one").code == 0);
    auto const scores = [&](std::string const& flags) {
        auto const said = test::distill(p.in, "score " + flags + " --input data/test.jsonl --output scores.jsonl --max-length 48");
        CHECK_MESSAGE(said.code == 0, said.err);
        std::vector<double> all;
        for (auto const& line : test::lines(test::read(p.in / "scores.jsonl"))) {
            auto const r = penstock::json::decode<scored>(line);
            REQUIRE(r);
            for (auto const& [name, x] : r->scores) all.push_back(x);
        }
        return all;
    };
    auto const apart = [](std::vector<double> a, std::vector<double> b) {      // LABEL_0 … are in the order of dimensions, names in that of the alphabet
        double most = a.size() == b.size() && !a.empty() ? 0 : 1e9;
        std::ranges::sort(a), std::ranges::sort(b);
        for (std::size_t i = 0; most < 1e9 && i != a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
        return most;
    };
    auto const merged = scores("--model one/model");
    CHECK(apart(merged, scores("--model Qwen/Small --adapter one/model/adapter")) < 1e-4);
    REQUIRE(p.train("--model-name Qwen/Small --adapter one/model/adapter --max-length 48 --epochs 1 --batch-size 8 --learning-rate 0 --dtype float32 --output-dir two").code == 0);
    CHECK(apart(merged, scores("--model two/model")) < 1e-4);
    CHECK(test::read(p.in / "two/model/adapter/adapter_config.json") == test::read(p.in / "one/model/adapter/adapter_config.json"));

    CHECK(p.train("--model-name Qwen/Small --adapter one/model/adapter --lora-r 4 --output-dir x").code == 2);
    CHECK(p.train("--model-name tiny --adapter one/model/adapter --output-dir x").code == 2);
    CHECK(p.train("--model-name Qwen/Small --adapter one/model --output-dir x").err.find("adapter_config.json") != std::string::npos);
    auto const config = p.in / "one/model/adapter/adapter_config.json";
    auto text = test::read(config);
    auto const at = text.find("\"up_proj\"");
    REQUIRE(at != std::string::npos);
    test::write(config, text.replace(at, 9, "\"down_proj\""));
    auto const other = p.train("--model-name Qwen/Small --adapter one/model/adapter --max-length 48 --output-dir x");
    CHECK(other.code == 3);
    CHECK_MESSAGE(other.err.find("one/model/adapter: has the tensor base_model.model.model.layers.0.mlp.up_proj.lora_A.weight, which no adapter of this model has") != std::string::npos, other.err);
}

TEST_CASE("a model that cannot fit is refused before its first step, with what would") {
    prepared const p;
    auto const snapshot = test::cached_model(p.in);
    cache const c(p.in / "hub");
    auto config = test::read(snapshot + "/config.json");
    auto const at = config.find("\"intermediate_size\": 96");
    REQUIRE(at != std::string::npos);
    test::write(snapshot + "/config.json", config.replace(at, 23, "\"intermediate_size\": 1000000000"));
    auto const said = p.train("--model-name Qwen/Small --max-length 48 --output-dir one");
    CHECK(said.code == 2);
    CHECK_MESSAGE(said.err.find("distill: this training does not fit into the ") == 0, said.err);
    CHECK_MESSAGE(said.err.find("GiB: a smaller model would fit, or shorter articles (--max-length)\n") != std::string::npos, said.err);
}

TEST_CASE("flags of the loss and the optimizer reach the trainer; from YAML too") {
    distill::training_options o{.model_name = "x", .lora_targets = {"q_proj", "down_proj"}, .lora_rslora = true, .huber = 1.5, .score_weight = 0.5, .weight_decay = 0.1, .max_grad_norm = 2, .lr_scheduler = penstock::train::schedule::cosine};
    o.keep = distill::kept::inputs;
    auto const how = distill::trainer_options_of(distill::decide(o), o, 77);
    CHECK(how.precision == penstock::train::precision::bf16);
    CHECK(how.recompute == penstock::train::recompute::blocks);
    CHECK(how.optimizer == penstock::train::optimizer_options{.rate = 2e-5, .decay = 0.1, .clip = 2, .schedule = penstock::train::schedule::cosine, .warmup = 500, .steps = 77, .huber = 1.5});
    CHECK(how.adapters == penstock::train::adapter_options{.rank = 16, .alpha = 32, .rank_stabilised = true, .targets = {true, false, false, false, false, false, true}});
    o = {.model_name = "tiny"};
    CHECK(distill::trainer_options_of(distill::decide(o), o, 1).precision == penstock::train::precision::f32);
    CHECK(distill::trainer_options_of(distill::decide(o), o, 1).recompute == penstock::train::recompute::nothing);
    CHECK(test::error_of([] { (void)distill::decide({.model_name = "x", .lora_targets = {"query"}}); }).starts_with("2: --lora-targets query is none of"));

    prepared const p;
    test::write(p.in / "c.yaml", "filter:\n  path: filter\nmodel:\n  name: tiny\n  max_length: 48\ntraining:\n  epochs: 1\n  batch_size: 4\n  weight_decay: 0.3\n  lr_scheduler: cosine\n  score_weight: 2\n  dtype: bf16\n");
    REQUIRE(test::distill(p.in, "train --config c.yaml --data-dir data --output-dir one").code == 0);
    auto const about = test::read(p.in / "one/training_metadata.json");
    CHECK_MESSAGE(about.find("\"dtype\":\"bf16\",\"moments\":\"float32\",\"lr_scheduler\":\"cosine\",\"huber\":0,\"score_weight\":2,\"weight_decay\":0.3,") != about.npos, about);
    test::write(p.in / "c.yaml", "training:\n  lr_scheduler: cosin\n");
    auto const wrong = p.train("--model-name tiny --output-dir x --config c.yaml");
    CHECK(wrong.code == 2);
    CHECK_MESSAGE(wrong.err.find("c.yaml:2") != wrong.err.npos, wrong.err);
}

TEST_CASE("each flag of the loss changes the model; what only takes memory changes no byte; another order or step is another run") {
    prepared const p;
    std::string const flags = "--model-name tiny --epochs 1 --batch-size 8 --max-length 48 --warmup-steps 2 ";
    REQUIRE(p.train(flags + "--output-dir plain").code == 0);
    auto const plain = p.weights("plain");
    int i = 0;
    for (auto const* more : {"--huber 0.5", "--score-weight 1", "--weight-decay 0.5", "--max-grad-norm 0.01", "--lr-scheduler constant", "--dtype bf16", "--moments bf16", "--lora-r 4"}) {
        CAPTURE(more);
        auto const run = "changed" + std::to_string(i++);
        REQUIRE(p.train(flags + "--output-dir " + run + ' ' + more).code == 0);
        CHECK(p.weights(run.c_str()) != plain);
    }
    for (auto const* more : {"--keep products", "--keep inputs", "--save-steps 1"}) {
        CAPTURE(more);
        auto const run = "same" + std::to_string(i++);
        REQUIRE(p.train(flags + "--output-dir " + run + ' ' + more).code == 0);
        CHECK(p.weights(run.c_str()) == plain);
    }
    // ids come from the cache when it is there; a damaged one is made again
    for (auto const& f : std::filesystem::directory_iterator(p.in.path / "plain/cache")) std::filesystem::resize_file(f.path(), 9);
    REQUIRE(p.train(flags + "--output-dir plain").code == 0);
    CHECK(p.weights("plain") == plain);
    CHECK(p.train(flags + "--output-dir plain --resume --seed 43").err.find("is of a run with --seed 42 and 8 articles a step, this run has 43 and 8") != std::string::npos);
    CHECK(p.train("--model-name tiny --epochs 2 --batch-size 16 --max-length 48 --warmup-steps 2 --output-dir plain --resume").code == 3);
    CHECK(p.train(flags + "--output-dir plain --resume --score-weight 1").err.find("is of other training data") != std::string::npos);
    CHECK(p.train("--model-name tiny --epochs 1 --batch-size 8 --max-length 40 --warmup-steps 2 --output-dir plain --resume").err.find("is of a run with --max-length 48, this run has 40") != std::string::npos);
    auto const validation = test::read(p.in / "data/val.jsonl");
    test::write(p.in / "data/val.jsonl", validation.substr(0, validation.find('\n') + 1));
    CHECK(p.train(flags + "--output-dir plain --resume").err.find("is of other training data or validation data") != std::string::npos);
    test::write(p.in / "data/val.jsonl", validation);
    for (auto const* adapters : {"--lora-targets q_proj", "--lora-alpha 8", "--lora-rslora"}) CHECK(p.train(flags + "--output-dir none " + adapters).code == 2);      // a preset has none
    CHECK(p.train(flags + "--output-dir none --resume").err.find("none/checkpoint.safetensors") != std::string::npos);
}
