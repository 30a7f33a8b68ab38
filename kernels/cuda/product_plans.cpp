#include "product_plans.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <penstock/core/fatal.hpp>
#include <penstock/io/atomic_file.hpp>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>

namespace penstock::train::cuda {
namespace {

constexpr std::string_view title = "penstock products 1\n";

int alignment(void const* p) {
    auto const at = reinterpret_cast<std::uintptr_t>(p);
    int a = 64;
    while (at % static_cast<std::uintptr_t>(a) != 0) a /= 2;
    return a;
}
char const* name(format f) { return f == format::bf16 ? "bf16" : "f32"; }

std::string hex(std::uint64_t x) {
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(x));
    return digits;
}
std::optional<std::uint64_t> number(std::string_view digits) {
    std::uint64_t x = 0;
    auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), x, 16);
    if (error != std::errc() || end != digits.data() + digits.size() || digits.size() != 16) return std::nullopt;
    return x;
}
std::uint64_t fnv(std::string_view bytes) {
    std::uint64_t h = 0xcbf29ce484222325U;
    for (char const c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return h;
}
std::string_view cut(std::string_view& rest, char at) {
    auto const end = std::min(rest.find(at), rest.size());
    auto const part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

// Among processes: from what is read until it is written. The folder's own lock leaves no file behind.
class turn {
public:
    explicit turn(std::filesystem::path const& folder) : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        if (fd_ >= 0) ::flock(fd_, LOCK_EX);
    }
    turn(turn const&) = delete;
    ~turn() {
        if (fd_ >= 0) ::close(fd_);
    }

private:
    int fd_;
};

} // namespace

product_key key_of(product const& p) {
    return {p.transpose_a, p.transpose_b, p.bias != nullptr, p.beta != 0, p.in, p.out, p.m, p.n, p.k, p.a_ld, p.b_ld, p.d_ld, alignment(p.a), alignment(p.b), alignment(p.d), p.bias ? alignment(p.bias) : 0};
}

std::string text(product_key const& k) {
    auto const all = [](auto... x) {
        std::string s;
        ((s += (s.empty() ? "" : "/") + std::to_string(x)), ...);
        return s;
    };
    return std::string(k.transpose_a ? "t" : "n") + (k.transpose_b ? "t " : "n ") + all(k.m, k.n, k.k) + " ld " + all(k.a_ld, k.b_ld, k.d_ld) + " " + name(k.in) + " " + name(k.out) + (k.bias ? " bias" : "") + (k.adds ? " adds" : "") +
           " aligned " + all(k.a_alignment, k.b_alignment, k.d_alignment, k.bias_alignment);
}

std::size_t choose(std::span<double const> seconds) {
    double const best = *std::ranges::min_element(seconds);
    return static_cast<std::size_t>(std::ranges::find_if(seconds, [&](double s) { return s <= best * 1.02; }) - seconds.begin());
}

plan_settings plan_settings_of_environment() {
    auto const word = [](char const* name) {
        auto const* const value = std::getenv(name);
        return std::string(value ? value : "");
    };
    if (auto const given = word("PENSTOCK_GEMM_PLANS"); given == "off") return {.timed = false};
    else if (!given.empty()) return {.path = given};
    if (auto const cache = word("XDG_CACHE_HOME"); !cache.empty()) return {.path = cache + "/penstock/products"};
    if (auto const home = word("HOME"); !home.empty()) return {.path = home + "/.cache/penstock/products"};
    return {};
}

product_plans::product_plans(std::string machine, plan_settings settings, say s) : machine_(std::move(machine)), settings_(std::move(settings)), say_(std::move(s)) {
    std::ranges::replace_if(machine_, [](char c) { return c == '\t' || c == '\n'; }, ' ');
    for (auto const& [key, words] : read(true))
        if (key.first == machine_) own_.emplace(key.second, words);
}

