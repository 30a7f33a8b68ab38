#pragma once
#include <penstock/net/response.hpp>
#include <cstddef>
#include <utility>

namespace penstock::net {

void header_lines::add(std::string_view name, std::string_view value) {
    text_.append(name).append(": ").append(value).push_back('\n');
}

std::optional<std::string_view> header_lines::find(std::string_view name) const {
    auto const lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
    for (std::string_view rest = text_; !rest.empty();) {
        auto const line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        if (line.size() < name.size() + 2 || line[name.size()] != ':') continue;
        std::size_t same = 0;
        while (same != name.size() && lower(line[same]) == lower(name[same])) ++same;
        if (same == name.size()) return line.substr(same + 2);
    }
    return std::nullopt;
}

std::string_view name(problem p) {
    constexpr std::string_view names[] = {"invalid request", "plain http", "resolve", "connect", "tls", "certificate", "host name", "timeout", "reset", "too large", "malformed reply", "cancelled"};
    return names[std::to_underlying(p)];
}
std::string_view name(phase p) {
    constexpr std::string_view names[] = {"queue", "resolve", "connect", "tls", "send", "first byte", "reply"};
    return names[std::to_underlying(p)];
}

} // namespace penstock::net
