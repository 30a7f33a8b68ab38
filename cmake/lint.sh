#!/usr/bin/env bash
# clang-tidy over the programs and every body (their headers with them), and house rules that a search can check. The tree is configured with clang:
# clang-tidy cannot read g++'s flags.
set -euo pipefail
cd "$(dirname "$0")/.."
wrong=0
rule() {    # rule SENTENCE COMMAND...: the command prints what breaks the rule
  local sentence=$1 found; shift
  found=$("$@" || true)
  [[ -z $found ]] || { printf '%s:\n%s\n' "$sentence" "$found"; wrong=1; }
}
headers=$(git ls-files 'include/*.hpp')
rule "work left undone in the sources" git grep -nwE 'TODO|FIXME|XXX' -- ':!cmake/lint.sh'
rule "a lambda that captures inside a co_await expression (g++ 12 destroys it twice)" git grep -nE 'co_await.*\[[&=a-z]' -- '*.hpp' '*.ipp' '*.cpp'
rule "a path of somebody's machine" git grep -nE '/(work|home|root)/[a-z]' -- ':!cmake/lint.sh' ':!.ci'
rule "a header that does not open with what it does (///)" awk 'FNR == 1 && !/^\/\/\/ / { print FILENAME }' $headers
rule "a header or body without #pragma once" grep -L '^#pragma once' $headers $(git ls-files 'include/*.ipp')
rule "simdjson in a header that programs include, outside record/json and io/" git grep -n '<simdjson.h>' -- 'include/*.hpp' apps ':!include/penstock/io' ':!include/penstock/record/json*'
((!wrong)) || exit 1

cmake --preset clang -B build/tidy -DCMAKE_CXX_COMPILER_LAUNCHER= -DPENSTOCK_BUILD_{TESTS,BENCHMARKS}=OFF >build/configure-tidy.log
run-clang-tidy-19 -quiet -p build/tidy -j "$(nproc)" '/(apps|kernels|compiled)/.*\.cpp$' >build/tidy.log 2>&1 ||
  { grep -E '(warning|error):' build/tidy.log | sort -u; echo "lint: the whole of it is in build/tidy.log"; exit 1; }
echo "lint: clang-tidy has nothing to say about $(grep -c '^\[.*clang-tidy-19 ' build/tidy.log || true) units"
