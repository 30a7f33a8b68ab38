#include <penstock/train/token_table.hpp>
#include <penstock/core/fatal.hpp>
#include <penstock/train/safetensors.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <xxhash.h>

namespace penstock::train {

namespace {

struct vectors { std::vector<token> ids; std::vector<std::uint64_t> begins = {0}; };

std::uint64_t key_of(tokenizer const& t, text_source const& from, std::size_t longest) {
    XXH3_state_t* const state = XXH3_createState();
    XXH3_64bits_reset(state);
    std::uint64_t const about[] = {1, t.hash(), from.count, longest};       // 1: the layout of the file
    XXH3_64bits_update(state, about, sizeof about);
    std::string text;
    for (std::size_t i = 0; i != from.count; ++i) {
        text.clear();
        from.text(i, text);
        std::uint64_t const size = text.size();
        XXH3_64bits_update(state, &size, sizeof size);
        XXH3_64bits_update(state, text.data(), text.size());
    }
    auto const key = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    return key;
}

template <class T> std::optional<std::span<T const>> as(safetensors const& file, char const* name, dtype type) {
    auto const* const t = file.find(name);
    if (!t || t->type != type || t->shape.size() != 1 || reinterpret_cast<std::uintptr_t>(t->bytes.data()) % alignof(T) != 0) return {};
    return std::span<T const>(reinterpret_cast<T const*>(t->bytes.data()), t->bytes.size() / sizeof(T));
}

} // namespace

token_table token_table::make(tokenizer const& t, text_source const& from, std::size_t longest) {
    auto const v = std::make_shared<vectors>();
    encoder e(t);
    std::string text;
    std::vector<token> ids;
    for (std::size_t i = 0; i != from.count; ++i) {
        text.clear();
        ids.clear();
        from.text(i, text);
        e.encode(text, ids);
        v->ids.insert(v->ids.end(), ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(ids.size(), longest)));
        v->begins.push_back(v->ids.size());
    }
    token_table table;
    table.ids_ = v->ids;
    table.begins_ = v->begins;
    table.owner_ = v;
    return table;
}

token_table token_table::cached(std::string const& folder, tokenizer const& t, text_source const& from, std::size_t longest, bool* found) {
    char name[48];
    std::snprintf(name, sizeof name, "tokens-%016llx.safetensors", static_cast<unsigned long long>(key_of(t, from, longest)));
    auto const path = (std::filesystem::path(folder) / name).string();
    if (found) *found = false;
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) try {
        auto const file = std::make_shared<safetensors const>(safetensors::open(path));
        auto const ids = as<token>(*file, "ids", dtype::U32);
        auto const begins = as<std::uint64_t>(*file, "begins", dtype::U64);
        if (ids && begins && begins->size() == from.count + 1 && begins->front() == 0 && begins->back() == ids->size() && std::ranges::is_sorted(*begins)
            && std::ranges::all_of(*ids, [&](token id) { return id < t.size(); })) {
            if (found) *found = true;
            token_table table;
            table.owner_ = file;
            table.ids_ = *ids;
            table.begins_ = *begins;
            return table;
        }
    } catch (fatal const&) {}       // damaged: made again
    auto table = make(t, from, longest);
    try {
        std::filesystem::create_directories(folder, ignored);
        write_safetensors(path, {{.name = "begins", .type = dtype::U64, .shape = {table.begins_.size()}, .bytes = std::as_bytes(table.begins_)},
                                 {.name = "ids", .type = dtype::U32, .shape = {table.ids_.size()}, .bytes = std::as_bytes(table.ids_)}}, {{"made_by", "penstock"}});
    } catch (fatal const&) {}
    return table;
}

} // namespace penstock::train
