#!/bin/sh
# no_gpu.sh CUDA_CHECK: where no GPU is to be seen, exit code 6 and one line that says so.
said=$(CUDA_VISIBLE_DEVICES='' "$1" 2>&1); code=$?
printf '%s\n(exit code %s)\n' "$said" "$code"
[ "$code" = 6 ] && [ "$(printf '%s\n' "$said" | wc -l)" = 1 ] && printf '%s\n' "$said" | grep -q '^cuda-check: no CUDA device: [^ ]'
