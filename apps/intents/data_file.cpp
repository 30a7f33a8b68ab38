#include "data_file.hpp"
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <penstock/core/fatal.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/input.hpp>
#include <penstock/record/json.hpp>
#include <penstock/run/metadata.hpp>
#include "metrics.hpp"

namespace intents {

using penstock::exit_code;
using penstock::fatal;
namespace json = penstock::json;

namespace {

struct loose_facts {
    std::optional<std::string> edge_case;
    std::vector<std::string> frames;
};
struct loose_row {
    std::string text, intent, audience, complexity;
    std::optional<double> confidence;
    loose_facts metadata;
};
struct loose_metadata {
    std::optional<std::string> generated_at;
    std::optional<std::uint64_t> total_examples;
    std::optional<json::raw> config, statistics, diversity_metrics;
};
struct whole { std::optional<json::raw> metadata; std::optional<std::vector<json::raw>> examples; };
constexpr json::policy as_it_is{.duplicate = json::duplicate_keys::last, .missing = json::missing_keys::keep};
constexpr json::policy as_far_as_it_goes{.duplicate = json::duplicate_keys::last, .missing = json::missing_keys::keep, .mistyped = json::mistyped::coerce};

std::string bytes_of(std::string const& path) {
    penstock::io::input in(path);
    std::string text;
    for (std::size_t n = 1; n != 0;) {
        auto const before = text.size();
        text.resize(before + (std::size_t{1} << 20));
        n = in.read(text.data() + before, text.size() - before);
        text.resize(before + n);
    }
    if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    return text;
}
file_row read_row(json::raw const& text) {
    file_row row{.text = {}, .intent = {}, .audience = {}, .complexity = {}, .json = text.text()};
    auto read = json::decode<loose_row, as_far_as_it_goes>(row.json);
    if (!read) { row.fault = read.error().what(); return row; }
    if (auto const strict = json::decode<loose_row, as_it_is>(row.json); !strict) row.mistyped = strict.error().what();
    row.text = std::move(read->text);
    row.intent = std::move(read->intent);
    row.audience = std::move(read->audience);
    row.complexity = std::move(read->complexity);
    row.confidence = read->confidence;
    row.edge_case = std::move(read->metadata.edge_case);
    row.frames = std::move(read->metadata.frames);
    return row;
}

void read_metadata(std::string const& text, data_file& out) {
    auto const read = json::decode<loose_metadata, as_far_as_it_goes>(text);
    if (!read) { out.layout.push_back("\"metadata\" is laid out otherwise: " + read.error().what()); return; }
    auto const need = [&](bool there, char const* name) { if (!there) out.lacking.emplace_back(name); };
    need(read->generated_at.has_value(), "generated_at");
    need(read->total_examples.has_value(), "total_examples");
    need(read->statistics.has_value(), "statistics");
    need(read->diversity_metrics.has_value(), "diversity_metrics");
    out.counted = read->total_examples;
    if (read->config) out.config = read->config->text();
}

template <class T> std::string written(T const& x) {
    auto text = json::encode<json::policy{.empty = json::absent::omit}>(x);
    if (!text) throw fatal(exit_code::internal, "a row cannot be written: " + text.error().what());
    return *std::move(text);
}

} // namespace

data_file read_data(std::string const& path) { return data_of(path, bytes_of(path)); }

data_file data_of(std::string const& path, std::string const& bytes) {
    data_file out{.path = path, .rows = {}};
    auto const begin = bytes.find_first_not_of(" \t\r\n");
    if (begin == bytes.npos) throw fatal(exit_code::input, path + " is empty");
    std::vector<json::raw> rows;
    if (bytes[begin] == '[') {
        auto all = json::decode<std::vector<json::raw>>(bytes);
        if (!all) throw fatal(exit_code::input, path + " is no JSON: " + all.error().what());
        rows = *std::move(all);
        out.layout.emplace_back("the file is a bare array; expected {\"metadata\": {…}, \"examples\": […]}");
    } else {
        auto all = json::decode<whole, as_it_is>(bytes);
        if (!all) throw fatal(exit_code::input, path + " is no data set of this kind: " + all.error().what());
        if (!all->examples) throw fatal(exit_code::input, path + " has no member \"examples\"");
        rows = *std::move(all->examples);
        if (!all->metadata) out.layout.emplace_back("the file has no member \"metadata\"");
        else read_metadata(all->metadata->text(), out);
    }
    if (rows.empty()) throw fatal(exit_code::input, path + " has no rows");
    for (auto const& r : rows) out.rows.push_back(read_row(r));

    auto const every = [&](auto holds) { return std::ranges::all_of(out.rows, holds); };
    if (every([](file_row const& r) { return r.text.empty(); })) throw fatal(exit_code::input, path + ": no row has a member \"text\"");
    auto const lacks = [&](char const* name, auto of) { if (every([&](file_row const& r) { return of(r); })) out.layout.push_back("no row has a member \"" + std::string(name) + '"'); };
    lacks("intent", [](file_row const& r) { return r.intent.empty(); });
    lacks("audience", [](file_row const& r) { return r.audience.empty(); });
    lacks("complexity", [](file_row const& r) { return r.complexity.empty(); });
    lacks("confidence", [](file_row const& r) { return !r.confidence; });
    if (every([](file_row const& r) { return !r.complexity.empty() && r.complexity[0] >= '0' && r.complexity[0] <= '9'; })) out.layout.emplace_back("\"complexity\" is a number in every row; expected simple, moderate or complex");
    return out;
}

std::string data_text(std::span<example const> rows, file_config const& config, std::string const& generated_at) {
    std::string out = "{\"metadata\":{\"generated_at\":\"" + generated_at + "\",\"total_examples\":" + std::to_string(rows.size()) + ",\n\"config\":" + written(config)
                    + ",\n\"statistics\":" + written(statistics_of(rows)) + ",\n\"diversity_metrics\":" + written(metrics_of(rows)) + "},\n\"examples\":[";
    for (auto const& r : rows) { out += &r == rows.data() ? "\n" : ",\n"; out += written(r); }
    return out + "\n]}\n";
}
std::string data_text(std::span<file_row const* const> rows, std::string const& config, std::string const& generated_at) {
    std::vector<example> as_rows;
    for (auto const* r : rows) as_rows.push_back(*as_example(*r));
    std::string out = "{\"metadata\":{\"generated_at\":\"" + generated_at + "\",\"total_examples\":" + std::to_string(rows.size()) + (config.empty() ? "" : ",\n\"config\":" + config)
                    + ",\n\"statistics\":" + written(statistics_of(as_rows)) + ",\n\"diversity_metrics\":" + written(metrics_of(as_rows)) + "},\n\"examples\":[";
    for (std::size_t i = 0; i != rows.size(); ++i) { out += i == 0 ? "\n" : ",\n"; out += rows[i]->json; }
    return out + "\n]}\n";
}

void write_whole(std::string const& path, std::string const& text) {
    std::error_code ignored;        // what is wrong with the folder, the file says
    if (auto const folder = std::filesystem::path(path).parent_path(); !folder.empty()) std::filesystem::create_directories(folder, ignored);
    penstock::io::atomic_file file(path);
    file.write(text);
    file.commit();
}

std::string generation_date() {
    auto const* const epoch = std::getenv("SOURCE_DATE_EPOCH");
    return epoch && *epoch ? penstock::run::utc(penstock::run::time_of_day()) : "2026-11-21T00:00:00Z";     // when the grammar was last changed
}

} // namespace intents
