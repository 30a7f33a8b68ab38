# [prepare]
build/release/bin/distill prepare --filter apps/distill/sample/filter --input apps/distill/sample/labelled.jsonl --output-dir build/demo/distill
# [/prepare]
