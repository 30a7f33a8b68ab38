#include "recipe.hpp"

ielts::part<ielts::family_of_questions, ielts::family_of_answers> ielts::ask_examiner() { return examiner; }
