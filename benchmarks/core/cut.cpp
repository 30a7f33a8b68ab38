#include "cut.hpp"
#include <penstock/core/filter.hpp>
#include <penstock/core/map.hpp>

any_ints tripled() { return penstock::map([](int i) noexcept { return i * 3; }); }
any_ints even_only() { return penstock::filter([](int i) noexcept { return i % 2 == 0; }); }
