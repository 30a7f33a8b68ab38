#include "faults.hpp"
#include <charconv>

namespace mock {
namespace {

constexpr std::string_view bad = "invalid_request_error", server = "server_error";
constexpr fault all[] = {
    {"400", 400, bad, "", "A parameter of the request is not valid."},
    {"401", 401, bad, "invalid_api_key", "Incorrect API key provided."},
    {"403", 403, bad, "unsupported_country_region_territory", "Country, region, or territory not supported."},
    {"404", 404, bad, "model_not_found", "The model does not exist or you do not have access to it."},
    {"408", 408, bad, "timeout", "Request timed out."},
    {"409", 409, bad, "conflict", "The resource is locked."},
    {"413", 413, bad, "request_too_large", "Request too large."},
    {"422", 422, bad, "unprocessable", "Unprocessable."},
    {"429", 429, "requests", "rate_limit_exceeded", "Rate limit reached for requests per min (RPM)."},
    {.name = "429-date", .status = 429, .type = "requests", .code = "rate_limit_exceeded", .message = "Rate limit reached for requests per min (RPM).", .as_date = true},
    {"429-quota", 429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."},
    {"500", 500, server, "", "The server had an error while processing your request."},
    {"502", 502, server, "", "Bad gateway."},
    {"503", 503, server, "server_is_overloaded", "The server is overloaded."},
    {"504", 504, server, "", "Gateway timeout."},
    {"529", 529, "overloaded_error", "", "Overloaded."},
    {"content-filter", 400, "", "content_filter", "The response was filtered due to the prompt triggering the content management policy."},
    {.name = "filtered", .answer = answer::filtered},
    {.name = "refusal", .answer = answer::refusal},
    {.name = "cut", .answer = answer::cut},
    {.name = "not-json", .answer = answer::not_json},
    {.name = "wrong-type", .answer = answer::wrong_type},
    {.name = "reset-before", .delivery = delivery::reset_before},
    {.name = "reset-head", .delivery = delivery::reset_head},
    {.name = "reset-inside", .delivery = delivery::reset_inside},
    {.name = "reset-after", .delivery = delivery::reset_after},
    {.name = "half", .delivery = delivery::half},
    {.name = "drip", .delivery = delivery::drip},
    {.name = "stall", .delivery = delivery::stall},
    {.name = "hang", .delivery = delivery::hang},
    {.name = "chunked", .framing = framing::chunked},
    {.name = "until-close", .framing = framing::until_close},
    {.name = "close", .framing = framing::close},
    {.name = "interim", .framing = framing::interim},
    {.name = "short-length", .framing = framing::short_length},
    {.name = "long-length", .framing = framing::long_length},
    {.name = "oversized", .framing = framing::oversized},
    {.name = "garbage", .framing = framing::garbage},
    {.name = "huge-header", .framing = framing::huge_header},
    {"redirect", 307, "", "", ""},
    {"empty", 204, "", "", ""},
};

} // namespace

fault const* find_fault(std::string_view name) {
    for (auto const& f : all) if (f.name == name) return &f;
    return nullptr;
}
std::string fault_names() {
    std::string names;
    for (auto const& f : all) names.append(names.empty() ? "" : " ").append(f.name);
    return names;
}
std::expected<std::vector<fault_share>, std::string> parse_faults(std::vector<std::string> const& texts) {
    std::vector<fault_share> all_shares;
    double sum = 0;
    for (std::string_view const text : texts) {
        auto const wrong = [&] { return std::unexpected("--fault is '" + std::string(text) + "', not NAME:SHARE with one of the names " + fault_names()); };
        auto const colon = text.find(':');
        if (colon == text.npos) return wrong();
        fault_share s{find_fault(text.substr(0, colon)), -1};
        auto const [end, failed] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), s.share);
        if (s.what == nullptr || failed != std::errc{} || end != text.data() + text.size() || !(s.share >= 0 && s.share <= 1)) return wrong();
        sum += s.share;
        all_shares.push_back(s);
    }
    if (sum > 1 + 1e-9) return std::unexpected("the shares of --fault are more than 1 together: a request has one fault or none");
    return all_shares;
}
fault const* draw_fault(std::vector<fault_share> const& shares, random& dice) {
    if (shares.empty()) return nullptr;
    auto u = dice.unit();
    for (auto const& s : shares) if ((u -= s.share) < 0) return s.what;
    return nullptr;
}

} // namespace mock
