"""Our schemas against jsonschema (PyPI): they pass the 2020-12 metaschema, and accept and refuse the same documents as our decoder does with json::strict.
With PENSTOCK_DATA also: the schema of our score record and the given score_response.v1.json agree on every mutation of a reply."""
import copy
import json
import os
import pathlib
import subprocess
import sys

from jsonschema import Draft202012Validator as Validator

peer = sys.argv[1]
ABSENT = object()


def run(arguments, text=""):
    return subprocess.run([peer, *arguments], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()


def schema(name):
    text = run(["schema", name])
    value = json.loads(text)
    Validator.check_schema(value)
    return value


REPLACEMENTS = [None, True, False, 0, 1, 2, 5, 6, 7.0, 6.5, 6.3, 9.5, -1, 255, 256, 1e3, "", "a", "ä", "äö", "äöüß", "abcde", "high", "v1", "calm", "x" * 1000, "x" * 1001, "ü" * 1000, [], [1], [1, 2, 3, 4], ["a"] * 4,
                {}, {"x": 1}, [6.5, 7], {"a": 255, "b": 256}, ABSENT, "EXTRA", "TWICE", "MANY"]


def mutations(document):
    """Every value of the document replaced by every one of the list, left out, given a companion, repeated."""
    def walk(value, path):
        yield path
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, below in items:
            yield from walk(below, [*path, key])

    for path in list(walk(document, [])):
        for new in REPLACEMENTS:
            copied = copy.deepcopy(document)
            holder = copied
            for key in path[:-1]:
                holder = holder[key]
            here = holder[path[-1]] if path else copied
            if new is ABSENT:
                if not path:
                    continue
                del holder[path[-1]]
            elif new == "EXTRA":
                if not isinstance(here, dict):
                    continue
                here["unexpected"] = 1
            elif new in ("TWICE", "MANY"):
                if not isinstance(here, list) or not here:
                    continue
                here.extend([here[0]] * (1 if new == "TWICE" else 11))
            elif not path:
                copied = new
            else:
                holder[path[-1]] = new
            yield copied


def compare(name, documents, others=()):
    ours = Validator(schema(name))
    documents = [d for document in documents for d in [document, *mutations(document)]]
    verdicts = run(["judge", name], "".join(json.dumps(d) + "\n" for d in documents)).split("\n")[:-1]
    assert len(verdicts) == len(documents)
    good = 0
    for d, verdict in zip(documents, verdicts):
        valid = ours.is_valid(d)
        assert (verdict == "good") == valid, f"{name}: our decoder says {verdict}, the schema {'valid' if valid else 'invalid'}: {json.dumps(d)[:500]}"
        for title, other in others:
            assert other.is_valid(d) == valid, f"{name}: {title} says {not valid}, our schema {valid}: {json.dumps(d)[:500]}"
        good += valid
    assert 0 < good < len(documents)
    print(f"{name}: {len(documents)} documents, {good} valid: our decoder and jsonschema 4.26.0 agree"
          + "".join(f", and so does {title}" for title, _ in others))


compare("plain", [{"word": "äöü", "stars": 3, "band": 6.5, "flag": None, "few": [1, 2], "bytes": {"a": 1, "ö ": 255}, "letter": "ä", "feeling": "loud", "pair": [0.5, -1e300], "any": {"x": [1, {}]}}])
compare("tree", [{"name": "root", "below": [{"name": "a", "below": []}, {"name": "b", "below": [{"name": "c", "below": []}]}]}])

score = {"per_criterion": [{"name": n, "band": b, "evidence_quotes": q, "errors": e, "suggestions": s} for n, b, q, e, s in
                           [("Task", 6.5, ["one quote"], [{"span": "a", "type": "grammar", "fix": "b"}], ["do"]), ("Lexis", 7, [], [], [])]],
         "overall": 6.5, "votes": [6.5, 7], "dispersion": 0.25, "confidence": "high",
         "meta": {"prompt_hash": "h", "model": "m", "schema_version": "v1", "rubric_version": "r", "token_usage": {"input_tokens": 1, "output_tokens": 2}}}
others = []
data = os.environ.get("PENSTOCK_DATA")
given = pathlib.Path(data or ".") / "ielts" / "score_response.v1.json"
if not data:
    print("PENSTOCK_DATA is not set: the comparison with the given schema is skipped")
elif given.exists():
    others.append((given.name, Validator(json.loads(given.read_text()))))
elif os.environ.get("PENSTOCK_DATA_REQUIRED"):
    sys.exit(f"{given} is not there")
compare("score", [score], others)
