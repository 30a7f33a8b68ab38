"""Python's json module reads what we write and we read what it writes: 2,000 records, byte for byte the same after both. Python's core only."""
import json
import subprocess
import sys

peer = sys.argv[1]


def run(arguments, text=""):
    return subprocess.run([peer, *arguments], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()


lines = run(["generate", "2000"]).split("\n")[:-1]
assert len(lines) == 2000, f"{len(lines)} lines for 2,000 records"
values = [json.loads(line) for line in lines]
for ascii_only in (True, False):
    back = run(["again"], "".join(json.dumps(v, ensure_ascii=ascii_only) + "\n" for v in values)).split("\n")[:-1]
    assert len(back) == len(lines), "a record was lost"
    for ours, again, value in zip(lines, back, values):
        assert json.loads(again) == value, f"differs:\n{ours}\n{again}"
        assert again == ours, f"not the same bytes:\n{ours}\n{again}"
print("2,000 records: json.loads reads them, and what json.dumps writes of them (ASCII or not) comes back byte for byte")
