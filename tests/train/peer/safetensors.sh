#!/bin/sh
# safetensors.sh PEER SOURCE FOLDER: the format's own library from PyPI in FOLDER/venv.
sh "$2/tests/peer_venv.sh" "$3/venv" safetensors==0.4.5 || exit $?
exec "$3/venv/bin/python" "$2/tests/train/peer/safetensors_peer.py" "$1" "$3/files"
