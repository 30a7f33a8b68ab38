#!/usr/bin/env bash
# gpu_script.sh ROOT BUILD: benchmarks/cuda/run.sh on the emulated GPU: it goes on after a failure and names it, keeps what it measured, and measures nothing twice.
set -u
root=$1 build=$2 out=$2/gpu-script
rm -rf "$out"
run() { said=$("$root/benchmarks/cuda/run.sh" "$@" --emulated --build "$build" --out "$out" --minutes 5 2>&1); code=$?; printf '%s\n' "$said"; }
die() { echo "gpu_script.sh: $*"; exit 1; }
has() { grep -q -- "$1" <<<"$said" || die "\"$1\" was not said"; }

PENSTOCK_CHECKS='nonsense graphs' run check
[[ $code == 1 ]] || die "a failure is exit code $code"
has '^FAILED check nonsense: exit code 2, cuda-check: no check is called nonsense'
has '^graphs: [0-9]* passed, 0 failed'
has '^== 1 failed'

run bench
[[ $code == 0 ]] || die "exit code $code"
has '^== tiny, 2 samples: penstock'
has '^| tiny, 4 samples, LoRA | penstock | [0-9]'
grep -q '^tiny, 2 samples: [0-9]* tokens/s' "$out/log.txt" || die "what was said is not in the log"
if grep -q '"failed"' "$out/results.jsonl"; then die "a cell failed"; fi
measured=$(wc -l <"$out/results.jsonl")

run bench
[[ $code == 0 ]] || die "exit code $code the second time"
if grep -q '^== tiny' <<<"$said"; then die "a cell was measured twice"; fi
[[ $(wc -l <"$out/results.jsonl") == "$measured" ]] || die "the results changed"

sed -i '1s/.*/{"cell": "tiny, 2 samples", "arm": "penstock", "failed": "by hand"}/' "$out/results.jsonl"
run table
has '^| tiny, 2 samples | penstock | failed: by hand |'
run bench
has '^== tiny, 2 samples: penstock'
if grep -q '"failed"' "$out/results.jsonl"; then die "a failure stays after a success"; fi

run ops
[[ $code == 0 ]] || die "ops: exit code $code"
has '^7B, swiglu backward  *[0-9]'
has '^attention 7B, 14/2 of 128, T 20, backward  *[0-9]'
run nonsense
[[ $code == 2 ]] || die "a word that is none: exit code $code"
