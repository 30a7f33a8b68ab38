"""What the recipe promises, checked a second time without its code: every answer against the given score_response.v1.json (jsonschema from PyPI), quotes and spans
verbatim in the input, bands of the evaluations by another extraction, no essay and no prompt on both sides, the same bytes for 1, 7 and 500 requests in flight.
check.py IELTS SOURCE_FOLDER: the program, the root of the sources. Run by peer/check.sh in a virtual environment that has jsonschema."""
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

from jsonschema import Draft202012Validator

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
data = os.environ.get("PENSTOCK_DATA")
if not data or not (pathlib.Path(data) / "ielts/score_response.v1.json").exists():
    print("PENSTOCK_DATA is not set: the peer check of ielts is skipped")
    sys.exit(1 if os.environ.get("PENSTOCK_DATA_REQUIRED") == "1" else 0)
data = pathlib.Path(data) / "ielts"
schema = Draft202012Validator(json.loads((data / "score_response.v1.json").read_text()))
NAMES = ["Task Response", "Coherence & Cohesion", "Lexical Resource", "Grammatical Range & Accuracy"]
PATTERNS = [r"task (?:achievement|response)", r"coherence (?:and|&) cohesion", r"lexical resource", r"grammatical range"]
BAND = r"((?:<|below )?\s*\d(?:\.\d+)?)"


def fold(text):
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())


def stated(evaluation):
    """Labelled lines first, then each section from its heading to the next; written apart from the recipe's own reader."""
    text = re.sub(r"[*#\[\]_]", "", evaluation.replace("\r", "\n")).lower()
    found = [None] * 4
    for k, name in enumerate(PATTERNS):
        m = re.search(r"band score \(?" + name + r"[^)\n]*\)\s*:?\s*" + BAND, text)
        if m:
            found[k] = m.group(1)
    heads = sorted((m.start(), k) for k, name in enumerate([*PATTERNS, r"(?:suggested )?overall", "feedback"]) for m in re.finditer(r"(?m)^[ \t]*(?:\d\.)?[ \t]*" + name + r"[^\n]{0,40}$", text))
    for (start, k), (end, _) in zip(heads, [*heads[1:], (len(text), 0)]):
        if k > 3 or found[k]:
            continue
        part = text[start:end]
        m = re.search(r"band score[^\n]*?:?\s*" + BAND, part) or re.match(r"[^\n]*?" + BAND + r"[^\n]*\n", part) or re.search(r"\n\s*-?\s*" + BAND + r"\s*\n", part)
        if m and not ("grammatical" in m.group(0) and k != 3):
            found[k] = m.group(1)
    return [None if f is None else 3.5 if f.lstrip().startswith(("<", "below")) else float(f) for f in found]


def prepare(path, folder, *more):
    subprocess.run([program, "--input", path, "--disable-azure", "--output-dir", folder, *more], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return {name: (pathlib.Path(folder) / name).read_bytes() for name in ("train.jsonl", "validation.jsonl", "rejects.jsonl")}


def check(path, rejected):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as folder:
        files = prepare(path, folder)
        for in_flight in ("1", "7", "500"):
            assert prepare(path, folder, "--batch-size", in_flight) == files, f"other bytes with {in_flight} in flight"
        compact = prepare(path, folder, "--response", "compact")
    seen, sides, differ, left = 0, {}, 0, list(rows)
    for side in ("train.jsonl", "validation.jsonl"):
        for line in files[side].decode().splitlines():
            messages = json.loads(line)["messages"]
            assert [m["role"] for m in messages] == ["system", "user", "assistant"]
            row = next(r for r in left if "\n" + r["prompt"] + "\n" in messages[1]["content"] and "\n" + r["essay"] + "\n" in messages[1]["content"])
            left.remove(row)    # the same essay may come twice, with other bands; each file is in source order
            answer = json.loads(messages[2]["content"])
            schema.validate(answer)
            assert [c["name"] for c in answer["per_criterion"]] == NAMES
            overall = float(row["band"].strip().replace("<4", "3.5"))
            assert answer["overall"] == overall
            for k, (c, band) in enumerate(zip(answer["per_criterion"], stated(row["evaluation"]))):
                expected = overall if band is None else band
                if c["band"] != expected:
                    differ += 1
                    print(f"{path}: {row['prompt'][:40]!r}: {NAMES[k]} is {c['band']}, the other extraction says {expected}")
                assert 1 <= len(c["evidence_quotes"]) <= 3 and 1 <= len(c["suggestions"]) <= 3
                for text in [*c["evidence_quotes"], *(e["span"] for e in c["errors"])]:
                    assert text in row["essay"], text
                assert all(e["fix"] != e["span"] for e in c["errors"])
            for key in ("p" + fold(row["prompt"]), "e" + fold(row["essay"])):
                assert sides.setdefault(key, side) == side, f"on both sides: {key[:60]}"
            seen += 1
    for line in (compact["train.jsonl"] + compact["validation.jsonl"]).decode().splitlines():
        assert list(json.loads(json.loads(line)["messages"][2]["content"])) == ["per_criterion", "overall"]
    assert seen == len(rows) - rejected, (seen, len(rows))
    assert differ == 0
    print(f"{pathlib.Path(path).name}: {seen} answers valid, quotes verbatim, {seen * 4} bands equal, {len(sides)} prompts and essays each on one side")


check(str(source / "apps/ielts/sample/essays.csv"), rejected=1)
check(str(data / "chillies_test_491.csv"), rejected=0)
