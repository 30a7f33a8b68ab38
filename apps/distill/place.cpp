#include "place.hpp"
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <vector>
#include <penstock/core/fatal.hpp>

namespace distill {

namespace train = penstock::train;

namespace {
std::uint64_t machine_memory() {        // that Linux would give without swapping, and that a container leaves
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    std::ifstream in("/proc/meminfo");
    for (std::string key; in >> key; in.ignore(256, '\n'))
        if (std::uint64_t kib = 0; key == "MemAvailable:" && in >> kib) least = kib * 1024;
    std::uint64_t limit = 0, used = 0;
    if (!(std::ifstream("/sys/fs/cgroup/memory.max") >> limit && std::ifstream("/sys/fs/cgroup/memory.current") >> used)) return least;
    std::ifstream parts("/sys/fs/cgroup/memory.stat");      // what it holds of files it gives back
    std::string key;
    for (std::uint64_t bytes = 0; parts >> key >> bytes;)
        if (key == "active_file" || key == "inactive_file") used -= std::min(used, bytes);
    return std::min(least, limit - std::min(limit, used));
}
}

std::uint64_t place::memory() const {
    return train::memory_to_plan(where == train::place::cuda ? train::free_memory(index) : machine_memory()) / static_cast<std::uint64_t>(sharing);
}

place place_of(device asked, train::comm_options const& ranks, train::device_list const& found) {
    place const processor{.sharing = ranks.local_world};
    if (asked == device::cpu) return processor;
    std::vector<int> able;
    for (std::size_t i = 0; i != found.all.size(); ++i)
        if (found.all[i].major >= train::oldest_capability) able.push_back(static_cast<int>(i));
    if (able.empty()) {
        if (asked == device::automatic) return processor;
        auto const why = found.all.empty() ? found.why : found.all[0].name + " has compute capability " + std::to_string(found.all[0].major) + "." + std::to_string(found.all[0].minor) + ", the trainer needs " + std::to_string(train::oldest_capability) + ".0";
        throw penstock::fatal(penstock::exit_code::access, "--device cuda: " + why + "; --device cpu takes the processor");
    }
    auto const gpus = static_cast<int>(able.size()), index = able[static_cast<std::size_t>(ranks.local_rank % gpus)];
    return {train::place::cuda, index, "GPU " + std::to_string(index) + " (" + found.all[static_cast<std::size_t>(index)].name + ")", (ranks.local_world + gpus - 1) / gpus};
}

std::string what_would_fit(train::qwen2_config const& config, train::trainer_options how, may_change may, std::uint64_t bytes) {
    auto const budget = how.tokens;
    auto const needed = [&] { return train::plan(config, how).total(); };
    auto const flags = [&](std::string said) {
        how.recompute = train::recompute::blocks, how.tokens = budget;
        while (how.tokens > how.longest && needed() > bytes) how.tokens = std::max(how.tokens / 2, how.longest);
        return said + "--keep inputs --token-budget " + std::to_string(how.tokens);
    };
    if (auto const said = flags(""); needed() <= bytes) return said + " would";
    std::string more;
    if (may.format && how.precision != train::precision::bf16) {
        more = "--dtype bf16 ", how.precision = train::precision::bf16;
        if (auto const said = flags(more); needed() <= bytes) return said + " would";
    }
    if (may.adapters && how.adapters.rank == 0) {
        how.adapters = {.rank = 16, .alpha = 32, .targets = {true, true, true, true, true, true, true}};
        if (auto const said = flags(more + "--lora-r 16 "); needed() <= bytes) return said + " would";
    }
    char said[200];
    std::snprintf(said, sizeof said, "%s%s, keeping inputs, in batches of %lld tokens it still takes %.3f GiB: a smaller model would fit, or shorter articles (--max-length)", how.precision == train::precision::bf16 ? "in bf16" : "in float",
                  how.adapters.rank > 0 ? " by adapters" : "", static_cast<long long>(how.tokens), static_cast<double>(needed()) / (1 << 30));
    return said;
}

} // namespace distill
