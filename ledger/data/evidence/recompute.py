"""Rebuild a calculation run from its evidence: python3 -I recompute.py. Standard library alone; 0 holds, 1 does not."""
import csv, hashlib, json, struct, sys
from base64 import b64encode
from collections import defaultdict
from fractions import Fraction as F
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

def root(leaves):
    stack = []
    for height, node in ((0, one) for one in leaves):
        while stack and stack[-1][0] == height:
            height, node = height + 1, sha(b"\1", stack.pop()[1], node)
        stack.append((height, node))
    node = stack.pop()[1]
    while stack:
        node = sha(b"\1", stack.pop()[1], node)
    return node

names = sorted(p.name for p in HERE.iterdir() if p.name != "SHA256SUMS")
sums = "".join(f"{hashlib.file_digest((HERE / n).open('rb'), 'sha256').hexdigest()}  {n}\n" for n in names)
need((HERE / "SHA256SUMS").read_bytes() == sums.encode(), "a file was changed, added or taken away")
run = json.loads(json.loads((HERE / "run.json").read_bytes())["body"])["record"]
content, register = (HERE / "result.json").read_bytes(), (HERE / "factor-set.json").read_bytes()
need(hashlib.sha256(content).hexdigest() == run["result_sha256"], "the result is not the run's")
need(hashlib.sha256(register).hexdigest() == run["factor_set"]["hash"], "the factor set is not the run's")
result, register = json.loads(content), json.loads(register)
leaves = [bytes.fromhex(line) for line in (HERE / "leaves.txt").open()]
mapping = csv.DictReader((HERE / "mapping.csv").open(encoding="utf-8", newline=""))
mapped, records, ids, gone = {int(row["entry"]): row["product"] for row in mapping}, {}, {}, set()
for entry in map(json.loads, (HERE / "entries.jsonl").open(encoding="utf-8")):
    at, record = entry["index"], json.loads(entry["body"])["record"]
    need(leaves[at] == leaf(entry), f"entry {at} is not the leaf of the log")
    gone.add(ids.get(record.get("corrects"), -1))
    records[at], ids[record["id"]] = record, at
size, top = len(leaves), root(leaves)
note = (HERE / "checkpoint.txt").read_text(encoding="utf-8").split("\n")
need([size, top.hex()] == [run["checkpoint"]["size"], run["checkpoint"]["root"]], "the root is not the run's")
need(note[1:3] == [str(size), b64encode(top).decode()], "the root is not the checkpoint's")

factor, toc = ({one[key]: one for one in register[part]} for part, key in (("factors", "id"), ("classes", "name")))
KEYS = {"transport_leg": ("transport", "route", "vehicle", "mode", "distance_basis"),
        "hub_operation": ("hub", "hub", "hub", "operation", "temperature")}
cells, out, pieces = defaultdict(lambda: [0, 0]), defaultdict(int), defaultdict(int)
for at, r in records.items():
    if at not in gone and r["kind"] in KEYS:
        (stage, place, *named), grams = KEYS[r["kind"]], r["mass_g"]
        key = [stage, *(r.get(name, "ambient") for name in named)]
        for view in (("route", r["route"], *key), ("product", mapped[at], *key)):
            cells[view] = [cells[view][0] + grams, cells[view][1] + grams * r.get("distance_m", 0)]
        for zone in {"all", key[-1]}:
            out[r.get("hub"), zone] += grams
        pieces[mapped[at], stage, r[place]] += r["quantity"]

kg, rate, stated = defaultdict(F), defaultdict(F), set()
for w in map(json.loads, (HERE / "workings.jsonl").open(encoding="utf-8")):
    of, stage = (w["view"], w["of"]), w["stage"]
    if stage == "hub-energy":  # a hub's meters stand before what is shared
        r, zone = records[w["entry"]], (w["of"], records[w["entry"]].get("serves", "all"))
        used = F(r["energy_wh"], 1000) if "energy_wh" in r else F(r.get("amount", r.get("mass_kg")))
        need(w["entry"] not in gone, "a withdrawn reading is used")
        rate[zone] += used * F(w["per"]) * sum(F(factor[name]["wtw"]) for name in w["factors"]) / out[zone]
    elif stage == "declared":
        moved = {s: [n for key, n in pieces.items() if key[:2] == (w["of"], s)] for s in ("hub", "transport")}
        units = max(moved["hub"] or moved["transport"] or [1])
        kg[(*of, stage)] += F(records[w["entry"]]["pcf_kg_co2e"]) * F(w["per_piece"]) * units
    else:
        grams, metres = cells.pop((*of, stage, *w["key"]))
        if stage == "hub" and not w["gap"]:
            kg[(*of, stage)] += grams * sum(rate[w["key"][0], zone] for zone in {"all", w["key"][2]})
        elif not w["gap"]:
            c = toc.get(w["class"]) or {"daf_scale": 1, "daf_offset_m": w["offset_m"]}
            g = F(factor[c["factor"]]["wtw"]) if "factor" in c else F(w["stated_per_tonne_km"])
            stated |= set() if "factor" in c else {w["method"]}
            kg[(*of, stage)] += g * (F(c["daf_scale"]) * metres + int(c["daf_offset_m"]) * grams) / 10**9
need(not cells, f"activity without workings: {list(cells)[:3]}")
for view, named in (("route", "routes"), ("product", "products")):
    for one in result[named]:
        stages = {s["stage"]: F(s["wtw_kg"]) for s in one.get("stages", ()) if s["counted"]}
        mine = {s: kg[view, one[view], s] for s in ("transport", "hub", "declared") if view == "route" or s in stages}
        stated |= {f"stage {s}" for s in stages if s not in mine}
        need(all(stages.get(s, kilos) == kilos for s, kilos in mine.items()), f"a stage of {one[view]}")
        need(sum({**stages, **mine}.values()) == F(one["wtw_kg"]), f"the total of {one[view]}")
    need(sum(F(one["wtw_kg"]) for one in result[named]) == F(run[f"{named}_wtw_kg"]), f"the sum of all {named}")
print(f"Holds / 成立: {size} leaves, {len(records)} records, {len(result['routes'])} routes, {len(result['products'])} products")
print("Taken as stated / 按所述采用:", ", ".join(sorted(stated)) or "-")
