#!/usr/bin/env bash
# run.sh check|bench|all|ops|peer|sanitize|table|build [OPTION...]: everything that wants a GPU, in one command; goes on after a failure and names all of them at the end. Exit code 0, or 1 if something failed.
#   check      every operation and the whole model against the CPU (cuda-check), then against Transformers (peer)
#   bench      training steps beside Hugging Face's Trainer, cell by cell in the order of worth; cells that OUT/results.jsonl has are skipped, so runs of minutes add up; those that failed come behind those never tried
#   ops        each operation alone beside its floor
#   sanitize   cuda-check under compute-sanitizer: memory, races (slow)
#   build      the programs alone, which every other word builds too where they are missing
#   --minutes N   no step begins after that, and none goes on for long (default 9)     --out FOLDER   results.jsonl and log.txt (default build/gpu-results)
#   --results FILE   what an earlier run measured: where OUT begins empty each time, each run takes the results.jsonl of the one before
#   --build FOLDER   the programs (default build/gpu), and weights, which stay there for the next run: 26 GB in all
#   --only REGEX  cells by name     --no-hf  our arm alone     --emulated  the emulated GPU and a tiny model: shows that the script works
# Needs the CUDA toolkit, CMake and simdjson (installed, or its two files in the folder PENSTOCK_SIMDJSON names); for the other arm python3 with PyTorch, Transformers and, for LoRA, peft (PENSTOCK_PYTHON names another).
set -u
cd "$(dirname "$0")/../.." || exit 1
root=$PWD what=${1:-} minutes=9 earlier='' out=$root/build/gpu-results build=$root/build/gpu only=. hf=1 emulated=0 python=${PENSTOCK_PYTHON:-python3}
usage() { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
case $what in check | bench | all | ops | peer | sanitize | table | build) shift ;; *) usage ;; esac
while (($#)); do
  case $1 in
    --minutes) minutes=$2; shift ;; --out) out=$2; shift ;; --results) earlier=$2; shift ;; --build) build=$2; shift ;; --only) only=$2; shift ;;
    --no-hf) hf=0 ;; --emulated) emulated=1 ;; *) usage ;;
  esac
  shift
done
mkdir -p "$out" "$build" || exit 1
[[ -z $earlier || -r $earlier ]] || { echo "run.sh: $earlier: cannot be read" >&2; exit 2; }
out=$(cd "$out" && pwd) build=$(cd "$build" && pwd)
work=$(mktemp -d "$build/work-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
end=$((SECONDS + minutes * 60)) failures=() quiet=0 results=$out/results.jsonl
touch "$results"
# keep FILE...: one line a cell and arm into the results, a measurement before a failure, else the later line.
keep() {
  awk 'match($0, /^[{]"cell": "[^"]*", "arm": "[^"]*"/) {
    key = substr($0, 1, RLENGTH); bad = /"failed": /
    if (!(key in line)) order[++n] = key
    if (!(key in line) || !bad || failed[key]) { line[key] = $0; failed[key] = bad }
  } END { for (i = 1; i <= n; ++i) print line[order[i]] }' "$@" >"$results.new" && mv "$results.new" "$results"
}
[[ -z $earlier ]] || keep "$earlier" "$results"
say() { printf '\n== %s\n' "$*"; }
left() { echo $((end - SECONDS)); }
failed() { failures+=("$1"); printf 'FAILED %s\n' "$1"; }

# step NAME SECONDS COMMAND...: within the time that is left; its output on the screen and in the log. Cut off only because the minutes are over: cut=1.
step() {
  local name=$1 limit=$2 log=$work/step.log short=0 started=$SECONDS; shift 2
  cut=0 why=
  (($(left) > 10)) || { cut=1; ((quiet)) || failures+=("$name: no time was left"); return 1; }
  ((limit <= $(left))) || short=1 limit=$(left)
  say "$name" | tee -a "$out/log.txt"
  timeout -k 10 "$limit" "$@" 2>&1 | tee "$log"
  local code=${PIPESTATUS[0]}
  cat "$log" >>"$out/log.txt"
  ((code == 0)) && return 0
  if ((short && (code == 124 || code == 137) && SECONDS - started >= limit)); then
    cut=1
    say "$name: cut off, the minutes are over"
    ((quiet)) || failures+=("$name: cut off after $limit s")
    return 1
  fi
  why="exit code $code, $(grep -v '^[[:space:]]*$' "$log" | tail -n 1)"
  ((code != 124 && code != 137)) || why="not done after $limit s"
  failed "$name: $why"
  return 1
}

