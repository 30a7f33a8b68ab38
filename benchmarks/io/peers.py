"""The Python contenders: peers.py JOB IN OUT stays and does its job once for each line on stdin, so that starting Python is in no figure."""
import csv
import sys

job, source, target = sys.argv[1:4]
csv.field_size_limit(1 << 30)


def keep(row):
    messages = row["messages"]
    return (len(messages) == 3 and messages[0]["role"] == "system" and messages[1]["role"] == "user" and messages[2]["role"] == "assistant"
            and len(messages[2]["content"]) > 300)


def json_rows():
    import json
    with open(source, encoding="utf-8") as rows, open(target, "w", encoding="utf-8") as out:
        for line in rows:
            row = json.loads(line)
            if keep(row):
                out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")


def orjson_rows():
    import orjson
    with open(source, "rb") as rows, open(target, "wb") as out:
        for line in rows:
            row = orjson.loads(line)
            if keep(row):
                out.write(orjson.dumps(row) + b"\n")


def csv_module():
    total = 0
    with open(source, newline="", encoding="utf-8") as f:
        rows = csv.reader(f)
        next(rows)
        for row in rows:
            for field in row:
                total += len(field)
    return total


def arrow(threads):
    import pyarrow
    import pyarrow.compute
    import pyarrow.csv
    table = pyarrow.csv.read_csv(source, pyarrow.csv.ReadOptions(use_threads=threads), pyarrow.csv.ParseOptions(newlines_in_values="essays" in source),
                                 pyarrow.csv.ConvertOptions(strings_can_be_null=False, column_types={name: pyarrow.string() for name in header()}))
    return sum(pyarrow.compute.sum(pyarrow.compute.binary_length(column)).as_py() for column in table.columns)


def header():
    with open(source, encoding="utf-8") as f:
        return f.readline().strip().split(",")


jobs = {"json": json_rows, "orjson": orjson_rows, "csv": csv_module, "arrow": lambda: arrow(True), "arrow1": lambda: arrow(False)}
if job in ("arrow", "arrow1"):
    import pyarrow.csv
elif job == "orjson":
    import orjson
print("ready", flush=True)
for _ in sys.stdin:
    print(jobs[job](), flush=True)
