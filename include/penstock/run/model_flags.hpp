/// The flags that choose a model and say how it is asked, the same in every recipe: one member of an options struct, `run::model_flags model;`.
#pragma once
#include <penstock/run/options.hpp>
#include <cstdint>
#include <string>

namespace penstock::run {

enum class provider : std::uint8_t { azure, openai, offline };
enum class fallback : std::uint8_t { none, offline };
enum class journal_sync : std::uint8_t { on, off };

struct model_flags {
    run::provider provider = run::provider::offline;
    std::string model = {}, base_url = {};
    double temperature = 0.3;
    unsigned max_attempts = 8, timeout = 120, reask = 1;
    std::string journal = {};
    run::journal_sync journal_sync = run::journal_sync::on;
    bool replay = false, retry_rejected = false, finish_partial = false;
    run::fallback fallback = run::fallback::none;
    std::string ca_file = {};
    bool plain_http = false;
    secret openai_api_key = {}, azure_openai_api_key = {};
    std::string azure_openai_endpoint = {}, azure_openai_api_version = {}, azure_openai_deployment = {};

    static constexpr option flags[] = {
        {.member = "provider", .help = "who writes what a model is asked for"},
        {.member = "model", .help = "the model, or Azure's deployment; of OpenAI gpt-4o-mini if empty", .value = "NAME"},
        {.member = "base_url", .help = "another server that speaks OpenAI's form (with its /v1), or Azure's endpoint", .value = "URL"},
        {.member = "temperature", .help = "of the model", .at_least = 0, .at_most = 2},
        {.member = "max_attempts", .help = "requests sent for one question before its row is rejected", .at_least = 1, .at_most = 1000},
        {.member = "timeout", .help = "seconds that one request may take before it is sent again; more for a model that thinks for minutes", .at_least = 1, .at_most = 86400},
        {.member = "reask", .help = "times that a reply which cannot be used is asked for again, with the reason", .at_most = 10},
        {.member = "journal", .help = "where replies are kept; journal/ in the output directory if empty", .value = "DIR"},
        {.member = "journal_sync", .help = "off: replies survive the death of the process, not a power failure"},
        {.member = "replay", .help = "sends nothing: every reply comes from the journal, or the run ends"},
        {.member = "retry_rejected", .help = "asks again where every reply was judged wrong, or the question refused, in an earlier run"},
        {.member = "finish_partial", .help = "sends nothing: writes the files from what the journal holds"},
        {.member = "fallback", .help = "offline: the offline writer stands in where the model is not to be had; counted"},
        {.member = "ca_file", .help = "certificates to trust instead of the system's, PEM", .value = "FILE"},
        {.member = "plain_http", .help = "http:// to another machine, where everybody on the way reads the key and the texts"},
        {.member = "openai_api_key", .help = "better in the environment; @FILE reads it from a file", .value = "KEY", .env = "OPENAI_API_KEY"},
        {.member = "azure_openai_api_key", .help = "better in the environment; @FILE reads it from a file", .value = "KEY", .env = "AZURE_OPENAI_API_KEY"},
        {.member = "azure_openai_endpoint", .help = "https://NAME.openai.azure.com", .value = "URL", .env = "AZURE_OPENAI_ENDPOINT"},
        {.member = "azure_openai_api_version", .help = "2024-10-21 if empty", .value = "DATE", .env = "AZURE_OPENAI_API_VERSION"},
        {.member = "azure_openai_deployment", .help = "the deployment, when --model is not given", .value = "NAME", .env = "AZURE_OPENAI_DEPLOYMENT"},
    };
};

} // namespace penstock::run
