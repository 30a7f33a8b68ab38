#include <penstock/io/csv.hpp>
#include "support.hpp"
using namespace fuzz;

namespace { struct row { std::string a; std::optional<double> b; bool c; }; }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    sample const s(data, size);
    if (compressed(s.bytes)) return -1;
    auto const line_end = [](std::string_view gap, bool first, bool last) {
        if (first) return gap.empty() || gap == "\xef\xbb\xbf";
        return gap == "\n" || gap == "\r\n" || (last && (gap.empty() || gap == "\r"));
    };
    same_for_all_pieces(s, [&](io::input in, io::reading how, std::vector<std::string>& out) {
        cover all(s.bytes);
        io::csv_splitter rows(std::move(in), how);
        while (auto const* r = rows.next()) {
            auto text = shown(*r) + (rows.utf8() ? " utf8" : "");
            require(!r->fault.empty() || rows.utf8() == simdjson::validate_utf8(r->data, r->size), "UTF-8 by block is UTF-8 by row");
            for (std::size_t i = 0; i != rows.size(); ++i) text += '|' + rows.cells()[i].text();
            out.push_back(std::move(text));
            all.row(*r, line_end);
        }
        all.end(line_end);
    });
    auto const headed = "a,b,c\n" + std::string(s.bytes);
    sample typed = s;
    typed.bytes = headed;
    same_for_all_pieces(typed, [](io::input in, io::reading how, std::vector<std::string>& out) {
        for (auto&& r : io::csv<row>(std::move(in), how)) out.push_back(r ? r->a + '|' + (r->b ? std::to_string(*r->b) : "") + (r->c ? "|1" : "|0") : r.error().place() + r.error().what() + r.error().raw());
    });
    return 0;
}
