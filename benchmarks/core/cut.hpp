/// Stages behind virtual calls, in a unit of their own so that no compiler sees through them.
#pragma once
#include <penstock/core/any_stage.hpp>
#include <penstock/core/env.hpp>

using any_ints = penstock::any_stage<int, int, penstock::bare_env>;
any_ints tripled();
any_ints even_only();
