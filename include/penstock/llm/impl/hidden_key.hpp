/// Strikes the key out of what a server says. One pass over the text, a comparison or two a byte: every reply that is paid goes through it.
#pragma once
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

namespace penstock::llm::detail {

/// Where the key ends that stands at `at`, as it is or with characters escaped as JSON does (\/, \u002d, and once more so inside a string of a string); 0: it does not.
inline std::size_t key_end(std::string_view text, std::size_t at, std::string_view api_key) {
    auto const first = at;
    for (char c : api_key) {
        auto const start = at;
        while (at < text.size() && at - start < 8 && text[at] == '\\') ++at;
        if (c == '\\' && at != start) continue;
        if (at == text.size()) return 0;
        if (text[at] == c && (at == start || start != first)) { ++at; continue; }
        unsigned code = 0;
        if (at == start || text[at] != 'u' || text.size() - at < 5 || std::from_chars(text.data() + at + 1, text.data() + at + 5, code, 16).ptr != text.data() + at + 5
            || code != static_cast<unsigned char>(c)) return 0;
        at += 5;
    }
    return at;
}
/// A server that repeats the key must not bring it into a log, a file or the journal. Whole texts only: what has been cut no longer shows where a key stood.
/// shortest: a dummy key of a server of one's own ("ollama") is a word that replies may use.
inline void hide(std::string& text, std::string_view api_key, std::size_t shortest = 4) {
    if (api_key.size() < shortest) return;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != api_key.front() && text[at] != '\\') continue;
        auto const end = key_end(text, at, api_key);
        if (end == 0) continue;
        text.replace(at, end - at, "[key]");
        at += 4;
    }
}

} // namespace penstock::llm::detail
