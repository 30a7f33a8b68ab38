// trainer-check: lists what the trainer can run on, one line a device. Exit code 0; 6 when nothing answers, with the reason in one line on stderr.
#include <cstdio>
#include <penstock/train/devices.hpp>

int main() {
    auto const list = penstock::train::devices();
    if (list.all.empty()) {
        std::fprintf(stderr, "trainer-check: %s\n", list.why.c_str());
        return 6;
    }
    for (auto const& d : list.all)
        std::printf("%s: compute capability %d.%d, %.1f GiB, %d multiprocessors\n", d.name.c_str(), d.major, d.minor,
                    static_cast<double>(d.memory) / (1 << 30), d.processors);
}
