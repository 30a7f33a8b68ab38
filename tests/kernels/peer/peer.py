"""peer.py KERNELS_PEER FOLDER [cuda]: the same random Qwen2 weights in Hugging Face Transformers on PyTorch, and in ours: scores, hidden states, logits, losses, every parameter's gradient, 50 steps of AdamW, LoRA against peft,
padding on either side against our packing, our exported model in AutoModelForSequenceClassification; and in bf16, where the measure is Transformers' own error. With cuda both run on the GPU, with heads as wide as Qwen2.5-0.5B's."""
import os, random, shutil, subprocess, sys
os.environ.update(TRANSFORMERS_VERBOSITY="error", HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", CUBLAS_WORKSPACE_CONFIG=":4096:8")
import copy, numpy, torch
from safetensors.numpy import load_file
from transformers import AutoModelForSequenceClassification, Qwen2Config, Qwen2ForCausalLM, Qwen2ForSequenceClassification
from transformers.optimization import get_linear_schedule_with_warmup

program, root = sys.argv[1:3]
device = sys.argv[3] if len(sys.argv) > 3 else "cpu"
torch.use_deterministic_algorithms(True)
failures = 0


def check(what, ours, theirs, bound):
    global failures
    ours, theirs = (x.detach().double().cpu() if isinstance(x, torch.Tensor) else x for x in (ours, theirs))
    ours, theirs = numpy.asarray(ours, numpy.float64).ravel(), numpy.asarray(theirs, numpy.float64).ravel()
    error = numpy.linalg.norm(ours - theirs) / max(numpy.linalg.norm(theirs), 1e-30) if ours.shape == theirs.shape else float("inf")
    good = error <= bound
    failures += not good
    if not good or not what.startswith("  "):
        print(f"{'ok  ' if good else 'FAIL'} {what}: {error:.1e} (at most {bound:.0e})")
    return error


def model_config(kind, **more):
    c = dict(vocab_size=311, hidden_size=112, num_hidden_layers=3, num_attention_heads=7, num_key_value_heads=1, intermediate_size=192, rope_theta=1e6, rms_norm_eps=1e-6, max_position_embeddings=512,
             pad_token_id=0, bos_token_id=1, eos_token_id=1, tie_word_embeddings=True, attn_implementation="eager")
    if device == "cuda":
        c.update(hidden_size=448, intermediate_size=768)
    if kind == "regression":
        c.update(num_labels=5, problem_type="regression")
    c.update(more)
    return Qwen2Config(**c)


def batch(samples, side, regression):
    longest = max(len(s["tokens"]) for s in samples)
    pad = lambda row, fill: ([fill] * (longest - len(row)) + row) if side == "left" else (row + [fill] * (longest - len(row)))
    ids = torch.tensor([pad(s["tokens"], 0) for s in samples])
    mask = torch.tensor([pad([1] * len(s["tokens"]), 0) for s in samples])
    targets = torch.tensor([s["labels"] for s in samples]) if regression else torch.tensor([pad(s["targets"], -100) for s in samples])
    return ids.to(device), mask.to(device), targets.to(device)


def loss_of(model, samples, side, regression):
    ids, mask, targets = batch(samples, side, regression)
    position = (mask.cumsum(-1) - 1).clamp(min=0)
    if regression:
        if model.dtype == torch.bfloat16:       # its own loss would mix the formats
            logits = model(input_ids=ids, attention_mask=mask, position_ids=position).logits.float()
            return torch.nn.functional.mse_loss(logits, targets), logits
        out = model(input_ids=ids, attention_mask=mask, position_ids=position, labels=targets)
        return out.loss, out.logits
    logits = model(input_ids=ids, attention_mask=mask, position_ids=position).logits       # targets are given, not shifted: the head in ours asks each token for what is said to come next
    return torch.nn.functional.cross_entropy(logits.float().reshape(-1, logits.shape[-1]), targets.reshape(-1), ignore_index=-100), logits


def fresh(name, kind, **more):
    folder = os.path.join(root, name)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder + "/ours")
    torch.manual_seed(7), random.seed(7)
    config = model_config(kind, **more)
    model = (Qwen2ForSequenceClassification if kind == "regression" else Qwen2ForCausalLM)(config)
    with torch.no_grad():       # biases and norms that are neither zero nor one; all of them numbers that bf16 has
        for n, p in model.named_parameters():
            if p.dim() == 1: p += 0.1 * torch.randn_like(p)
            else: p *= 3
            p.copy_(p.bfloat16().float())
    model.save_pretrained(folder)
    return folder, config, model.to(device)


