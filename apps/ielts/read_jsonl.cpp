#include <penstock/io/jsonl.hpp>
#include "readers.hpp"

ielts::essay_reader ielts::jsonl_essays(penstock::io::feed in, penstock::io::reading how) {
    return std::make_unique<reader_of<decltype(penstock::io::jsonl<essay_row, as_text>(std::move(in), how))>>(penstock::io::jsonl<essay_row, as_text>(std::move(in), how));
}
