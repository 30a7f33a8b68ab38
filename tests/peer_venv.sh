#!/bin/sh
# peer_venv.sh FOLDER REQUIREMENT...: a Python environment for a peer that we check against, made once. Without PyPI: one line, and exit code 77 (a skip);
# 1 where PENSTOCK_PEERS_REQUIRED is 1.
folder=$1; shift
[ "$(cat "$folder/.made" 2>/dev/null)" = "$*" ] && exit 0
if rm -rf "$folder" && python3 -m venv "$folder" >/dev/null && timeout 300 "$folder/bin/pip" install -q --disable-pip-version-check --retries 1 --timeout 20 "$@" >"$folder/pip.log" 2>&1; then
  echo "$*" >"$folder/.made"
  exit 0
fi
echo "peer not available ($* could not be installed from PyPI): skipped"
[ "${PENSTOCK_PEERS_REQUIRED:-0}" = 1 ] && exit 1
exit 77
