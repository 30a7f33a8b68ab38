#include <penstock/io/json_array.hpp>
#include "readers.hpp"

ielts::essay_reader ielts::json_array_essays(penstock::io::feed in, penstock::io::reading how) {
    return std::make_unique<reader_of<decltype(penstock::io::json_array<essay_row, as_text>(std::move(in), how))>>(penstock::io::json_array<essay_row, as_text>(std::move(in), how));
}
