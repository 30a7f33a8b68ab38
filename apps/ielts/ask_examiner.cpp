#include "examiner.hpp"

template void ielts::asking::operator()(ielts::question, penstock::llm::asking_env&, penstock::answer<ielts::marked>, penstock::position const&) const;
