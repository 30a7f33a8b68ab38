#!/bin/sh
# check.sh HATE_SPEECH SOURCE_FOLDER VENV: check.py in an environment of its own; without PyPI a skip (77).
set -e
sh "$2/tests/peer_venv.sh" "$3" datasets==4.4.1
exec "$3/bin/python" "$2/tests/hate-speech/peer/check.py" "$1" "$2"
