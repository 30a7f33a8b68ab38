// The rooms above the core, from the compiled library: a record from JSON and back.
#include <penstock/record/json.hpp>

struct essay { std::string title; int words; };

int main() {
    auto const read = penstock::json::decode<essay>(R"({"title": "Bees", "words": 250})");
    auto const bad = penstock::json::decode<essay>(R"({"title": "Bees", "words": "many"})");
    return read && read->words == 250 && !bad && penstock::json::encode(*read) == R"({"title":"Bees","words":250})" ? 0 : 1;
}