std::optional<algorithm> product_plans::find(product_key const& k) const {
    std::lock_guard const guard(lock_);
    auto const at = own_.find(text(k));
    return at == own_.end() ? std::nullopt : std::optional(at->second);
}

algorithm product_plans::keep(product_key const& k, algorithm const& a) {
    std::lock_guard const guard(lock_);
    auto const product = text(k);
    if (own_.emplace(product, a).second) write(product);
    return own_.at(product);
}

void product_plans::forget(product_key const& k) {
    std::lock_guard const guard(lock_);
    own_.erase(text(k));
    stale_.insert(text(k));
}

product_plans::lines product_plans::read(bool complain) {
    if (settings_.path.empty() || !settings_.timed) return {};
    std::error_code none;
    if (!std::filesystem::exists(settings_.path, none)) return {};
    auto const ignored = [&](char const* why, bool left_alone = false) {
        if (complain) say_(settings_.path + ": " + why);
        if (left_alone) settings_.path.clear();
        return lines{};
    };
    std::ifstream in(settings_.path, std::ios::binary);
    std::string const file{std::istreambuf_iterator<char>(in), {}};
    std::string_view rest = file;
    if (!rest.starts_with(title)) return ignored("is no file of products' algorithms; it is left alone, and they are chosen anew", true);
    auto const end = rest.rfind("\nend ");
    if (end == std::string_view::npos || rest.substr(end + 1) != "end " + hex(fnv(rest.substr(0, end + 1))) + "\n") return ignored("is damaged; products' algorithms are chosen anew");
    rest = rest.substr(title.size(), end + 1 - title.size());
    lines all;
    while (!rest.empty()) {
        auto line = cut(rest, '\n');
        std::string machine(cut(line, '\t')), product(cut(line, '\t'));
        algorithm a{};
        for (auto& word : a) {
            auto const x = number(cut(line, ' '));
            if (!x) return ignored("is damaged; products' algorithms are chosen anew");
            word = *x;
        }
        all.emplace(std::pair(std::move(machine), std::move(product)), a);
    }
    return all;
}

void product_plans::write(std::string const& product) {
    if (settings_.path.empty() || !settings_.timed) return;
    auto const mine = settings_.path + "." + std::to_string(::getpid());     // so that two processes never write one file
    try {
        auto const folder = std::filesystem::absolute(settings_.path).parent_path();
        std::filesystem::create_directories(folder);
        turn const ours(folder);
        auto all = read(false);
        if (settings_.path.empty()) return;
        if (auto const theirs = all.find({machine_, product}); theirs != all.end() && !stale_.contains(product)) own_[product] = theirs->second;
        for (auto const& [name, words] : own_)
            if (std::pair key(machine_, name); stale_.contains(name)) all.insert_or_assign(key, words);
            else all.emplace(key, words);
        std::string file(title);
        for (auto const& [key, words] : all) {
            file += key.first + '\t' + key.second + '\t';
            for (std::size_t i = 0; i != words.size(); ++i) file += (i ? " " : "") + hex(words[i]);
            file += '\n';
        }
        file += "end " + hex(fnv(file)) + "\n";
        io::atomic_file out(mine);
        out.write(file);
        out.commit();
        std::filesystem::rename(mine, settings_.path);
    } catch (std::exception const& e) {
        say_(settings_.path + ": products' algorithms cannot be kept, each run times them anew: " + e.what());
        settings_.path.clear();
    }
}

product_plans& plans_of(std::string const& machine) {
    static std::mutex lock;
    static std::map<std::string, std::unique_ptr<product_plans>> all;
    std::lock_guard const guard(lock);
    auto& plans = all[machine];
    if (!plans) plans = std::make_unique<product_plans>(machine, plan_settings_of_environment(), [](std::string const& line) { std::fprintf(stderr, "trainer: %s\n", line.c_str()); });
    return *plans;
}

} // namespace penstock::train::cuda
