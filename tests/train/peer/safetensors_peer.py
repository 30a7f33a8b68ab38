"""safetensors_peer.py PEER FOLDER: files of the format's own library are read to the last bit, and ours by it, in every type, plain and sharded."""
import json, math, os, random, struct, subprocess, sys
import safetensors

peer, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
TYPES = {"bool": 1, "uint8": 1, "int8": 1, "int16": 2, "uint16": 2, "float16": 2, "bfloat16": 2, "int32": 4, "uint32": 4, "float32": 4, "float64": 8, "int64": 8, "uint64": 8}
draw = random.Random(7)


def tensor(kind, shape):
    size = TYPES[kind] * math.prod(shape)
    return {"dtype": kind, "shape": shape, "data": bytes(draw.randrange(2) if kind == "bool" else draw.randrange(256) for _ in range(size))}


def read(path):
    with open(path, "rb") as f:
        return {name: (t["dtype"], t["shape"], bytes(t["data"])) for name, t in safetensors.deserialize(f.read())}


files = 0
for round in range(60):
    tensors = {f"layer.{i}.{kind} ü": tensor(kind, [draw.randrange(0, 7) for _ in range(draw.randrange(0, 4))]) for i, kind in enumerate(draw.choices(list(TYPES), k=draw.randrange(0, 9)))}
    theirs, ours = f"{folder}/theirs.safetensors", f"{folder}/ours.safetensors"
    with open(theirs, "wb") as f:
        f.write(safetensors.serialize(tensors, {"format": "pt", "quote\"": "\\\n\t"} if round % 2 else None))
    subprocess.run([peer, "copy", theirs, ours], check=True)
    assert read(theirs) == read(ours), (round, tensors)
    files += 1

# Values: what struct says, where struct knows the type.
tensors = {kind: tensor(kind, [257]) for kind in ("float16", "bfloat16", "float32", "float64")}
with open(theirs, "wb") as f:
    f.write(safetensors.serialize(tensors, None))
said = {line.split()[0]: line.split()[1:] for line in subprocess.run([peer, "values", theirs], check=True, capture_output=True, text=True).stdout.splitlines()}
for kind, t in tensors.items():
    raw = t["data"]
    if kind == "bfloat16":
        raw = b"".join(b"\0\0" + raw[i:i + 2] for i in range(0, len(raw), 2))
    want = struct.unpack(f"<257{ {'float16': 'e', 'bfloat16': 'f', 'float32': 'f', 'float64': 'd'}[kind]}", raw)
    got = [float.fromhex(v) if "n" not in v else float(v) for v in said[kind]]
    for w, g in zip(want, got, strict=True):
        assert w == g or (math.isnan(w) and math.isnan(g)), (kind, w, g)

# Cut anywhere, or one byte of the header changed: where their reader refuses the file, ours does.
with open(theirs, "wb") as f:
    f.write(safetensors.serialize({"a": tensor("float32", [2, 3]), "b": tensor("int8", [5])}, None))
whole = open(theirs, "rb").read()
length = struct.unpack("<Q", whole[:8])[0]
refused = 0
for i in range(400):
    damaged = bytearray(whole[:draw.randrange(len(whole))] if i % 2 else whole)
    if not i % 2:
        damaged[draw.randrange(8 + length)] = draw.randrange(256)
    try:
        safetensors.deserialize(bytes(damaged))
        good = True
    except Exception:
        good = False
    with open(ours, "wb") as f:
        f.write(damaged)
    ran = subprocess.run([peer, "copy", ours, f"{folder}/again.safetensors"], capture_output=True, text=True)
    assert ran.returncode in (0, 3) and (good or ran.returncode == 3), (i, bytes(damaged[:8 + length]), ran)
    refused += not good
print(f"safetensors {safetensors.__version__}: {files} files copied, {len(tensors)} types of values, {refused} damaged files refused by both")
