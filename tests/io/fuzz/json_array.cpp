#include <penstock/io/json_array.hpp>
#include "support.hpp"
using namespace fuzz;

namespace { struct row { int id; std::optional<std::string> text; }; }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    sample const s(data, size);
    if (compressed(s.bytes)) return -1;
    same_for_all_pieces(s, [&](io::input in, io::reading how, std::vector<std::string>& out) {
        cover all(s.bytes);
        bool cut_off = false;
        auto const separators = [&](std::string_view gap, bool first, bool last) {
            if (first && gap.starts_with("\xef\xbb\xbf")) gap.remove_prefix(3);
            return (last && cut_off) || gap.find_first_not_of(" \t\r\n,[]") == gap.npos;
        };
        io::element_splitter rows(std::move(in), how);
        while (auto const* r = rows.next()) {
            out.push_back(shown(*r));
            all.row(*r, separators);
            cut_off = r->fault.starts_with("there is text after");
        }
        all.end(separators);
    });
    same_for_all_pieces(s, [](io::input in, io::reading how, std::vector<std::string>& out) {
        for (auto&& r : io::json_array<row>(std::move(in), how)) out.push_back(r ? std::to_string(r->id) + r->text.value_or("-") : r.error().place() + r.error().what() + r.error().raw());
    });
    return 0;
}
