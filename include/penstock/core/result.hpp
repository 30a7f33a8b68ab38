/// A record, or what went wrong with it. A failure travels down the pipeline in place of the value; no later stage touches it.
#pragma once
#include <concepts>
#include <cstdint>
#include <exception>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <penstock/core/fatal.hpp>

namespace penstock {

enum class errc : std::uint8_t {
    parse,      ///< the text is not what the format says
    schema,     ///< well-formed, but not the record that was asked for
    transport,  ///< the connection broke
    timeout,    ///< no answer within the record's deadline
    refused,    ///< the other side said no
    rejected,   ///< a check of the recipe said no
    cancelled,  ///< the run was stopped while the record was under way: it is left, not rejected
    internal,   ///< a function of the recipe threw
};
constexpr std::string_view name(errc c) {
    constexpr std::string_view names[] = {"parse", "schema", "transport", "timeout", "refused", "rejected", "cancelled", "internal"};
    return names[std::to_underlying(c)];
}

/// What went wrong with one record. Boxed, because a result is moved through every stage and a string inside would be moved with it
/// (measured with g++: 20.5 to 16.2 ns for a record through three stages, and item<int> is 48 bytes smaller).
class failure {
    struct text { errc code; std::string what; std::string_view stage; std::string place = {}, raw = {}; };
    /// Out of line: every destructor of an item holds this branch, and no good record takes it.
    struct discard { [[gnu::noinline, gnu::cold]] void operator()(text* t) const noexcept { delete t; } };
    std::unique_ptr<text, discard> text_;
public:
    failure(errc code, std::string what, std::string_view stage = {}) : text_(new text{code, std::move(what), stage}) {}
    failure(failure const& f) : text_(f.text_ ? new text(*f.text_) : nullptr) {}
    failure(failure&&) noexcept = default;
    failure& operator=(failure f) noexcept { text_ = std::move(f.text_); return *this; }
    errc code() const { return text_->code; }
    std::string const& what() const { return text_->what; }            ///< human text, one line
    std::string_view stage() const { return text_->stage; }            ///< static name of the stage that made it
    std::string const& place() const { return text_->place; }          ///< where in the input, for people: "essays.csv:3 (byte 812)"; may be empty
    std::string const& raw() const { return text_->raw; }              ///< the input as it came, for rejects.jsonl; may be empty
    void made_by(std::string_view stage) { if (text_->stage.empty()) text_->stage = stage; }
    failure at(std::string place) && { text_->place = std::move(place); return std::move(*this); }
    failure of(std::string raw) && { text_->raw = std::move(raw); return std::move(*this); }
};

template <class T> using result = std::expected<T, failure>;

template <class T> inline constexpr bool is_result = false;
template <class T> inline constexpr bool is_result<result<T>> = true;

template <class T> struct payload_of { using type = T; };
template <class T> struct payload_of<result<T>> { using type = T; };
template <class T> using payload_t = typename payload_of<std::remove_cvref_t<T>>::type;

/// f(arguments...) as it is written: not std::invoke, because <functional> costs 0.2 s a unit.
template <class F, class... A> concept callable = requires(F const& f, A&&... a) { f(std::forward<A>(a)...); };
template <class F, class... A> using call_t = decltype(std::declval<F const&>()(std::declval<A>()...));

/// Whether a call needs a try block: nothrow functions are called without one.
template <class F, class... A> inline constexpr bool needs_try = !noexcept(std::declval<F const&>()(std::declval<A>()...));

/// In a handler: the exception as a failure of the stage. A fatal one is thrown on.
[[gnu::cold]] inline failure caught(std::string_view stage) {
    try { throw; }
    catch (fatal const&) { throw; }
    catch (std::exception const& e) { return {errc::internal, e.what(), stage}; }
    catch (...) { return {errc::internal, "an exception that is not a std::exception", stage}; }
}

/// f(arguments) as a result: an exception becomes a failure of the stage (a fatal one ends the run), and a failure without a stage gets this one's name.
template <class F, class... A>
constexpr auto attempt(std::string_view stage, F const& f, A&&... arguments) -> result<payload_t<call_t<F, A...>>> {
    using raw = std::remove_cvref_t<call_t<F, A...>>;
    auto const call = [&]() -> result<payload_t<raw>> {
        if constexpr (is_result<raw>) {
            auto r = f(std::forward<A>(arguments)...);
            if (!r) r.error().made_by(stage);
            return r;
        } else if constexpr (std::is_void_v<raw>) { f(std::forward<A>(arguments)...); return {}; }
        else return f(std::forward<A>(arguments)...);
    };
    if constexpr (!needs_try<F, A...>) return call();
    else try { return call(); }
    catch (...) { return std::unexpected(caught(stage)); }
}

} // namespace penstock
