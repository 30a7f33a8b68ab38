/// Prompts with a name, from a template file or from those that come with the program; and whether a prompt asks for what the targets say.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <penstock/record/prompt_template.hpp>
#include "posts.hpp"

namespace hate {

/// What a user template may name.
struct post_turn {
    std::string_view text, target_group, persona;
};

struct strategy {
    std::string name, system_prompt, user_template;
    std::string from;           ///< for messages: "combined.json, strategy combined_optimized"
};

class strategies {
    struct entry { strategy of; std::string wrong = {}; };
    std::vector<entry> all_;
    std::string source_;
public:
    /// The file; else the same path under prompt_engineering/prompt_templates, where the original keeps them; else, by its name, what comes with the program.
    /// fatal(usage) where there is none, or where it is no template file. What a strategy lacks matters only to the run that uses it.
    static strategies load(std::string const& path);
    /// nullptr where the name is unknown; fatal(usage) where the strategy lacks one of its two prompts.
    strategy const* find(std::string_view name) const;
    std::string const& source() const { return source_; }
    std::string names() const;
};

/// The labels and keys that a prompt asks for are not those of the targets: both, in one sentence; empty where they agree.
std::string disagreement(strategy const& s);
/// The same prompt with the targets' labels and keys: "hate" and 'normal' in quotes, in lists of labels and at the head of lines, "rationale" and its like as keys;
/// an example of the answer gets the keys that it lacks. A prompt that still does not name all keys gets a line that does: never one form beside another.
strategy aligned(strategy s);

/// A strategy whose places have been checked: from a post to the two turns.
class prompting {
    std::string system_;
    penstock::checked_prompt<post_turn> user_;
public:
    /// fatal(usage) with the place of a brace or name that is wrong, or where the post's text is nowhere.
    explicit prompting(strategy const& s);
    std::string const& system() const { return system_; }
    std::string user(post const& p) const { return user_({.text = p.text, .target_group = p.group, .persona = p.persona}); }
};

} // namespace hate
