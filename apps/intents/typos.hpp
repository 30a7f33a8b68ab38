/// Typing errors as fingers make them: a key beside the right one on a QWERTY keyboard, or two letters in the wrong order.
#pragma once
#include <string>
#include "random.hpp"

namespace intents {

/// The keys beside a lower-case letter; empty for anything else.
std::string_view neighbours(char letter);

/// One error in about twelve letters, at least two, all inside words of three letters or more; ASCII letters only, case kept. A text without room for any stays as it is.
std::string mistyped(std::string text, random& dice);

} // namespace intents
