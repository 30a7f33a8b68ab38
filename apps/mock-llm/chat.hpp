/// The chat completions API without a socket: a request's bytes in, a reply's status, headers and body out. OpenAI's form, and Azure's where the path says so.
#pragma once
#include "faults.hpp"
#include <cstdint>
#include <string>
#include <string_view>

namespace mock {

struct asked {
    std::string_view method, target, body;
    std::string_view authorization, api_key;    ///< the two headers' values
    bool over_tls = false;
};

struct reply {
    int status = 200;
    std::string headers = {};       ///< "name: value\r\n" each; Content-Length is the server's
    std::string body = {};
    std::uint64_t prompt_tokens = 0, completion_tokens = 0;
    bool billed = false;            ///< the model did the work, whether or not its reply arrives
};

struct chat_rules {
    std::uint64_t seed = 0;
    std::string key = {};           ///< the key to ask for; any, or none, if empty
    double retry_after = 1;         ///< seconds, of 429, 503 and 529
    std::string model = {};         ///< the only model there is; any if empty
    std::string text = {};          ///< the reply's content, instead of an invented one
};

/// Whether the target is one that is billed: …/chat/completions.
bool is_chat(std::string_view target);

/// hash: of the request's body; the same request gets the same reply.
reply answer_chat(chat_rules const&, asked const&, fault const*, std::uint64_t hash);
reply answer_models(chat_rules const&);
reply error_reply(chat_rules const&, fault const&, bool azure);

} // namespace mock
