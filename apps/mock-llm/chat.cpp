#include "chat.hpp"
#include "invent.hpp"
#include "json.hpp"
#include "random.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>

namespace mock {
namespace {

constexpr std::string_view json_type = "Content-Type: application/json\r\n";

bool is_azure(std::string_view target) { return target.starts_with("/openai/deployments/"); }

std::string hex(std::uint64_t x) {
    std::string text(16, '0');
    for (std::size_t i = 16; i-- != 0; x >>= 4) text[i] = "0123456789abcdef"[x & 15];
    return text;
}
/// IMF-fixdate (RFC 9110, 5.6.7), rounded up to a whole second: never earlier than asked.
std::string http_date(double seconds_from_now) {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    auto const at = static_cast<std::time_t>(std::ceil(static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 + seconds_from_now));
    std::tm parts{};
    gmtime_r(&at, &parts);
    char text[40];
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}
std::string decimal(double x) {
    auto text = std::to_string(x);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}
std::uint64_t tokens(std::size_t bytes) { return (bytes + 3) / 4; }

/// The text of a message's content: a string, or the text parts of a list.
std::string content_text(json content) {
    if (content.is_string()) return content.plain();
    std::string all;
    content.elements([&](json part) { all += part["text"].plain(); });
    return all;
}
std::string_view longest_line(std::string_view text) {
    std::string_view longest;
    while (!text.empty()) {
        auto const line = text.substr(0, text.find('\n'));
        if (line.size() > longest.size()) longest = line;
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return longest;
}

} // namespace

bool is_chat(std::string_view target) {
    auto path = target.substr(0, target.find('?'));
    if (path == "/v1/chat/completions" || path == "/openai/v1/chat/completions") return true;
    if (!is_azure(path) || !path.ends_with("/chat/completions")) return false;
    path.remove_prefix(std::string_view("/openai/deployments/").size());
    return path.find('/') != 0 && path.substr(path.find('/')) == "/chat/completions";       // a path that a provider would not know is a 404 here too
}

reply error_reply(chat_rules const& rules, fault const& f, bool azure) {
    reply r{.status = f.status, .headers = std::string(json_type)};
    if (f.status == 307) r.headers += "Location: http://127.0.0.2:9/v1/chat/completions\r\n";
    if (f.status == 429 || f.status == 503 || f.status == 529) {
        if (f.name != "429-quota") r.headers.append("Retry-After: ").append(f.as_date ? http_date(rules.retry_after) : decimal(rules.retry_after)).append("\r\n");
        r.headers += "x-ratelimit-remaining-requests: 0\r\n";
    }
    if (f.status == 204 || f.message.empty()) return r;
    auto const field = [&](std::string_view name, std::string_view value) {
        r.body.append("\"").append(name).append("\":");
        if (value.empty()) r.body += "null"; else put_string(r.body, value);
    };
    r.body = "{\"error\":{";
    field("message", f.message);
    r.body += ',';
    field("type", f.type);
    r.body += ',';
    field("param", f.name == "content-filter" ? "prompt" : "");
    r.body += ',';
    field("code", f.code);
    if (f.name == "content-filter") r.body += ",\"status\":400,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\",\"content_filter_result\":{\"hate\":{\"filtered\":true,\"severity\":\"high\"},"
        "\"self_harm\":{\"filtered\":false,\"severity\":\"safe\"},\"sexual\":{\"filtered\":false,\"severity\":\"safe\"},\"violence\":{\"filtered\":false,\"severity\":\"safe\"}}}";
    r.body += "}}";
    if (azure) r.headers += "x-ms-region: mock\r\n";
    return r;
}

reply answer_models(chat_rules const& rules) {
    reply r{.headers = std::string(json_type)};
    r.body = "{\"object\":\"list\",\"data\":[{\"id\":";
    put_string(r.body, rules.model.empty() ? "mock" : rules.model);
    r.body += ",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"mock\"}]}";
    return r;
}

reply answer_chat(chat_rules const& rules, asked const& q, fault const* f, std::uint64_t hash) {
    bool const azure = is_azure(q.target);
    auto const invalid = [&](std::string_view message, std::string_view param_code) {
        return error_reply(rules, {.name = "400", .status = 400, .type = "invalid_request_error", .code = param_code, .message = message}, azure);
    };
    if (f && f->status != 200) return error_reply(rules, *f, azure);
    if (!rules.key.empty() && q.api_key != rules.key && (!q.authorization.starts_with("Bearer ") || q.authorization.substr(7) != rules.key)) return error_reply(rules, *find_fault("401"), azure);
    auto const parsed = json::parse(q.body);
    if (!parsed || !parsed->is_object()) return invalid("We could not parse the JSON body of your request.", "");
    auto const& request = *parsed;
    auto const messages = request["messages"];
    if (!messages.is_array()) return invalid("Missing required parameter: 'messages'.", "missing_required_parameter");
    if (request["stream"].is_true()) return invalid("This server does not stream.", "unsupported_value");
    std::string model;
    if (azure) {
        constexpr std::string_view before = "/openai/deployments/";
        model = q.target.substr(before.size(), q.target.find('/', before.size()) - before.size());
        if (q.target.find("api-version=") == q.target.npos) return error_reply(rules, {.name = "404", .status = 404, .type = "", .code = "404", .message = "Resource not found"}, true);
    } else {
        if (!request["model"].is_string()) return invalid("you must provide a model parameter", "");
        model = request["model"].plain();
    }
    if (!rules.model.empty() && model != rules.model) return error_reply(rules, *find_fault("404"), azure);

    std::string user;
    std::uint64_t prompt_tokens = 3;
    messages.elements([&](json m) {
        auto text = content_text(m["content"]);
        prompt_tokens += 3 + tokens(text.size());
        if (user.empty() && m["role"].text() == "\"user\"") user = std::move(text);        // the first: a later one says what was wrong with the answer to it
    });
    auto const source = longest_line(user);
    auto const format = request["response_format"];
    auto const schema = format["json_schema"]["schema"];
    if (format["type"].text() == "\"json_schema\"" && !schema) return invalid("Missing required parameter: 'response_format.json_schema.schema'.", "missing_required_parameter");
    auto const kind = f ? f->answer : answer::normal;
    auto const n = static_cast<unsigned>(std::clamp(request["n"].number(1), 1.0, 16.0));

    reply r{.headers = std::string(json_type), .prompt_tokens = prompt_tokens, .billed = true};
    auto& out = r.body;
    auto const id = hex(hash ^ rules.seed);
    r.headers.append("x-request-id: req_").append(id).append("\r\nopenai-processing-ms: 1\r\nx-ratelimit-limit-requests: 10000\r\nx-ratelimit-remaining-requests: 9999\r\nx-ratelimit-reset-requests: 6ms\r\n");
    out.reserve(1024);
    out.append("{\"id\":\"chatcmpl-").append(id).append("\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":");
    put_string(out, model);
    constexpr std::string_view safe = "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"},\"self_harm\":{\"filtered\":false,\"severity\":\"safe\"},\"sexual\":{\"filtered\":false,\"severity\":\"safe\"},\"violence\":{\"filtered\":false,\"severity\":\"safe\"}}";
    if (azure) out.append(",\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":").append(safe).append("}]");
    out += ",\"choices\":[";
    random dice(hash * 0x9e3779b97f4a7c15 + rules.seed);
    for (unsigned i = 0; i != n; ++i) {
        std::string content;
        if (!rules.text.empty()) content = rules.text;
        else if (kind == answer::not_json) content = "I am sorry, here is the JSON: {";
        else if (kind == answer::wrong_type) content = "{\"unexpected\":[null]}";
        else if (schema) { if (!invent(content, schema, source, dice)) return invalid("Invalid schema for response_format: its values are nested too deep or too large.", "invalid_json_schema"); }
        else if (format["type"].text() == "\"json_object\"") { content = "{\"answer\":"; put_string(content, excerpt(source, dice)); content += '}'; }
        else content.append("It says: ").append(excerpt(source, dice)).append(".");
        if (kind == answer::cut) content.resize(clip(content, content.size() / 2).size());
        r.completion_tokens += tokens(content.size());

        out.append(i ? ",{\"index\":" : "{\"index\":").append(std::to_string(i)).append(",\"message\":{\"role\":\"assistant\",\"content\":");
        if (kind == answer::filtered || kind == answer::refusal) out += "null"; else put_string(out, content);
        out.append(",\"refusal\":").append(kind == answer::refusal ? "\"I cannot help with that.\"" : "null").append(",\"annotations\":[]},\"logprobs\":null,\"finish_reason\":\"");
        out.append(kind == answer::cut ? "length" : kind == answer::filtered ? "content_filter" : "stop").append("\"");
        if (azure) out.append(",\"content_filter_results\":").append(safe);
        out += '}';
    }
    out.append("],\"usage\":{\"prompt_tokens\":").append(std::to_string(r.prompt_tokens)).append(",\"completion_tokens\":").append(std::to_string(r.completion_tokens))
       .append(",\"total_tokens\":").append(std::to_string(r.prompt_tokens + r.completion_tokens))
       .append(",\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}")
       .append(",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_mock\"}");
    return r;
}

} // namespace mock