def make_samples(folder, config, regression):
    samples = []
    for length in (5, 1, 40, 33, 2, 27, 20, 64):
        tokens = [random.randrange(1, config.vocab_size) for _ in range(length)]
        samples.append(dict(tokens=tokens, labels=[round(random.uniform(0, 10), 3) for _ in range(5)], targets=[-100 if random.random() < .3 else random.randrange(config.vocab_size) for _ in tokens]))
    with open(folder + "/samples.txt", "w") as f:
        for s in samples:
            print(*(s["labels"] if regression else [t if t >= 0 else -1 for t in s["targets"]]), "|", *s["tokens"], file=f)
    return samples


def run(name, kind, lora=None, steps=50, **more):
    regression = kind == "regression"
    folder, config, model = fresh(name, kind, **more)
    arguments = []
    if lora:
        from peft import LoraConfig, get_peft_model
        model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS" if regression else "CAUSAL_LM", r=lora["r"], lora_alpha=lora["alpha"], target_modules=lora["targets"], lora_dropout=0.0, use_rslora=False))
        with torch.no_grad():
            for n, p in model.named_parameters():
                if "lora_B" in n: p += 0.05 * torch.randn_like(p)
        model.save_pretrained(folder + "/adapter")
        arguments = ["lora"]
    samples = make_samples(folder, config, regression)
    subprocess.run([program, folder, device, "f32", str(steps), *arguments], check=True)

    lines = lambda file: numpy.loadtxt(f"{folder}/ours/{file}", ndmin=2)
    loss, logits = loss_of(model, samples, "right", regression)
    loss.backward()
    ours = lines("losses.txt")
    check(f"{name}: loss", ours[0, 0], loss.item(), 1e-5)
    if regression:
        check(f"{name}: scores, padded right", lines("scores.txt"), logits.detach(), 1e-5)
        with torch.no_grad():
            check(f"{name}: scores, padded left", lines("scores.txt"), loss_of(model, samples, "left", True)[1], 1e-5)
    elif not lora:
        rows = load_file(f"{folder}/ours/rows.safetensors")
        with torch.no_grad():
            hidden = [model.model(input_ids=torch.tensor([s["tokens"]], device=device)).last_hidden_state[0] for s in samples]
            check(f"{name}: hidden states after the last norm", rows["hidden"], torch.cat(hidden), 1e-5)
            check(f"{name}: logits", rows["logits"], model.lm_head(torch.cat(hidden)), 1e-5)
    gradients = load_file(f"{folder}/ours/gradients.safetensors")
    theirs = {n.replace("base_model.model.", "").replace(".default", "").replace(".base_layer", "").replace("modules_to_save.", ""): p for n, p in model.named_parameters() if p.requires_grad}
    theirs = {n: p for n, p in theirs.items() if "original_module" not in n}
    if set(gradients) != set(theirs):
        check(f"{name}: the same parameters ({set(gradients) ^ set(theirs)})", [1], [0], 0)
    worst = 0
    for n, p in theirs.items():
        worst = max(worst, check(f"  {name}: gradient of {n}", gradients[n], p.grad, 1e-4))
    print(f"     {name}: {len(theirs)} gradients, the worst {worst:.1e}")

    # 50 steps as Hugging Face's Trainer takes them: decay for matrices, clipping at 1, linear schedule with warm-up
    decays = [p for n, p in theirs.items() if p.dim() > 1]
    plain = [p for n, p in theirs.items() if p.dim() == 1]
    optimizer = torch.optim.AdamW([dict(params=decays, weight_decay=0.01), dict(params=plain, weight_decay=0.0)], lr=1e-3, betas=(0.9, 0.999), eps=1e-8)
    schedule = get_linear_schedule_with_warmup(optimizer, 5, steps)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss, _ = loss_of(model, samples, "right", regression)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(list(theirs.values()), 1.0)
        losses.append((loss.item(), norm.item()))
        optimizer.step(), schedule.step()
    losses = numpy.array(losses)
    check(f"{name}: losses of {steps} steps, from {losses[0, 0]:.3f} to {losses[-1, 0]:.3f}", ours[:, 0], losses[:, 0], 1e-4)
    worst = numpy.max(numpy.abs(ours[:, 0] / losses[:, 0] - 1))
    check(f"{name}: the worst of those losses", 1 + worst, 1, 1e-4)
    if regression:
        with torch.no_grad():
            exported = AutoModelForSequenceClassification.from_pretrained(folder + "/ours/model", attn_implementation="eager").to(device).eval()
            check(f"{name}: our exported model in AutoModelForSequenceClassification", lines("last_scores.txt"), loss_of(exported, samples, "right", True)[1], 1e-5)
            if lora:
                from peft import PeftModel
                again = PeftModel.from_pretrained(Qwen2ForSequenceClassification.from_pretrained(folder, attn_implementation="eager"), folder + "/ours/model/adapter").to(device).eval()
                check(f"{name}: our adapter in peft", lines("last_scores.txt"), loss_of(again, samples, "right", True)[1], 1e-5)


