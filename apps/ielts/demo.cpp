#include <cstdio>
#include <string>
#include <vector>
#include "pipeline.hpp"
#include "prepare.hpp"

namespace ielts {
namespace {
std::vector<essay_row> examples() {
    return {
        {.prompt = "Some people think that museums should be free for everybody. To what extent do you agree or disagree?",
         .essay = "A museum keeps what belongs to all of us, so I strongly believe that nobody should have to pay at its door. When entrance is free, a family with three children can come for half an hour and "
                  "come back next week, whereas a ticket forces them to see everything at once.\n\nAdmittedly, guards and heating cost money. However, the sum is small beside what a city spends on roads, and visitors "
                  "who save a ticket usually spend it in the café. For instance, the museum of my own town stopped charging in January, and by summer its shop earned more than the tickets ever had.\n\n"
                  "In conclusion, free museums pay for themselves, if not always in coins.",
         .evaluation = "**Task Achievement: 8**\nClear position.\n\n**Coherence and Cohesion: 7.5**\nWell ordered.\n\n**Lexical Resource: 7.5**\nExact.\n\n**Grammatical Range and Accuracy: 8**\nVaried.\n\n**Overall Band Score: 7.5**\n",
         .band = "7.5\n\r"},
        {.prompt = "Many people work from home today. What are the advantages and disadvantages?",
         .essay = "Nowadays many people is working from home. This have good and bad sides.\n\nThe good side is that you don't need to go to the office. You save time and money for the the bus. For example my sister "
                  "works in her kitchen and she can cook for her kids. In my point of view it is more better for families.\n\nOn the other side, you are alone. If you have a question you must to write an email and "
                  "wait. Also the house is small and is not easy to concentrate.\n\nAs conclusion, I think two days at home and three in the office is good.",
         .evaluation = "## Task Achievement:\n- Both sides.\n- Suggested Band Score: 5.5\n\n## Coherence and Cohesion:\n- Simple links.\n- Suggested Band Score: 5\n\n## Lexical Resource (Vocabulary):\n- Limited.\n"
                       "- Suggested Band Score: 5\n\n## Grammatical Range and Accuracy:\n- Many slips.\n- Suggested Band Score: 4.5\n\n## Overall Band Score:\n- 5\n",
         .band = "5\r\r"},
        {.prompt = "Is it better to live in a village or in a city? Give reasons for your answer.",
         .essay = "I like village because is quiet and the air is clean. In city is many cars and the peoples are always angry. My grandmother live in village and she is ninety years. But in village is no work "
                  "and no hospital. i think village is good for old and city is good for young.",
         .evaluation = "**Task Achievement:** <4\n\nToo short.\n\n**Coherence and Cohesion:** <4\n\nOne paragraph.\n\n**Lexical Resource:** <4\n\nBasic.\n\n**Grammatical Range and Accuracy:** <4\n\nSlips throughout.\n",
         .band = "<4\r"},
    };
}
struct printing final : receiver {
    int n = 0;
    void take(penstock::position const&, penstock::result<example> const& made) override {
        auto const text = "Example " + std::to_string(++n) + " of 3\n" + (made ? shown(*made) : "  rejected: " + made.error().what() + "\n") + "\n";
        std::fwrite(text.data(), 1, text.size(), stdout);
    }
};
} // namespace

penstock::exit_code demonstrate(response form) {
    penstock::llm::asking_env env;
    printing to;
    run_all(essays::of_list(examples()), {.form = form}, env, to);
    return penstock::exit_code::complete;
}

} // namespace ielts
