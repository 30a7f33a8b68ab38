#include "learning.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>
#include <penstock/io/jsonl.hpp>
#include <penstock/train/token_table.hpp>

namespace distill {

namespace train = penstock::train;
using penstock::exit_code;
using penstock::fatal;

std::string article_text(std::string_view title, std::string_view content) { return std::string(title) + "\n\n" + std::string(content); }
std::string article_text(std::optional<std::string> const& title, std::optional<std::string> const& content, std::optional<std::string> const& description) { return article_text(title.value_or(""), content && !content->empty() ? *content : description.value_or("")); }

namespace {
std::vector<std::int32_t> without_padding(std::span<train::token const> ids, std::size_t longest, train::qwen2_config const& config) {
    std::vector<std::int32_t> tokens;
    for (auto id : ids.first(std::min(ids.size(), longest))) tokens.push_back(static_cast<std::int32_t>(id));
    auto const pad = config.pad_token_id ? static_cast<std::int32_t>(*config.pad_token_id) : -1;
    while (tokens.size() > 1 && tokens.back() == pad) tokens.pop_back();
    return tokens;
}
}

std::vector<std::int32_t> article_tokens(train::encoder& encoder, std::string const& text, std::size_t longest, train::qwen2_config const& config) { return without_padding(encoder.encode(text), longest, config); }

std::vector<training_row> read_rows(std::string const& path, filter const& of, std::stop_token stop) {
    std::vector<training_row> rows;
    for (auto&& row : penstock::io::jsonl<training_row>(penstock::io::input(path, stop))) {
        if (!row) throw fatal(exit_code::input, row.error().place() + ": " + row.error().what());
        bool same = row->dimension_names.size() == of.dimensions.size() && row->labels.size() == of.dimensions.size();
        for (std::size_t i = 0; same && i != of.dimensions.size(); ++i) same = row->dimension_names[i] == of.dimensions[i].name;
        if (!same) throw fatal(exit_code::input, path + ", row " + std::to_string(rows.size() + 1) + ": its dimensions are not those of the filter " + of.name + "; distill prepare writes them for a filter");
        for (double x : row->labels)
            if (!(x >= 0 && x <= 10)) throw fatal(exit_code::input, path + ", row " + std::to_string(rows.size() + 1) + ": a label is not between 0 and 10");
        rows.push_back(*std::move(row));
    }
    if (rows.empty() && !stop.stop_requested()) throw fatal(exit_code::input, path + " is empty");
    return rows;
}

std::vector<train::sample> as_samples(std::vector<training_row> const& rows, train::tokenizer const& tokenizer, std::size_t longest, train::qwen2_config const& config, std::string const& cache) {
    train::text_source const texts{rows.size(), [&](std::size_t i, std::string& to) { to = article_text(rows[i].title, rows[i].content); }};
    auto const table = cache.empty() ? train::token_table::make(tokenizer, texts, longest) : train::token_table::cached(cache, tokenizer, texts, longest);
    std::vector<train::sample> samples(rows.size());
    for (std::size_t i = 0; i != rows.size(); ++i) {
        samples[i].tokens = without_padding(table[i], longest, config);
        samples[i].labels.assign(rows[i].labels.begin(), rows[i].labels.end());
    }
    return samples;
}

std::vector<std::string> load_adapter(train::trainer& model, std::string const& folder) {
    auto const file = train::safetensors::open(folder + "/adapter_model.safetensors");
    auto const names = model.names();
    for (auto const& t : file.tensors())
        if (std::ranges::none_of(names, [&](auto const& n) { return t.name == n || t.name == "base_model.model." + n; })) throw fatal(exit_code::input, folder + ": has the tensor " + t.name + ", which no adapter of this model has");
    auto rest = model.load(file);
    for (auto const& name : rest)
        if (name.ends_with(".lora_A.weight") || name.ends_with(".lora_B.weight")) throw fatal(exit_code::input, folder + ": lacks " + name);
    return rest;
}

void error_sums::add(std::span<float const> scores, std::span<train::sample const* const> samples) {
    for (std::size_t i = 0; i != samples.size(); ++i) {
        auto const& labels = samples[i]->labels;
        absolute.resize(labels.size()), square.resize(labels.size());
        for (std::size_t d = 0; d != labels.size(); ++d) {
            double const e = static_cast<double>(scores[i * labels.size() + d]) - static_cast<double>(labels[d]);
            absolute[d] += std::abs(e), square[d] += e * e, loss += e * e / static_cast<double>(labels.size());
        }
        rows += 1;
    }
}
void error_sums::add(error_sums const& more) {
    loss += more.loss, rows += more.rows;
    absolute.resize(std::max(absolute.size(), more.absolute.size())), square.resize(absolute.size());
    for (std::size_t d = 0; d != more.absolute.size(); ++d) absolute[d] += more.absolute[d], square[d] += more.square[d];
}
void error_sums::add(error_sums const& here, train::comm& ranks) {
    auto const n = here.absolute.size();
    std::vector<double> all{here.loss, here.rows};
    all.insert(all.end(), here.absolute.begin(), here.absolute.end());
    all.insert(all.end(), here.square.begin(), here.square.end());
    ranks.sum(std::span(all));
    absolute.resize(n), square.resize(n);
    loss += all[0], rows += all[1];
    for (std::size_t d = 0; d != n; ++d) absolute[d] += all[2 + d], square[d] += all[2 + n + d];
}
double error_sums::mae() const { return std::accumulate(absolute.begin(), absolute.end(), 0.0) / (rows * static_cast<double>(absolute.size())); }
double error_sums::rmse() const { return std::sqrt(std::accumulate(square.begin(), square.end(), 0.0) / (rows * static_cast<double>(square.size()))); }
double error_sums::rmse(std::size_t dimension) const { return std::sqrt(square[dimension] / rows); }

std::map<std::string, double> error_sums::by_name(std::vector<std::string> const& dimensions) const {
    std::map<std::string, double> all{{"mae", mae()}, {"rmse", rmse()}, {"loss", loss / rows}};
    for (std::size_t d = 0; d != dimensions.size(); ++d) all[dimensions[d] + "_mae"] = mae(d), all[dimensions[d] + "_rmse"] = rmse(d);
    return all;
}

std::vector<train::sample const*> pointers(std::vector<train::sample> const& samples) {
    std::vector<train::sample const*> all;
    for (auto const& s : samples) all.push_back(&s);
    return all;
}

std::vector<float> score_all(train::trainer& model, std::span<train::sample const* const> samples, std::size_t dimensions) {
    std::vector<std::size_t> order(samples.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(samples[i]->tokens.size(), i); });
    std::vector<train::sample const*> sorted;
    for (auto i : order) sorted.push_back(samples[i]);
    auto const scores = model.score(sorted);
    std::vector<float> all(scores.size());
    for (std::size_t i = 0; i != order.size(); ++i) std::copy_n(scores.begin() + static_cast<std::ptrdiff_t>(i * dimensions), dimensions, all.begin() + static_cast<std::ptrdiff_t>(order[i] * dimensions));
    return all;
}

} // namespace distill
