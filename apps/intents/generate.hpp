/// The rows of a data set from the grammar alone: so many of each intent, audiences and complexities in their shares, then the edge cases. Every row is chosen among
/// several that the grammar offers: the one with most word trigrams that no row had before. A text that is near one that is there (Jaccard index of character 5-grams of
/// 0.8 and more) is never taken, so the set has no duplicate and no near-duplicate.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "example.hpp"
#include "grammar.hpp"

namespace intents {

/// What the set says already.
class said {
    struct body;
    std::unique_ptr<body> body_;
public:
    said();
    ~said();
    /// Is there a text that is equal but for case and spaces, or near?
    bool has(std::string_view text) const;
    /// Share of the text's word trigrams that are new, 0 to 1; of a text with none, 1.
    double novelty(std::string_view text) const;
    void add(std::string_view text);
};

struct generator_options {
    std::uint64_t examples_per_intent = 1000, edge_cases = 2000, seed = 42;
    std::string generated_at = {};
    unsigned offers = 32;           ///< texts that a row is chosen among
};

/// A cell of the labels and how many rows it gets: shares rounded by largest remainder.
struct cell { intents::audience audience; intents::complexity complexity; std::uint64_t rows; };
std::vector<cell> cells_of(std::uint64_t rows);

/// A row with its text and labels; describe() fills in what the text shows: words, technical level, confidence.
example labelled(std::string text, intent i, audience a, complexity c, std::optional<edge_case> kind = {});
void describe(example& row);

class generator {
    grammar const& grammar_;
    generator_options options_;
    said said_;
    random dice_;
    std::vector<example> rows_;
public:
    explicit generator(grammar const& g, generator_options options);

    /// An intent's rows. fatal(usage) when the grammar has no more to say.
    void intent_rows(intent i);
    /// Rows of one cell of it.
    void fill(intent i, cell const& of);
    void edge_rows();
    /// A row that was made elsewhere, if it is new.
    bool take(example made);

    said const& so_far() const { return said_; }
    std::vector<example> const& rows() const { return rows_; }
    std::vector<example> release() { return std::move(rows_); }
private:
    template <class Offer> std::optional<example> newest(Offer offer);
    [[noreturn]] void exhausted(std::string_view what) const;
    std::optional<example> edge(edge_case kind, intent i, std::uint64_t number);
    frame const& any(std::vector<frame> const& from) { return from[dice_.below(from.size())]; }
    frame const& request_frame(intent i);
    void add(example made);
};

} // namespace intents
