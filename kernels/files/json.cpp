#include "json.hpp"
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

namespace penstock::train::detail {

simdjson::padded_string whole_file(std::string const& path) {
    struct stat about {};
    std::FILE* const file = ::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) ? (errno = EISDIR, nullptr) : std::fopen(path.c_str(), "rb");
    if (!file) bad(path, std::string("cannot be read: ") + std::strerror(errno));
    std::string all;
    char piece[1 << 16];
    for (std::size_t n = 0; (n = std::fread(piece, 1, sizeof piece, file)) != 0;) all.append(piece, n);
    bool const broken = std::ferror(file) != 0;
    std::fclose(file);
    if (broken) bad(path, "cannot be read to its end");
    return {all};
}

std::string json_text(std::string_view s) {
    std::string out = "\"";
    for (char const c : s) {
        if (c == '"' || c == '\\') { out += '\\'; out += c; }
        else if (c == '\n') out += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20) { char u[8]; std::snprintf(u, sizeof u, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c))); out += u; }
        else out += c;
    }
    return out += '"';
}

} // namespace penstock::train::detail
