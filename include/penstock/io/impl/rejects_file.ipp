#pragma once
#include <penstock/io/rejects_file.hpp>
#include <penstock/text/json_text.hpp>

namespace penstock::io {

void rejects_file::add(position const& where, failure const& f) {
    auto& out = file_.pending();
    auto const source = where.root.source();
    auto const text = [&](char const* key, std::string_view value) {
        out += key;
        out += json_text(value);
    };
    text("{\"source\":", source < sources_.size() ? std::string_view(sources_[source]) : std::string_view(f.place()).substr(0, f.place().find(": row ")));
    out += ",\"row\":" + std::to_string(where.root.row() + 1);
    text(",\"position\":", where.text());
    text(",\"stage\":", f.stage());
    text(",\"code\":", name(f.code()));
    text(",\"reason\":", f.place().empty() ? f.what() : f.place() + ": " + f.what());
    text(",\"raw\":", f.raw());
    out += "}\n";
    file_.settle();
    ++count_;
}

} // namespace penstock::io
