// penstock convert FILE --to FORM: a chat file in another trainer's form. A row that the form cannot say is a reject; none is changed in silence.
#include "commands.hpp"
#include <penstock/dataset/chat_file.hpp>
#include <penstock/io/atomic_file.hpp>
#include <penstock/io/rejects_file.hpp>
#include <penstock/run/log.hpp>
#include <cstdio>

namespace tool {
namespace {

using penstock::exit_code;
using penstock::fatal;
namespace run = penstock::run;
namespace dataset = penstock::dataset;

struct options {
    std::string file, output;
    dataset::chat_format to = dataset::chat_format::openai;
    std::optional<dataset::chat_format> from;

    static constexpr run::option flags[] = {
        {.member = "file", .help = "chats as JSON lines or as a JSON array; - is standard input", .value = "FILE", .required = true, .positional = true},
        {.member = "output", .help = "where they go, as JSON lines; OUTPUT.rejects.jsonl has the rows that the form cannot say", .value = "FILE", .required = true},
        {.member = "to", .help = "the form to write"},
        {.member = "from", .help = "the form to read", .absent = "auto"},
    };
};

exit_code write_as(options const& o, run::job& job) {
    penstock::io::atomic_file out(o.output);
    penstock::io::rejects_file rejects(o.output + ".rejects.jsonl");
    out.write(dataset::file_opening(o.to));
    std::uint64_t rows = 0;
    std::string first;
    dataset::each_chat(o.file, o.from, [&](std::uint64_t row, penstock::result<dataset::chat> c) {
        auto written = c ? dataset::write_chat(*c, o.to) : penstock::result<std::string>(std::unexpected(std::move(c).error()));
        if (written) { out.write(*written + '\n'); ++rows; return; }
        auto f = std::move(written).error();
        f.made_by("convert");
        if (f.place().empty()) f = std::move(f).at(o.file + ": row " + std::to_string(row));
        if (first.empty()) first = f.place() + ": " + f.what();
        rejects.add(penstock::origin::of(0, row - 1), f);
    }, job.stop.get_token());
    job.finished = true;
    if (rows == 0) throw fatal(exit_code::input, rejects.count() == 0 ? o.file + " has no rows" : "no row of " + o.file + " can be written so; the first: " + first);
    out.commit();
    rejects.commit();
    std::printf("%llu rows written to %s, %llu rejected\n", static_cast<unsigned long long>(rows), o.output.c_str(), static_cast<unsigned long long>(rejects.count()));
    if (!first.empty()) run::log::warning("the first reject: " + first);
    return exit_code::complete;
}

} // namespace

std::unique_ptr<run::command_base> convert() {
    return run::command<options>("convert", "writes chat files in another trainer's form", write_as);
}

} // namespace tool
