#pragma once
#include <penstock/dataset/cost.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/summary.hpp>
#include <penstock/record/json.hpp>
#include <penstock/text/printable.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace penstock::dataset {

price_table price_table::from_file(std::string const& path) {
    auto const shown = printable(path, 200);
    std::ifstream file(path, std::ios::binary);
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad() || text.empty()) throw fatal(exit_code::usage, shown + ": no price file there, or an empty one");
    auto list = json::decode<price_list>(text);
    if (!list) throw fatal(exit_code::usage, shown + ": " + printable(list.error().what(), 300));
    for (auto const& p : list->prices) if (p.model.empty() || !(p.usd_per_million >= 0)) throw fatal(exit_code::usage, shown + ": a price needs a model and a number of dollars that is not below 0");
    price_table t;
    t.list_ = std::move(*list);
    t.built_in_ = false;
    return t;
}

cost_estimate price_table::estimate(std::string_view model, std::uint64_t examples, std::uint64_t tokens) const {
    cost_estimate c{.examples = examples, .tokens = tokens, .usd = 0, .model = std::string(model), .usd_per_million = fallback_usd_per_million,
                    .as_of = std::string(built_in_ ? prices_dated : list_.as_of), .source = "the original's figure of 0.008 USD per 1,000 tokens", .known = false};
    std::size_t longest = 0;
    auto const consider = [&](std::string_view name, double price, std::string_view as_of, std::string_view source) {
        bool const fits = model == name || (model.starts_with(name) && model[name.size()] == '-');
        if (!fits || name.size() < longest) return;
        longest = name.size();
        c.usd_per_million = price;
        c.as_of = as_of;
        c.source = source;
        c.known = true;
    };
    if (built_in_) for (auto const& p : training_prices) consider(p.model, p.usd_per_million, p.as_of, p.source);
    else for (auto const& p : list_.prices) consider(p.model, p.usd_per_million, list_.as_of, p.source);
    c.usd = static_cast<double>(tokens) * c.usd_per_million / 1e6;
    return c;
}

std::string cost_estimate::text() const {
    char dollars[48], per_million[48];
    std::snprintf(dollars, sizeof dollars, usd < 0.1 ? "$%.4f" : "$%.2f", usd);
    std::snprintf(per_million, sizeof per_million, "$%.2f", usd_per_million);
    return "Training examples: " + std::to_string(examples) + "\nEstimated tokens: " + with_commas(tokens) + "\nEstimated training cost: " + dollars
        + "\n  (one epoch at " + per_million + " per million tokens: " + (known ? "" : (model.empty() ? std::string("no model was named") : "model " + printable(model, 80) + " is not in the price list") + " of " + as_of + ", so ")
        + printable(source, 200) + (known ? ", " + as_of : "") + "; tokens are estimated from the text, not counted by the model's tokenizer)\n";
}

} // namespace penstock::dataset
