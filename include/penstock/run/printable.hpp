/// printable() under the name of this room, for programs: what they print of their input goes through it.
#pragma once
#include <penstock/text/printable.hpp>

namespace penstock::run {

using penstock::printable;

} // namespace penstock::run
