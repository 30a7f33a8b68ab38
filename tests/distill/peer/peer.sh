#!/bin/sh
# peer.sh DISTILL ROOT FOLDER: peer.py in the environment of tests/kernels/peer.
"$2/tests/kernels/peer/peer.sh" - "$2" "$3" || exit $?
OMP_NUM_THREADS=1 exec "$3/bin/python" "$2/tests/distill/peer/peer.py" "$1" "$2/apps/distill/sample" "$3/distill"