def half(name, kind, **more):
    """bf16: our error against Transformers in float is at most 1.5 times that of Transformers in bf16."""
    regression = kind == "regression"
    folder, config, model = fresh(name, kind, **more)
    samples = make_samples(folder, config, regression)
    subprocess.run([program, folder, device, "bf16", "1"], check=True)
    rounded = copy.deepcopy(model).to(torch.bfloat16)
    loss, scores = loss_of(model, samples, "right", regression)
    theirs_loss, theirs_scores = loss_of(rounded, samples, "right", regression)
    loss.backward(), theirs_loss.backward()
    gradients = load_file(f"{folder}/ours/gradients.safetensors")

    def ratio(what, ours, theirs, truth):
        global failures
        ours, theirs, truth = (numpy.asarray(x.detach().double().cpu() if isinstance(x, torch.Tensor) else x, numpy.float64).ravel() for x in (ours, theirs, truth))
        size = numpy.linalg.norm(truth)
        a, b = numpy.linalg.norm(ours - truth) / size, numpy.linalg.norm(theirs - truth) / size
        good = a <= 1.5 * b
        failures += not good
        if not good: print(f"FAIL {name}: {what} is off by {a:.1e}, Transformers by {b:.1e}")
        return a / b

    if regression: ratio("scores", numpy.loadtxt(f"{folder}/ours/scores.txt"), theirs_scores, scores)
    in_half = dict(rounded.named_parameters())
    ratios = [ratio(f"gradient of {n}", gradients[n], in_half[n].grad, p.grad) for n, p in model.named_parameters()]
    print(f"ok   {name}: {len(ratios)} gradients off by {numpy.median(ratios):.2f} times what Transformers' in bf16 are (median), at most {max(ratios):.2f}")


print(f"PyTorch {torch.__version__} on {torch.cuda.get_device_name() if device == 'cuda' else 'the CPU'}")
run("regression", "regression")
run("regression-8-2", "regression", num_attention_heads=8, num_key_value_heads=2, hidden_size=128, num_hidden_layers=2)
run("language", "language")
run("language-untied", "language", tie_word_embeddings=False, num_hidden_layers=2)
run("lora", "regression", lora=dict(r=4, alpha=8, targets=["q_proj", "v_proj"]))
run("lora-all", "regression", lora=dict(r=3, alpha=7, targets=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]))
run("lora-language", "language", lora=dict(r=4, alpha=8, targets=["k_proj", "o_proj", "up_proj", "down_proj"]))
half("regression-bf16", "regression")
half("language-bf16", "language")
sys.exit(failures != 0)
