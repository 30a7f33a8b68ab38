#include <penstock/io/csv.hpp>
#include "readers.hpp"

ielts::essay_reader ielts::csv_essays(penstock::io::feed in, penstock::io::reading how) {
    return std::make_unique<reader_of<decltype(penstock::io::csv<essay_row>(std::move(in), how))>>(penstock::io::csv<essay_row>(std::move(in), how));
}
