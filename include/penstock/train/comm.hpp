/// How the ranks of one training run speak: sums in the order of ranks, so that two ranks with one batch each give the bits of one rank with two.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace penstock::train {

/// What one rank owns of an array that all have: elements [first, first + count).
struct shard {
    std::int64_t first = 0, count = 0;
    int rank = 0;
};

/// What a step asks of its ranks, in the memory of its machine. Everybody makes the same calls with the same sizes. fatal(endpoint) when a rank has gone, says nothing for too long, or calls something else.
class exchange {
public:
    virtual ~exchange() = default;
    virtual int rank() const = 0;
    virtual int world() const = 0;
    /// Every rank gets ((x₀ + x₁) + x₂) + …
    virtual void sum(std::span<float> x) = 0;
    virtual void sum(std::span<double> x) = 0;
    /// The same, but a rank gets its own shards alone; what else x holds is then anything.
    virtual void reduce_scatter(std::span<float> x, std::span<shard const> shards) = 0;
    virtual void reduce_scatter(std::span<double> x, std::span<shard const> shards) = 0;
    /// Every rank gets each shard as its owner has it; counted in bytes.
    virtual void all_gather(std::span<std::byte> x, std::span<shard const> shards) = 0;
};

/// The same in the host's memory, where each call also is a barrier.
class comm : public exchange {
public:
    /// Rank 0 gets what rank `from` has; nobody else need call it.
    virtual void to_root(std::span<std::byte> x, int from) = 0;
};

struct comm_options {
    int rank = 0, world = 1;
    int local_rank = 0;                 ///< among the ranks of this host: which GPU is its own
    int local_world = 1;                ///< how many those are; all, where nobody says
    std::string address = "127.0.0.1";
    int port = 29500;
    int seconds = 600;                  ///< of silence until a rank is taken for dead: more than rank 0 takes to write a model; to come to the run, a rank has 60 at most
};
/// From RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT (torchrun), else OMPI_COMM_WORLD_RANK, _SIZE, _LOCAL_RANK and _LOCAL_SIZE (mpirun), else SLURM_PROCID, SLURM_NTASKS, SLURM_LOCALID
/// and SLURM_STEP_TASKS_PER_NODE (srun); else one rank. PENSTOCK_COMM_SECONDS: the seconds of silence.
comm_options comm_from_environment();
/// world 1: nothing to do. Else a star over TCP around rank 0.
std::unique_ptr<comm> connect(comm_options const&);

} // namespace penstock::train
