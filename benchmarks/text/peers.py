"""The Python contenders: peers.py JOB IN OUT reads the texts and does its job once for each line on stdin, so that neither starting Python nor reading is in a figure."""
import json
import sys

job, source, _ = sys.argv[1:4]
texts = [json.loads(line) for line in open(source, encoding="utf-8")]


def shingles(text):
    return {text[i:i + 5] for i in range(len(text) - 4)}


def with_rensa():
    return [rensa_signature(t) for t in texts]


def rensa_signature(text):
    m = rensa.RMinHash(num_perm=128, seed=42)
    m.update(list(shingles(text)))
    return m


def rensa_near():
    lsh = rensa.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=32)
    found = 0
    for i, text in enumerate(texts):
        m = rensa_signature(text)
        found += bool(lsh.query(m))
        lsh.insert(i, m)
    return found


def datasketch_signature(text):
    m = datasketch.MinHash(num_perm=128)
    m.update_batch([s.encode() for s in shingles(text)])
    return m


def with_datasketch():
    return [datasketch_signature(t) for t in texts]


def datasketch_near():
    lsh = datasketch.MinHashLSH(num_perm=128, params=(32, 4))
    found = 0
    for i, text in enumerate(texts):
        m = datasketch_signature(text)
        found += bool(lsh.query(m))
        lsh.insert(str(i), m)
    return found


def with_datatrove():
    return [trove.get_signature(trove.get_shingles(t)) for t in texts]


jobs = {"rensa": with_rensa, "datasketch": with_datasketch, "datatrove": with_datatrove, "rensa-near": rensa_near, "datasketch-near": datasketch_near}
if job.startswith("rensa"):
    import rensa
elif job.startswith("datasketch"):
    import datasketch
else:
    import tempfile
    from datatrove.pipeline.dedup import MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.utils.word_tokenizers import WhitespaceTokenizer

    class Characters(WhitespaceTokenizer):
        def word_tokenize(self, text):
            return list(text)
    trove = MinhashDedupSignature(tempfile.mkdtemp(), config=MinhashConfig(n_grams=5, num_buckets=32, hashes_per_bucket=4), language=Characters())
jobs[job]()
print("ready", flush=True)
for _ in sys.stdin:
    jobs[job]()
    print("done", flush=True)
