#include <penstock/core/filter.hpp>
#include <penstock/core/env.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/run/metadata.hpp>
#include <penstock/run/output_directory.hpp>
#include <penstock/run/progress.hpp>
#include <cstdlib>
#include <filesystem>
namespace run = penstock::run;
struct no_options { unsigned rows = 1000; static constexpr run::option flags[] = {{.member = "rows", .help = "how many"}}; };

// [directory]
penstock::exit_code even_numbers(unsigned rows, std::string const& where, run::job& job) {
    run::metadata about;                                    // keeps the time of the start
    run::output_directory const folder(where);              // exit code 4 and one line if another run holds it
    penstock::bare_env env;
    env.stopping = job.stop;                                // SIGINT ends the range below; what is in flight is finished

    penstock::io::atomic_file out(folder / "even.txt");     // even.txt.partial until commit()
    run::progress progress("rows", rows);
    auto recipe = penstock::filter("parity", [](unsigned n) -> std::string_view { return n % 2 ? "odd" : ""; });
    for (auto&& item : std::views::iota(0u, rows) | recipe | penstock::with(env)) {
        out.write(std::to_string(*item.value) + '\n');
        progress.at(env.ledger().totals().read, 0);
    }
    progress.at(env.ledger().totals().read, 0);
    progress.finish();

    run::require_balance(env.ledger());                     // sums that do not hold: exit code 1
    about.set("rows_wanted", rows);
    about.set(env.ledger());
    about.set(job);
    about.set_versions_and_timings();
    penstock::io::atomic_file metadata(folder / "metadata.json");
    metadata.write(about.text());
    if (!job.stopped()) out.commit();
    metadata.commit();
    return penstock::exit_code::complete;                   // after SIGINT run::main makes 130 of it and says how to go on
}
// [/directory]

int main(int argc, char** argv) {
    auto name = (std::filesystem::temp_directory_path() / "penstock-docs-XXXXXX").string();
    if (!::mkdtemp(name.data())) return 1;
    auto const code = run::main(argc, argv, {.name = "even", .about = {}},
        run::command<no_options>("", "", [&](no_options const& o, run::job& job) { return even_numbers(o.rows, name + "/out", job); }));
    bool const good = code == 0 && std::filesystem::exists(name + "/out/even.txt") && std::filesystem::exists(name + "/out/metadata.json") && !std::filesystem::exists(name + "/out/.penstock.lock");
    std::filesystem::remove_all(name);
    return good ? 0 : 1;
}
