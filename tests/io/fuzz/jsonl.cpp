#include <penstock/io/jsonl.hpp>
#include "support.hpp"
using namespace fuzz;

namespace {
struct message { std::string role, content; };
struct row { std::vector<message> messages; std::optional<double> score; };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    sample const s(data, size);
    if (compressed(s.bytes)) return -1;
    auto const line_end = [](std::string_view gap, bool first, bool last) {
        if (first) return gap.empty() || gap == "\xef\xbb\xbf";
        return gap == "\n" || gap == "\r\n" || (last && (gap.empty() || gap == "\r"));
    };
    same_for_all_pieces(s, [&](io::input in, io::reading how, std::vector<std::string>& out) {
        cover all(s.bytes);
        io::line_splitter rows(std::move(in), how);
        while (auto const* r = rows.next(io::blank_lines::are_rows)) {
            require(!r->fault.empty() || rows.utf8() == simdjson::validate_utf8(r->data, r->size), "UTF-8 by block is UTF-8 by row");
            out.push_back(shown(*r));
            all.row(*r, line_end);
        }
        all.end(line_end);
    });
    same_for_all_pieces(s, [](io::input in, io::reading how, std::vector<std::string>& out) {
        for (auto&& r : io::jsonl<row>(std::move(in), how)) {
            if (r) for (auto const& m : r->messages) out.push_back(m.role + m.content);
            else out.push_back(r.error().place() + r.error().what() + r.error().raw());
        }
    });
    return 0;
}
