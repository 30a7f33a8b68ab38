#pragma once
#include <algorithm>
#include <cstdio>
#include <memory>
#include <numeric>
#include <penstock/record/json_text.hpp>
#include <penstock/record/prompt_template.hpp>

namespace penstock {

namespace detail {
/// "prompts/score.txt:3:14", lines and columns from 1, columns in characters.
inline std::string prompt_place(std::string const& file, std::string_view text, std::size_t at) {
    auto const before = text.substr(0, at);
    auto const line = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
    auto const start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    return file + ':' + std::to_string(line) + ':' + std::to_string(code_points(before.substr(start)) + 1);
}
/// Levenshtein's distance.
inline std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i != a.size(); ++i) {
        auto corner = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j != b.size(); ++j) {
            auto const best = std::min({row[j] + 1, row[j + 1] + 1, corner + (a[i] != b[j])});
            corner = std::exchange(row[j + 1], best);
        }
    }
    return row.back();
}
}

prompt_template prompt_template::parse(std::string text, std::string file) {
    prompt_template out;
    out.text_ = std::move(text);
    out.file_ = std::move(file);
    std::size_t at = 0;
    auto const flaw = detail::scan_prompt(out.text_, at, [&](detail::prompt_piece p) { out.pieces_.push_back(p); });
    if (flaw == detail::prompt_flaw::none) return out;
    auto const place = detail::prompt_place(out.file_, out.text_, at) + ": ";
    if (flaw == detail::prompt_flaw::not_closed) throw fatal(exit_code::usage, place + "this { is not closed on its line; write {{ for a brace");
    if (flaw == detail::prompt_flaw::not_opened) throw fatal(exit_code::usage, place + "this } closes nothing; write }} for a brace");
    auto const inside = std::string_view(out.text_).substr(at, out.text_.find('}', at) + 1 - at);
    throw fatal(exit_code::usage, place + json::detail::excerpt(inside) + " is no member's name; write {{ and }} for braces");
}

prompt_template prompt_template::load(std::string const& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    std::string text;
    char block[4096];
    if (file) for (std::size_t n; (n = std::fread(block, 1, sizeof block, file.get())) != 0;) text.append(block, n);
    if (!file || std::ferror(file.get())) throw fatal(exit_code::usage, path + ": this prompt file cannot be read");
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return parse(std::move(text), path);
}

void prompt_template::unknown(detail::prompt_piece const& piece, std::vector<std::string> const& known, std::size_t others) const {
    auto const name = std::string_view(text_).substr(piece.from, piece.size);
    std::vector<std::pair<std::size_t, std::size_t>> near;         // distance, then place in the record
    for (std::size_t i = 0; i != known.size(); ++i) near.emplace_back(detail::edits(name, known[i]), i);
    std::ranges::sort(near);
    if (near.size() > 3) near.resize(3);
    std::string line = detail::prompt_place(file_, text_, piece.from - 1) + ": the record has no {" + json::detail::excerpt(name) + "} that a prompt could hold";
    for (std::size_t i = 0; i != near.size(); ++i) line += (i == 0 ? "; nearest: {" : ", {") + known[near[i].second] + '}';
    if (others != 0) line += " (" + std::to_string(others) + " more such " + (others == 1 ? "name" : "names") + ")";
    throw fatal(exit_code::usage, line);
}

} // namespace penstock
