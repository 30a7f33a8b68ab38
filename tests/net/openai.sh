#!/bin/sh
# openai.sh SOURCES MOCK: the openai package of PyPI talks to the mock server.
set -eu
peer=$1/build/peers/openai
mkdir -p "$1/build/peers"
sh "$1/tests/peer_venv.sh" "$peer" openai || exit $?
exec timeout 120 "$peer/bin/python" "$1/tests/net/openai_client.py" "$2"
