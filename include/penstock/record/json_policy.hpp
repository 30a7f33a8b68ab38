/// How tolerant reading JSON is, and how absent members are written: one aggregate with defaults, passed as a template argument.
#pragma once

namespace penstock::json {

enum class unknown_keys : unsigned char { skip, fail };
enum class duplicate_keys : unsigned char { fail, last };       ///< last: the last one counts, as in most readers
enum class missing_keys : unsigned char { fail, keep };         ///< keep: an absent or null member keeps its default
enum class mistyped : unsigned char { fail, coerce };           ///< coerce: "6.5" for a number, 17 for a text, "true" for a bool
enum class absent : unsigned char { null, omit };               ///< an empty optional: null keeps every row's keys alike, as column readers like it

struct policy {
    unknown_keys unknown = unknown_keys::skip;                  // data has more columns than a record needs
    duplicate_keys duplicate = duplicate_keys::fail;            // which one was meant?
    missing_keys missing = missing_keys::fail;                  // a default must not pass for data
    json::mistyped mistyped = json::mistyped::fail;
    absent empty = absent::null;
};
/// What json_schema<T>() says, exactly: for replies of models.
inline constexpr policy strict{.unknown = unknown_keys::fail};
/// For files of other people. A missing member is still a failure: 0 is no band.
inline constexpr policy lenient{.duplicate = duplicate_keys::last, .mistyped = mistyped::coerce};

} // namespace penstock::json
