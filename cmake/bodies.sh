#!/bin/sh
# bodies.sh --check | --write: <penstock/src.hpp> names every body under include/, and nothing that is not there. Without net there is no https client: PENSTOCK_WITHOUT_NET says so in the source tree.
cd "$(dirname "$0")/../include" || exit 1
bodies=$(find penstock -name '*.ipp' | LC_ALL=C sort | sed -e 's/.*/#include <&>/' -e 's/^#include <penstock.\(net.impl.https_client\|llm.impl.model\|run.impl.asked_model\)\.ipp.*/#ifndef PENSTOCK_WITHOUT_NET\n&\n#endif/')
wanted=$(sed '/^#pragma once/q' penstock/src.hpp; printf '%s\n' "$bodies")
[ "$wanted" = "$(cat penstock/src.hpp)" ] && exit 0
case $1 in
  --write) printf '%s\n' "$wanted" >penstock/src.hpp; echo "penstock/src.hpp: up to date now" ;;
  *) printf '%s\n' "$wanted" | diff penstock/src.hpp -; echo "penstock/src.hpp does not name every body: ./dev docs mends it"; exit 1 ;;
esac
