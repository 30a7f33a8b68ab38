/// ask<Reply>(prompt, join): asks a model about each record, many at once. Reply is one declaration for three things: the schema that the provider is held to, the
/// decoder's check, and what join is given. A reply that fails its type, or that join refuses, is asked again with the reason.
#pragma once
#include <penstock/llm/ask_stage.hpp>
#include <penstock/llm/read_reply.hpp>
