/// The four criteria of IELTS Writing Task 2, in the order in which every file states them.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ielts {

enum class criterion : std::uint8_t { task, coherence, lexical, grammar };
inline constexpr std::size_t criterion_count = 4;
inline constexpr std::array criteria{criterion::task, criterion::coherence, criterion::lexical, criterion::grammar};

/// The name as the training data writes it.
constexpr std::string_view name(criterion c) {
    constexpr std::string_view names[] = {"Task Response", "Coherence & Cohesion", "Lexical Resource", "Grammatical Range & Accuracy"};
    return names[static_cast<std::size_t>(c)];
}
constexpr std::size_t index(criterion c) { return static_cast<std::size_t>(c); }

} // namespace ielts
