#include "place.hpp"
#include <vector>
#include <penstock/core/fatal.hpp>

namespace distill {

namespace train = penstock::train;

place place_of(device asked, int local_rank, train::device_list const& found) {
    if (asked == device::cpu) return {};
    std::vector<int> able;
    for (std::size_t i = 0; i != found.all.size(); ++i)
        if (found.all[i].major >= train::oldest_capability) able.push_back(static_cast<int>(i));
    if (able.empty()) {
        if (asked == device::automatic) return {};
        auto const why = found.all.empty() ? found.why : found.all[0].name + " has compute capability " + std::to_string(found.all[0].major) + "." + std::to_string(found.all[0].minor) + ", the trainer needs " + std::to_string(train::oldest_capability) + ".0";
        throw penstock::fatal(penstock::exit_code::access, "--device cuda: " + why + "; --device cpu takes the processor");
    }
    int const index = able[static_cast<std::size_t>(local_rank) % able.size()];
    return {train::place::cuda, index, "GPU " + std::to_string(index) + " (" + found.all[static_cast<std::size_t>(index)].name + ")"};
}

} // namespace distill
