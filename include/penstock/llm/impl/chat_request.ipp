#pragma once
#include <penstock/llm/chat_request.hpp>
#include <penstock/llm/impl/chat_body.hpp>

namespace penstock::llm {
namespace detail {
struct canonical_request {
    std::vector<body_message> messages;
    std::optional<double> temperature;
    std::optional<std::uint32_t> max_output_tokens;
    std::optional<std::string_view> schema_name;
    std::optional<json::raw> schema;
};
} // namespace detail

result<std::string> canonical(chat_request const& r) {
    detail::canonical_request c{detail::messages_of(r), r.temperature, r.max_output_tokens, {}, {}};
    if (!r.schema.empty()) {
        auto schema = json::raw::of(r.schema);
        if (!schema) return std::unexpected(failure{errc::schema, "the reply's schema: " + schema.error().what()});
        c.schema_name = r.schema_name;
        c.schema = std::move(*schema);
    }
    return detail::written(c);
}

result<question> question_of(std::string_view provider, chat_request const& r) {
    result<question> out(std::in_place, std::string(provider), r.model, r.schema_version, r.draw);
    if (auto request = canonical(r)) out->request = std::move(*request);
    else out = std::unexpected(failure(std::move(request.error())));
    return out;
}

} // namespace penstock::llm
