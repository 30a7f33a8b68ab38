#include <doctest/doctest.h>
#include <algorithm>
#include <penstock/run/exit_codes.hpp>
#include <penstock/run/options.hpp>
#include "support.hpp"

namespace ps = penstock;
namespace run = penstock::run;

namespace {
enum class shape { full, compact_form };
struct options {
    std::string input;
    std::string output_dir = "./out";
    std::optional<std::uint64_t> num_samples;
    double ratio = 0.2;
    unsigned short batch_size = 10;
    std::int64_t offset = -3;
    bool offline = false;
    bool color = true;
    std::string low_band = "3.5";
    shape response = shape::full;
    std::vector<std::string> tag;
    run::secret api_key;

    static constexpr run::option flags[] = {
        {.member = "input", .help = "the essays", .value = "FILE"},
        {.member = "output_dir", .help = "where files go", .value = "DIR"},
        {.member = "num_samples", .help = "how many rows", .absent = "all", .at_least = 1},
        {.member = "ratio", .help = "share of validation", .at_least = 0, .at_most = 0.9},
        {.member = "batch_size", .help = "requests in flight", .at_least = 1},
        {.member = "offset", .help = "a whole number"},
        {.member = "offline", .help = "without a model"},
        {.member = "color", .help = "colours"},
        {.member = "low_band", .help = "what becomes of <4", .choices = "3.5|reject"},
        {.member = "response", .help = "form of the answer"},
        {.member = "tag", .help = "a label"},
        {.member = "api_key", .help = "the key", .env = "THEIR_API_KEY"},
    };
};
constexpr run::program app{.name = "recipe", .about = "Makes one thing of another."};

struct strict {
    std::string input;
    std::vector<std::string> files;
    static constexpr run::option flags[] = {
        {.member = "input", .help = "the input", .required = true},
        {.member = "files", .help = "more", .value = "FILE", .positional = true},
    };
};

auto parse(std::vector<std::string> arguments) { return run::parse<options>(app, std::move(arguments)); }
std::string refused(std::vector<std::string> arguments) {
    auto const p = parse(std::move(arguments));
    if (p) return "accepted";
    CHECK(p.error().code == ps::exit_code::usage);
    CHECK(p.error().out == "");
    CHECK(std::count(p.error().err.begin(), p.error().err.end(), '\n') == 1);
    return p.error().err;
}
std::string shown(std::vector<std::string> arguments) {
    arguments.push_back("--show-config");
    auto const p = parse(std::move(arguments));
    REQUIRE(!p);
    CHECK(p.error().code == ps::exit_code::complete);
    return p.error().out;
}
bool holds(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }
}

TEST_CASE("options: defaults are the struct's") {
    auto const p = parse({});
    REQUIRE(p);
    CHECK(p->options.output_dir == "./out"); CHECK(!p->options.num_samples); CHECK(p->options.ratio == 0.2); CHECK(p->options.batch_size == 10);
    CHECK(p->options.color); CHECK(!p->options.offline); CHECK(p->options.tag.empty()); CHECK(p->options.api_key.empty());
    for (auto const& s : p->settings) CHECK(s.from == run::source::standard);
}

TEST_CASE("options: both ways to give a value, - and _ the same") {
    auto const p = parse({"--input", "a b.csv", "--output_dir=x=y", "--num-samples=12", "--ratio", "0.5", "--batch_size", "7", "--offset", "-9", "--offline", "--no-color",
                          "--low-band", "reject", "--response", "compact-form", "--tag", "one", "--tag=two"});
    REQUIRE(p);
    auto const& o = p->options;
    CHECK(o.input == "a b.csv"); CHECK(o.output_dir == "x=y"); CHECK(o.num_samples == 12u); CHECK(o.ratio == 0.5); CHECK(o.batch_size == 7); CHECK(o.offset == -9);
    CHECK(o.offline); CHECK(!o.color); CHECK(o.low_band == "reject"); CHECK(o.response == shape::compact_form); CHECK(o.tag == std::vector<std::string>{"one", "two"});
    CHECK(parse({"--response=compact_form"})->options.response == shape::compact_form);
    CHECK(!parse({"--num-samples", "all"})->options.num_samples);
    CHECK(!parse({"--color=false"})->options.color);
    CHECK(parse({"--offline=yes"})->options.offline);
    CHECK(parse({"--ratio", "0.1", "--ratio", "0.3"})->options.ratio == 0.3);     // the last one, as argparse
    CHECK(parse({"--input=--odd"})->options.input == "--odd");
    CHECK(parse({"--input", "-"})->options.input == "-");
    CHECK(parse({"--input", ""})->options.input == "");
}

