#include <penstock/train/config.hpp>
#include "support.hpp"
namespace tr = penstock::train;

namespace {
std::string with(std::string const& more) {
    return R"({"model_type":"qwen2","hidden_act":"silu","hidden_size":896,"num_hidden_layers":24,"num_attention_heads":14,"num_key_value_heads":2,"intermediate_size":4864,"vocab_size":151936)" + more + "}";
}
tr::qwen2_config parsed(std::string const& more) { return tr::parse_config(with(more), "c"); }
std::string said(std::string const& more) { return test::error_of([&] { (void)parsed(more); }); }
}

TEST_CASE("Qwen2.5-0.5B as Transformers 4 writes it") {
    auto const c = parsed(R"(,"architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":[151645,151643],"initializer_range":0.02,"max_position_embeddings":32768,"max_window_layers":24,"rms_norm_eps":1e-06,"rope_theta":1000000.0,"sliding_window":32768,"tie_word_embeddings":true,"torch_dtype":"bfloat16","use_cache":true,"use_sliding_window":false)");
    CHECK(c.head_dim == 64);
    CHECK(c.query_size() == 896);
    CHECK(c.key_value_size() == 128);
    CHECK(c.rope_theta == 1e6);
    CHECK(c.rms_norm_eps == 1e-6);
    CHECK(c.tie_word_embeddings);
    CHECK(c.bos_token_id == 151643u);
    CHECK(c.eos_token_id == 151645u);
    CHECK(!c.pad_token_id);
    CHECK(c.stored_type == "bfloat16");
    CHECK(c.head == tr::head::language_model);
}

TEST_CASE("both forms of rope_theta; what a file leaves out is what Transformers takes") {
    CHECK(parsed("").rope_theta == 10000);
    CHECK(parsed(R"(,"rope_theta":5000.5)").rope_theta == 5000.5);
    CHECK(parsed(R"(,"rope_parameters":{"rope_theta":1000000,"rope_type":"default"})").rope_theta == 1e6);
    CHECK(parsed(R"(,"rope_scaling":null,"rope_theta":2)").rope_theta == 2);
    CHECK(parsed("").max_position_embeddings == 32768);
    CHECK(!parsed("").tie_word_embeddings);
    CHECK(parsed(R"(,"head_dim":128)").head_dim == 128);
    CHECK(parsed(R"(,"dtype":"float16")").stored_type == "float16");
    CHECK(!parsed(R"(,"eos_token_id":[],"pad_token_id":-1)").eos_token_id);
}

TEST_CASE("what is not built here is refused by its key") {
    CHECK(said(R"(,"use_sliding_window":true)") == "3: c: \"use_sliding_window\" is true; attention over a window is not built here");
    CHECK(said(R"(,"layer_types":["full_attention","sliding_attention"])") == "3: c: \"layer_types\" has \"sliding_attention\"; only \"full_attention\" is built here");
    CHECK(said(R"(,"rope_scaling":{"type":"yarn","factor":4.0})") == "3: c: \"rope_scaling\" asks for \"yarn\" rotary angles; only the plain ones are built here");
    CHECK(said(R"(,"attention_dropout":0.1)") == "3: c: \"attention_dropout\" is not 0; dropout is not built here");
    CHECK(said(R"(,"architectures":["Qwen2ForTokenClassification"])") == "3: c: \"architectures\" is \"Qwen2ForTokenClassification\"; Qwen2ForCausalLM and Qwen2ForSequenceClassification are built here");
    CHECK(said(R"(,"architectures":["Qwen2ForSequenceClassification"],"problem_type":"single_label_classification")") == "3: c: \"problem_type\" is \"single_label_classification\"; only \"regression\" is built here");
    CHECK(test::error_of([] { (void)tr::parse_config(R"({"model_type":"llama"})", "c"); }) == "3: c: \"model_type\" is \"llama\"; only \"qwen2\" is built here");
    CHECK(test::error_of([] { (void)tr::parse_config("{}", "c"); }) == "3: c: has no \"hidden_size\"");
    CHECK(test::error_of([] { (void)tr::parse_config("[]", "c"); }) == "3: c: is not a JSON object");
    CHECK(said(R"(,"rms_norm_eps":0)") == "3: c: \"rms_norm_eps\" is not above 0");
    CHECK(said(R"(,"rope_theta":"much")") == "3: c: \"rope_theta\" is not a number");
    CHECK(test::error_of([] { (void)tr::parse_config(R"({"hidden_size":10,"num_hidden_layers":1,"num_attention_heads":4,"num_key_value_heads":3,"intermediate_size":1,"vocab_size":1})", "c"); }) == "3: c: 4 attention heads cannot share 3 key-value heads");
}

