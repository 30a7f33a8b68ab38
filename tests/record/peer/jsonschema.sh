#!/bin/sh
# jsonschema.sh RECORD_PEER SOURCE_FOLDER VENV: jsonschema_peer.py in an environment of its own; without PyPI a skip (77).
set -e
sh "$2/tests/peer_venv.sh" "$3" jsonschema==4.26.0
exec "$3/bin/python" "$2/tests/record/peer/jsonschema_peer.py" "$1"