TEST_CASE("options: flag over environment over file over default, and where each came from") {
    test::folder dir;
    auto const file = dir.write("r.toml", "# a run\nratio = 0.1\nbatch_size = 3\ntag = [\"f1\", 'f2',]\noffline = true\noutput-dir = \"a \\\"b\\\"\"\n");
    test::variable e1("RECIPE_RATIO", "0.6"), e2("RECIPE_TAG", "e1,e2"), e3("RECIPE_OFFLINE", "");
    auto const p = parse({"--config", file, "--tag", "flag"});
    REQUIRE(p);
    CHECK(p->options.ratio == 0.6); CHECK(p->options.batch_size == 3); CHECK(p->options.tag == std::vector<std::string>{"flag"});
    CHECK(p->options.offline);                  // an empty variable is not set
    CHECK(p->options.output_dir == "a \"b\"");
    CHECK(parse({"--config", file})->options.tag == std::vector<std::string>{"e1", "e2"});
    CHECK(parse({"--config", file, "--ratio=0.7"})->options.ratio == 0.7);

    auto const text = shown({"--config", file, "--tag", "flag"});
    CHECK(holds(text, "ratio = 0.6")); CHECK(holds(text, "# environment RECIPE_RATIO\n"));
    CHECK(holds(text, "batch-size = 3")); CHECK(holds(text, "# file " + file + ":3\n"));
    CHECK(holds(text, "tag = [\"flag\"]")); CHECK(holds(text, "# flag --tag\n"));
    CHECK(holds(text, "low-band = \"3.5\"")); CHECK(holds(text, "# default\n"));

    test::variable e4("RECIPE_CONFIG", file.c_str());
    CHECK(parse({})->options.batch_size == 3);
}

TEST_CASE("options: --show-config is a configuration file that gives the same values") {
    test::folder dir;
    auto const text = shown({"--input", "tab\there \"quoted\" \\ and\nline ü", "--num-samples=3", "--tag", "a,b", "--tag", "", "--no-color", "--response=compact-form", "--offset=-1"});
    auto const again = parse({"--config", dir.write("again.toml", text)});
    REQUIRE(again);
    CHECK(again->options.input == "tab\there \"quoted\" \\ and\nline ü"); CHECK(again->options.num_samples == 3u); CHECK(again->options.tag == std::vector<std::string>{"a,b", ""});
    CHECK(!again->options.color); CHECK(again->options.response == shape::compact_form); CHECK(again->options.offset == -1);
    auto const defaults = parse({"--config", dir.write("defaults.toml", shown({}))});
    REQUIRE(defaults);
    CHECK(!defaults->options.num_samples);
}

