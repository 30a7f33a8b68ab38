# install.sh BUILD PREFIX
build=$1 prefix=$2
# [install]
cmake --install "$build" --prefix "$prefix"
# [/install]
