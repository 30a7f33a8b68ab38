#include <cstdio>
#include <cstdlib>
// [embed]
#include <penstock/core/fatal.hpp>
#include <penstock/io/csv.hpp>
#include <range/v3/view/filter.hpp>

struct sale { std::string city; double amount; };

double total(penstock::io::input in, std::string_view city) {
    double sum = 0;
    auto const wanted = [&](auto&& row) { return !row || row->city == city; };
    for (auto&& row : penstock::io::csv<sale>(std::move(in), {.delimiter = ';'}) | ranges::views::filter(wanted)) {
        if (row) sum += row->amount;
        else std::printf("%s: %s\n", row.error().place().c_str(), row.error().what().c_str());
    }
    return sum;
}
// [/embed]

int main() {
    double const sum = total(penstock::io::input::of_memory("amount;city\n1.5;Lima\n2;Oslo\nmuch;Lima\n3;Lima\n", "sales.csv"), "Lima");
    // [missing]
    try { total("no/such.csv", "Lima"); }
    catch (penstock::fatal const& e) { std::printf("%s (exit code %d)\n", e.what(), int(e.code())); }     // no/such.csv: No such file or directory (exit code 3)
    // [/missing]
    return sum == 4.5 ? 0 : 1;
}
