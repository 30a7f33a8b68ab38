/// The parts of a request's JSON that OpenAI's wire form and the canonical form share.
#pragma once
#include <string>
#include <string_view>
#include <vector>
#include <penstock/llm/chat_request.hpp>
#include <penstock/record/json_encode.hpp>

namespace penstock::llm::detail {

struct body_message { std::string_view role, content; };
inline std::vector<body_message> messages_of(chat_request const& r) {
    constexpr std::string_view names[] = {"system", "user", "assistant"};
    std::vector<body_message> out;
    out.reserve(r.messages.size());
    for (auto const& m : r.messages) out.push_back({names[static_cast<unsigned>(m.role)], m.content});
    return out;
}
/// With absent members left out.
template <class T> result<std::string> written(T const& x) {
    std::string out;
    if (auto done = json::encode_to<json::policy{.empty = json::absent::omit}>(out, x); !done) return std::unexpected(std::move(done.error()));
    return out;
}

} // namespace penstock::llm::detail
