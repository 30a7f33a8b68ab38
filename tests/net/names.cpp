// The names of these tests, without a network: this getaddrinfo is found before the system's.
#include <chrono>
#include <dlfcn.h>
#include <netdb.h>
#include <string_view>
#include <thread>

extern "C" int getaddrinfo(char const* node, char const* service, addrinfo const* hints, addrinfo** result) {
    using function = int(char const*, char const*, addrinfo const*, addrinfo**);
    static auto* const system = reinterpret_cast<function*>(dlsym(RTLD_NEXT, "getaddrinfo"));
    std::string_view const name = node ? node : "";
    if (name == "unknown.test") return EAI_NONAME;
    if (name == "slow.test") {
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        return system("127.0.0.1", service, hints, result);
    }
    if (name == "far.localhost") return system("192.0.2.1", service, hints, result);
    if (name == "two.localhost") {
        int const failed = system("127.0.0.9", service, hints, result);
        if (failed) return failed;
        addrinfo* last = *result;
        while (last->ai_next) last = last->ai_next;
        return system("127.0.0.1", service, hints, &last->ai_next);
    }
    return system(node, service, hints, result);
}