TEST_CASE("options: what is wrong is one line with the nearest flag and exit code 2") {
    CHECK(refused({"--num-sample", "3"}) == "recipe: unknown option --num-sample; did you mean --num-samples?\n");
    CHECK(refused({"--ouptut_dir=x"}) == "recipe: unknown option --ouptut-dir; did you mean --output-dir?\n");
    CHECK(refused({"--shwo-config"}) == "recipe: unknown option --shwo-config; did you mean --show-config?\n");
    CHECK(refused({"--zzzzzzzzzz"}) == "recipe: unknown option --zzzzzzzzzz (recipe --help lists all)\n");
    CHECK(refused({"--no-ratio"}) == "recipe: unknown option --no-ratio; did you mean --ratio?\n");
    CHECK(refused({"-x"}) == "recipe: unknown option -x; options are written out, with two dashes (recipe --help lists all)\n");
    CHECK(refused({"stray"}) == "recipe: an argument without a flag: stray (recipe --help lists all)\n");
    CHECK(refused({"--ratio"}) == "recipe: --ratio needs a value (recipe --help lists all)\n");
    CHECK(refused({"--input", "--offline"}) == "recipe: --input needs a value, and --offline is a flag; write --input=VALUE if it is meant\n");
    CHECK(refused({"--ratio", "1.5"}) == "recipe: --ratio: '1.5' is not between 0 and 0.9\n");
    CHECK(refused({"--ratio", "nan"}) == "recipe: --ratio: 'nan' is not between 0 and 0.9\n");
    CHECK(refused({"--ratio", "half"}) == "recipe: --ratio: 'half' is not a number\n");
    CHECK(refused({"--num-samples", "0"}) == "recipe: --num-samples: '0' is less than 1\n");
    CHECK(refused({"--num-samples", "-5"}) == "recipe: --num-samples: '-5' is less than 0\n");
    CHECK(refused({"--num-samples", "1.5"}) == "recipe: --num-samples: '1.5' is not a whole number\n");
    CHECK(refused({"--num-samples", "99999999999999999999"}) == "recipe: --num-samples: '99999999999999999999' is out of range\n");
    CHECK(refused({"--batch-size", "70000"}) == "recipe: --batch-size: '70000' is not between 0 and 65535\n");
    CHECK(refused({"--low-band", "4"}) == "recipe: --low-band: '4' is not 3.5 or reject\n");
    CHECK(refused({"--response", "long"}) == "recipe: --response: 'long' is not full or compact-form\n");
    CHECK(refused({"--offline=maybe"}) == "recipe: --offline: 'maybe' is not true or false\n");
    CHECK(refused({"--config", "/nowhere/x.toml"}) == "recipe: /nowhere/x.toml: cannot be read (--config)\n");
    CHECK(refused({"--bad\x1b[31m"}) == "recipe: unknown option --bad\\x1B[31m (recipe --help lists all)\n");
    test::variable wrong("RECIPE_RATIO", "2");
    CHECK(refused({}) == "recipe: --ratio (RECIPE_RATIO): '2' is not between 0 and 0.9\n");
}

TEST_CASE("options: what is wrong in a configuration file has its line") {
    test::folder dir;
    auto const with = [&](std::string_view text) { auto r = refused({"--config", dir.write("c.toml", text)}); auto const at = r.find("c.toml"); return at == r.npos ? r : r.substr(at); };
    CHECK(with("\nratoi = 1\n") == "c.toml:2: unknown key ratoi; did you mean ratio?\n");
    CHECK(with("ratio = 5\n") == "c.toml:1): '5' is not between 0 and 0.9\n");
    CHECK(with("ratio 5\n") == "c.toml:1: a line is `key = value`, `[section]` or a # comment\n");
    CHECK(with("input = a b\n") == "c.toml:1: something follows a value; a text needs quotes\n");
    CHECK(with("input = ./x\n") == "c.toml:1: something follows a value; a text needs quotes\n");
    CHECK(with("input = \"x\n") == "c.toml:1: a text is not closed\n");
    CHECK(with("ratio = 0.1\n\nratio = 0.2\n") == "c.toml:3: ratio was set in line 1 already\n");
    CHECK(with("[other]\nratio = 0.1\n") == "c.toml:2: no such section [other]; sections are the program's commands\n");
    CHECK(with("ratio = [0.1, 0.2]\n") == "c.toml:1: ratio takes one value, not a list\n");
    CHECK(with("tag = [\"a\"\n") == "c.toml:2: a list is not closed\n");
    CHECK(parse({"--config", dir.write("e.toml", "tag = []\n")})->options.tag.empty());
    CHECK(parse({"--config", dir.write("e.toml", "\xEF\xBB\xBFratio = 0.25 # a comment\r\n")})->options.ratio == 0.25);
}

