/// The grammar that texts come from: frames (patterns of whole messages) and lists (what fills them), written down in grammar/. It is read when the program starts,
/// in about a millisecond: a frame with a slot that no list fills ends it at once, so no text can have an unfilled one.
///
/// `@ child simple` begins frames of an audience and a complexity (`@ vague`, `@ short`, `@ es translation` those of edge cases), a line each; `= name` begins a list,
/// its items between bars; `= name.child` is the list of that audience alone. {name} is filled from a list, {a|b} is a choice. A frame that begins with ! is a request,
/// put in one of many ways ("could you …?"), what stands after // follows it as it is; with ~ it is said as it stands.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "labels.hpp"
#include "random.hpp"

namespace intents {

struct frame {
    enum class kind : std::uint8_t { sentence, request, as_is };
    std::string name;                   ///< "translation/child/simple/3": what a row's metadata calls it
    std::string_view pattern, tail;     ///< without its mark
    kind how = kind::sentence;
    intents::intent intent = intent::question_answering;
    std::string_view language = {};
};

/// A text that a frame gave, and how it is put.
struct phrasing {
    std::string text;
    intents::style style = style::neutral;
};

class grammar {
public:
    using words = std::vector<std::pair<std::string_view, std::string>>;    ///< what slots of a pattern stand for beside the lists

    grammar();

    std::vector<frame> const& cell(intent i, audience a, complexity c) const { return cells_[index(i)][index(a)][index(c)]; }
    std::vector<frame> const& vague(intent i) const { return vague_[index(i)]; }
    std::vector<frame> const& shorts(intent i) const { return shorts_[index(i)]; }
    /// Of an intent, in languages other than English.
    std::vector<frame> const& foreign(intent i) const { return foreign_[index(i)]; }
    std::vector<std::string_view> const& list(std::string_view name) const;

    /// A message: the frame filled, put in a style that suits the audience, with capitals and stops as the style has them.
    phrasing say(frame const& f, audience a, random& dice) const;
    /// The frame filled, as a part of a longer message: no greeting, no capital, no stop behind a request.
    std::string part(frame const& f, audience a, random& dice) const;
    /// A pattern of a shared list, filled.
    std::string fill(std::string_view pattern, audience a, random& dice, words bound = {}) const;

private:
    using lists = std::map<std::string, std::vector<std::string_view>, std::less<>>;
    struct filling;
    std::array<std::array<std::array<std::vector<frame>, complexity_count>, audience_count>, intent_count> cells_;
    std::array<std::vector<frame>, intent_count> vague_, shorts_, foreign_;
    std::array<lists, intent_count> own_;
    lists shared_;

    template <class E> static std::size_t index(E e) { return static_cast<std::size_t>(e); }
    void read(std::string_view text, std::optional<intent> of);
    void check(std::string_view pattern, std::optional<intent> scope, std::string_view where) const;
    std::vector<std::string_view> const* find(std::string_view name, std::optional<intent> scope, std::optional<audience> a) const;
};

/// The style that a text shows: one that was meant to be neutral but says please or thanks is polite.
style shown_style(std::string_view text, style meant);
/// A capital at the start of each sentence.
std::string with_capitals(std::string text);

} // namespace intents
