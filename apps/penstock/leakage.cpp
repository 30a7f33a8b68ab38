// penstock leakage TRAIN OTHER...: what the later files repeat of the earlier ones, by the words of the user. Leaks end it with exit code 3.
#include "commands.hpp"
#include <penstock/dataset/chat_file.hpp>
#include <penstock/dataset/leakage.hpp>
#include <penstock/run/log.hpp>
#include <cstdio>

namespace tool {
namespace {

using penstock::exit_code;
using penstock::fatal;
namespace run = penstock::run;
namespace dataset = penstock::dataset;

enum class turns : unsigned char { user, all };

struct options {
    std::vector<std::string> files;
    turns of = turns::user;
    double threshold = penstock::near_options{}.threshold;
    std::uint64_t characters = penstock::near_options{}.characters;
    bool exact = false;
    unsigned show = dataset::leakage_options{}.shown;

    static constexpr run::option flags[] = {
        {.member = "files", .help = "chat files of any form, the training file first", .value = "FILE", .required = true, .positional = true},
        {.member = "of", .help = "whose turns are compared: a system prompt is the same in every row"},
        {.member = "threshold", .help = "Jaccard index from which two texts are near-duplicates", .at_least = 0.1, .at_most = 1},
        {.member = "characters", .help = "length of the character n-grams that are compared", .at_least = 1, .at_most = 100},
        {.member = "exact", .help = "equal texts alone"},
        {.member = "show", .help = "leaks printed for each pair of files; all are counted"},
    };
};

exit_code look(options const& o, run::job& job) {
    if (o.files.size() < 2) throw fatal(exit_code::usage, "two files or more are compared; only " + o.files[0] + " was named");
    dataset::leakage found({.near = {.characters = o.characters, .threshold = o.threshold}, .near_duplicates = !o.exact, .shown = o.show});
    for (auto const& path : o.files) {
        found.begin(path);
        dataset::each_chat(path, {}, [&](std::uint64_t row, penstock::result<dataset::chat> c) {
            if (!c) return run::log::warning(c.error().place() + ": not compared: " + c.error().what());
            std::string text;
            for (auto const& m : c->messages) if (o.of == turns::all || m.role == "user") text += m.content + '\n';
            found.add(text, row);
        }, job.stop.get_token());
    }
    job.finished = true;
    auto const text = found.text();
    std::fwrite(text.data(), 1, text.size(), stdout);
    return found.total() == 0 ? exit_code::complete : exit_code::input;
}

} // namespace

std::unique_ptr<run::command_base> leakage() {
    return run::command<options>("leakage", "finds rows that stand in more than one file; exit code 3 if there are any", look);
}

} // namespace tool
