#!/bin/sh
# tokenizers.sh PEER SOURCE FOLDER [time]: Hugging Face's tokenizers from PyPI in FOLDER/venv.
sh "$2/tests/peer_venv.sh" "$3/venv" tokenizers==0.22.2 || exit $?
exec "$3/venv/bin/python" "$2/tests/train/peer/tokenizers_peer.py" "$1" "$3/files" $4
