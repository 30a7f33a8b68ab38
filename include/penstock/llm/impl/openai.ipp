#pragma once
#include <penstock/llm/provider/azure.hpp>
#include <penstock/llm/provider/openai.hpp>
#include <penstock/llm/impl/chat_body.hpp>
#include <penstock/llm/impl/hidden_key.hpp>
#include <penstock/llm/policy/retry_after.hpp>
#include <penstock/record/json_decode.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace penstock::llm {
namespace detail {

// What is sent; the members' names are the wire's.
struct schema_format { std::string_view name; json::raw schema; bool strict = true; };
struct format_of_reply { std::string_view type = "json_schema"; schema_format json_schema; };
struct completion_body {
    std::optional<std::string_view> model;
    std::vector<body_message> messages;
    std::optional<double> temperature;
    std::optional<std::uint32_t> max_completion_tokens, max_tokens;
    std::optional<format_of_reply> response_format;
};
inline result<std::string> completion_text(chat_request const& r, bool with_model, bool max_tokens) {
    completion_body b{{}, messages_of(r), r.temperature, {}, {}, {}};
    if (with_model) b.model = r.model;
    (max_tokens ? b.max_tokens : b.max_completion_tokens) = r.max_output_tokens;
    if (!r.schema.empty()) {
        auto schema = json::raw::of(r.schema);
        if (!schema) return std::unexpected(failure{errc::schema, "the reply's schema: " + schema.error().what()});
        b.response_format = format_of_reply{"json_schema", {r.schema_name, std::move(*schema)}};
    }
    return written(b);
}
inline net::url url_of(std::string base, std::string const& path, std::string_view what) {
    while (base.ends_with('/')) base.pop_back();
    auto to = net::parse_url(base + path);
    if (!to) throw fatal(exit_code::usage, std::string(what) + ": " + to.error());
    return std::move(*to);
}

// What comes, as far as it is looked at; every member may be absent or null.
inline constexpr json::policy open_minded{.duplicate = json::duplicate_keys::last, .missing = json::missing_keys::keep, .mistyped = json::mistyped::coerce};
struct filter_verdict { std::optional<bool> filtered; };
using filter_verdicts = std::map<std::string, json::raw>;
struct prompt_details { std::optional<std::uint64_t> cached_tokens; };
struct completion_details { std::optional<std::uint64_t> reasoning_tokens; };
struct wire_usage {
    std::optional<std::uint64_t> prompt_tokens, completion_tokens;
    std::optional<prompt_details> prompt_tokens_details;
    std::optional<completion_details> completion_tokens_details;
};
struct odd_usage { std::optional<json::raw> prompt_tokens, completion_tokens; };     // where a count is -1, or a word
struct wire_message { std::optional<std::string> content, refusal; };
struct wire_choice {
    std::optional<wire_message> message;
    std::optional<std::string> finish_reason;
    std::optional<filter_verdicts> content_filter_results;
};
struct wire_reply {
    std::optional<std::string> model;
    std::optional<std::vector<wire_choice>> choices;
    std::optional<json::raw> usage;         // read apart: a reply is not thrown away for how its tokens are counted
    std::optional<json::raw> error;
};
struct filtered_error { std::optional<filter_verdicts> content_filter_result, content_filter_results; };
struct wire_error {
    std::optional<std::string> message, type, code, param;
    std::optional<filtered_error> innererror, inner_error;
};
struct wire_failure { std::optional<json::raw> error; };

inline std::string categories(std::optional<filter_verdicts> const& all) {
    std::string out;
    if (all) for (auto const& [name, verdict] : *all) {
        auto const v = json::decode<filter_verdict, open_minded>(verdict.text());
        if (!v || !v->filtered.value_or(false)) continue;
        if (!out.empty()) out += ", ";
        out += name;
    }
    return out;
}
/// A reply is paid whatever its counts say: what cannot be one is 0, or the most that a reply can have.
inline usage tokens_of(std::string_view text) {
    constexpr std::uint64_t most = 1'000'000'000'000;
    auto const least = [=](std::optional<std::uint64_t> n) { return std::min(n.value_or(0), most); };
    if (auto const u = json::decode<wire_usage, open_minded>(text))
        return {least(u->prompt_tokens), u->prompt_tokens_details ? least(u->prompt_tokens_details->cached_tokens) : 0, least(u->completion_tokens),
                u->completion_tokens_details ? least(u->completion_tokens_details->reasoning_tokens) : 0};
    auto const odd = json::decode<odd_usage, open_minded>(text);
    auto const count = [=](std::optional<json::raw> const& part) -> std::uint64_t {
        auto const n = part ? json::decode<double, open_minded>(part->text()) : result<double>(0.0);
        return n && *n > 0 ? *n < static_cast<double>(most) ? static_cast<std::uint64_t>(*n) : most : 0;
    };
    return odd ? usage{count(odd->prompt_tokens), 0, count(odd->completion_tokens), 0} : usage{};
}
inline std::string one_line(std::string text) {
    for (char& c : text) if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return text;
}
/// OpenAI's {"error":{…}}, Ollama's {"error":"…"}, vLLM's {"object":"error","message":…}, Gemini's [{"error":{…}}], or whatever a proxy says.
inline void read_error(std::string_view body, call_error& e) {
    while (!body.empty() && (body.front() == '[' || body.front() == ' ' || body.front() == '\n' || body.front() == '\r')) body.remove_prefix(1);
    while (!body.empty() && body.front() == '{' && (body.back() == ']' || body.back() == ' ' || body.back() == '\n' || body.back() == '\r')) body.remove_suffix(1);
    auto const outer = json::decode<wire_failure, open_minded>(body);
    std::string_view const inside = outer && outer->error ? std::string_view(outer->error->text()) : body;
    if (inside.starts_with('"')) { if (auto text = json::decode<std::string>(inside)) e.message = one_line(std::move(*text)); return; }
    auto const error = json::decode<wire_error, open_minded>(inside);
    if (!error) { e.message = one_line(std::string(body.substr(0, 200))); return; }
    e.message = one_line(error->message.value_or(""));
    e.type = error->type.value_or("");
    e.code = error->code.value_or("");
    e.param = error->param.value_or("");
    for (auto const* inner : {&error->innererror, &error->inner_error}) if (*inner) for (auto const* result : {&(*inner)->content_filter_result, &(*inner)->content_filter_results})
        if (auto const struck = categories(*result); !struck.empty()) e.message += " (" + struck + ")";
}
} // namespace detail

