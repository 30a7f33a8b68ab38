"""check.py HATE_SPEECH SOURCE_FOLDER: what a stranger's tools make of the files: load_dataset("json") reads each, and prompts and answers are rebuilt from the input here."""
import json, os, pathlib, subprocess, sys, tempfile

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
os.environ["HF_HUB_OFFLINE"] = "1"
inputs = [source / "apps/hate-speech/sample"]
data = os.environ.get("PENSTOCK_DATA")
if data and (pathlib.Path(data) / "hate/unified_train.json").exists():
    inputs.append(pathlib.Path(data) / "hate")
elif os.environ.get("PENSTOCK_DATA_REQUIRED") == "1":
    sys.exit("PENSTOCK_DATA has no hate/unified_train.json")
else:
    print("PENSTOCK_DATA has no hate/unified_train.json: the sample alone")


def persona(row):
    tag, group = row["persona_tag"], row["target_group_norm"]
    return tag.upper() if tag and tag != "unknown" else group.upper() if group else "GENERAL"


def answer(row):
    hate = row["label_binary"] == "hate"
    reason = row["rationale_text"]
    return {"classification": "hate_speech" if hate else "not_hate", "confidence": "high",
            "reasoning": reason if hate and reason not in (None, "", "NA", "None") else None,
            "protected_group": row["target_group_norm"].upper() if hate else None}


for folder in inputs:
    with tempfile.TemporaryDirectory() as out:
        os.environ["HF_HOME"] = os.path.join(out, "hf")
        from datasets import load_dataset
        subprocess.run([program, "--unified-dir", folder, "--data-output-dir", f"{out}/files", "--include-test"], check=True, stdout=subprocess.DEVNULL)
        for split, name in (("train", "train"), ("val", "validation"), ("test", "test")):
            rows = [r for r in json.load(open(folder / f"unified_{split}.json", encoding="utf-8")) if r["split"] == split]
            for form in ("", "_optimized"):
                path = f"{out}/files/{name}{form}.jsonl"
                loaded = load_dataset("json", data_files=path, split="train", cache_dir=f"{out}/cache")
                assert loaded.column_names == ["messages"], loaded.column_names
                assert len(loaded) == len(rows), (path, len(loaded), len(rows))
                for row, got in zip(rows, loaded):
                    system, user, assistant = got["messages"]
                    assert [m["role"] for m in got["messages"]] == ["system", "user", "assistant"]
                    assert json.loads(assistant["content"]) == answer(row), (row, assistant)
                    assert list(json.loads(assistant["content"])) == ["classification", "confidence", "reasoning", "protected_group"]
                    if form == "":
                        assert user["content"] == f'Analyze this text for hate speech:\n\nPersona: {persona(row)}\nText: "{row["text"]}"'
                    else:
                        assert row["text"] in user["content"] and persona(row) in user["content"]
                print(f"{path.rsplit('/', 1)[1]}: {len(loaded)} rows of {folder.name}, as they should be")
