"""tokenizers_peer.py PEER FOLDER [time]: Hugging Face's tokenizers and ours on the same tokenizer.json give the same ids, for a vocabulary learned here and for Qwen2's
where PENSTOCK_DATA has it: 100,000 random texts over code points that both Unicode versions assign, and every text of the real data."""
import json, os, random, struct, subprocess, sys, time, unicodedata
import tokenizers

peer, folder = sys.argv[1:3]
os.makedirs(folder, exist_ok=True)
data = os.environ.get("PENSTOCK_DATA", "")
draw = random.Random(20261121)


def packed(texts):
    return b"".join(struct.pack("<I", len(b)) + b for b in (t.encode() for t in texts))


def ours(model, texts):
    out = subprocess.run([peer, "encode", model], input=packed(texts), capture_output=True, check=True).stdout
    at = 0
    for _ in texts:
        n, = struct.unpack_from("<I", out, at)
        yield list(struct.unpack_from(f"<{n}I", out, at + 4))
        at += 4 + 4 * n
    assert at == len(out)


def same(model, texts, what):
    theirs = tokenizers.Tokenizer.from_file(f"{model}/tokenizer.json")
    different = 0
    for begin in range(0, len(texts), 4096):
        part = texts[begin:begin + 4096]
        for text, got, want in zip(part, ours(model, part), theirs.encode_batch(part, add_special_tokens=True)):
            if got != want.ids:
                different += 1
                if different <= 5:
                    print("different:", ascii(text)[:400], got[:40], want.ids[:40])
    print(f"{model}: {len(texts)} {what}, {sum(len(t.encode()) for t in texts) / 1e6:.1f} MB, {different} different")
    return different


# Python 3.11 has Unicode 14, which every version in use holds.
everything = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000 and unicodedata.category(chr(c)) not in ("Cn", "Co")]
# Their normalizer's tables are older: a mark that it does not put in order, or does not compose, it does not know.
nfc = tokenizers.normalizers.NFC()
about = [lambda c: c, lambda c: f"a\u0315{c}\u0334b", lambda c: f"a\u0334{c}\u0315b", lambda c: f"a{c}\u0334", lambda c: unicodedata.normalize("NFD", c), lambda c: f"{c}\u0334", lambda c: f"\u0315{c}"]
newer = [c for c in everything if ord(c) >= 0x300 and any(nfc.normalize_str(f(c)) != unicodedata.normalize("NFC", f(c)) for f in about)]
print(f"tokenizers {tokenizers.__version__}, {len(everything)} code points of Unicode {unicodedata.unidata_version} without {len(newer)} that its NFC does not know")
if "-v" in sys.argv:
    print(" ".join(f"{ord(c):X}" for c in newer))
old = set(newer)
assigned = [c for c in everything if c not in old]
marks = [c for c in assigned if unicodedata.combining(c)]
composed = [c for c in assigned if unicodedata.decomposition(c)]
ascii_text = [chr(c) for c in range(1, 127)]
spaces = list(" \t\n\r\v\f\u0085\u00a0\u2003\u2028\u2029\u202f\u205f\u3000\u1680\u200b\ufeff\x1c")
contractions = ["'s", "'T", "'re", "'VE", "'m", "'ll", "'D", "'\u017f", "'\u017ft", "\u2019s", "'l", "'r", "'\ufb05", "'\u1e9e"]
added = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|im_", "<", "|>"]
jamo = [chr(c) for c in [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A7, 0x11C3), 0xAC00, 0xAC01, 0xD7A3]]
kinds = [lambda: draw.choice(assigned), lambda: draw.choice(ascii_text), lambda: draw.choice(spaces), lambda: draw.choice(marks), lambda: draw.choice(composed), lambda: draw.choice(contractions),
         lambda: draw.choice(added), lambda: draw.choice(jamo), lambda: chr(draw.randrange(0x4E00, 0x9FA5)), lambda: draw.choice("aeiou nrst" * 3 + "0123456789.,'"), lambda: draw.choice(ascii_text) * draw.randrange(1, 80)]


def random_text():
    these = draw.choices(kinds, k=draw.randrange(1, 5))
    return "".join(draw.choice(these)() for _ in range(draw.randrange(0, 40)))


def strings_of(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for v in value.values():
            yield from strings_of(v)
    elif isinstance(value, list):
        for v in value:
            yield from strings_of(v)


def real_texts():
    for root, _, names in sorted(os.walk(data)):
        for name in sorted(names):
            raw = open(os.path.join(root, name), "rb").read()
            try:
                whole = raw.decode()
            except UnicodeDecodeError:
                continue
            if name.endswith((".jsonl", ".json")):
                for line in whole.splitlines() if name.endswith(".jsonl") else [whole]:
                    try:
                        yield from strings_of(json.loads(line))
                    except json.JSONDecodeError:
                        yield line
            else:
                yield whole


# Lone surrogates are in no UTF-8.
real = list(dict.fromkeys(t.encode("utf-8", "ignore").decode() for t in real_texts())) if data else []
lesson = ["A penstock feeds a turbine; the turbine's shaft turns a generator.\n", "Wasser fließt durch die Druckleitung. 水圧鉄管 водовод 12345\t\n"] * 5 + [random_text() for _ in range(3000)] + real[:2000]
learned = f"{folder}/learned"
subprocess.run([peer, "learn", "6000", learned], input=packed(lesson), check=True)
models = [learned]
if data:
    subprocess.run([peer, "tiktoken", f"{data}/tokenizer/qwen.tiktoken", f"{folder}/qwen2"], check=True)
    models.append(f"{folder}/qwen2")

if "time" in sys.argv[3:]:
    articles = [json.loads(line) for line in open(f"{data}/news/labelled_sustainability_gemini_part1.jsonl")]
    texts = [(a.get("title") or "") + "\n\n" + (a.get("content") or "") for a in articles]
    size = sum(len(t.encode()) for t in texts) / 1e6
    os.environ["RAYON_NUM_THREADS"] = "1"
    for model in models:
        theirs = tokenizers.Tokenizer.from_file(f"{model}/tokenizer.json")
        rounds = []
        for _ in range(3):
            fresh = tokenizers.Tokenizer.from_file(f"{model}/tokenizer.json")
            start = time.perf_counter()
            encodings = fresh.encode_batch_fast(texts) if hasattr(fresh, "encode_batch_fast") else fresh.encode_batch(texts)
            rounds.append(time.perf_counter() - start)
        count = sum(len(e.ids) for e in encodings)
        fastest, tokens, opened = subprocess.run([peer, "time", model], input=packed(texts), capture_output=True, check=True).stdout.split()
        assert int(tokens) == count, (tokens, count)
        print(f"{os.path.basename(model)}: {len(texts)} articles, {size:.1f} MB, {count} tokens; ours {size / float(fastest):.1f} MB/s (opened in {float(opened) * 1e3:.0f} ms), "
              f"tokenizers {tokenizers.__version__} {size / min(rounds):.1f} MB/s, {min(rounds) / float(fastest):.1f}x, one thread each")
    sys.exit()

texts = [random_text() for _ in range(100_000)]
different = sum(same(model, texts, "random texts") + same(model, real, "real texts") for model in models)

# They decode what we learned.
theirs = tokenizers.Tokenizer.from_file(f"{learned}/tokenizer.json")
for text in texts[:2000]:
    assert theirs.decode(theirs.encode(text).ids, skip_special_tokens=False) == unicodedata.normalize("NFC", text), ascii(text)
sys.exit(1 if different else 0)
