#include <penstock/io/json_array.hpp>
#include "readers.hpp"

/// Compiled in read_essay_row.cpp, for both forms of JSON.
extern template penstock::result<ielts::essay_row> penstock::json::decode_padded<ielts::essay_row, ielts::as_text>(char const*, std::size_t);

ielts::essay_reader ielts::json_array_essays(penstock::io::feed in, penstock::io::reading how) {
    return std::make_unique<reader_of<decltype(penstock::io::json_array<essay_row, as_text>(std::move(in), how))>>(penstock::io::json_array<essay_row, as_text>(std::move(in), how));
}
