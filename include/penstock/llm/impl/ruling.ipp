#pragma once
#include <penstock/llm/policy/ruling.hpp>
#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace penstock::llm {

call_error error_of(net::error const& e) {
    call_error out;
    out.problem = e.what;
    out.during = e.during;
    out.message = e.text;
    return out;
}

std::string call_error::text() const {
    std::string out = status ? std::to_string(status) : std::string(net::name(problem));
    auto const& word = code.empty() ? type : code;
    if (!word.empty()) out += ' ' + word;
    if (!message.empty()) out += ": " + message;
    for (char& c : out) if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    if (out.size() > 300) {
        auto end = out.begin() + 297;
        while (static_cast<unsigned char>(*end) >> 6 == 2) --end;      // not inside a character
        out.erase(end, out.end());
        out += "...";
    }
    return out;
}

namespace detail {
inline bool among(std::string_view word, std::initializer_list<std::string_view> words) { return std::ranges::find(words, word) != words.end(); }
inline bool same_letter(char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; }
/// words: lower case.
inline bool mentions(std::string_view text, std::string_view words) {
    return std::search(text.begin(), text.end(), words.begin(), words.end(), same_letter) != text.end();
}
/// Money is gone, which no waiting brings back. Comes as 429 (OpenAI), 402, or 400 with words (Anthropic; one original sent 326 more batches into it).
inline bool quota_gone(call_error const& e) {
    auto const gone = [](std::string_view word) {
        return among(word, {"insufficient_quota", "credit_balance_exhausted", "organization_spend_limit_exceeded", "project_spend_limit_exceeded",
                            "organization_usage_limit_exceeded", "billing_hard_limit_reached", "billing_not_active", "billing_error"});
    };
    return gone(e.code) || gone(e.type) || e.status == 402 || (e.status == 400 && mentions(e.message, "credit balance is too low"));
}
/// The same for every record: the recipe or the flags ask for what this model does not have.
inline bool wrong_setting(call_error const& e) {
    return e.status == 400 && (among(e.code, {"unsupported_parameter", "unsupported_value", "unknown_parameter", "invalid_json_schema"}) || e.param == "response_format" || e.param.starts_with("response_format."));
}
} // namespace detail

ruling rule(call_error const& e) {
    using enum act;
    if (e.status == 0) {
        bool const before = e.during == net::phase::resolve || e.during == net::phase::connect || e.during == net::phase::tls;
        switch (e.problem) {
            case net::problem::invalid: case net::problem::plain_http: return {.act = stop, .stop_as = exit_code::usage};
            case net::problem::certificate: case net::problem::host_name: return {.act = stop, .stop_as = exit_code::endpoint};
            case net::problem::too_large: return {.act = reject, .reject_as = errc::transport};
            case net::problem::cancelled: return {.act = reject, .reject_as = errc::cancelled};
            case net::problem::resolve: case net::problem::connect: case net::problem::tls: return {.act = retry, .unreachable = true};
            case net::problem::timeout: return {.act = retry, .reject_as = errc::timeout, .unreachable = before};
            case net::problem::reset: case net::problem::malformed: break;
        }
        return {.act = retry, .unreachable = before};
    }
    if (detail::quota_gone(e)) return {.act = stop, .stop_as = exit_code::access};
    if (e.status >= 200 && e.status < 300) return {.act = e.should_retry.value_or(true) ? retry : reject};       // cut off or garbage on the way
    if (e.status >= 300 && e.status < 400) return {.act = stop, .stop_as = exit_code::endpoint};
    switch (e.status) {
        case 401: case 403: case 404: return {.act = stop, .stop_as = exit_code::access};
        case 400:
            if (detail::among(e.code, {"model_not_found", "invalid_api_key", "DeploymentNotFound"})) return {.act = stop, .stop_as = exit_code::access};
            if (detail::wrong_setting(e)) return {.act = stop, .stop_as = exit_code::usage};
            return {.act = reject, .reject_as = errc::refused};
        case 405: return {.act = stop, .stop_as = exit_code::endpoint};
        default: break;
    }
    bool const again = e.status == 408 || e.status == 409 || e.status == 425 || e.status == 429 || e.status >= 500;
    return {.act = e.should_retry.value_or(again) ? retry : reject, .reject_as = again ? errc::transport : errc::refused};
}

} // namespace penstock::llm
