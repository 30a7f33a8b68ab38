/// How the ranks of one training run speak: sums in the order of ranks, so that two ranks with one batch each give the bits of one rank with two.
#pragma once
#include <memory>
#include <span>
#include <string>

namespace penstock::train {

class comm {
public:
    virtual ~comm() = default;
    virtual int rank() const = 0;
    virtual int world() const = 0;
    /// Every rank gets ((x₀ + x₁) + x₂) + … ; also a barrier. fatal(endpoint) when a rank has gone or says nothing for too long.
    virtual void sum(std::span<float> x) = 0;
    virtual void sum(std::span<double> x) = 0;
};

struct comm_options {
    int rank = 0, world = 1;
    std::string address = "127.0.0.1";
    int port = 29500;
    int seconds = 60;                   ///< of silence until a rank is taken for dead
};
/// From RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT (torchrun), else OMPI_COMM_WORLD_RANK and _SIZE (mpirun), else SLURM_PROCID and SLURM_NTASKS (srun); else one rank.
comm_options comm_from_environment();
/// world 1: nothing to do. Else a star over TCP around rank 0.
std::unique_ptr<comm> connect(comm_options const&);

} // namespace penstock::train
