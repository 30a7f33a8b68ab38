// [options]
#include <penstock/run/main.hpp>
#include <cstdio>

namespace run = penstock::run;

enum class form { full, compact };

struct options {
    std::string input = "-";
    std::optional<std::uint64_t> num_samples;
    double validation_ratio = 0.2;
    form response = form::full;
    bool disable_azure = false;
    run::secret api_key;

    static constexpr run::option flags[] = {
        {.member = "input", .help = "the rows; - is standard input", .value = "FILE"},
        {.member = "num_samples", .help = "how many rows, drawn with the seed", .absent = "all", .at_least = 1},
        {.member = "validation_ratio", .help = "share of rows for validation", .value = "RATIO", .at_least = 0, .at_most = 1},
        {.member = "response", .help = "form of the answer"},
        {.member = "disable_azure", .help = "work offline"},
        {.member = "api_key", .help = "key of the Azure resource", .env = "AZURE_OPENAI_API_KEY"},
    };
};
// [/options]

// [main]
penstock::exit_code prepare(options const& o, run::job& job) {
    if (!o.disable_azure && o.api_key.empty()) throw penstock::fatal(penstock::exit_code::access, "no key: set AZURE_OPENAI_API_KEY, or add --disable-azure");
    for (int row = 0; row != 3 && !job.stopped(); ++row) std::printf("row %d\n", row);
    return penstock::exit_code::complete;
}

struct demo_options {
    unsigned examples = 3;
    static constexpr run::option flags[] = {{.member = "examples", .help = "how many"}};
};

int recipe_main(int argc, char** argv) {
    return run::main(argc, argv, {.name = "recipe", .about = "Makes one thing of another."},
        run::command<options>("", "", prepare),                                     // recipe --input ...
        run::command<demo_options>("demo", "a few examples on the terminal",        // recipe demo
            [](demo_options const& o, run::job&) { std::printf("%u examples\n", o.examples); return penstock::exit_code::complete; }));
}
// [/main]

int main() {
    auto const run_with = [](std::vector<std::string> arguments) {
        std::vector<char*> argv;
        for (auto& a : arguments) argv.push_back(a.data());
        argv.push_back(nullptr);
        return recipe_main(int(argv.size()) - 1, argv.data());
    };
    bool const good = run_with({"recipe", "--disable_azure", "--response=compact"}) == 0 && run_with({"recipe", "demo"}) == 0 && run_with({"recipe", "--help"}) == 0
                   && run_with({"recipe", "--show-config"}) == 0 && run_with({"recipe", "--num-sample", "3"}) == 2 && run_with({"recipe", "--api-key="}) == 5;
    return good ? 0 : 1;
}
