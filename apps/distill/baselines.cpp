#include "baselines.hpp"
#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>
#include <penstock/dataset/fold.hpp>

namespace distill {

namespace {

scores repeated(std::vector<double> const& row, std::size_t rows) {
    scores out{.dimensions = row.size()};
    for (std::size_t i = 0; i != rows; ++i) out.add(row);
    return out;
}

/// A text as (word, weight), rows of a sparse matrix.
using sparse_row = std::vector<std::pair<std::uint32_t, double>>;

/// Runs of letters, digits and bytes above ASCII, two bytes and more.
template <class F> void for_each_word(std::string_view text, F f) {
    auto const folded = penstock::dataset::fold(text);
    std::size_t from = 0;
    for (std::size_t i = 0; i <= folded.size(); ++i) {
        auto const c = i == folded.size() ? ' ' : folded[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80) continue;
        if (i - from >= 2) f(folded.substr(from, i - from));
        from = i + 1;
    }
}

struct vectorizer {
    std::unordered_map<std::string, std::uint32_t> index = {};
    std::vector<double> idf = {};

    vectorizer(std::vector<std::string_view> const& texts, unsigned at_least) {
        std::map<std::string, std::pair<unsigned, std::size_t>> seen;       // word: texts, the last of them; sorted, so that the order is that of words
        for (std::size_t i = 0; i != texts.size(); ++i)
            for_each_word(texts[i], [&](std::string word) {
                auto const [at, fresh] = seen.try_emplace(std::move(word), 0, texts.size());
                if (at->second.second != i) ++at->second.first, at->second.second = i;
            });
        for (auto const& [word, about] : seen) {
            if (about.first < at_least) continue;
            index.emplace(word, static_cast<std::uint32_t>(idf.size()));
            idf.push_back(std::log((1.0 + static_cast<double>(texts.size())) / (1.0 + about.first)) + 1);
        }
    }
    sparse_row row(std::string_view text) const {
        std::map<std::uint32_t, double> counts;
        for_each_word(text, [&](std::string const& word) { if (auto const at = index.find(word); at != index.end()) ++counts[at->second]; });
        sparse_row out(counts.begin(), counts.end());
        double length = 0;
        for (auto& [word, x] : out) x = (1 + std::log(x)) * idf[word], length += x * x;
        for (auto& [word, x] : out) x /= std::sqrt(length);
        return out;
    }
};

double dot(std::vector<double> const& a, std::vector<double> const& b) {
    double sum = 0;
    for (std::size_t i = 0; i != a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

} // namespace

scores predict_mean(scores const& train, std::size_t rows) {
    std::vector<double> mean(train.dimensions);
    for (std::size_t i = 0; i != train.rows(); ++i) for (std::size_t k = 0; k != mean.size(); ++k) mean[k] += train.row(i)[k];
    for (auto& m : mean) m /= static_cast<double>(std::max<std::size_t>(train.rows(), 1));
    return repeated(mean, rows);
}

scores predict_median(scores const& train, std::size_t rows) {
    std::vector<double> median;
    for (std::size_t k = 0; k != train.dimensions; ++k) {
        std::vector<double> column;
        for (std::size_t i = 0; i != train.rows(); ++i) column.push_back(train.row(i)[k]);
        std::ranges::sort(column);
        auto const n = column.size();
        median.push_back(n == 0 ? 0 : (column[(n - 1) / 2] + column[n / 2]) / 2);
    }
    return repeated(median, rows);
}

scores predict_ridge(std::vector<std::string_view> const& train_texts, scores const& train, std::vector<std::string_view> const& test_texts, ridge_options o) {
    vectorizer const words(train_texts, o.at_least);
    std::vector<sparse_row> rows;
    for (auto t : train_texts) rows.push_back(words.row(t));
    auto const features = words.idf.size(), n = rows.size();
    // No penalty on the mean: columns are taken as centred, without making the matrix dense.
    std::vector<double> centre(features);
    for (auto const& r : rows) for (auto [word, x] : r) centre[word] += x / static_cast<double>(n);
    auto const mean = predict_mean(train, 1);
    std::vector<double> times(n);
    /// A^T A v + alpha v, A the centred matrix.
    auto const apply = [&](std::vector<double> const& v, std::vector<double>& out) {
        double const shift = dot(centre, v);
        double sum = 0;
        for (std::size_t i = 0; i != n; ++i) {
            times[i] = -shift;
            for (auto [word, x] : rows[i]) times[i] += x * v[word];
            sum += times[i];
        }
        for (std::size_t f = 0; f != features; ++f) out[f] = o.alpha * v[f] - centre[f] * sum;
        for (std::size_t i = 0; i != n; ++i) for (auto [word, x] : rows[i]) out[word] += x * times[i];
    };
    scores out{.dimensions = train.dimensions, .values = std::vector<double>(train.dimensions * test_texts.size())};
    std::vector<sparse_row> tests;
    for (auto t : test_texts) tests.push_back(words.row(t));
    for (std::size_t k = 0; k != train.dimensions; ++k) {
        std::vector<double> w(features), residual(features), direction, image(features);
        for (std::size_t i = 0; i != n; ++i) {
            double const y = train.row(i)[k] - mean.row(0)[k];
            for (auto [word, x] : rows[i]) residual[word] += x * y;     // the centred y sums to 0: the centre of the columns does not matter here
        }
        direction = residual;
        double square = dot(residual, residual);
        double const enough = 1e-16 * square;
        for (int step = 0; step != 1000 && square > enough; ++step) {
            apply(direction, image);
            double const rate = square / dot(direction, image);
            for (std::size_t f = 0; f != features; ++f) w[f] += rate * direction[f], residual[f] -= rate * image[f];
            double const next = dot(residual, residual);
            for (std::size_t f = 0; f != features; ++f) direction[f] = residual[f] + next / square * direction[f];
            square = next;
        }
        double const shift = dot(centre, w);
        for (std::size_t i = 0; i != tests.size(); ++i) {
            double y = mean.row(0)[k] - shift;
            for (auto [word, x] : tests[i]) y += x * w[word];
            out.values[i * train.dimensions + k] = std::clamp(y, 0.0, 10.0);
        }
    }
    return out;
}

std::vector<baseline> baselines(std::vector<std::string_view> const& train_texts, scores const& train, std::vector<std::string_view> const& test_texts, scores const& test) {
    return {{"mean", measure(predict_mean(train, test.rows()), test)},
            {"median", measure(predict_median(train, test.rows()), test)},
            {"tf-idf ridge", measure(predict_ridge(train_texts, train, test_texts), test)}};
}

} // namespace distill