# --- programs: those that are there, else built ---------------------------------------------------------------------------------------------------------------------------
suffix='' tiny=(); ((emulated)) && suffix=-emulated tiny=(tiny)
program() { for folder in "$build" "$build/bin" ; do [[ -x $folder/$1 ]] && { echo "$folder/$1"; return; }; done; echo "$build/bin/$1"; }
make_programs() {
  local all=("cuda-check$suffix" "cuda-step$suffix") generator=() missing=0
  ((emulated)) || all+=(kernels-peer)
  for p in "${all[@]}"; do [[ -x $(program "$p") ]] || missing=1; done
  ((missing)) || return 0
  command -v ninja >/dev/null && generator=(-G Ninja)
  [[ -f $build/CMakeCache.txt ]] || step "configure" 300 cmake -S "$root" -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DPENSTOCK_ONLY_TRAINER=ON ${PENSTOCK_SIMDJSON:+"-DPENSTOCK_SIMDJSON=$PENSTOCK_SIMDJSON" -DPENSTOCK_STATIC=ON} || return 1
  for p in "${all[@]}"; do step "build $p" 900 cmake --build "$build" --target "$p" --parallel || true; done
}

check() {
  local list=${PENSTOCK_CHECKS:-products rows attention losses optimizer graphs model ranks}      # one by one: a fault of the GPU ends a program
  for name in $list; do step "check $name" 900 "$(program "cuda-check$suffix")" "$name" || true; done
}
peer() {
  "$python" -c 'import torch, transformers' 2>/dev/null || { say "Transformers: skipped, $python has no torch or no transformers"; return; }
  [[ -x $(program kernels-peer) ]] || { say "Transformers: skipped, kernels-peer was not built"; return; }
  local device=cuda; ((emulated)) && device=cpu
  step "Transformers" 900 "$python" "$root/tests/kernels/peer/peer.py" "$(program kernels-peer)" "$work/peer" $device || true
}
sanitize() {
  for tool in memcheck racecheck; do
    for name in rows attention losses optimizer; do step "$tool $name" 600 compute-sanitizer --tool $tool --error-exitcode 9 "$(program cuda-check)" "$name" || true; done
  done
}

