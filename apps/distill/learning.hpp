// What training, evaluation and scoring share: rows as token ids, and how far scores are from labels.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/train/sample.hpp>
#include <penstock/train/tokenizer.hpp>
#include <penstock/train/trainer.hpp>
#include "dataset.hpp"

namespace distill {

/// `title\n\ncontent`: what a model reads of an article, in training as when it is deployed.
std::string article_text(std::string_view title, std::string_view content);
/// The same of an article as it comes: its description where it has no content, as for `prepare`.
std::string article_text(std::optional<std::string> const& title, std::optional<std::string> const& content, std::optional<std::string> const& description);
/// Its first `longest` tokens; tokens for padding at the end are cut off, because Hugging Face's models look for the last token that is none.
std::vector<std::int32_t> article_tokens(penstock::train::encoder&, std::string const& text, std::size_t longest, penstock::train::qwen2_config const&);

/// train.jsonl, val.jsonl or test.jsonl. fatal(input) at the first row that is none, or whose dimensions are not those of the filter: every row counts here.
std::vector<training_row> read_rows(std::string const& path, filter const& of, std::stop_token stop);
/// The rows as token ids, once for all epochs; kept in the folder `cache` for the next run, where there is one.
std::vector<penstock::train::sample> as_samples(std::vector<training_row> const& rows, penstock::train::tokenizer const&, std::size_t longest, penstock::train::qwen2_config const&, std::string const& cache = {});

/// Sums over rows, so that an epoch that was interrupted goes on where it was.
struct error_sums {
    double loss = 0, rows = 0;
    std::vector<double> absolute, square;       // by dimension

    void add(std::span<float const> scores, std::span<penstock::train::sample const* const> samples);
    void add(error_sums const& more);
    /// What all ranks have in `here`: everybody's call. `here` has room for every dimension, also where a rank had no sample.
    void add(error_sums const& here, penstock::train::comm& ranks);
    double mae() const;
    double rmse() const;
    double mae(std::size_t dimension) const { return absolute[dimension] / rows; }
    double rmse(std::size_t dimension) const;
    /// "mae", "rmse", "loss", and NAME_mae and NAME_rmse for each dimension.
    std::map<std::string, double> by_name(std::vector<std::string> const& dimensions) const;
};

/// All samples in batches of like lengths; the scores in the order of the samples.
std::vector<float> score_all(penstock::train::trainer&, std::span<penstock::train::sample const* const>, std::size_t dimensions);
std::vector<penstock::train::sample const*> pointers(std::vector<penstock::train::sample> const&);

struct epoch_record {
    unsigned epoch = 0;
    std::map<std::string, double> train, val;
};

/// Trained adapters, and the score head where it came with them, from a folder that PEFT or `train` wrote, into a model that was made for them (read_adapter_config). What it leaves to the model below is named in the answer; fatal(input) where a tensor
/// of the adapters is missing, or is of no matrix here.
std::vector<std::string> load_adapter(penstock::train::trainer& model, std::string const& folder);

} // namespace distill
