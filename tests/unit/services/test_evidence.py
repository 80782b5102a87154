"""The evidence pack: checked by its own script alone, and found out when any byte of any file is another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import msgspec
import pytest

from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.evidence import RunNotReproduced, evidence_of
from ledger.services.runs import start_run
from ledger.services.withdraw import withdraw
from ledger.wiring import Ledger
from tests.builders import PRODUCT, TENANT, bill, captured, leg, opened, pcf
from tests.ports.test_transport_data import model, statement
from tests.unit.services.test_runs import OWNER, activity, meter, record

OTHER = "https://id.gs1.org/01/09506000134369"
BILLED = "https://id.gs1.org/01/09506000134376"
PART = "https://id.gs1.org/01/09506000134383"
STEEL = "DEFRA25-19_504_5116_15_1"
RECYCLED = {"recycled_factor": STEEL, "recycled_pct": "37.5"}
ENDS = [{"factor": STEEL, "share": "0.3"}, {"factor": STEEL, "share": "0.7"}]
WHOLE: dict[str, object] = {
    "allocation": {"co_products": [{"name": "slag", "share": "0.125"}], "rule": "mass", "share": "0.875"},
    "direct": [
        {"kg_co2e": "0.7", "part": "fossil", "source": "furnace"},
        {"kg_co2e": "0.2", "part": "removal", "source": "wood"},
    ],
    "end_of_life": [{"mass_kg": "0.9", "name": "steel", "treatments": ENDS}],
    "energy": [{"amount": "3.3", "carrier": "electricity", "region": "CN", "unit": "kWh"}],
    "inbound": [
        {"distance_km": "12.5", "mass_kg": "1.1", "mode": "road", "name": "steel", "vehicle": "road.artic.diesel"}
    ],
    "inputs": [
        {"amount": "1", "factor": STEEL, "loss_pct": "7", "name": "steel", "unit": "kg", **RECYCLED},
        {"amount": "2", "name": "part", "product": PART, "supplier": "maker", "unit": "piece"},
        {"amount": "1", "name": "nobody's", "product": OTHER, "supplier": "nobody", "unit": "piece", "factor": STEEL,
         "default_amount": "0.25"},
        {"amount": "1", "name": "unknown", "factor": "no.such", "unit": "kg"},
    ],
    "packaging": [{"end_of_life": ENDS, "factor": STEEL, "mass_kg": "0.4", "name": "crate", "uses": 7, **RECYCLED}],
    "use": {
        "energy": [{"amount": "900", "carrier": "electricity", "region": "CN", "unit": "kWh"}],
        "inputs": [{"amount": "0.1", "factor": STEEL, "name": "spare", "unit": "kg"}],
        "scenario": "ten years",
    },
}  # fmt: skip
"""One bill with every kind of line, one of which has no factor."""
TIER: dict[str, object] = {
    "declared_unit": "kilogram",
    "declared_units_per_piece": "0.6",
    "inputs": [{"amount": "1.01", "factor": STEEL, "name": "steel", "unit": "kg"}],
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, str]]:
    """A run over legs, hubs with cooling, statements, a declaration, a correction, a gap and another's entries."""
    with opened(tmp_path_factory.mktemp("evidence")) as ledger:
        captured(ledger, [*activity(0, 5), meter(), pcf(valid_from="2025-01-01")])
        captured(ledger, activity(20, 2), tenant="strangers")
        cold = {"hub": "H", "operation": "storage", "product": OTHER, "quantity": 3, "route": "route-1"}
        captured(
            ledger,
            [
                record(kind="hub_operation", id="cold", mass_g=700_001, temperature="refrigerated", **cold),
                meter("cooling", energy_wh=1_111_111, serves="refrigerated"),
                leg("far", route="route-1", product=OTHER, mass_g=17, distance_m=1_234_567),
                leg("unknown", route="route-2", vehicle="nothing.known"),
                record(**statement()),
                record(**model()),
                leg("lorry", route="route-2", product=OTHER, vehicle="battery lorry"),
                leg("van", route="route-2", vehicle="battery van"),
                bill(product=BILLED, **WHOLE),
                bill("part", product=PART, manufacturer="maker", **TIER),
                leg("flown", route="route-2", vehicle="air.freight.up-to-3700km", mode="air", distance_basis="gcd"),
            ],
        )
        withdraw(ledger, OWNER, "leg-0", "weighed twice")
        run, _ = start_run(ledger, OWNER)
        close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
        yield ledger, run.id


