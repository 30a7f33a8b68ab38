/// A prompt from a file: the syntax of prompt.hpp, checked against the record before the first one is read. The check finds each member's place once;
/// rendering looks no name up.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <penstock/core/fatal.hpp>
#include <penstock/record/prompt.hpp>

namespace penstock {

template <class Record> class checked_prompt;

class prompt_template {
    std::string text_, file_;
    std::vector<detail::prompt_piece> pieces_;
    prompt_template() = default;
    [[noreturn]] void unknown(detail::prompt_piece const& piece, std::vector<std::string> const& known, std::size_t others) const;
    template <class Record> friend class checked_prompt;
public:
    /// file: its name, for messages. Throws fatal (usage) with file, line and column where a brace is wrong.
    static prompt_template parse(std::string text, std::string file);
    /// Reads the file; throws fatal (usage) where it cannot be read. One line end at the file's end is not part of the prompt.
    static prompt_template load(std::string const& path);
    /// Throws fatal (usage) where a name is no member of Record: file, line, column, the name and the nearest ones.
    template <class Record> checked_prompt<Record> check() const { return checked_prompt<Record>(*this); }
    std::string_view text() const { return text_; }
};

namespace detail {
template <class T> bool find_slot(std::string_view path, std::vector<std::uint8_t>& places);
template <class T, std::size_t... I> bool find_member(std::string_view path, std::vector<std::uint8_t>& places, std::index_sequence<I...>) {
    auto const dot = path.find('.');
    auto const name = path.substr(0, dot), rest = dot == path.npos ? std::string_view{} : path.substr(dot + 1);
    return ((slot_names<T>[I] == name && (places.push_back(I), true) && find_slot<std::remove_cvref_t<decltype(slot<I>(std::declval<T const&>()))>>(rest, places)) || ...);
}
template <class T> bool find_slot(std::string_view path, std::vector<std::uint8_t>& places) {
    if constexpr (slot_optional<T>) return find_slot<typename T::value_type>(path, places);
    else if constexpr (printable<T>) return path.empty();
    else if constexpr (record<T>) return !path.empty() && find_member<T>(path, places, std::make_index_sequence<slot_names<T>.size()>{});
    else return false;
}
template <class T> void list_slots(std::string const& before, std::vector<std::string>& names) {
    if constexpr (slot_optional<T>) list_slots<typename T::value_type>(before, names);
    else if constexpr (printable<T>) names.push_back(before);
    else if constexpr (record<T>) [&]<std::size_t... I>(std::index_sequence<I...>) {
        (list_slots<std::remove_cvref_t<decltype(slot<I>(std::declval<T const&>()))>>((before.empty() ? before : before + '.') + std::string(slot_names<T>[I]), names), ...);
    }(std::make_index_sequence<slot_names<T>.size()>{});
}
template <class T, class F> void visit_place(T const& t, std::uint8_t const* place, F&& f) {
    if constexpr (slot_optional<T>) { if (t) visit_place(*t, place, f); }
    else if constexpr (printable<T>) f(t);
    else if constexpr (record<T>) [&]<std::size_t... I>(std::index_sequence<I...>) {
        (void)((*place == I ? (visit_place(slot<I>(t), place + 1, f), true) : false) || ...);
    }(std::make_index_sequence<slot_names<T>.size()>{});
}
}

/// A template whose names are known to be members of Record; a function from Record to text, as a prompt<...> is.
template <class Record> class checked_prompt {
    struct part { detail::prompt_piece piece; std::size_t place = 0; };
    std::string text_;
    std::vector<part> parts_;
    std::vector<std::uint8_t> places_;      // for each name the index of its member at each level
    std::size_t literal_ = 0;

    friend class prompt_template;
    explicit checked_prompt(prompt_template const& from) : text_(from.text_) {
        detail::prompt_piece const* first = nullptr;
        std::size_t others = 0;
        for (auto const& piece : from.pieces_) {
            parts_.push_back({piece, places_.size()});
            if (!piece.name) { literal_ += piece.size; continue; }
            if (detail::find_slot<Record>(std::string_view(text_).substr(piece.from, piece.size), places_)) continue;
            if (first) ++others; else first = &piece;
        }
        if (!first) return;
        std::vector<std::string> names;
        detail::list_slots<Record>("", names);
        from.unknown(*first, names, others);
    }
public:
    void append_to(std::string& out, Record const& r) const {
        auto size = out.size() + literal_;
        for (auto const& p : parts_) if (p.piece.name) detail::visit_place(r, places_.data() + p.place, [&](auto const& v) { size += detail::value_size(v); });
        out.reserve(size);
        for (auto const& p : parts_) {
            if (p.piece.name) detail::visit_place(r, places_.data() + p.place, [&](auto const& v) { detail::append_value(out, v); });
            else out.append(text_, p.piece.from, p.piece.size);
        }
    }
    std::string operator()(Record const& r) const {
        std::string out;
        append_to(out, r);
        return out;
    }
};

} // namespace penstock
