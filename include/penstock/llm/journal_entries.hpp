/// A journal's folder, read from outside: for the tool and for people. It writes nothing, takes no lock and may be used while runs go on.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>   // std::move_only_function
#include <string>
#include <vector>
#include <penstock/llm/journal.hpp>

namespace penstock::llm {

struct journal_entry {
    enum class kind : std::uint8_t { reply, verdict, lost, asked } what = kind::reply;
    llm::key key = {};
    std::uint32_t round = 0;            ///< 1, 2, …: asked anew by --retry-rejected
    std::int64_t at = 0;                ///< milliseconds since 1970; of a lost request: when it was sent; of kind asked: when the last run that asked it there started
    question asked = {};                ///< of a reply; of kind asked: only where the question was left without one
    llm::reply came = {};               ///< of a reply
    std::string why = {};               ///< of a verdict; how it was lost
    unsigned copies = 1;                ///< of a lost request
    position where = {};                ///< of kind asked: the record
};
struct journal_part {
    std::string name, host;
    bool open = false;                  ///< a run has it, or died with it
    std::size_t replies = 0, verdicts = 0;
    std::uint64_t lost = 0;             ///< with what a run that died had under way, also before the next run counts it
};
struct journal_contents {
    std::int64_t first_start = 0;       ///< seconds since 1970; 0: unknown
    std::vector<journal_part> parts = {};
    std::vector<std::string> notes = {};
};

/// Every entry, file by file, in the order in which they were written; each answers false to stop. fatal(input) where the folder or a file cannot be read.
journal_contents read_journal(std::string const& folder, std::move_only_function<bool(journal_entry)> each);

/// What keeps two questions apart, one line for each part: `model: "a", in the journal "b"`. Empty: nothing.
std::vector<std::string> differences(question const& asked, question const& kept);
/// How near two questions are: what their requests share at both ends, 0 to 1, and a little for each other part that is the same.
double nearness(question const& asked, question const& kept);

} // namespace penstock::llm
