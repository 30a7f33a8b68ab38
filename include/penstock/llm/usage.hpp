/// Tokens as they are billed, in the provider's own count. The parts lie inside their sums, as OpenAI reports them: a provider that reports them beside
/// each other adds them up.
#pragma once
#include <cstdint>

namespace penstock::llm {

struct usage {
    std::uint64_t input = 0;        ///< of the prompt, cached ones among them
    std::uint64_t cached = 0;       ///< of input: read from the provider's prompt cache
    std::uint64_t output = 0;       ///< of the reply, reasoning among them
    std::uint64_t reasoning = 0;    ///< of output: thought, not shown

    usage& operator+=(usage const& u) { input += u.input; cached += u.cached; output += u.output; reasoning += u.reasoning; return *this; }
    friend bool operator==(usage const&, usage const&) = default;
};

} // namespace penstock::llm
