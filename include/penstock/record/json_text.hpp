/// JSON as text, without records: is it well-formed, what a string token says, how numbers and strings are written. Bodies in impl/json_text.ipp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace penstock::json {

/// Objects and arrays inside each other, at most; simdjson's own limit where it has one.
inline constexpr unsigned depth_limit = 1024;

/// What is wrong with a text, and at which byte; empty where nothing is.
struct flaw {
    std::size_t at = 0;
    std::string what;
    explicit operator bool() const { return !what.empty(); }
};
/// RFC 8259, in UTF-8, whole; a lone surrogate (\ud800) counts as ill-formed, because no UTF-8 can say it. Never recursive; one value unless it is cut off.
flaw flaw_of(std::string_view text);
/// The first byte that begins no UTF-8 character.
flaw invalid_utf8(std::string_view text);

namespace detail {

/// The escapes of a string's inside, resolved, appended to out. False where an escape is no escape or a surrogate stands alone.
bool append_unescaped(std::string& out, std::string_view inside);

/// Shortest text that reads back as the same number: 7 -> 7, 6.5 -> 6.5, 1e22 -> 1e+22. NaN and infinity are the caller's to refuse.
void append_number(std::string& out, double v);
void append_number(std::string& out, float v);
void append_number(std::string& out, std::int64_t v);
void append_number(std::string& out, std::uint64_t v);

/// JSON text that is known to be well-formed, without the white space between its tokens.
std::string compact(std::string_view checked);

/// `.name`, or `["odd name"]` where it is no identifier.
std::string path_of(std::string_view key);
/// For people: at most 60 bytes of it, as text/printable.hpp shows them.
std::string excerpt(std::string_view text);

/// Room behind a string's end that is written without asking each time.
class appender {
    std::string& out_;
    std::size_t start_;
    char* at_;
    char* end_;
    void grow(std::size_t n);
public:
    explicit appender(std::string& out) : out_(out), start_(out.size()) { at_ = end_ = out.data() + out.size(); }
    appender(appender const&) = delete;
    ~appender();                                                    // unless finished: what was appended goes
    bool check_each = false;                                        // text() looks for invalid UTF-8 itself, to find where it stands

    void room(std::size_t n) { if (static_cast<std::size_t>(end_ - at_) < n) grow(n); }
    void put(char c) { room(1); *at_++ = c; }
    void put(std::string_view s) { room(s.size()); __builtin_memcpy(at_, s.data(), s.size()); at_ += s.size(); }
    bool text(std::string_view s);                                  ///< quoted and escaped; false: invalid UTF-8 (with check_each)
    void number(double v);
    void number(float v);
    void number(std::int64_t v);
    void number(std::uint64_t v);
    bool finish();                                                  ///< false: invalid UTF-8 somewhere, and nothing was appended
};

}

} // namespace penstock::json
