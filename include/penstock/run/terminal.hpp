/// stderr as one place for lines of several writers: a progress line that is rewritten in place is cleared before any other line and drawn again after it.
#pragma once
#include <string>
#include <string_view>

namespace penstock::run {

/// One line to stderr in one write; a line break is added. Text as it is: escape input with printable().
void write_error_line(std::string_view line);

/// What stands on the terminal's last line and is drawn again after each other line; empty takes it away.
void draw_status(std::string_view status);

bool stderr_is_terminal();
/// Columns of the terminal behind stderr; 80 if it does not say.
unsigned terminal_width();

} // namespace penstock::run
