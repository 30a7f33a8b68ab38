#!/usr/bin/env bash
# cold.sh: seconds of the whole build and the whole test on this machine from nothing: no ccache, a build folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CCACHE_DISABLE=1
cmake --preset release -B "$folder" >"$folder.log"
start=$SECONDS; cmake --build "$folder" >"$folder/log" 2>&1; build=$((SECONDS - start))
start=$SECONDS; ctest --test-dir "$folder" -j "$(nproc)" >"$folder/log" 2>&1; test=$((SECONDS - start))
rm -f "$folder.log"
printf '\n### From nothing, %s cores\n\n| | seconds |\n|---|---:|\n| whole build, benchmarks with it | %d |\n| whole test (%s) | %d |\n' "$(nproc)" $build "$(sed -n 's/.*out of \([0-9]*\)$/\1 tests/p' "$folder/log")" $test
