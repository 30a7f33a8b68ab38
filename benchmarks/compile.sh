#!/usr/bin/env bash
# compile.sh: user seconds of every unit of apps/ielts at -O2, without ccache and without a precompiled header, beside a reference unit that only includes
# simdjson.h and three range-v3 views; compiled in turn, medians of three rounds. The goal: no unit of an app over 1.6 times the reference.
set -euo pipefail
cd "$(dirname "$0")/.."
export CCACHE_DISABLE=1
compiler=${CXX:-g++}
seconds() { local t; t=$( { TIMEFORMAT=%U; time "$compiler" -std=c++23 -O2 -DNDEBUG -Iinclude -Iapps -c "$1" -o /dev/null; } 2>&1 ) || { echo "$t" >&2; exit 1; }; echo "$t"; }
units=(benchmarks/compile/reference.cpp apps/ielts/*.cpp)
declare -A times=()
for round in 1 2 3; do for unit in "${units[@]}"; do times[$unit]+="$(seconds "$unit") "; done; done
printf '\n### User seconds to compile a unit of apps/ielts (%s -O2)\n\n| unit | seconds (median of 3) | ratio |\n|---|---:|---:|\n' "$($compiler --version | head -n 1)"
median() { tr ' ' '\n' <<<"${times[$1]}" | sed '/^$/d' | sort -n | sed -n 2p; }
reference=$(median "${units[0]}")
for unit in "${units[@]}"; do echo "$unit $(median "$unit")"; done |
  awk -v reference="$reference" '{ printf "| %s | %.2f | %.2f |\n", $1, $2, $2 / reference }' | sort -t'|' -k4 -rn
