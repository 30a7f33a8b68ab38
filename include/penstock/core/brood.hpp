/// Walks the children that a function makes of one parent, for fan_out and flat_map. The range may be a view into the parent and may be lazy: what it
/// throws on the way is the failure of the child it was making, and its end.
#pragma once
#include <optional>
#include <penstock/core/stage.hpp>

namespace penstock::detail {

template <class F, class T> using child_t = payload_t<std::ranges::range_value_t<call_t<F, T const&>>>;
template <class F, class T> concept makes_children = callable<F, T const&> && std::ranges::viewable_range<call_t<F, T const&>>
                                                  && std::ranges::input_range<call_t<F, T const&>>;

template <class F, class T> class brood {
    using family = std::views::all_t<call_t<F, T const&>>;
    family members_;
    std::optional<std::ranges::iterator_t<family>> at_ = {};
    bool over_ = false;
public:
    using child = child_t<F, T>;
    std::uint32_t born = 0;     ///< so far; the index of the next child

    brood(F const& f, T const& parent) : members_(std::views::all(f(parent))) {}    // throws what f throws

    /// The next child, or nothing after the last. Stay at one address after the first call: the iterator may point into the family.
    std::optional<result<child>> next(std::string_view stage) {
        if (over_) return {};
        try {
            if (at_) ++*at_;
            else at_.emplace(std::ranges::begin(members_));
            if (*at_ == std::ranges::end(members_)) { over_ = true; return {}; }
            auto made = read();
            ++born;
            if (!made) made.error().made_by(stage);
            return made;
        } catch (...) {
            over_ = true;
            auto lost = caught(stage);
            ++born;
            return result<child>(std::unexpect, std::move(lost));
        }
    }
private:
    result<child> read() {
        if constexpr (owns<family>) return std::ranges::iter_move(*at_);    // a container f made for us
        else return **at_;                                                   // perhaps a view into the parent
    }
};

} // namespace penstock::detail
