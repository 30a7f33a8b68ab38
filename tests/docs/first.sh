# The README's two commands; .ci/run runs them as they stand.
# [first]
./dev demo
./dev test
# [/first]