TEST_CASE("options: required and positional") {
    auto const parse_strict = [](std::vector<std::string> a) { return run::parse<strict>({.name = "s", .about = {}}, std::move(a)); };
    CHECK(parse_strict({}).error().err == "s: --input is required (s --help lists all)\n");
    CHECK(parse_strict({"--input="}).error().err == "s: --input is required (s --help lists all)\n");
    auto const p = parse_strict({"one", "--input", "x", "two", "-", "--", "--three"});
    REQUIRE(p);
    CHECK(p->options.files == std::vector<std::string>{"one", "two", "-", "--three"});
    CHECK(holds(parse_strict({"--help"}).error().out, "Usage: s [OPTIONS] [FILE...]\n"));
    CHECK(holds(parse_strict({"--show-config"}).error().out, "# input = (not set)"));
}

TEST_CASE("options: a secret is never printed, and wiped from the arguments") {
    char program_flag[] = "--api-key", value[] = "sk-123456", joined[] = "--api-key=sk-777";
    {
        options o;
        run::detail::face const face{{}, {}, run::detail::bindings(o)};
        char* arguments[] = {program_flag, value};
        auto const chosen = run::detail::read(app, {&face, 1}, arguments);
        CHECK(!chosen.instead);
        CHECK(o.api_key.reveal() == "sk-123456");
        CHECK(std::string_view(value) == "*********");
        REQUIRE(chosen.warnings.size() == 1);
        CHECK(holds(chosen.warnings[0], "THEIR_API_KEY"));
        CHECK(!holds(chosen.warnings[0], "sk-"));
        CHECK(chosen.command_line == "recipe");
        for (auto const& s : chosen.settings) { CHECK(!holds(s.value, "sk-")); CHECK(!holds(s.json, "sk-")); }
    }
    {
        options o;
        run::detail::face const face{{}, {}, run::detail::bindings(o)};
        char* arguments[] = {joined};
        (void)run::detail::read(app, {&face, 1}, arguments);
        CHECK(std::string_view(joined) == "--api-key=******");
        CHECK(o.api_key.reveal() == "sk-777");
    }
    test::variable key("THEIR_API_KEY", "sk-environment");
    auto const text = shown({});
    CHECK(!holds(text, "sk-"));
    CHECK(holds(text, "# api-key = (set)")); CHECK(holds(text, "# environment THEIR_API_KEY"));
    CHECK(parse({})->options.api_key.reveal() == "sk-environment");
    test::folder dir;
    auto const file = dir.write("key", "sk-file\r\nmore\n");
    CHECK(parse({"--api-key", "@" + file})->options.api_key.reveal() == "sk-file");
    CHECK(refused({"--api-key", "@/nowhere"}) == "recipe: --api-key: its value names a file that cannot be read or is empty\n");
}

TEST_CASE("options: what may be a key is not repeated in a message") {
    CHECK(refused({"sk-123456"}) == "recipe: an argument without a flag: (not shown) (recipe --help lists all)\n");
    CHECK(refused({"--api-keysk-123456"}) == "recipe: unknown option --api-key(not shown); did you mean --api-key?\n");
    CHECK(refused({"--api_key:123456"}) == "recipe: unknown option --api-key(not shown); did you mean --api-key?\n");
    CHECK(refused({"-api-key123456"}) == "recipe: unknown option -api-key(not shown); options are written out, with two dashes (recipe --help lists all)\n");
    CHECK(refused({"THEIR_API_KEY=123456"}) == "recipe: an argument without a flag: THEIR_API_KEY(not shown) (recipe --help lists all)\n");
    CHECK(refused({"--ratio", "sk-123456"}) == "recipe: --ratio: '(not shown)' is not a number\n");
    CHECK(refused({"--input", "--sk-123456"}) == "recipe: --input needs a value, and --(not shown) is a flag; write --input=VALUE if it is meant\n");
    test::folder dir;
    CHECK(!holds(refused({"--config", dir.write("c.toml", "api-keysk-123456 = \"x\"\n")}), "123456"));
    test::variable wrong("RECIPE_RATIO", "sk-123456");
    CHECK(refused({}) == "recipe: --ratio (RECIPE_RATIO): '(not shown)' is not a number\n");
    CHECK(refused({"--disk-123456"}) == "recipe: unknown option --disk-123456 (recipe --help lists all)\n");        // no key
}

