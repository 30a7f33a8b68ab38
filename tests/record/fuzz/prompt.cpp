// Any bytes as a prompt template: parsed or refused with a place; a checked one renders, and what is put in stands there as it is.
#include <cstdint>
#include <cstdlib>
#include <penstock/record/impl/json_text.ipp>
#include <penstock/record/impl/prompt_template.ipp>
#include <penstock/record/prompt_template.hpp>
namespace ps = penstock;

namespace {
void must(bool held) { if (!held) std::abort(); }
struct inner { std::string b; int n; };
struct row { std::string a; inner i; std::optional<inner> o; double d; };
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string const text(reinterpret_cast<char const*>(data), size);
    try {
        auto const t = ps::prompt_template::parse(text, "file");
        try {
            auto const checked = t.check<row>();
            auto const out = checked(row{"{a}{", {"}}{{", 7}, {}, 0.5});
            auto const empty = checked(row{"", {"", 7}, inner{"", 7}, 0.5});
            must(out.size() <= text.size() * 4 + 8);
            must(checked(row{"{a}{", {"}}{{", 7}, {}, 0.5}) == out);
            if (text.find_first_of("{}") == text.npos) must(out == text && empty == text);
        } catch (ps::fatal const& e) { must(e.code() == ps::exit_code::usage); must(std::string(e.what()).starts_with("file:")); }
    } catch (ps::fatal const& e) { must(e.code() == ps::exit_code::usage); must(std::string(e.what()).starts_with("file:")); }
    return 0;
}
