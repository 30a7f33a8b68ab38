// A recipe that asks: what docs/llm.md shows. Run here without a model, by its offline writer.
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>
// [recipe]
#include <penstock/core/in_source_order.hpp>
#include <penstock/llm/ask.hpp>
namespace ps = penstock;

struct mail { std::string text; };
struct verdict { ps::one_of<"praise", "complaint", "question"> kind; ps::number<0.0, 1.0> confidence; };   // the schema, the check and the type
struct sorted { std::string text, kind; };

constexpr auto recipe = ps::llm::ask<verdict>("kind",
        [](mail const& m) { return ps::llm::chat("Sort a customer's mail.", m.text); },
        [](mail const& m, verdict v) -> ps::result<sorted> {
            if (v.confidence < 0.2) return std::unexpected(ps::failure(ps::errc::rejected, "you are not sure: read it again"));     // asked again, with this reason
            return sorted{m.text, std::string(v.kind)};
        })
    .offline([](mail const& m) { return verdict{m.text.ends_with('?') ? "question" : "praise", 0.5}; })     // where no model is asked
    | ps::in_source_order();
// [/recipe]

// [run]
std::vector<sorted> sort_mails(std::vector<mail> mails, ps::llm::model_options const& options, std::string const& folder, bool offline) {
    ps::llm::asking_env env;
    env.windows = {{"kind", {.in_flight = 64}}};
    auto const post = [&](auto work) { env.loop().post(std::move(work)); };
    ps::llm::journal journal(folder, {}, post);                     // every reply that was paid for
    std::optional<ps::llm::model> model;
    if (!offline) env.asks = &model.emplace(options, journal, post, env.stop_token());
    std::vector<sorted> out;
    for (auto&& item : std::move(mails) | recipe | ps::with(env))
        if (item.value) out.push_back(*std::move(item.value));      // else item.value.error(): the reason, and the model's words in raw()
    return out;
}
// [/run]

int main() {
    auto const folder = (std::filesystem::temp_directory_path() / ("penstock-docs-ask-" + std::to_string(::getpid()))).string();
    auto const out = sort_mails({{"Where is my parcel?"}, {"Lovely, thank you."}}, {}, folder, true);
    std::filesystem::remove_all(folder);
    return out.size() == 2 && out[0].kind == "question" && out[1].kind == "praise" ? 0 : 1;
}