@pytest.fixture
def folder(kept: tuple[Ledger, str], tmp_path: Path) -> Path:
    """The pack of the run, unpacked into an empty folder."""
    ledger, name = kept
    data = b"".join(evidence_of(ledger, TENANT, name).zipped())
    assert data == b"".join(evidence_of(ledger, TENANT, name).zipped()), "the same ledger gives the same bytes"
    ZipFile(BytesIO(data)).extractall(tmp_path)
    return tmp_path


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-I", "recompute.py"]
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_script_alone_rebuilds_everything(folder: Path) -> None:
    """Leaves, root, and each route and product, without a line of this ledger; it is short enough to be read."""
    for name in ("integrity.py", "recompute.py"):
        script = (folder / name).read_text(encoding="utf-8")
        assert script.count("\n") < 100
        assert "ledger" not in "".join(line for line in script.splitlines() if "import" in line)
    done = checked(folder)
    assert done.returncode == 0, done.stderr
    assert "28 leaves, 24 records" in done.stdout
    assert done.stdout.endswith(": transport_energy, transport_model\n")


def test_one_byte_anywhere_is_found_out(folder: Path) -> None:
    """Of every file in turn, the script and the list of sums among them."""
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        at = data.rfind(b" ") if path.suffix == ".py" else len(data) // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert checked(folder).returncode != 0, path.name
        path.write_bytes(data)
    assert checked(folder).returncode == 0


def test_a_consistent_forgery_is_found_out(folder: Path) -> None:
    """Sums made anew do not help: a record is bound by its leaf, a leaf by the root, a figure by the records."""
    for name, old, new in (
        ("entries.jsonl", '\\"mass_g\\":1000004', '\\"mass_g\\":1000005'),
        ("workings.jsonl", '"per":"1"', '"per":"2"'),
        ("workings.jsonl", '"line":"/inputs/0"', '"line":"/inputs/9"'),
        ("workings.jsonl", '["say","-1"]', '["say","1"]'),
        ("factor-set.json", '"wtw":"0.', '"wtw":"1.'),
        ("result.json", '"wtw_kg":"', '"wtw_kg":"1'),
        ("mapping.csv", f"leg-1,route-1,{PRODUCT}", f"leg-1,route-1,{OTHER}"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, name
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        _sum_up(folder)
        assert checked(folder).returncode == 1, name
        (folder / name).write_text(text, encoding="utf-8")
    _sum_up(folder)
    assert checked(folder).returncode == 0


def _sum_up(folder: Path) -> None:
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    lines = (f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def test_nothing_of_others_or_of_prices_is_in_it(folder: Path) -> None:
    """Only the own tenant's activity; what else is under the root is a leaf alone."""
    rows = [json.loads(line) for line in (folder / "entries.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {row["tenant"] for row in rows} == {TENANT}
    assert len((folder / "leaves.txt").read_text().split()) > len(rows)
    assert "strangers" not in "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert "weighed twice" in (folder / "corrections.csv").read_text(encoding="utf-8")
    assert "footprint.no-factor" in (folder / "gaps.jsonl").read_text(encoding="utf-8")
    plan = json.loads((folder / "sampling-plan.json").read_text())
    assert plan["kinds"]["transport_leg"] == {"of": 10, "entries": plan["kinds"]["transport_leg"]["entries"]}


def test_no_evidence_of_a_run_that_does_not_replay(kept: tuple[Ledger, str]) -> None:
    """A false run among the entries gets no pack."""
    ledger, _ = kept
    run, _ = start_run(ledger, OWNER)
    forged = msgspec.structs.replace(run, id="run:forged", result_sha256="0" * 64)
    captured(ledger, [forged])
    with pytest.raises(RunNotReproduced):
        evidence_of(ledger, TENANT, "run:forged")
