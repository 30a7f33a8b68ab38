// Any bytes, read as several records: never a crash; what decodes is well-formed JSON and survives encoding and decoding; what is well-formed is never
// called a parse error.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <penstock/record/impl/json_decode.ipp>
#include <penstock/record/impl/json_encode.ipp>
#include <penstock/record/impl/json_text.ipp>
#include <penstock/record/json.hpp>
#include "../rich.hpp"
#include "../score.hpp"
namespace json = penstock::json;

namespace {
void must(bool held) { if (!held) std::abort(); }
struct loose { std::optional<std::string> a; std::optional<double> b; std::optional<json::raw> c; std::optional<bool> d; std::optional<test::tree> e; bool operator==(loose const&) const = default; };

template <class T, json::policy P = json::policy{}> void check(char const* text, std::size_t size, bool good) {
    auto const r = json::decode_padded<T, P>(text, size);
    if (!r) { must(!r.error().what().empty()); must((r.error().code() == penstock::errc::parse) == !good); return; }
    must(good);
    auto const written = json::encode(*r);
    must(written.has_value());
    auto const again = json::decode<T, json::strict>(*written);
    must(again.has_value());
    if constexpr (requires { *again == *r; }) if constexpr (!std::same_as<T, json::raw>) must(*again == *r);
    must(*json::encode(*again) == *written);
}
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    char const fill = "]}\n\"0,\0x"[data[0] % 8];        // what stands in the padding must not matter
    std::unique_ptr<char[]> text(new char[size - 1 + simdjson::SIMDJSON_PADDING]);
    std::memcpy(text.get(), data + 1, size - 1);
    std::memset(text.get() + size - 1, fill, simdjson::SIMDJSON_PADDING);
    auto const p = text.get();
    auto const n = size - 1;
    bool const good = !json::flaw_of({p, n});
    check<loose>(p, n, good);
    check<loose, json::lenient>(p, n, good);
    check<test::rich>(p, n, good);
    check<test::rich, json::policy{.duplicate = json::duplicate_keys::last, .missing = json::missing_keys::keep, .mistyped = json::mistyped::coerce}>(p, n, good);
    check<std::vector<loose>>(p, n, good);
    check<std::map<std::string, std::vector<std::optional<double>>>>(p, n, good);
    check<json::raw>(p, n, good);
    check<double>(p, n, good);
    check<float>(p, n, good);
    check<std::optional<std::int64_t>>(p, n, good);
    check<std::uint8_t, json::lenient>(p, n, good);
    check<std::string>(p, n, good);
    auto const s = json::decode_padded<test::score, json::strict>(p, n);
    must(s || (s.error().code() == penstock::errc::parse) == !good);
    std::string any(p, n), out;
    auto const encoded = json::encode_to(out, any);
    must(encoded.has_value() == !json::invalid_utf8(any));
    if (encoded) must(*json::decode<std::string>(out) == any); else must(out.empty());
    return 0;
}
