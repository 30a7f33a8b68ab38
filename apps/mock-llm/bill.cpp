#include "bill.hpp"
#include "json.hpp"
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace mock {

bill::~bill() { if (file_ >= 0) ::close(file_); }

bool bill::keep_in(std::string const& path) {
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    return file_ >= 0;
}

void bill::arrived(std::string_view path, std::uint64_t hash, std::string_view fault_name, reply const& r) {
    auto at = by_path_.find(path);
    if (at == by_path_.end()) at = by_path_.emplace(by_path_.size() < 1000 ? path : "(others)", counts{}).first;
    for (auto* c : {&all_, &at->second}) {
        ++c->requests;
        if (r.billed) { ++c->billed; c->prompt_tokens += r.prompt_tokens; c->completion_tokens += r.completion_tokens; }
    }
    ++by_status_[r.status];
    if (!fault_name.empty()) {
        auto const f = faults_.find(fault_name);
        if (f != faults_.end()) ++f->second; else faults_.emplace(fault_name, 1);
    }
    auto const times = ++asked_[hash];
    if (file_ < 0) return;
    char hex[17];
    for (std::size_t i = 16; i-- != 0; hash >>= 4) hex[i] = "0123456789abcdef"[hash & 15];
    std::string line = "{\"path\":";
    put_string(line, path);
    line.append(",\"request\":\"").append(hex, 16).append("\",\"time_asked\":").append(std::to_string(times)).append(",\"status\":").append(std::to_string(r.status)).append(",\"fault\":\"").append(fault_name)
        .append("\",\"billed\":").append(r.billed ? "true" : "false").append(",\"prompt_tokens\":").append(std::to_string(r.prompt_tokens)).append(",\"completion_tokens\":").append(std::to_string(r.completion_tokens)).append("}\n");
    [[maybe_unused]] auto const written = ::write(file_, line.data(), line.size());
}

void bill::answered(std::string_view path) {
    ++all_.answered;
    if (auto const at = by_path_.find(path); at != by_path_.end()) ++at->second.answered;
}

std::string bill::text() const {
    auto const of = [](counts const& c) {
        return "\"requests\":" + std::to_string(c.requests) + ",\"billed\":" + std::to_string(c.billed) + ",\"answered\":" + std::to_string(c.answered)
            + ",\"prompt_tokens\":" + std::to_string(c.prompt_tokens) + ",\"completion_tokens\":" + std::to_string(c.completion_tokens);
    };
    std::string out = "{" + of(all_) + ",\"distinct\":" + std::to_string(asked_.size()) + ",\"connections\":" + std::to_string(connections_) + ",\"by_path\":{";
    auto const list = [&](auto const& map, auto value) {
        bool first = true;
        for (auto const& [key, x] : map) {
            if (!std::exchange(first, false)) out += ',';
            if constexpr (requires { std::to_string(key); }) put_string(out, std::to_string(key)); else put_string(out, key);
            out.append(":").append(value(x));
        }
    };
    list(by_path_, [&](counts const& c) { return "{" + of(c) + "}"; });
    out += "},\"by_status\":{";
    list(by_status_, [](std::uint64_t n) { return std::to_string(n); });
    out += "},\"faults\":{";
    list(faults_, [](std::uint64_t n) { return std::to_string(n); });
    return out += "}}\n";
}

} // namespace mock
