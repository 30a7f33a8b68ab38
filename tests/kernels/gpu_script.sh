#!/usr/bin/env bash
# gpu_script.sh ROOT BUILD: benchmarks/cuda/run.sh on the emulated GPU: it goes on after a failure and names it, keeps what it measured, and measures nothing twice.
set -u
root=$1 build=$2 out=$2/gpu-script
rm -rf "$out"
run() { said=$("$root/benchmarks/cuda/run.sh" "$1" --emulated --build "$build" --out "$out" --minutes 5 "${@:2}" 2>&1); code=$?; printf '%s\n' "$said"; }
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

# A machine whose folder begins empty: earlier results are handed in. What failed comes behind what nobody tried, and a failure does not stay after a success.
sed '1s/.*/{"cell": "tiny, 2 samples", "arm": "penstock", "failed": "by hand", "attempts": 2}/; /tiny, 4 samples, LoRA", "arm": "penstock"/d' "$out/results.jsonl" >"$out.earlier"
rm -rf "$out"
run table --results "$out.earlier"
has '^| tiny, 2 samples | penstock | failed: by hand |'
rm -rf "$out"
run bench --results "$out.earlier"
[[ $(grep -e '^== tiny.*: penstock' <<<"$said") == $'== tiny, 4 samples, LoRA: penstock\n== tiny, 2 samples: penstock' ]] || die "another order"
if grep -q '"failed"' "$out/results.jsonl"; then die "a failure stays after a success"; fi
[[ $(wc -l <"$out/results.jsonl") == "$measured" ]] || die "the results are not those of both runs"
rm -f "$out.earlier"
# The end of the minutes is nobody's failure.
rm -rf "$out"
run bench --minutes 1
[[ $code == 0 ]] || die "exit code $code where the time was over"
has 'the 1 minutes are over; the same command goes on with the next cell'
[[ ! -s $out/results.jsonl ]] || die "something was measured, or failed, without time"
run table --results "$out.nothing"
[[ $code == 2 ]] || die "earlier results that are not there: exit code $code"

run ops
[[ $code == 0 ]] || die "ops: exit code $code"
has '^7B, swiglu backward  *[0-9]'
has '^attention 7B, 14/2 of 128, T 20, backward  *[0-9]'
run nonsense
[[ $code == 2 ]] || die "a word that is none: exit code $code"
