"""The Python contenders: peers.py JOB IN OUT stays and does its job once for each line on stdin, so that starting Python is in no figure."""
import sys
from collections import defaultdict

import orjson

job, source, target = sys.argv[1:4]
names = {"system": "system", "user": "human", "assistant": "gpt"}


def convert():
    with open(source, "rb") as rows, open(target, "wb") as out:
        for line in rows:
            messages = orjson.loads(line)["messages"]
            out.write(orjson.dumps({"conversations": [{"from": names[m["role"]], "value": m["content"]} for m in messages]}) + b"\n")


def lint():
    """The format checks that OpenAI's cookbook lists, and exact duplicates."""
    errors, seen = defaultdict(int), set()
    with open(source, "rb") as rows:
        for line in rows:
            row = orjson.loads(line)
            if not isinstance(row, dict):
                errors["data_type"] += 1
                continue
            messages = row.get("messages")
            if not messages:
                errors["missing_messages_list"] += 1
                continue
            for m in messages:
                if "role" not in m or "content" not in m:
                    errors["message_missing_key"] += 1
                if any(k not in ("role", "content", "name", "function_call", "weight") for k in m):
                    errors["message_unrecognized_key"] += 1
                if m.get("role") not in ("system", "user", "assistant", "function"):
                    errors["unrecognized_role"] += 1
                if (not m.get("content") and not m.get("function_call")) or not isinstance(m.get("content"), str):
                    errors["missing_content"] += 1
            if not any(m.get("role") == "assistant" for m in messages):
                errors["example_missing_assistant_message"] += 1
            key = tuple((m["role"], m["content"]) for m in messages)
            if key in seen:
                errors["duplicate_row"] += 1
            seen.add(key)


jobs = {"convert": convert, "lint": lint}
print("ready", flush=True)
for _ in sys.stdin:
    jobs[job]()
    print("done", flush=True)
