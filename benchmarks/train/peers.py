"""peers.py JOB FOLDER WHAT: Hugging Face Transformers on PyTorch as a contender; it does its job once for each line on stdin and answers with a line.
step FOLDER "ARTICLESxLENGTH DTYPE": a training step of FOLDER's model, answers with the loss. score FOLDER ARTICLES.jsonl: scores of all articles, text to JSON."""
import json, os, sys
os.environ.update(TRANSFORMERS_VERBOSITY="error", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="true", RAYON_NUM_THREADS="2")
import torch
from transformers import AutoModelForSequenceClassification

torch.set_num_threads(2)
job, folder, what = sys.argv[1:4]
model = AutoModelForSequenceClassification.from_pretrained(folder)


def make_step():
    shape, dtype = what.split()
    articles, length = map(int, shape.split("x"))
    model.to(getattr(torch, dtype)).train()
    tokens = torch.tensor([[1 + (i * 7919 + t * 104729 + i * t * 31) % (model.config.vocab_size - 1) for t in range(length)] for i in range(articles)])
    labels = torch.tensor([[float((i * 3 + d) % 10) for d in range(model.config.num_labels)] for i in range(articles)], dtype=getattr(torch, dtype))
    mask = torch.ones_like(tokens)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, weight_decay=0.0, foreach=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = model(input_ids=tokens, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()
    return step


def make_score():
    from transformers import AutoTokenizer
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model.eval()
    names = [model.config.id2label[i] for i in range(model.config.num_labels)]

    def score():
        rows = [json.loads(line) for line in open(what)]
        texts = [(r.get("title") or "") + "\n\n" + (r.get("content") or "") for r in rows]
        ids = tokenizer(texts, truncation=True, max_length=384)["input_ids"]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        scores = [None] * len(ids)
        with torch.no_grad():
            for first in range(0, len(order), 32):
                some = order[first:first + 32]
                batch = tokenizer.pad({"input_ids": [ids[i] for i in some]}, return_tensors="pt")
                for i, row in zip(some, model(**batch).logits.tolist()):
                    scores[i] = row
        with open(folder + "/theirs.jsonl", "w") as out:
            for r, s in zip(rows, scores):
                out.write(json.dumps({"id": r.get("id"), "scores": dict(zip(names, s))}) + "\n")
        return len(scores)
    return score


work = {"step": make_step, "score": make_score}[job]()
print("ready", flush=True)
for _ in sys.stdin:
    print(work(), flush=True)
