#include "labels.hpp"
#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <penstock/core/fatal.hpp>
#include <penstock/record/json_decode.hpp>
#include <penstock/run/nearest.hpp>

namespace distill {

using penstock::errc;
using penstock::exit_code;
using penstock::failure;
using penstock::fatal;
using penstock::result;
namespace json = penstock::json;

namespace {

std::string in_quotes(std::string_view s) { return '"' + std::string(s) + '"'; }
bool is(json::raw const& r, char first) { return r.text().front() == first; }
std::optional<std::string> text_of(object const& o, std::string const& key) {
    auto const at = o.find(key);
    if (at == o.end() || !is(at->second, '"')) return {};
    auto text = json::decode<std::string>(at->second.text());
    return text ? std::optional(*std::move(text)) : std::nullopt;
}
std::optional<object> object_of(object const& o, std::string const& key) {
    auto const at = o.find(key);
    if (at == o.end() || !is(at->second, '{')) return {};
    auto inner = json::decode<object>(at->second.text());
    return inner ? std::optional(*std::move(inner)) : std::nullopt;
}
std::string folded(std::string_view name) {
    std::string out(name);
    std::ranges::replace(out, '-', '_');
    return out;
}
bool is_number(json::raw const& r) { return is(r, '-') || (r.text().front() >= '0' && r.text().front() <= '9'); }
/// Something that could be a score.
bool is_label(json::raw const& r) {
    if (is_number(r)) return true;
    if (!is(r, '{')) return false;
    auto const o = json::decode<object>(r.text());
    return o && o->contains("score");
}
std::string nearest_of(std::string const& name, std::set<std::string> const& names) {
    std::vector<std::string_view> const all(names.begin(), names.end());
    if (auto const near = penstock::run::nearest(name, all); !near.empty()) return std::string(near);
    std::string best;           // else the one that shares most words with it
    std::size_t most = 0;
    auto const words = [](std::string_view s) {
        std::set<std::string, std::less<>> out;
        for (std::size_t from = 0; from <= s.size();) {
            auto const to = std::min(s.find('_', from), s.size());
            out.emplace(s.substr(from, to - from));
            from = to + 1;
        }
        return out;
    };
    auto const wanted = words(name);
    for (auto const& n : names) {
        std::size_t shared = 0;
        for (auto const& w : words(n)) shared += wanted.contains(w);
        if (shared > most) most = shared, best = n;
    }
    return best;
}

} // namespace

label_reader::label_reader(filter const& of, std::vector<std::string> const& mapped, std::string analysis)
    : of_(of), analysis_(analysis.empty() ? of.name + "_analysis" : std::move(analysis)), seen_(of.dimensions.size()) {
    for (auto const& d : of.dimensions) key_of_.push_back(d.name);
    for (auto const& m : mapped) {
        auto const sign = m.find('=');
        auto const d = sign == m.npos ? std::nullopt : of.find(m.substr(0, sign));
        if (sign == m.npos || sign + 1 == m.size()) throw fatal(exit_code::usage, "--map " + m + " is not of the form DIMENSION=LABEL");
        if (!d) throw fatal(exit_code::usage, "--map " + m + ": " + in_quotes(m.substr(0, sign)) + " is no dimension of " + of.name);
        key_of_[*d] = m.substr(sign + 1);
    }
}

result<double> label_reader::score(object const& scores, std::string const& key) const {
    auto const at = scores.find(key);
    if (at == scores.end() || at->second.text() == "null") return std::unexpected(failure(errc::rejected, "score of " + in_quotes(key) + " is missing"));
    auto value = at->second;
    if (is(value, '{')) {
        auto const inner = json::decode<object>(value.text());
        auto const s = inner ? inner->find("score") : object::const_iterator();
        if (!inner || s == inner->end()) return std::unexpected(failure(errc::rejected, "score of " + in_quotes(key) + " is an object without \"score\""));
        value = s->second;
    }
    auto const number = is_number(value) ? json::decode<double>(value.text()) : std::unexpected(failure(errc::rejected, ""));
    if (!number) return std::unexpected(failure(errc::rejected, "score of " + in_quotes(key) + " is " + value.text().substr(0, 40) + ", not a number"));
    if (!(*number >= 0 && *number <= 10)) return std::unexpected(failure(errc::rejected, "score of " + in_quotes(key) + " is " + value.text().substr(0, 40) + ", not between 0 and 10"));
    return *number;
}

result<article> label_reader::read(object const& row) {
    ++rows_;
    // "-" and "_" are one in names of filters: their files disagree.
    auto found = row.find(analysis_);
    for (auto at = row.begin(); at != row.end(); ++at) {
        if (!at->first.ends_with("_analysis")) continue;
        analyses_.insert(at->first);
        if (found == row.end() && folded(at->first) == folded(analysis_)) found = at;
    }
    if (found == row.end()) return std::unexpected(failure(errc::rejected, "no " + in_quotes(analysis_)));
    auto const analysis = json::decode<object>(found->second.text());
    if (!analysis) return std::unexpected(failure(errc::rejected, in_quotes(found->first) + " is not an object"));
    ++analysed_;
    auto const nested = object_of(*analysis, "dimensions");
    auto const& scores = nested ? *nested : *analysis;
    for (auto const& [key, value] : scores) if (is_label(value)) label_keys_.insert(key);
    for (std::size_t i = 0; i != key_of_.size(); ++i) seen_[i] += scores.contains(key_of_[i]);

    article a;
    for (auto const& key : key_of_) {
        auto const s = score(scores, key);
        if (!s) return std::unexpected(s.error());
        a.labels.push_back(*s);
    }
    a.title = text_of(row, "title").value_or("");
    a.content = text_of(row, "content").value_or("");
    if (a.content.empty()) a.content = text_of(row, "description").value_or("");
    if (a.title.empty() && a.content.empty()) return std::unexpected(failure(errc::rejected, "neither a title nor content"));
    if (auto const id = row.find("id"); id != row.end() && is_number(id->second)) a.id = id->second.text();
    else a.id = text_of(row, "id").value_or("");
    if (a.id.empty()) { ++without_id_; a.id = "row_" + std::to_string(rows_); }
    if (auto type = text_of(*analysis, "content_type")) a.said_to_be.push_back(*std::move(type));
    if (auto const flags = object_of(*analysis, "flags"))
        for (auto const& [name, raised] : *flags) if (raised.text() == "true") a.said_to_be.push_back(name);
    return a;
}

void label_reader::check() const {
    if (rows_ == 0) return;
    if (analysed_ == 0) {
        std::string there;
        for (auto const& a : analyses_) there += (there.empty() ? "; the rows have " : ", ") + in_quotes(a);
        throw fatal(exit_code::input, "no row has " + in_quotes(analysis_) + there + (there.empty() ? "" : " (--analysis NAME takes another)"));
    }
    for (std::size_t i = 0; i != seen_.size(); ++i) {
        if (seen_[i] != 0) continue;
        auto const near = nearest_of(key_of_[i], label_keys_);
        throw fatal(exit_code::input, "no row has a score of " + in_quotes(key_of_[i]) + (near.empty() ? "" : "; the nearest label is " + in_quotes(near) + " (--map " + of_.dimensions[i].name + '=' + near + " takes it)"));
    }
}

} // namespace distill
