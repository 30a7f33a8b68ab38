#include "unified_file.hpp"
#include <optional>
#include <utility>
#include <penstock/core/fatal.hpp>
#include <penstock/io/rows.hpp>

namespace hate {

void each_row(std::string const& path, std::function<void(penstock::result<unified_row>)> const& each) {
    std::optional<penstock::failure> last;
    for (auto&& r : penstock::io::rows<unified_row>(path)) {
        if (r) last.reset(); else last = r.error();
        each(std::move(r));
    }
    if (last && last->code() == penstock::errc::parse)
        throw penstock::fatal(penstock::exit_code::input, (last->place().empty() ? path : last->place()) + ": " + last->what() + "; the end of the file is broken, so rows are missing: get the whole file");
}

} // namespace hate
