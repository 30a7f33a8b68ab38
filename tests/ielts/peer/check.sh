#!/bin/sh
# check.sh IELTS SOURCE_FOLDER VENV: check.py in an environment of its own; without PyPI a skip (77).
set -e
sh "$2/tests/peer_venv.sh" "$3" jsonschema==4.26.0
exec "$3/bin/python" "$2/tests/ielts/peer/check.py" "$1" "$2"
