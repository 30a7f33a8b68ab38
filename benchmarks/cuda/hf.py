"""The other arm of the benchmark: Hugging Face's Trainer over the same weights and samples as cuda-step.
  hf.py weights FOLDER                                     random weights for FOLDER/config.json, in bf16, into FOLDER/model.safetensors
  hf.py train FOLDER SAMPLES BATCH CELL RESULTS [lora] [compile] [micro=N]      a cell; a line of JSON is appended to RESULTS
bf16 autocast over float parameters as Trainer(bf16=True) has it, fused AdamW, SDPA, dynamic padding with group_by_length. The micro-batch is the largest power of two that fits; where not even one sample fits, gradients are
checkpointed. Without a GPU it runs on the CPU: that shows that the program works, not how fast."""
import dataclasses, gc, json, os, statistics, sys, time
os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRANSFORMERS_VERBOSITY="error")
os.environ.setdefault("PYTORCH_CUDA_ALLOC_CONF", "expandable_segments:True")
import numpy, torch
from transformers import AutoConfig, AutoModelForSequenceClassification, Trainer, TrainerCallback, TrainingArguments

cuda = torch.cuda.is_available()
rounds, nominal = 4, 989e12


def weights(folder):
    torch.manual_seed(1)
    if cuda: torch.set_default_device("cuda")       # billions of random numbers
    torch.set_default_dtype(torch.bfloat16)
    AutoModelForSequenceClassification.from_config(AutoConfig.from_pretrained(folder)).save_pretrained(folder)


def read_samples(path):
    words = numpy.fromfile(path, "<i4")
    train, validation, dimensions = words[:3]
    at, all = 3, []
    for _ in range(train + validation):
        length = words[at]
        all.append(dict(input_ids=words[at + 1:at + 1 + length], labels=words[at + 1 + length:at + 1 + length + dimensions].view("<f4")))
        at += 1 + length + dimensions
    return all[:train], all[train:]


def collate(samples, padding):
    longest = (max(len(s["input_ids"]) for s in samples) + 7) // 8 * 8      # as DataCollatorWithPadding(pad_to_multiple_of=8)
    ids = numpy.full((len(samples), longest), padding, "<i8")
    mask = numpy.zeros((len(samples), longest), "<i8")
    for i, s in enumerate(samples):
        ids[i, :len(s["input_ids"])], mask[i, :len(s["input_ids"])] = s["input_ids"], 1
    return dict(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask), labels=torch.from_numpy(numpy.stack([s["labels"] for s in samples])), lengths=[len(s["input_ids"]) for s in samples])


def synchronize():
    if cuda: torch.cuda.synchronize()


class Clock(TrainerCallback):
    def __init__(self, each): self.each, self.marks = each, []

    def on_step_end(self, args, state, control, **more):
        if state.global_step % self.each == 0:
            synchronize()
            self.marks.append(time.perf_counter())


class Counted(Trainer):
    """Counts what each optimizer step sees: group_by_length has its own order."""
    lengths = []

    def training_step(self, model, inputs, *rest, **more):
        self.lengths.append(inputs.pop("lengths"))         # a list, from the host: asking the mask would wait for the GPU each time
        return super().training_step(model, inputs, *rest, **more)


def flops_of(c, length, lora):
    head = getattr(c, "head_dim", None) or c.hidden_size // c.num_attention_heads
    q, kv = head * c.num_attention_heads, head * c.num_key_value_heads
    matrices = c.num_hidden_layers * (c.hidden_size * (2 * q + 2 * kv) + 3 * c.hidden_size * c.intermediate_size)
    return length * ((4 if lora else 6) * matrices + 6 * c.num_hidden_layers * q * length)


