/// The model of a run: which one is asked, where its replies are kept, and what was asked of it. Lives as long as the recipe runs.
#pragma once
#include <penstock/core/fatal.hpp>
#include <penstock/llm/ask_stage.hpp>
#include <penstock/llm/journal.hpp>
#include <penstock/run/model_flags.hpp>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

namespace penstock::run {

class asked_model {
    std::unique_ptr<llm::journal> journal_ = {};
    std::unique_ptr<llm::model> model_ = {};
    std::string missing_ = {};          // why there is none although one was to be asked
    bool sends_ = false;
public:
    /// Nothing is asked with provider::offline. A missing key is fatal(access), or with the fallback a warning: then only what the journal holds is the model's.
    /// Flags that contradict each other are fatal(usage). folder: of the journal, when the flags name none.
    /// without: the words for working without a model, as the fatal line ends. env.asks is set.
    asked_model(model_flags const& flags, std::string const& folder, llm::asking_env& env, std::stop_token stop, std::string_view without = "--provider offline writes without a model");
    ~asked_model();
    asked_model(asked_model&&) = delete;

    bool by_model() const { return model_ != nullptr; }
    bool sends() const { return sends_; }       ///< else every reply comes from the journal
    llm::model const& model() const { return *model_; }
    llm::journal& journal() const { return *journal_; }
    /// A fatal with which a run ends that asked: where it was the model's or the disk's, with a line that says what is kept and that the same command goes on.
    fatal ended(fatal const&) const;
    /// For metadata.json: {"provider", "name", ...}; of a run without a model "null".
    std::string json() const;
    /// Lines for the summary, each with its line break.
    std::string text() const;
};

} // namespace penstock::run
