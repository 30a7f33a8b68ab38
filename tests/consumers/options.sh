#!/bin/sh
# options.sh SOURCE BUILD COMPILER: every room that can be left out is left out once: the rest configures, every file it wants is there, and the bodies compile without the https client.
set -eu
source=$1 build=$2/options compiler=$3
rm -rf "$build"; mkdir -p "$build"
for option in WITH_NET WITH_COMPILED BUILD_APPS BUILD_TESTS BUILD_KERNELS; do
  echo "PENSTOCK_$option=OFF"
  cmake -S "$source" -B "$build/$option" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" -DPENSTOCK_$option=OFF >"$build/log" 2>&1 || { cat "$build/log"; exit 1; }
  cmake --build "$build/$option" -- -n >"$build/log" 2>&1 || { cat "$build/log"; exit 1; }
done
cp -r "$source/include" "$build/include"
(cd "$build/include/penstock" && rm net/https_client.hpp net/impl/https_client.ipp llm/model.hpp llm/impl/model.ipp llm/ask.hpp llm/ask_stage.hpp)
echo '#include <penstock/src.hpp>' | "$compiler" -std=c++23 -fsyntax-only -DPENSTOCK_WITHOUT_NET -I"$build/include" -x c++ -
