// Tokens of a text, as a model's own tokenizer counts them where --tokenizer names one, else estimated: one flag for every program that counts.
#pragma once
#include <memory>
#include <string>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/tokens.hpp>
#include <penstock/run/options.hpp>
#ifdef PENSTOCK_WITH_TOKENIZER
#include <penstock/train/config.hpp>
#include <penstock/train/tokenizer.hpp>
#endif

namespace tool {

inline constexpr penstock::run::option tokenizer_flag{.member = "tokenizer", .help = "counts tokens as a model does instead of estimating them: its folder, or a Hugging Face id in the local cache (Qwen2's kind)", .value = "MODEL"};

class counting {
    std::shared_ptr<void> encoder_ = {};        // the counter points to it
    penstock::dataset::token_counter counter_ = {};
public:
    /// fatal where the model is not found or its tokenizer is of another kind; usage where the build has none. Empty: the estimate.
    explicit counting(std::string const& model) {
        if (model.empty()) return;
#ifdef PENSTOCK_WITH_TOKENIZER
        namespace train = penstock::train;
        auto const encoder = std::make_shared<train::encoder>(train::tokenizer::open(train::find_model(model)));
        encoder_ = encoder;
        counter_ = {[](std::string_view text, void* with) -> std::uint64_t { return static_cast<train::encoder*>(with)->count(text); }, encoder.get(), false};
#else
        throw penstock::fatal(penstock::exit_code::usage, "--tokenizer: this build has none (PENSTOCK_BUILD_KERNELS is off)");
#endif
    }
    /// On one thread at a time.
    penstock::dataset::token_counter const& counter() const { return counter_; }
};

} // namespace tool
