#!/bin/sh
# check.sh TRAINER_CHECK: with a device, exit code 0 and a line for each; without, exit code 6 and one line that says why.
said=$("$1" 2>&1); code=$?
printf '%s\n(exit code %s)\n' "$said" "$code"
case $code in
  0) printf '%s\n' "$said" | grep -qv ': compute capability [0-9]*\.[0-9]*, .* GiB, [0-9]* multiprocessors$' && exit 1; exit 0 ;;
  6) [ "$(printf '%s\n' "$said" | wc -l)" = 1 ] && printf '%s\n' "$said" | grep -q '^trainer-check: no CUDA device: [^ ]' ;;
  *) exit 1 ;;
esac
