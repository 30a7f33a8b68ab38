// distill tokens: what a model's tokenizer makes of each article, for whoever wants to compare it with another.
#include <cstdio>
#include <optional>
#include <string>
#include <vector>
#include <penstock/io/jsonl.hpp>
#include <penstock/run/printable.hpp>
#include <penstock/train/config.hpp>
#include <penstock/train/tokenizer.hpp>
#include "commands.hpp"
#include "learning.hpp"

namespace distill {
namespace {

using penstock::exit_code;
using penstock::fatal;
namespace run = penstock::run;
namespace train = penstock::train;

struct options {
    std::string model, input;
    static constexpr run::option flags[] = {
        {.member = "model", .help = "a model's folder, its tokenizer.json, or a Hugging Face id in the local cache", .value = "MODEL", .required = true},
        {.member = "input", .help = "articles with title and content, one JSON object a line; - is standard input", .value = "FILE", .required = true},
    };
};
struct text { std::optional<std::string> title, content, description; };

exit_code work(options const& o, run::job& job) {
    train::encoder encoder(train::tokenizer::open(o.model.ends_with(".json") ? o.model : train::find_model(o.model)));
    std::vector<train::token> ids;
    std::string line;
    for (auto&& row : penstock::io::jsonl<text, penstock::json::policy{.missing = penstock::json::missing_keys::keep}>(penstock::io::input(o.input, job.stop.get_token()))) {
        if (!row) throw fatal(exit_code::input, row.error().place() + ": " + row.error().what());     // a line left out would shift all that follow
        ids.clear();
        encoder.encode(article_text(row->title, row->content, row->description), ids);
        line = "[";
        for (auto id : ids) { if (line.size() > 1) line += ','; line += std::to_string(id); }
        line += "]\n";
        if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size()) throw fatal(exit_code::output, "standard output cannot be written");
    }
    if (std::fflush(stdout) != 0) throw fatal(exit_code::output, "standard output cannot be written");
    return exit_code::complete;
}

} // namespace

std::unique_ptr<run::command_base> tokens() { return run::command<options>("tokens", "the token ids of each article's title and content, a JSON array a line, on standard output", work); }

} // namespace distill
