#!/usr/bin/env bash
# run.sh BUILD: every benchmark of a release build as one Markdown page (./dev bench >benchmarks/RESULTS.md).
set -euo pipefail
cd "$(dirname "$0")/.."
build=$1
cat <<TEXT
# Results

\`./dev bench >benchmarks/RESULTS.md\` writes this page. Contenders of a table ran in turn in one process, figures are medians; compare ratios, machines differ.

Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo).
Compilers: $(g++ --version | head -n 1)$(command -v clang++-19 >/dev/null && printf '; %s' "$(clang++-19 --version | head -n 1)"). Date: $(date -u +%F), commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown).
TEXT
for program in "$build"/bin/bench-*; do
  name=${program##*/bench-}
  printf '\n## %s\n' "$name"
  "$program" || { printf '\nbench-%s failed: exit code %d\n' "$name" $?; exit 1; }
done
if [[ -x build/clang/bin/bench-core ]]; then
  printf '\n## core, clang 19\n'
  build/clang/bin/bench-core
fi
printf '\n## Programs\n'
benchmarks/program.sh "$build"
printf '\n## Compile time\n'
benchmarks/compile.sh "$build"
[[ -n ${PENSTOCK_BENCH_WARM:-} ]] || benchmarks/cold.sh      # ten minutes
[[ ! -f benchmarks/fuzzing.md ]] || cat benchmarks/fuzzing.md
