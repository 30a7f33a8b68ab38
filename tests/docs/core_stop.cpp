#include <csignal>
#include <vector>
#include <penstock/core/env.hpp>
#include <penstock/core/map.hpp>

namespace ps = penstock;

int main() {
    int given = 0;
    // [stop]
    ps::bare_env env;
    auto work = ps::map([&](int i) {
        if (i == 1000) env.stopping.request_stop();         // from any thread; a signal handler's thread, too
        return i;
    });
    for (auto&& item : std::views::iota(0) | work | ps::with(env)) given += item.value.has_value();     // an endless source; the range ends by itself
    // [/stop]
    bool ended = false, whole = env.books.imbalance().empty();
    {
    // [fatal]
    ps::bare_env env;                                       // a stopped env stays stopped
    auto full = ps::map([](int i) {
        if (i == 3) throw ps::fatal(ps::exit_code::output, "/data/train.jsonl: no space left");     // the run cannot go on
        if (i == 1) throw std::runtime_error("bad row");                                             // that record cannot
        return i;
    });
    try {
        for (auto&& item : std::views::iota(0, 10) | full | ps::with(env)) (void)item;      // 0, a failure for 1, 2, and then it throws
    } catch (ps::fatal const& e) {
        ended = e.code() == ps::exit_code::output && env.books.totals().left == 1;          // the record in hand
    }
    // [/fatal]
    whole = whole && env.books.imbalance().empty();
    }
    return given == 1001 && ended && whole ? 0 : 1;
}
