#include "typos.hpp"
#include <algorithm>
#include <string_view>

namespace intents {
namespace {
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
}

std::string_view neighbours(char letter) {
    static constexpr std::string_view beside[26] = {"qwsz", "vghn", "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko", "huikmn", "jiolm", "kop", "njk",
                                                    "bhjm", "iklp", "ol", "wa", "edft", "awedxz", "rfgy", "yhji", "cfgb", "qase", "zsdc", "tghu", "asx"};
    return letter >= 'a' && letter <= 'z' ? beside[letter - 'a'] : std::string_view{};
}

std::string mistyped(std::string text, random& dice) {
    std::vector<std::size_t> places;        // letters with a letter behind them, in words of three or more
    for (std::size_t from = 0; from < text.size();) {
        auto to = from;
        while (to != text.size() && is_letter(text[to])) ++to;
        if (to - from >= 3) for (auto i = from; i + 1 < to; ++i) places.push_back(i);
        from = std::max(to, from + 1);
    }
    dice.shuffle(places);
    auto wanted = std::max<std::size_t>(2, places.size() / 12);
    std::vector<std::size_t> touched;
    for (auto const at : places) {
        if (wanted == 0) break;
        if (std::ranges::any_of(touched, [&](std::size_t t) { return at + 2 >= t && t + 2 >= at; })) continue;      // errors stand apart
        if (dice.chance(50) && text[at] != text[at + 1] && (text[at] >= 'a') == (text[at + 1] >= 'a')) std::swap(text[at], text[at + 1]);
        else {
            bool const capital = text[at] < 'a';
            auto const keys = neighbours(static_cast<char>(capital ? text[at] - 'A' + 'a' : text[at]));
            auto const key = keys[dice.below(keys.size())];
            text[at] = static_cast<char>(capital ? key - 'a' + 'A' : key);
        }
        touched.push_back(at);
        --wanted;
    }
    return text;
}

} // namespace intents
