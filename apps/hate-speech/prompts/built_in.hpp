/// The strategies that come with the program: what `--prompt-template` finds where there is no such file. Same form as a template file: doubled braces in the
/// user's part, none in the system's. Short enough that post and answer fit into 512 tokens, the trainer's limit in the seed.
#pragma once
#include <string_view>

namespace hate::prompts {

inline constexpr std::string_view built_in_name = "combined/combined_gptoss_v1.json";      // the seed's default, so that its command works anywhere

struct built_in_strategy { std::string_view name, system_prompt, user_template; };

inline constexpr built_in_strategy built_in[] = {
    {"combined_optimized",
     "You decide whether a post is hate speech. Hate speech attacks people for what they are: race, origin, religion, sex, orientation, identity, disability. "
     "Slurs, threats, comparisons with animals, \"all of them are criminals\", calls to drive them out are attacks, said openly or in hints. "
     "Not hate speech, however harsh: criticism of a law, a state or an idea; a report; anger at one person's deed; words a community uses for itself.\n"
     "Answer with one JSON object: {\"classification\": \"hate_speech\" or \"not_hate\", \"confidence\": \"high\", \"medium\" or \"low\", \"reasoning\": a sentence or null, "
     "\"protected_group\": the group attacked or null}",
     "Know the communities:\n"
     "- LGBTQ: the same word may be pride from inside and a slur from outside; calling an orientation an illness or a danger is an attack.\n"
     "- Mexican and Latin American: \"all illegal\", \"invaders\" is an attack; an opinion on borders or visas is policy.\n"
     "- Middle Eastern, Arab, Muslim: \"all terrorists\" is an attack; news of a war or an armed group is not.\n"
     "\n"
     "hate_speech: people like them belong in cages. not_hate: the new asylum law is too lax.\n"
     "hate_speech: every one of them is a bomber. not_hate: two men were convicted of the bombing.\n"
     "\n"
     "Persona: {persona}\n"
     "Text: \"{text}\"\n"
     "\n"
     "Ask: are people attacked, or a rule or deed? For what they are? Is it the writer's own attack, or quoted? Would that community read it as one?\n"
     "Then answer with the JSON object."},
    {"combined_focused",
     "You decide whether a post is hate speech: an attack on people for what they are. Criticism of laws and ideas is none, nor are words a community uses for itself.\n"
     "Answer with one JSON object: {\"classification\": \"hate_speech\" or \"not_hate\", \"confidence\": \"high\", \"medium\" or \"low\", \"reasoning\": a sentence or null, \"protected_group\": the group attacked or null}",
     "Persona: {persona}\nText: \"{text}\""},
};

} // namespace hate::prompts
