#!/bin/sh
# peer.sh KERNELS_PEER|- ROOT FOLDER: peer.py (-: nothing yet) in an environment made of Debian's python3-torch and packages from PyPI that are told not to bring a torch of their own (it comes with 5 GB of CUDA).
program=$1 root=$2 folder=$3
skip() { echo "$1: skipped"; [ "${PENSTOCK_PEERS_REQUIRED:-0}" = 1 ] && exit 1; exit 77; }
/usr/bin/python3 -c 'import torch' 2>/dev/null || skip "peer not available (Debian's python3-torch is not installed)"
with_torch='transformers==4.44.2 numpy<2 safetensors psutil jinja2' alone='peft==0.12.0 accelerate==0.34.2'
if [ "$(cat "$folder/.made" 2>/dev/null)" != "$with_torch $alone" ]; then
  rm -rf "$folder"
  # shellcheck disable=SC2086
  { /usr/bin/python3 -m venv --system-site-packages "$folder" && timeout 300 "$folder/bin/pip" install -q --disable-pip-version-check --retries 1 --timeout 20 $with_torch &&
    timeout 300 "$folder/bin/pip" install -q --disable-pip-version-check --retries 1 --timeout 20 --no-deps $alone; } >/dev/null 2>&1 || skip "peer not available (PyPI did not give $with_torch $alone)"
  echo "$with_torch $alone" >"$folder/.made"
fi
[ "$program" = - ] && exit 0
OMP_NUM_THREADS=1 exec "$folder/bin/python" "$root/tests/kernels/peer/peer.py" "$program" "$folder/work"
