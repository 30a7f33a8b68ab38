"""peer.py DISTILL SAMPLE FOLDER: what `distill train` leaves, in Hugging Face's AutoTokenizer and AutoModelForSequenceClassification: the numbers are those of `distill score`, in float and in bf16. Once a preset
from nothing, once a model of Hugging Face's own with its tokenizer, trained by adapters; there peft reads the adapter over the model that was begun with."""
import json, os, shutil, subprocess, sys
os.environ.update(TRANSFORMERS_VERBOSITY="error", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false")
import numpy, torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Qwen2Config, Qwen2ForCausalLM, Qwen2ForSequenceClassification

program, sample, folder = sys.argv[1:4]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
failures = 0


def distill(*arguments):
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"distill {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")


def check(what, ours, theirs, bound):
    global failures
    error = numpy.linalg.norm(ours - theirs) / numpy.linalg.norm(theirs)
    failures += not error <= bound
    print(f"{'ok  ' if error <= bound else 'FAIL'} {what}: {error:.1e} (at most {bound:.0e})")


def theirs(model, path, rows, longest):
    """As a user would: the tokenizer pads on the right, the model looks for the last token that is no padding."""
    tokenizer = AutoTokenizer.from_pretrained(path)
    out = []
    with torch.no_grad():
        for first in range(0, len(rows), 7):
            texts = [r["title"] + "\n\n" + r["content"] for r in rows[first:first + 7]]
            out += model(**tokenizer(texts, truncation=True, max_length=longest, padding=True, return_tensors="pt")).logits.float().tolist()
    return numpy.array(out)


def run(name, model_name, longest, *flags):
    distill("train", "--filter", f"{sample}/filter", "--data-dir", "data", "--output-dir", name, "--model-name", model_name, "--epochs", "2", "--max-length", str(longest), *flags)
    rows = [json.loads(line) for line in open(f"{folder}/data/test.jsonl")]
    path = f"{folder}/{name}/model"
    scores = {}
    for dtype in ("float32", "bf16"):
        distill("score", "--model", f"{name}/model", "--input", "data/test.jsonl", "--output", "scores.jsonl", "--max-length", str(longest), "--dtype", dtype)
        written = [json.loads(line) for line in open(f"{folder}/scores.jsonl")]
        assert [w["id"] for w in written] == [r["id"] for r in rows]
        scores[dtype] = numpy.array([[w["scores"][d] for d in rows[0]["dimension_names"]] for w in written])
    model = AutoModelForSequenceClassification.from_pretrained(path, torch_dtype=torch.float32).eval()
    assert [model.config.id2label[i] for i in range(model.config.num_labels)] == rows[0]["dimension_names"] and model.config.problem_type == "regression"
    check(f"{name}: distill score beside AutoModelForSequenceClassification", scores["float32"], theirs(model, path, rows, longest), 1e-5)
    check(f"{name}: the same in bf16 beside float", scores["bf16"], theirs(model, path, rows, longest), 3e-2)
    return rows, scores["float32"], path


distill("prepare", "--filter", f"{sample}/filter", "--input", f"{sample}/labelled.jsonl", "--output-dir", "data", "--train-ratio", "0.6", "--val-ratio", "0.2", "--test-ratio", "0.2")
rows, _, path = run("preset", "tiny", 48)

# A language model of Hugging Face's own making, with the tokenizer that the preset learned.
torch.manual_seed(3)
begun = f"{folder}/begun"
tokenizer = AutoTokenizer.from_pretrained(path)
ids = tokenizer.convert_tokens_to_ids("<|endoftext|>")
Qwen2ForCausalLM(Qwen2Config(vocab_size=(len(tokenizer) + 63) // 64 * 64, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, intermediate_size=128, max_position_embeddings=256, rope_theta=1e6,
                             bos_token_id=ids, eos_token_id=ids, tie_word_embeddings=True)).save_pretrained(begun, max_shard_size="200KB")
tokenizer.save_pretrained(begun)
assert os.path.exists(f"{begun}/model.safetensors.index.json")
rows, ours, path = run("adapters", begun, 64, "--dtype", "float32", "--learning-rate", "1e-2", "--warmup-steps", "3", "--score-weight", "0.2", "--huber", "2", "--lora-rslora")
from peft import PeftModel
base = lambda: Qwen2ForSequenceClassification.from_pretrained(begun, num_labels=len(rows[0]["dimension_names"]), problem_type="regression", pad_token_id=ids)
check("adapters: peft over the model that was begun with", ours, theirs(PeftModel.from_pretrained(base(), path + "/adapter").eval(), path, rows, 64), 1e-5)

# The other way: an adapter that peft wrote over a language model, in `distill score` and as where `distill train` begins.
from peft import LoraConfig, get_peft_model
theirs_model = get_peft_model(base(), LoraConfig(task_type="SEQ_CLS", r=6, lora_alpha=12, target_modules=["q_proj", "v_proj", "down_proj"], lora_dropout=0.0)).eval()
with torch.no_grad():
    for n, p in theirs_model.named_parameters():
        if "lora_" in n: p += 0.1 * torch.randn_like(p)
theirs_model.save_pretrained(f"{folder}/peft")
distill("score", "--model", "begun", "--adapter", "peft", "--input", "data/test.jsonl", "--output", "scores.jsonl", "--max-length", "64")
written = [json.loads(line) for line in open(f"{folder}/scores.jsonl")]
check("peft's adapter in distill score", numpy.array([list(w["scores"].values()) for w in written]), theirs(theirs_model, path, rows, 64), 1e-5)
distill("train", "--filter", f"{sample}/filter", "--data-dir", "data", "--output-dir", "further", "--model-name", begun, "--adapter", "peft", "--epochs", "1", "--max-length", "64", "--dtype", "float32", "--learning-rate", "0")
distill("score", "--model", "further/model", "--input", "data/test.jsonl", "--output", "scores.jsonl", "--max-length", "64")
written = [json.loads(line) for line in open(f"{folder}/scores.jsonl")]
check("peft's adapter trained further at a rate of 0", numpy.array([[w["scores"][d] for d in rows[0]["dimension_names"]] for w in written]), theirs(theirs_model, path, rows, 64), 1e-5)
sys.exit(failures != 0)
