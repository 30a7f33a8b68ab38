# [make]
build/release/bin/intents --examples-per-intent 200 --edge-cases 240 --output build/demo/intents/training_data.json
build/release/bin/intents split build/demo/intents/training_data.json
# [/make]
# [more]
build/release/bin/intents --examples-per-intent 100 --edge-cases 0 --seed 7 --output build/demo/intents/more.json
build/release/bin/intents combine build/demo/intents/training_data.json build/demo/intents/more.json --output build/demo/intents/all.json
build/release/bin/intents --validate-only build/demo/intents/all.json
# [/more]
