# [mock]
build/release/bin/mock-llm --latency uniform:20,80 --fault 429:0.05 --fault reset-inside:0.01 --seed 7 --bill bill.jsonl --seconds 1
# [/mock]
