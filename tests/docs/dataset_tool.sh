# [tool]
build/release/bin/penstock lint --help
# [/tool]
