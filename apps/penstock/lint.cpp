// penstock lint FILE...: the checks of dataset/lint.hpp alone. Errors end it with exit code 3, warnings do not.
#include "commands.hpp"
#include <penstock/dataset/lint.hpp>
#include <cstdio>
#include "counting.hpp"

namespace tool {
namespace {

using penstock::exit_code;
namespace run = penstock::run;
namespace dataset = penstock::dataset;

struct options {
    std::vector<std::string> files;
    dataset::lint_target target = dataset::lint_target::openai;
    std::uint64_t max_tokens = dataset::lint_options{}.max_tokens;
    std::uint64_t min_examples = dataset::lint_options{}.min_examples;
    bool assistant_json = false;
    unsigned show = dataset::lint_options{}.shown;
    bool json = false;
    bool strict = false;
    std::string tokenizer;

    static constexpr run::option flags[] = {
        {.member = "files", .help = "chat files; - is standard input", .value = "FILE", .required = true, .positional = true},
        {.member = "target", .help = "whose rules: a provider, or a form that trainers read"},
        {.member = "max_tokens", .help = "of one row; 0: no limit"},
        {.member = "min_examples", .help = "rows a training file has at least"},
        {.member = "assistant_json", .help = "every assistant message is a JSON object"},
        {.member = "show", .help = "findings printed for each check and file; all are counted"},
        {.member = "json", .help = "the report as JSON"},
        {.member = "strict", .help = "warnings end it with exit code 3 too"},
        tokenizer_flag,
    };
};

exit_code check(options const& o, run::job& job) {
    counting const tokens(o.tokenizer);
    auto const report = dataset::lint(o.files, {.target = o.target, .max_tokens = o.max_tokens, .assistant_json = o.assistant_json, .min_examples = o.min_examples, .shown = o.show, .tokens = tokens.counter(), .stop = job.stop.get_token()});
    job.finished = true;
    auto const text = o.json ? report.json() : report.text();
    std::fwrite(text.data(), 1, text.size(), stdout);
    return report.clean() && (!o.strict || report.warnings() == 0) ? exit_code::complete : exit_code::input;
}

} // namespace

std::unique_ptr<run::command_base> lint() {
    return run::command<options>("lint", "checks every line of chat fine-tuning files; exit code 3 if it finds an error", check);
}

} // namespace tool
