# [emulated]
benchmarks/cuda/run.sh bench --emulated --no-hf --build build/release --out build/gpu-emulated
# [/emulated]
