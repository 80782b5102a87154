"""Check that a pack's files are whole, and its records the leaves of the run's checkpoint. Standard library alone."""
import hashlib, json, struct, sys
from base64 import b64encode
from functools import reduce
from pathlib import Path

HERE = Path(__file__).resolve().parent

def need(holds, what):
    if not holds:
        sys.exit(f"DOES NOT HOLD / 不成立: {what}")

def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()

def leaf(entry):  # the ledger's entry format 1; RFC 6962, 2.1
    committed = sha(bytes.fromhex(entry["salt"]), entry["body"].encode())
    tenant = sha(b"onecode/tenant/1\n", entry["tenant"].encode())
    return sha(b"\0onecode/entry/1\n", struct.pack(">Q32sQ32s", entry["index"], tenant, entry["recorded_at"], committed))

def root(stack, leaves):
    for height, node in ((0, one) for one in leaves):
        while stack and stack[-1][0] == height:
            height, node = height + 1, sha(b"\1", stack.pop()[1], node)
        stack.append((height, node))
    return reduce(lambda right, left: sha(b"\1", left, right), [node for _, node in reversed(stack)])

names = sorted(p.name for p in HERE.iterdir() if p.name != "SHA256SUMS")
sums = "".join(f"{hashlib.file_digest((HERE / n).open('rb'), 'sha256').hexdigest()}  {n}\n" for n in names)
need((HERE / "SHA256SUMS").read_bytes() == sums.encode(), "a file was changed, added or taken away")
run = json.loads(json.loads((HERE / "run.json").read_bytes())["body"])["record"]
content, register = (HERE / "result.json").read_bytes(), (HERE / "factor-set.json").read_bytes()
need(hashlib.sha256(content).hexdigest() == run["result_sha256"], "the result is not the run's")
need(hashlib.sha256(register).hexdigest() == run["factor_set"]["hash"], "the factor set is not the run's")
result, register = json.loads(content), json.loads(register)
leaves = [bytes.fromhex(line) for line in (HERE / "leaves.txt").open()]
records, ids, gone = {}, {}, set()
for entry in map(json.loads, (HERE / "entries.jsonl").open(encoding="utf-8")):
    at, record = entry["index"], json.loads(entry["body"])["record"]
    need(leaves[at] == leaf(entry), f"entry {at} is not the leaf of the log")
    gone.add(ids.get(record.get("corrects"), -1))
    records[at], ids[record["id"]] = record, at
size, top, note = len(leaves), root([], leaves), (HERE / "checkpoint.txt").read_text(encoding="utf-8").split("\n")
need([size, top.hex()] == [run["checkpoint"]["size"], run["checkpoint"]["root"]], "the root is not the run's")
need(note[1:3] == [str(size), b64encode(top).decode()], "the root is not the checkpoint's")
print(f"Whole / 完整: {size} leaves, {len(records)} records")