TEST_CASE("a regression's file names its dimensions, and comes back as it was") {
    auto c = parsed(R"(,"rope_theta":1000000.0,"tie_word_embeddings":true,"pad_token_id":151643,"eos_token_id":7,"rms_norm_eps":1e-06,"torch_dtype":"bfloat16")");
    CHECK(tr::parse_config(tr::config_json(c), "c") == c);
    c.head = tr::head::regression;
    for (int i = 0; i != 12; ++i) c.labels.push_back("dimension \"" + std::to_string(i) + '"');
    auto const text = tr::config_json(c);
    CHECK(text.find("\"problem_type\": \"regression\"") != text.npos);
    CHECK(text.find("\"rope_theta\": 1e+06") != text.npos);
    CHECK(tr::parse_config(text, "c") == c);
}

TEST_CASE("a folder, or an id in the cache") {
    test::folder const f;
    auto const cached = [&](std::string const& what) { return tr::find_model(what); };
    ::unsetenv("HF_HUB_CACHE");
    ::unsetenv("HUGGINGFACE_HUB_CACHE");
    ::setenv("HF_HOME", f.path.c_str(), 1);
    auto const model = f / "hub/models--Qwen--Qwen2.5-0.5B";
    CHECK(test::error_of([&] { cached("Qwen/Qwen2.5-0.5B"); }) == "3: Qwen/Qwen2.5-0.5B: is neither a folder nor in the cache of models: there is no " + model);
    test::write(model + "/refs/main", "0123abcd\n");
    CHECK(test::error_of([&] { cached("Qwen/Qwen2.5-0.5B"); }) == "3: Qwen/Qwen2.5-0.5B: is in the cache, but not its revision \"main\": there is no " + model + "/snapshots/0123abcd");
    test::write(model + "/snapshots/0123abcd/config.json", with(""));
    CHECK(cached("Qwen/Qwen2.5-0.5B") == model + "/snapshots/0123abcd");
    CHECK(cached("Qwen/Qwen2.5-0.5B@0123abcd") == model + "/snapshots/0123abcd");
    CHECK(tr::read_config(cached("Qwen/Qwen2.5-0.5B")).hidden_size == 896);
    CHECK(cached(model) == model);
    CHECK(test::error_of([&] { cached("/no/such/folder"); }) == "3: /no/such/folder: is no folder of a model");
    CHECK(test::error_of([&] { cached("../x"); }) == "3: ../x: is no folder of a model");
    CHECK(test::error_of([&] { (void)tr::read_config(f / "none.json"); }) == "3: " + (f / "none.json") + ": cannot be read: No such file or directory");
    ::unsetenv("HF_HOME");
}

TEST_CASE("a token beyond the vocabulary, and a label that stands twice, are refused") {
    for (auto const* key : {"pad_token_id", "eos_token_id", "bos_token_id"})
        CHECK(said(std::string(",\"") + key + "\":151936") == std::string("3: c: \"") + key + "\" is 151936, and there are 151936 tokens");
    CHECK(parsed(R"(,"pad_token_id":151935)").pad_token_id == 151935);
    CHECK(said(R"(,"architectures":["Qwen2ForSequenceClassification"],"problem_type":"regression","id2label":{"0":"a","1":"b","2":"a"})") == R"(3: c: "id2label" has "a" twice)");
}
