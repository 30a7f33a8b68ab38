#include <penstock/llm/read_reply.hpp>
#include "told.hpp"

template penstock::result<ielts::told> penstock::llm::read_reply<ielts::told>(std::string const&);
