/// What a provider's bill would say. A request is charged when it has arrived whole, before its reply goes out: a client that is killed or cut off has paid all
/// the same. Kept in memory for GET /bill, and line by line in a file, each line with a write of its own, so that a killed server loses none.
#pragma once
#include "chat.hpp"
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mock {

class bill {
    struct counts { std::uint64_t requests = 0, billed = 0, answered = 0, prompt_tokens = 0, completion_tokens = 0; };
    counts all_;
    std::map<std::string, counts, std::less<>> by_path_;
    std::map<int, std::uint64_t> by_status_;
    std::map<std::string, std::uint64_t, std::less<>> faults_;
    std::unordered_map<std::uint64_t, std::uint32_t> asked_;    ///< by request hash: how often
    std::uint64_t connections_ = 0;
    int file_ = -1;
public:
    bill() = default;
    ~bill();
    bill(bill const&) = delete;
    bill& operator=(bill const&) = delete;

    /// Appends to it from now on; false if it cannot be opened.
    bool keep_in(std::string const& path);
    /// How often this request was asked before.
    std::uint32_t asked_before(std::uint64_t hash) { return asked_[hash]; }
    void connected() { ++connections_; }
    void arrived(std::string_view path, std::uint64_t hash, std::string_view fault_name, reply const&);
    void answered(std::string_view path);       ///< its whole reply was given to the network
    std::string text() const;                   ///< as JSON
};

} // namespace mock
