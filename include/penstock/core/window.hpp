/// How much a concurrent stage does at once. As a template argument it is the default; an env with window(stage name, default) decides at run time.
#pragma once

namespace penstock {

enum class order : unsigned char { completion, source };

struct window {
    unsigned in_flight = 8;                 ///< operations running at once; 0 is taken as 1
    unsigned buffered  = 0;                 ///< running, and finished but not yet asked for; 0 is 4 * in_flight
    order    deliver   = order::completion; ///< source: hold finished results until those before them are out
    constexpr unsigned capacity() const { return buffered ? buffered : 4 * (in_flight ? in_flight : 1); }
};

} // namespace penstock
