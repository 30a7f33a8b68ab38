#pragma once
#include <penstock/dataset/chat_format.hpp>
#include <penstock/record/json.hpp>
#include <array>

namespace penstock::dataset {

namespace detail::forms {
constexpr json::policy exact{.unknown = json::unknown_keys::fail, .empty = json::absent::omit};

struct openai_message { std::string role, content; std::optional<int> weight; };
struct openai_row { std::vector<openai_message> messages; };
struct alpaca_row { std::string instruction; std::optional<std::string> input; std::string output; std::optional<std::string> system; std::optional<std::vector<std::array<std::string, 2>>> history; };
struct sharegpt_message { std::string from, value; };
struct sharegpt_row { std::vector<sharegpt_message> conversations; std::optional<std::string> system; };
struct chatml_row { std::string text; };
struct plain_message { std::string role, content; };
struct trl_row { json::raw prompt, completion; };
struct trl_written { std::vector<plain_message> prompt, completion; };
struct part { std::string type, value; };
struct part_message { std::string role; std::vector<part> content; std::optional<double> loss_weight; };
struct part_row { std::vector<part_message> messages; };
struct any_row { std::optional<json::raw> messages, instruction, conversations, text, prompt, completion; };
struct content_only { std::optional<json::raw> content; };

inline auto wrong(std::string what) { return std::unexpected(failure(errc::schema, std::move(what))); }
inline bool usual(std::string_view role) { return role == "assistant"; }
inline std::string numbered(std::size_t i) { return "message " + std::to_string(i + 1); }

/// What most forms cannot say.
inline result<void> without_weights(chat const& c, std::string_view form) {
    for (std::size_t i = 0; i != c.messages.size(); ++i) if (c.messages[i].weight) return wrong(numbered(i) + " has a weight, which " + std::string(form) + " cannot say");
    return {};
}
template <class T> result<T> decoded(std::string_view row) { return json::decode<T, exact>(row); }

inline result<chat> of_openai(std::string_view row) {
    auto r = decoded<openai_row>(row);
    if (!r) return std::unexpected(std::move(r).error());
    chat c;
    for (std::size_t i = 0; i != r->messages.size(); ++i) {
        auto& m = r->messages[i];
        if (m.weight && *m.weight != 0 && *m.weight != 1) return wrong(numbered(i) + " has a weight that is neither 0 nor 1");
        c.messages.push_back({std::move(m.role), std::move(m.content), m.weight ? std::optional(*m.weight == 1) : std::nullopt});
    }
    return c;
}
inline result<std::string> as_openai(chat const& c) {
    openai_row r;
    for (auto const& m : c.messages) r.messages.push_back({m.role, m.content, m.weight ? std::optional(int{*m.weight}) : std::nullopt});
    return json::encode<exact>(r);
}

inline result<chat> of_alpaca(std::string_view row) {
    auto r = decoded<alpaca_row>(row);
    if (!r) return std::unexpected(std::move(r).error());
    chat c;
    if (r->system) c.messages.push_back({"system", *std::move(r->system)});
    if (r->history) for (auto& [user, assistant] : *r->history) {
        c.messages.push_back({"user", std::move(user)});
        c.messages.push_back({"assistant", std::move(assistant)});
    }
    if (r->input && !r->input->empty()) {
        c.input_at = r->instruction.size() + 1;
        r->instruction += '\n' + *r->input;
    }
    c.messages.push_back({"user", std::move(r->instruction)});
    c.messages.push_back({"assistant", std::move(r->output)});
    return c;
}
inline result<std::string> as_alpaca(chat const& c) {
    if (auto fine = without_weights(c, "alpaca"); !fine) return std::unexpected(std::move(fine).error());
    alpaca_row r{.instruction = {}, .input = {}, .output = {}, .system = {}, .history = {}};
    auto const& m = c.messages;
    std::size_t at = 0;
    if (!m.empty() && m[0].role == "system") r.system = m[at++].content;
    if (m.size() < at + 2 || (m.size() - at) % 2 != 0) return wrong("alpaca holds turns of the user and the assistant in pairs");
    for (auto i = at; i != m.size(); ++i)
        if (m[i].role != ((i - at) % 2 == 0 ? "user" : "assistant")) return wrong(numbered(i) + " is the " + m[i].role + "'s: alpaca holds turns of the user and the assistant in pairs");
    for (; at + 2 != m.size(); at += 2) {
        if (!r.history) r.history.emplace();
        r.history->push_back({m[at].content, m[at + 1].content});
    }
    auto const& user = m[at].content;
    bool const divided = c.input_at != 0 && c.input_at < user.size() && user[c.input_at - 1] == '\n';
    r.instruction = divided ? user.substr(0, c.input_at - 1) : user;
    r.input = divided ? user.substr(c.input_at) : std::string();
    r.output = m[at + 1].content;
    return json::encode<exact>(r);
}

struct name_pair { std::string_view ours, theirs; };
inline constexpr name_pair sharegpt_names[] = {{"user", "human"}, {"assistant", "gpt"}, {"system", "system"}};
inline result<chat> of_sharegpt(std::string_view row) {
    auto r = decoded<sharegpt_row>(row);
    if (!r) return std::unexpected(std::move(r).error());
    chat c;
    if (r->system && !r->system->empty()) c.messages.push_back({"system", *std::move(r->system)});
    for (std::size_t i = 0; i != r->conversations.size(); ++i) {
        auto& [from, value] = r->conversations[i];
        std::string_view role;
        for (auto const& n : sharegpt_names) if (n.theirs == from || n.ours == from) role = n.ours;
        if (role.empty()) return wrong(numbered(i) + " is from '" + from + "', which is none of human, gpt, system");
        c.messages.push_back({std::string(role), std::move(value)});
    }
    return c;
}
inline result<std::string> as_sharegpt(chat const& c) {
    if (auto fine = without_weights(c, "sharegpt"); !fine) return std::unexpected(std::move(fine).error());
    sharegpt_row r;
    for (std::size_t i = 0; i != c.messages.size(); ++i) {
        std::string_view from;
        for (auto const& n : sharegpt_names) if (n.ours == c.messages[i].role) from = n.theirs;
        if (from.empty()) return wrong(numbered(i) + " is the " + c.messages[i].role + "'s, which sharegpt has no name for");
        r.conversations.push_back({std::string(from), c.messages[i].content});
    }
    return json::encode<exact>(r);
}

inline constexpr std::string_view begin_mark = "<|im_start|>", end_mark = "<|im_end|>";
inline result<chat> of_chatml(std::string_view row) {
    auto r = decoded<chatml_row>(row);
    if (!r) return std::unexpected(std::move(r).error());
    chat c;
    for (std::string_view left = r->text; !left.empty();) {
        auto const place = "byte " + std::to_string(r->text.size() - left.size() + 1) + " of the text: ";
        if (!left.starts_with(begin_mark)) return wrong(place + "<|im_start|> is expected");
        left.remove_prefix(begin_mark.size());
        auto const line = left.find('\n'), end = left.find(end_mark);
        if (line == left.npos || end == left.npos || end < line) return wrong(place + "a turn is a role, a line break, a text and <|im_end|>");
        auto const content = left.substr(line + 1, end - line - 1);
        if (content.find(begin_mark) != content.npos) return wrong(place + "a turn begins before this one has ended");
        c.messages.push_back({std::string(left.substr(0, line)), std::string(content)});
        left.remove_prefix(end + end_mark.size());
        if (left.starts_with('\n')) left.remove_prefix(1);
    }
    return c;
}
inline result<std::string> as_chatml(chat const& c) {
    if (auto fine = without_weights(c, "chatml"); !fine) return std::unexpected(std::move(fine).error());
    chatml_row r;
    for (std::size_t i = 0; i != c.messages.size(); ++i) {
        auto const& m = c.messages[i];
        for (auto const mark : {begin_mark, end_mark}) if (m.content.find(mark) != m.content.npos || m.role.find(mark) != m.role.npos) return wrong(numbered(i) + " holds " + std::string(mark) + ", which is a mark of chatml");
        if (m.role.find('\n') != m.role.npos) return wrong(numbered(i) + " has a role of two lines");
        r.text.append(begin_mark).append(m.role) += '\n';
        r.text.append(m.content).append(end_mark) += '\n';
    }
    return json::encode<exact>(r);
}

inline result<void> add_trl(chat& c, json::raw const& side, std::string_view role) {
    if (side.text().starts_with('"')) {
        auto text = json::decode<std::string>(side.text());
        if (!text) return std::unexpected(std::move(text).error());
        c.messages.push_back({std::string(role), *std::move(text)});
        return {};
    }
    auto list = json::decode<std::vector<plain_message>, exact>(side.text());
    if (!list) return std::unexpected(std::move(list).error());
    for (auto& m : *list) c.messages.push_back({std::move(m.role), std::move(m.content)});
    return {};
}
inline result<chat> of_trl(std::string_view row) {
    auto r = decoded<trl_row>(row);
    if (!r) return std::unexpected(std::move(r).error());
    chat c;
    if (auto done = add_trl(c, r->prompt, "user"); !done) return std::unexpected(std::move(done).error());
    if (auto done = add_trl(c, r->completion, "assistant"); !done) return std::unexpected(std::move(done).error());
    return c;
}
inline result<std::string> as_trl(chat const& c) {
    if (auto fine = without_weights(c, "trl"); !fine) return std::unexpected(std::move(fine).error());
    if (c.messages.size() < 2 || c.messages.back().role != "assistant") return wrong("a prompt and the assistant's completion are needed");
    trl_written r;
    for (auto const& m : c.messages) (&m == &c.messages.back() ? r.completion : r.prompt).push_back({m.role, m.content});
    return json::encode<exact>(r);
}

inline result<chat> of_llamafactory(std::string_view row) {
    auto r = decoded<part_row>(row);
    if (!r) return std::unexpected(std::move(r).error());
    chat c;
    for (std::size_t i = 0; i != r->messages.size(); ++i) {
        auto& m = r->messages[i];
        if (m.content.size() != 1 || m.content[0].type != "text") return wrong(numbered(i) + " is not one part of type \"text\"");
        if (m.loss_weight && *m.loss_weight != 0 && *m.loss_weight != 1) return wrong(numbered(i) + " has a loss_weight that is neither 0 nor 1");
        auto const learnt = m.loss_weight ? *m.loss_weight == 1 : usual(m.role);
        c.messages.push_back({m.role, std::move(m.content[0].value), learnt == usual(m.role) ? std::nullopt : std::optional(learnt)});
    }
    return c;
}
inline result<std::string> as_llamafactory(chat const& c) {
    part_row r;
    for (auto const& m : c.messages) r.messages.push_back({m.role, {{"text", m.content}}, m.weight.value_or(usual(m.role)) ? 1.0 : 0.0});
    return json::encode<exact>(r);
}
} // namespace detail::forms

result<chat> read_chat(std::string_view row, chat_format from) {
    using namespace detail::forms;
    using enum chat_format;
    switch (from) {
        case alpaca: return of_alpaca(row);
        case sharegpt: return of_sharegpt(row);
        case chatml: return of_chatml(row);
        case trl: return of_trl(row);
        case llamafactory: return of_llamafactory(row);
        default: return of_openai(row);
    }
}
result<std::string> write_chat(chat const& c, chat_format to) {
    using namespace detail::forms;
    using enum chat_format;
    if (c.messages.empty()) return wrong("a chat without a message");
    switch (to) {
        case alpaca: return as_alpaca(c);
        case sharegpt: return as_sharegpt(c);
        case chatml: return as_chatml(c);
        case trl: return as_trl(c);
        case llamafactory: return as_llamafactory(c);
        default: return as_openai(c);
    }
}
std::optional<chat_format> format_of_row(std::string_view row) {
    auto const r = json::decode<detail::forms::any_row>(row);
    if (!r) return {};
    if (r->messages) {
        auto const list = json::decode<std::vector<detail::forms::content_only>>(r->messages->text());
        bool const parts = list && !list->empty() && list->front().content && list->front().content->text().starts_with("[{\"type\":\"text\",\"value\":");
        return parts ? chat_format::llamafactory : chat_format::openai;
    }
    if (r->instruction) return chat_format::alpaca;
    if (r->conversations) return chat_format::sharegpt;
    if (r->prompt && r->completion) return chat_format::trl;
    if (r->text) return chat_format::chatml;
    return {};
}

} // namespace penstock::dataset
