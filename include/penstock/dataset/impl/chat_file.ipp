#pragma once
#include <penstock/core/fatal.hpp>
#include <penstock/dataset/chat_file.hpp>
#include <penstock/dataset/impl/json_rows.hpp>
#include <utility>

namespace penstock::dataset {

void each_chat(std::string const& path, std::optional<chat_format> from, std::function<void(std::uint64_t, result<chat>)> const& each, std::stop_token stop) {
    std::string name;
    detail::each_json_row(path, stop, [&](std::string const& n) { name = n; }, [&](io::raw_row const& r) {
        auto const failed = [&](failure f) { each(r.number, std::unexpected(io::placed(std::move(f), "chat", name, r))); };
        if (!r.fault.empty()) return failed({errc::parse, r.fault});
        if (!from) from = format_of_row(r.text());
        if (!from) throw fatal(exit_code::input, name + ": row " + std::to_string(r.number) + " is of no known form (messages, instruction, conversations, text, prompt and completion): " + io::in_quotes(r.text()));
        auto c = read_chat(r.text(), *from);
        if (c) each(r.number, std::move(c)); else failed(std::move(c).error());
    });
}

} // namespace penstock::dataset
