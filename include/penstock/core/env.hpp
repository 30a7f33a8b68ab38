/// The smallest env: what the core itself needs and nothing else. Derive from it, or write a type with the same functions: loop, ledger and
/// stop_token are required; window, capacity and pool are asked for only by the stages that use them.
#pragma once
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <penstock/core/ledger.hpp>
#include <penstock/core/loop.hpp>
#include <penstock/core/window.hpp>
#include <penstock/core/workers.hpp>

namespace penstock {

/// An env outlives the ranges that run over it.
struct bare_env {
    mini_loop events = {};          ///< first: the threads below post to it until they are joined
    penstock::ledger books = {};
    std::stop_source stopping = {}; ///< request_stop() from any thread: sources answer done, what is in flight is handed out, the range ends
    std::map<std::string, penstock::window, std::less<>> windows = {};  ///< by stage name, instead of a stage's own default
    std::map<std::string, unsigned, std::less<>> capacities = {};       ///< of fan_out by stage name: parents open at once
    unsigned threads = 0;           ///< of the pool; 0 is as many as the machine runs at once

    mini_loop& loop() { return events; }
    penstock::ledger& ledger() { return books; }
    std::stop_token stop_token() const { return stopping.get_token(); }
    penstock::window window(std::string_view stage, penstock::window preset) const { return setting(windows, stage, preset); }
    unsigned capacity(std::string_view stage, unsigned preset) const { return setting(capacities, stage, preset); }
    /// The threads of `parallel`, started when first asked for.
    workers& pool() { return pool_ ? *pool_ : pool_.emplace(threads); }

private:
    template <class Map, class T> static T setting(Map const& by_stage, std::string_view stage, T preset) {
        auto const at = by_stage.find(stage);
        return at == by_stage.end() ? preset : at->second;
    }
    std::optional<workers> pool_ = {};
};

} // namespace penstock
