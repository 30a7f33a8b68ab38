// A row in any form: what can be read and written again is the same chat when it is read again, in its own form and in every other that can say it.
#include <penstock/dataset/chat_format.hpp>
#include <cstdlib>

namespace ds = penstock::dataset;

extern "C" int LLVMFuzzerTestOneInput(unsigned char const* data, std::size_t size) {
    using enum ds::chat_format;
    std::string_view const row(reinterpret_cast<char const*>(data), size);
    static_cast<void>(ds::format_of_row(row));
    for (auto const form : {openai, azure, alpaca, sharegpt, chatml, trl, llamafactory}) {
        auto const chat = ds::read_chat(row, form);
        if (!chat) continue;
        for (auto const other : {openai, azure, alpaca, sharegpt, chatml, trl, llamafactory}) {
            auto const written = ds::write_chat(*chat, other);
            if (!written) continue;
            auto const again = ds::read_chat(*written, other);
            if (!again || again->messages.size() != chat->messages.size()) std::abort();
            for (std::size_t i = 0; i != chat->messages.size(); ++i) {
                auto const &was = chat->messages[i], &is = again->messages[i];
                if (was.role != is.role || was.content != is.content || was.weight.value_or(was.role == "assistant") != is.weight.value_or(is.role == "assistant")) std::abort();
            }
            if (other == form && again->input_at != chat->input_at) std::abort();
        }
    }
    return 0;
}