# --- cells: name | model | rows | samples a step | words for ours | words for theirs; what is worth most first ---------------------------------------------------------------
cells() {
  if ((emulated)); then
    printf '%s\n' 'tiny, 2 samples|tiny|tiny|2||' 'tiny, 4 samples, LoRA|tiny|tiny|4|lora rows|lora'
    return
  fi
  cat <<'TEXT'
0.5B news, 64 samples|0.5B|news|64||
0.5B news, 8 samples|0.5B|news|8||
7B news, 64 samples|7B|news|64||micro=8
7B news, 8 samples|7B|news|8||micro=8
1.5B news, 64 samples|1.5B|news|64||
1.5B news, 8 samples|1.5B|news|8||
3B news, 64 samples|3B|news|64||micro=32
3B news, 8 samples|3B|news|8||
7B news, 64 samples, LoRA|7B|news|64|lora|lora micro=32
0.5B pages, 64 samples|0.5B|pages|64||
7B pages, 64 samples|7B|pages|64||micro=8
0.5B abstracts, 64 samples|0.5B|abstracts|64||
0.5B answers, 64 samples|0.5B|answers|64||
7B abstracts, 64 samples|7B|abstracts|64||micro=8
7B answers, 64 samples|7B|answers|64||micro=8
TEXT
}
line_of() { grep -F "\"cell\": \"$1\", \"arm\": \"$2\"" "${3:-$results}" | tail -n 1; }
measured() { local line; line=$(line_of "$1" "$2"); [[ -n $line && $line != *'"failed": '* ]]; }
attempts() {        # failed ones, before this run
  local line; line=$(line_of "$1" "$2" "$work/before.jsonl")
  case $line in *'"attempts": '*) line=${line##*'"attempts": '}; echo "${line%%[!0-9]*}" ;; *'"failed": '*) echo 1 ;; *) echo 0 ;; esac
}
# arm CELL ARM SECONDS COMMAND...: unless the file has it, or it has failed more often than those whose turn it is; a failure is a line too, which a later success replaces. What the end of the minutes cuts off is no failure: the next run begins with it, and has all its seconds.
arm() {
  local cell=$1 name=$2; shift 2
  measured "$cell" "$name" && return
  [[ $(attempts "$cell" "$name") == "$turn" ]] || return
  (($(left) > 30)) || { late=1; return; }
  if ! step "$cell: $name" "$@"; then
    ((cut)) && { late=1; return; }
    printf '{"cell": "%s", "arm": "%s", "failed": "%s", "attempts": %d}\n' "$cell" "$name" "$(tr -d '"\134' <<<"$why" | cut -c 1-160)" $((turn + 1)) >>"$results"
  fi
  keep "$results"
  [[ $(line_of "$cell" "$name") != *'"memory": "FAILED"'* ]] || failed "$cell: $name took more memory than was planned"
}
# prepare MODEL FOLDER: its configuration and, where the other arm is to run, weights. What an earlier run left is used where it is of the same configuration; half of it never: the folder gets its name when all is there.
prepare() {
  local name=$1 folder=$2 new=$2.new
  [[ -z ${prepared[$name]:-} ]] || return 0
  rm -rf "$new"
  mkdir -p "$new"
  step "configuration of $name" 60 "$(program "cuda-step$suffix")" config "$name" "$new" || return
  cp "$new/config.json" "$new/asked.json"      # save_pretrained writes its own
  if cmp -s "$new/asked.json" "$folder/asked.json" && { ((!hf)) || [[ -e $folder/has-weights ]]; }; then
    rm -rf "$new"
  else
    if ((hf)); then
      if step "weights of $name" 300 "$python" benchmarks/cuda/hf.py weights "$new"; then touch "$new/has-weights"
      elif ((cut)); then return 1
      else rm -f "$new"/*.safetensors*
      fi
    fi
    rm -rf "$folder"
    mv "$new" "$folder" || return
  fi
  prepared[$name]=1
}
bench() {
  local cell model rows batch ours theirs folder file steps=40 late=0 turn quiet=1 arms=("HF Trainer" "HF Trainer, compiled")
  local -A prepared=()
  ((emulated)) && steps=8 arms=("HF Trainer")
  ((hf)) && ! "$python" -c 'import torch, transformers, accelerate' 2>/dev/null && { hf=0; say "$python has no torch, no transformers or no accelerate: our arm alone"; }
  cp "$results" "$work/before.jsonl"
  for turn in 0 1 2 3 4 5 6 7 8 9; do        # what has failed comes behind what nobody tried
    ((turn < 2)) || grep -q "\"attempts\": ${turn}[,}]" "$work/before.jsonl" || continue
    while IFS='|' read -r -u 3 cell model rows batch ours theirs; do
      [[ $cell =~ $only ]] || continue
      local todo=0 name
      for name in penstock "${arms[@]}"; do
        [[ $name == penstock ]] || ((hf)) || continue
        measured "$cell" "$name" || [[ $(attempts "$cell" "$name") != "$turn" ]] || todo=1
      done
      ((todo)) || continue
      (($(left) > 60)) || { late=1; continue; }
      folder=$build/models/$model file=$work/$rows-$model-$((batch * steps)).samples
      prepare "$model" "$folder" || { ((cut)) && late=1; continue; }
      [[ -s $file ]] || step "samples of $cell" 60 "$(program "cuda-step$suffix")" samples "$folder" "$rows" $((batch * steps)) "$file" || { ((cut)) && late=1; continue; }
      # shellcheck disable=SC2086
      arm "$cell" penstock 300 "$(program "cuda-step$suffix")" train "$folder" "$file" "$batch" "$cell" "$results" $ours
      ((hf)) || continue
      # shellcheck disable=SC2086
      arm "$cell" "HF Trainer" 420 "$python" benchmarks/cuda/hf.py train "$folder" "$file" "$batch" "$cell" "$results" $theirs
      # shellcheck disable=SC2086
      ((emulated)) || arm "$cell" "HF Trainer, compiled" 480 "$python" benchmarks/cuda/hf.py train "$folder" "$file" "$batch" "$cell" "$results" $theirs compile
    done 3< <(cells)
  done
  ((late)) && say "the $minutes minutes are over; the same command goes on with the next cell"
}
show() { [[ -s $results ]] && { say "results"; "$(program "cuda-step$suffix")" table "$results"; }; }

((emulated)) || { command -v nvidia-smi >/dev/null && nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader; }
make_programs
case $what in
  check) check; peer ;;
  peer) peer ;;
  bench) bench ;;
  all) check; peer; bench ;;
  ops) step "operations" 300 "$(program "cuda-step$suffix")" ops "${tiny[@]}" || true ;;
  sanitize) sanitize ;;
esac
case $what in bench | all | table) show ;; esac
if ((${#failures[@]})); then
  say "${#failures[@]} failed"
  printf '%s\n' "${failures[@]}"
  exit 1
fi
say "nothing failed"
