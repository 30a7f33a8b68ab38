#!/usr/bin/env bash
# program.sh BUILD: what a user waits for: the start of a program, the intents data set, and the hate-speech and ielts recipes over the real rows that PENSTOCK_DATA holds (medians, GNU date's clock).
set -euo pipefail
bin=$1/bin folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
now() { date +%s%N; }
median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
times() { local n=$1 i start; shift; for ((i = 0; i != n; ++i)); do start=$(now); "$@" >"$folder/out" 2>&1; echo $(($(now) - start)); done | median; }

printf '\n### Start-up\n\n| | ms (median of 51) |\n|---|---:|\n'
for command in "ielts --help" "penstock --help" "true"; do
  program=${command%% *}
  [[ $program == true ]] && run=(true) || run=("$bin/$program" --help)
  printf '| `%s` | %.1f |\n' "$command" "$(awk -v t="$(times 51 "${run[@]}")" 'BEGIN { print t / 1e6 }')"
done

cpu() { local n=$1 i; shift; for ((i = 0; i != n; ++i)); do ( TIMEFORMAT=%U; time "$@" >"$folder/out" 2>/dev/null ) 2>&1; done | median; }
printf '\n### intents: the default data set from the grammar\n\n| CPU seconds (median of 5) | rows | distinct word trigrams |\n|---:|---:|---:|\n'
printf '| %s | %s | %s |\n' "$(cpu 5 "$bin/intents" --output "$folder/intents.json")" "$(sed -n 's/.*"total_examples":\([0-9]*\).*/\1/p' "$folder/intents.json")" "$(sed -n 's/.*"uniqueness_score":\([0-9.]*\).*/\1/p' "$folder/intents.json")"
# what a naive Bayes classifier learns from that set: frames it never saw and, with PENSTOCK_DATA, sentences that people typed
if [[ -x $bin/intents-tests ]]; then printf '\n'; "$bin/intents-tests" -tc='a classifier learns*' | sed -n 's/^\([^ ].* right, .*\)/- \1/p'; fi

data=${PENSTOCK_DATA:-}/hate
if [[ -f $data/unified_train.json ]]; then
  hate=("$bin/hate-speech" --unified-dir "$data" --data-output-dir "$folder/hate" --include-test)
  seconds=$(cpu 5 "${hate[@]}")
  printf '\n### hate-speech over the real rows\n\n| CPU seconds (median of 5) | train | validation | test |\n|---:|---:|---:|---:|\n'
  printf '| %s | %s | %s | %s |\n' "$seconds" "$(wc -l <"$folder/hate/train.jsonl")" "$(wc -l <"$folder/hate/validation.jsonl")" "$(wc -l <"$folder/hate/test.jsonl")"
  printf '\n| naive Bayes, offline: rows | accuracy | precision | recall | F1 |\n|---:|---:|---:|---:|---:|\n'
  "$bin/hate-speech" baseline --strategy simple --unified-dir "$data" --output-dir "$folder/baseline" | awk '$1 == "offline" && NF == 7 { printf "| %s | %s | %s | %s | %s |\n", $2, $4, $5, $6, $7 }'
fi

data=${PENSTOCK_DATA:-}/ielts/chillies_test_491.csv
if [[ ! -f $data ]]; then printf '\nPENSTOCK_DATA is not set: the real essays were not measured.\n'; exit; fi
seconds=$(awk -v t="$(times 5 "$bin/ielts" --input "$data" --disable-azure --output-dir "$folder/ielts")" 'BEGIN { printf "%.2f", t / 1e9 }')
field() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$folder/ielts/metadata.json" | head -n 1; }
printf '\n### ielts over 491 real essays, offline\n\n| seconds (median of 5) | rows read | train | validation | rejects |\n|---:|---:|---:|---:|---:|\n| %s | %s | %s | %s | %s |\n\n' "$seconds" \
  "$(field read)" "$(wc -l <"$folder/ielts/train.jsonl")" "$(wc -l <"$folder/ielts/validation.jsonl")" "$(wc -l <"$folder/ielts/rejects.jsonl")"
grep -E '^(bands|criteria|band and criteria)' "$folder/out" | sed 's/^/- /'
