/// What is asked, as the journal keeps it: the canonical request and the four things beside it that a reply depends on. The server's address is not among them:
/// a run goes on when its server moves. Two servers that give one name to two models need two provider names.
#pragma once
#include <cstdint>
#include <string>
#include <penstock/llm/key.hpp>

namespace penstock::llm {

struct question {
    std::string provider;           ///< "openai", "azure", …
    std::string model;              ///< as the provider calls it; Azure: the deployment
    std::string schema_version;     ///< of the reply type and the prompt's rules: a recipe changes it to have everything asked again
    std::uint32_t draw = 0;         ///< 0, 1, 2, … where the same question is asked several times on purpose
    std::string request;            ///< canonical(chat_request): no ids, no times, no headers

    llm::key key() const;
    friend bool operator==(question const&, question const&) = default;
};

} // namespace penstock::llm
