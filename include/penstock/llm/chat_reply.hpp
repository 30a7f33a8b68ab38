/// What a chat model said, in no provider's words.
#pragma once
#include <cstdint>
#include <string>
#include <penstock/llm/usage.hpp>

namespace penstock::llm {

enum class finish : std::uint8_t {
    stop,       ///< it was done
    length,     ///< cut off at the token limit: asking again as it stands is paid again and cut again
    filtered,   ///< the provider's content filter ended it
    other,
};

struct chat_reply {
    std::string text;               ///< empty where it was refused or filtered
    std::string refusal = {};       ///< the model's own words for no; else empty
    llm::finish finish = llm::finish::stop;
    std::string filtered = {};      ///< categories of the content filter that struck: "hate, violence"
    std::string model = {};         ///< as the server names what answered
    usage tokens = {};
};

} // namespace penstock::llm
