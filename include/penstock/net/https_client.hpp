/// An HTTPS/1.1 client behind send(request, callback), with a pool of kept-alive connections for each host. It works on a thread of its own; callbacks run
/// where `post` puts them (the pipeline's loop), so a pipeline stays single-threaded. Asio, Beast and OpenSSL are in its body only.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>   // std::move_only_function
#include <memory>
#include <string>
#include <penstock/net/request.hpp>
#include <penstock/net/response.hpp>

namespace penstock::net {

struct client_options {
    unsigned connections = 19'000;              ///< open at once to one host; what comes on top waits in the queue. Also kept below the process's file limit
    unsigned opening = 256;                     ///< being opened at once to one host: a handshake costs both ends a millisecond, and a server's backlog is finite
    std::chrono::milliseconds idle{4'000};      ///< a free connection is closed after this: just under the 5 s of uvicorn, the shortest of the common servers
    std::chrono::milliseconds file_patience{1'000};     ///< after the process had no file left for a connection, so long no more are opened than there were
    std::string ca_file = {};                   ///< PEM; trusted instead of the system's store
    bool plain_http = false;                    ///< http:// also to other machines than this one
};

class https_client {
public:
    using work = std::move_only_function<void()>;
    using post_function = std::move_only_function<void(work)>;
    using callback = std::move_only_function<void(outcome)>;

    /// post: takes work from the client's thread to where callbacks shall run, e.g. [&](auto w) { env.loop().post(std::move(w)); }. It is called once for all
    /// replies that came together. Throws fatal(usage) when the CA file cannot be read.
    explicit https_client(post_function post, client_options options = {});
    /// Cancels what is in flight (each callback is still posted) and joins its thread. A name look-up under way is waited for: the system's resolver cannot be
    /// interrupted, it gives up by itself (resolv.conf: 5 s a try).
    ~https_client();
    https_client(https_client&&) = delete;

    /// From any thread. The callback is called exactly once, through post. The number names the request in cancel().
    std::uint64_t send(request, callback);
    /// From any thread. Its callback gets problem::cancelled, unless its outcome was on the way already; its connection is closed.
    void cancel(std::uint64_t);
    void cancel_all();

private:
    struct engine;
    std::unique_ptr<engine> engine_;
};

} // namespace penstock::net
