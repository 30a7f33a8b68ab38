#include "recipe.hpp"
#include <memory>
#include <string>
#include <utility>
#include <vector>
#include <penstock/core/fan_out.hpp>
#include <penstock/core/map.hpp>
#include <penstock/record/json_encode.hpp>

namespace ielts {

using penstock::errc;
using penstock::failure;
using penstock::result;

result<graded> read_row(essay_row row, low_band rule) {
    auto const wrong = [&](errc code, std::string what) { return std::unexpected(failure(code, std::move(what)).of(penstock::json::encode(row).value_or(row.band))); };
    if (trim(row.prompt).empty()) return wrong(errc::schema, "prompt: it is empty");
    if (words(row.essay).empty()) return wrong(errc::schema, "essay: it has no words");
    auto const overall = read_band(row.band, rule);
    if (!overall) return wrong(overall.error().code(), overall.error().what());
    auto bands = complete(read_evaluation(row.evaluation), overall->band, rule);
    if (!bands) return wrong(bands.error().code(), bands.error().what());
    auto essay = std::make_shared<study const>(row.prompt, row.essay);
    return graded{std::move(row.prompt), std::move(essay), *overall, *bands};
}

std::vector<question> questions(graded const& row) {
    std::vector<question> out;
    for (auto const c : criteria) out.push_back({row.essay, c, row.bands[index(c)].band});
    return out;
}

part<essay_row, family_of_questions> read_rows(manner const& how) {
    return penstock::map("bands", [rule = how.rule](essay_row row) { return read_row(std::move(row), rule); }) | penstock::fan_out("criteria", questions);
}

} // namespace ielts
