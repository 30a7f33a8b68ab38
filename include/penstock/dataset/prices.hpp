/// What training costs, as data: each figure with the day it was true and where it was read. Prices change; --prices FILE replaces all of them.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace penstock::dataset {

struct training_price {
    std::string_view model;         ///< a model whose name begins with it is priced by it: gpt-4o-mini-2024-07-18 by gpt-4o-mini; the longest one counts
    double usd_per_million;         ///< training tokens
    std::string_view as_of;         ///< the day of the source
    std::string_view source;
};

/// The day this table was put together.
inline constexpr std::string_view prices_dated = "2026-11-21";

inline constexpr training_price training_prices[] = {
    {"gpt-3.5-turbo", 8.00, "2023-08-22", "https://openai.com/blog/gpt-3-5-turbo-fine-tuning-and-api-updates"},
    {"gpt-4o",       25.00, "2024-08-20", "https://openai.com/index/gpt-4o-fine-tuning/, as quoted in dair-ai/Prompt-Engineering-Guide, pages/applications/finetuning-gpt4o.en.mdx"},
    {"gpt-4o-mini",   3.00, "2026-04-01", "https://tokenmix.ai/blog/openai-fine-tuning-pricing (April 2026, second-hand)"},
};

/// What the original of the `ielts` recipe counted with, for every model: used where the table has none, and then it is said.
inline constexpr double fallback_usd_per_million = 8.00;

/// A --prices file: {"as_of": "2026-11-21", "prices": [{"model": "…", "usd_per_million": 8.0, "source": "…"}, …]}.
struct price_line {
    std::string model;
    double usd_per_million = 0;
    std::string source;
};
struct price_list {
    std::string as_of;
    std::vector<price_line> prices;
};

} // namespace penstock::dataset