def attempt(folder, samples, batch, micro, lora, compiled, checkpointing):
    train, validation = read_samples(samples)
    steps = len(train) // batch
    each = steps // rounds
    torch.manual_seed(1)
    attention = "sdpa" if hasattr(torch.nn.functional, "scaled_dot_product_attention") else "eager"        # PyTorch before 2
    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation=attention).to(torch.bfloat16 if lora else torch.float32)
    config = model.config
    if lora:
        from peft import LoraConfig, get_peft_model
        model = get_peft_model(model, LoraConfig(task_type="SEQ_CLS", r=16, lora_alpha=32, lora_dropout=0.0, target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]))
        if checkpointing: model.enable_input_require_grads()
    named = {f.name for f in dataclasses.fields(TrainingArguments)}
    more = dict(train_sampling_strategy="group_by_length") if "train_sampling_strategy" in named else dict(group_by_length=True)      # the newer name, the older
    if not cuda: more["use_cpu" if "use_cpu" in named else "no_cuda"] = True
    arguments = TrainingArguments(output_dir=folder + "/trainer", per_device_train_batch_size=micro, gradient_accumulation_steps=batch // micro, max_steps=steps, learning_rate=5e-4 if lora else 5e-5, lr_scheduler_type="constant",
                                  weight_decay=0.0, max_grad_norm=1.0, bf16=True, optim="adamw_torch_fused" if cuda else "adamw_torch", gradient_checkpointing=checkpointing, torch_compile=compiled, logging_steps=10 ** 6, save_strategy="no",
                                  report_to="none", disable_tqdm=True, remove_unused_columns=False, seed=1, dataloader_num_workers=2 if cuda else 0, **more)
    clock, padding = Clock(each), config.pad_token_id
    trainer = Counted(model=model, args=arguments, train_dataset=train, data_collator=lambda s: collate(s, padding), callbacks=[clock])
    Counted.lengths.clear()
    if cuda: torch.cuda.reset_peak_memory_stats()
    trainer.train()
    peak = torch.cuda.max_memory_reserved() if cuda else 0
    error = count = 0
    model.eval()
    with torch.no_grad(), torch.autocast("cuda" if cuda else "cpu", torch.bfloat16):
        for i in range(0, len(validation), micro):
            part = collate(validation[i:i + micro], padding)
            labels = part.pop("labels")
            del part["lengths"]
            scores = model(**{k: v.to(model.device) for k, v in part.items()}).logits.float().cpu()
            error, count = error + ((scores - labels) ** 2).sum().item(), count + labels.numel()
    return clock.marks, each, list(Counted.lengths), batch // micro, error / count, peak, config


def train(folder, samples, batch, cell, results, *words):
    lora, compiled = "lora" in words, "compile" in words
    micro = int(next((w[6:] for w in words if w.startswith("micro=")), batch))
    arm = "HF Trainer" + (", compiled" if compiled else "")
    checkpointing, why = False, ""
    while True:
        try:
            marks, each, lengths, parts, validation, peak, config = attempt(folder, samples, batch, micro, lora, compiled, checkpointing)
            break
        except torch.cuda.OutOfMemoryError if cuda else MemoryError as e:
            why = str(e).split("\n")[0]
        gc.collect()
        if cuda: torch.cuda.empty_cache()
        print(f"{arm}: {micro} samples at a time do not fit{' with checkpointing' if checkpointing else ''}", flush=True)
        if micro == 1 and checkpointing: raise SystemExit(f"{arm}: not one sample fits: {why}")
        if micro == 1: checkpointing, micro = True, min(batch, 8)
        else: micro //= 2
    seconds, tokens, flops = [], [], []
    for r in range(1, rounds):
        seen = [n for part in lengths[r * each * parts:(r + 1) * each * parts] for n in part]
        t = marks[r] - marks[r - 1]
        seconds.append(t / each), tokens.append(sum(seen) / t), flops.append(sum(flops_of(config, n, lora) for n in seen) / t)
    median = statistics.median
    line = dict(cell=cell, arm=arm, tokens_per_s=median(tokens), samples_per_s=batch / median(seconds), step_ms=median(seconds) * 1e3, step_ms_least=min(seconds) * 1e3, step_ms_most=max(seconds) * 1e3, mfu=median(flops) / nominal,
                measured_gib=peak / 2 ** 30, micro_batch=micro, checkpointing="yes" if checkpointing else "no", validation=validation, torch=torch.__version__)
    with open(results, "a") as f: f.write(json.dumps(line) + "\n")
    print(f"{cell}, {arm}: {line['tokens_per_s']:.0f} tokens/s, {line['samples_per_s']:.1f} samples/s, {line['mfu'] * 100:.1f} % of 989 TFLOP/s, {micro} samples at a time; validation {validation:.5f}")


what, words = sys.argv[1], sys.argv[2:]
if what == "weights": weights(*words)
else: train(words[0], words[1], int(words[2]), *words[3:])