TEST_CASE("options: --help says everything") {
    auto const p = parse({"--help", "--whatever"});
    REQUIRE(!p);
    CHECK(p.error().code == ps::exit_code::complete);
    auto const& text = p.error().out;
    for (auto const* part : {"recipe 0.1.0\nMakes one thing of another.\n", "Usage: recipe [OPTIONS]\n", "--input FILE ", "--num-samples N ", "[default: all]", "(at least 1)", "(0 to 0.9)",
                             "--no-color ", "--offline ", "(3.5 or reject)", "(full or compact-form)", "[default: full]", "may be given several times", "[RECIPE_OUTPUT_DIR]", "[THEIR_API_KEY]",
                             "--config FILE", "--show-config", "--version", "LOG_LEVEL", "Exit codes:\n    0  complete"}) CHECK_MESSAGE(holds(text, part), part);
    for (auto const& line : run::exit_codes) CHECK(holds(text, std::to_string(std::to_underlying(line.code)) + "  " + std::string(line.meaning) + '\n'));
    for (std::size_t at = 0; at < text.size();) {
        auto const end = text.find('\n', at);
        CHECK(end - at <= 100);
        at = end + 1;
    }
    CHECK(parse({"--offline", "--version"}).error().out == "recipe 0.1.0\n");
    CHECK(parse({"-h"}).error().out == text);
}

TEST_CASE("options: the version is CMake's") { CHECK(ps::version == PENSTOCK_TEST_VERSION); }

TEST_CASE("exit codes: docs/exit-codes.md has the table of --help") {
    auto const page = test::read(PENSTOCK_TEST_ROOT "/docs/exit-codes.md");
    REQUIRE(!page.empty());
    for (auto const& line : run::exit_codes) CHECK_MESSAGE(holds(page, "| " + std::to_string(std::to_underlying(line.code)) + " | " + std::string(line.meaning) + " |"), line.meaning);
}

namespace {
struct shared_flags {
    std::string model = {};
    unsigned attempts = 3;
    static constexpr run::option flags[] = {{.member = "model", .help = "which"}, {.member = "attempts", .help = "how often", .at_least = 1}};
};
struct with_a_group {
    std::uint64_t seed = 42;
    shared_flags asked = {.attempts = 5};
    static constexpr run::option flags[] = {{.member = "seed", .help = "of the draw"}};
};
}
TEST_CASE("options: a struct with flags of its own is a group of flags of the program, after its own") {
    run::program const program{.name = "recipe", .about = ""};
    auto const given = run::parse<with_a_group>(program, {"--model", "m", "--seed", "7"});
    REQUIRE(given);
    CHECK(given->options.asked.model == "m");
    CHECK(given->options.asked.attempts == 5);
    REQUIRE(given->settings.size() == 3);
    CHECK(given->settings[0].name == "seed");
    CHECK(given->settings[2].name == "attempts");
    CHECK(run::parse<with_a_group>(program, {"--attempts", "0"}).error().code == penstock::exit_code::usage);
}

namespace {
struct resuming {
    std::string resume, other;
    static constexpr run::option flags[] = {{.member = "resume", .help = "goes on", .value = "DIR", .alone = "here"}, {.member = "other", .help = "something"}};
};
}
TEST_CASE("options: a flag that may stand alone has a value of its own then") {
    auto const resume = [](std::vector<std::string> arguments) {
        auto const given = run::parse<resuming>({.name = "recipe", .about = ""}, std::move(arguments));
        return given ? given->options.resume + '|' + given->options.other : given.error().out;
    };
    CHECK(resume({}) == "|");
    CHECK(resume({"--resume"}) == "here|");
    CHECK(resume({"--resume", "--other", "x"}) == "here|x");
    CHECK(resume({"--resume", "there"}) == "there|");
    CHECK(resume({"--resume=there", "--other", "x"}) == "there|x");
    CHECK(resume({"--help"}).find("--resume [DIR]") != std::string::npos);
}
