#include <penstock/record/json_decode.hpp>
#include "readers.hpp"

template penstock::result<ielts::essay_row> penstock::json::decode_padded<ielts::essay_row, ielts::as_text>(char const*, std::size_t);
