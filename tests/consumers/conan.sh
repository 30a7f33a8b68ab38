#!/usr/bin/env bash
# conan.sh SOURCE BUILD COMPILER: the Conan recipe, its package and its consumer, offline, in a Conan home of its own.
set -eu
source=$1 build=$2 compiler=$3
venv=$source/build/peers/conan
(flock 9; sh "$source/tests/peer_venv.sh" "$venv" conan==2.34.0) 9>"$source/build/.conan.lock"
export CONAN_HOME=$build/conan-home CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$build CCACHE_NOHASHDIR=1
case $compiler in *clang*) export PENSTOCK_CONAN_COMPILER=clang ;; *) export PENSTOCK_CONAN_COMPILER=gcc ;; esac
rm -rf "$CONAN_HOME"            # a failed create would leave its recipe as the latest revision
PATH=$venv/bin:$PATH
conan remote disable '*' >/dev/null 2>&1
export CONAN_TEST_FOLDER=$build/conan-test
cd "$source"
# [conan]
conan create conan -pr:a conan/debian12.profile                                 # every room, compiled
conan create conan -pr:a conan/debian12.profile -o 'penstock/*:compiled=False'  # the core alone
# [/conan]