namespace openai {

result<net::request> request(chat_request const& r, endpoint const& to, std::string_view api_key) {
    auto body = detail::completion_text(r, true, to.max_tokens);
    if (!body) return std::unexpected(std::move(body.error()));
    net::request out{.to = detail::url_of(to.base_url, "/chat/completions", "the base URL"), .body = std::move(*body)};
    out.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    if (!api_key.empty()) out.headers.push_back({"Authorization", "Bearer " + std::string(api_key)});
    if (!to.organization.empty()) out.headers.push_back({"OpenAI-Organization", to.organization});
    if (!to.project.empty()) out.headers.push_back({"OpenAI-Project", to.project});
    return out;
}

std::expected<chat_reply, call_error> reply(std::string_view body) {
    auto const garbage = [&](std::string what) { call_error e; e.status = 200; e.message = std::move(what); return std::unexpected(std::move(e)); };
    auto const wire = json::decode<detail::wire_reply, detail::open_minded>(body);
    if (!wire) return garbage("the reply is not a chat completion: " + wire.error().what());
    if (wire->error && wire->error->text() != "null") {     // some proxies send an error with status 200
        call_error e;
        e.status = 200;
        detail::read_error(body, e);
        return std::unexpected(std::move(e));
    }
    if (!wire->choices || wire->choices->empty()) return garbage("the reply has no choices");
    auto const& choice = wire->choices->front();
    chat_reply out;
    out.model = wire->model.value_or("");
    if (choice.message) {
        out.text = choice.message->content.value_or("");
        out.refusal = choice.message->refusal.value_or("");
    }
    auto const why = choice.finish_reason.value_or("");
    out.finish = why == "stop" ? finish::stop : why == "length" ? finish::length : why == "content_filter" ? finish::filtered : finish::other;
    out.filtered = detail::categories(choice.content_filter_results);
    if (wire->usage) out.tokens = detail::tokens_of(wire->usage->text());
    return out;
}

std::expected<chat_reply, call_error> reply(net::response const& r, std::string_view api_key, std::int64_t now) {
    bool const completion = r.status >= 200 && r.status < 300;
    auto out = completion ? reply(std::string_view(r.body)) : std::expected<chat_reply, call_error>(std::unexpect);
    if (out) return out;
    auto body = r.body;
    detail::hide(body, api_key);        // before a word of it is cut into a message
    if (completion && body != r.body) { out = reply(std::string_view(body)); if (out) return out; }
    auto& e = out.error();
    e.status = r.status;
    if (!completion) detail::read_error(body, e);
    for (auto* text : {&e.message, &e.code, &e.type, &e.param}) detail::hide(*text, api_key);
    e.retry_after = retry_after(r.headers, e.message, now);
    if (auto const h = r.headers.find("x-should-retry")) { if (*h == "true") e.should_retry = true; else if (*h == "false") e.should_retry = false; }
    return out;
}

} // namespace openai

namespace azure {

result<net::request> request(chat_request const& r, endpoint const& to, std::string_view api_key) {
    auto body = detail::completion_text(r, false, false);
    if (!body) return std::unexpected(std::move(body.error()));
    std::string deployment;
    for (char c : r.model) {
        constexpr auto digits = "0123456789ABCDEF";
        auto const byte = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.') deployment += c;
        else { deployment += '%'; deployment += digits[byte >> 4]; deployment += digits[byte & 15]; }
    }
    net::request out{.to = detail::url_of(to.url, "/openai/deployments/" + deployment + "/chat/completions?api-version=" + to.api_version, "the Azure endpoint"), .body = std::move(*body)};
    out.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}, {"api-key", std::string(api_key)}};
    return out;
}

std::expected<chat_reply, call_error> reply(net::response const& r, std::string_view api_key, std::int64_t now) { return openai::reply(r, api_key, now); }
std::expected<chat_reply, call_error> reply(std::string_view body) { return openai::reply(body); }

} // namespace azure
} // namespace penstock::llm
