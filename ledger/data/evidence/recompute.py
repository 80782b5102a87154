"""Rebuild a calculation run from its evidence: python3 -I recompute.py. Standard library alone; 0 holds, 1 does not."""
import csv, json, runpy
from collections import defaultdict
from fractions import Fraction as F
from functools import cache, reduce
from math import prod
from pathlib import Path

HERE = Path(__file__).resolve().parent
checked = runpy.run_path(str(HERE / "integrity.py"))  # files, leaves and root first
need, run, result, register, records, gone = (
    checked[name] for name in ("need", "run", "result", "register", "records", "gone"))
mapping = csv.DictReader((HERE / "mapping.csv").open(encoding="utf-8", newline=""))
mapped = {int(row["entry"]): row["product"] for row in mapping}

def figure(how, of, at="wtw"):  # one item of a term; a line of a bill is a sum of terms, a term a product of items
    if how in {"gate", "say", "factor", "class"}:
        return made(of, GATE) if how == "gate" else F(of if how == "say" else {"factor": factor, "class": toc}[how][of][at])
    n = F(reduce(lambda found, step: found[int(step) if step.isdigit() else step], at.split("/")[1:], records[of]))
    return 1 / n if how == "over" else {"is": n, "more": 1 + n / 100, "pct": n / 100, "rest": 1 - n / 100}[how]

@cache
def made(bill, stages):
    bom, lines, use = records[int(bill.split()[0])], bills[bill], records[int(bill.split()[0])].get("use", {})
    named = {f"/{n}/{i}" for n in NAMES for i in range(len(bom.get(n, ())))}
    named |= {f"/use/{n}/{i}" for n in NAMES for i in range(len(use.get(n, ())))}
    named |= {f"/packaging/{i}/end_of_life" for i, one in enumerate(bom.get("packaging", ())) if one.get("end_of_life")}
    need(named == set(lines) and int(bill.split()[0]) not in gone, f"the lines of bill {bill}")
    terms = (term for w in lines.values() if w["stage"] in stages for term in w.get("terms", ()))
    return sum((prod(figure(*item) for item in term) for term in terms), F(0))

def units(of):
    moved = {s: [n for key, n in pieces.items() if key[:2] == (of, s)] for s in ("hub", "transport")}
    return max(moved["hub"] or moved["transport"] or [1])

factor, toc = ({one[key]: one for one in register[part]} for part, key in (("factors", "id"), ("classes", "name")))
KEYS = {"transport_leg": ("transport", "route", "vehicle", "mode", "distance_basis"),
        "hub_operation": ("hub", "hub", "hub", "operation", "temperature")}
GATE = ("raw", "manufacture", "packaging", "inbound")
NAMES = ("inputs", "energy", "direct", "packaging", "inbound", "end_of_life")
ALL = ("transport", "hub", "declared", *GATE, "use", "end_of_life")
bills, cells, out, pieces = defaultdict(dict), defaultdict(lambda: [0, 0]), defaultdict(int), defaultdict(int)
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
    if w["view"] == "bill":
        bills[w["of"]][w["line"]] = w
    elif stage == "bill":  # the lines of all bills stand before what is made of them
        for one in ALL[3:]:
            kg[(*of, one)] += made(w["bill"], (one,)) * units(w["of"]) * prod(figure(*item) for item in w["per"])
    elif stage == "hub-energy":  # a hub's meters stand before what is shared
        r, zone = records[w["entry"]], (w["of"], records[w["entry"]].get("serves", "all"))
        used = F(r["energy_wh"], 1000) if "energy_wh" in r else F(r.get("amount", r.get("mass_kg")))
        need(w["entry"] not in gone, "a withdrawn reading is used")
        rate[zone] += used * F(w["per"]) * sum(F(factor[name]["wtw"]) for name in w["factors"]) / out[zone]
    elif stage == "declared":
        kg[(*of, stage)] += F(records[w["entry"]]["pcf_kg_co2e"]) * F(w["per_piece"]) * units(w["of"])
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
        mine = {s: kg[view, one[view], s] for s in ALL if view == "route" or s in stages}
        need(set(stages) <= set(mine) and all(stages.get(s, n) == n for s, n in mine.items()), f"a stage of {one[view]}")
        need(sum(mine.values()) == F(one["wtw_kg"]), f"the total of {one[view]}")
    need(sum(F(one["wtw_kg"]) for one in result[named]) == F(run[f"{named}_wtw_kg"]), f"the sum of all {named}")
print(f"Holds / 成立: {len(result['routes'])} routes, {len(result['products'])} products")
print("Taken as stated / 按所述采用:", ", ".join(sorted(stated)) or "-")
