"""``ledger segments`` and ``ledger recompute``, as a person types them: exit codes, and what they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.demo.month import records
from ledger.services.capture import capture
from ledger.services.worker import settle
from ledger.settings import Settings
from ledger.wiring import open_ledger
from tests.intruder import Intruder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's month, confirmed."""
    home = tmp_path_factory.mktemp("home")
    with open_ledger(Settings(home=home)) as ledger:
        names = {"tenant": "demo", "submitter": "owner"}
        capture(ledger.entries, ledger.clock, ledger.random, **names, records=list(records()))
        settle(ledger.worker())
    return home


def run(home: Path, *words: str) -> int:
    return main(["--home", str(home), "--json", *words])


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_from_log_to_segments_to_figures(home: Path, tmp_path: Path, capsys: Any) -> None:
    """Sealed, listed, checked with a key alone, recomputed with and without segments to the same figures."""
    assert run(home, "recompute", "--engine", "python") == 0
    before = said(capsys)
    assert (before["sealed"], before["agrees"], before["disagree"]) == (0, True, [])
    assert run(home, "segments", "seal") == 0
    (name,) = said(capsys)["sealed"]
    assert run(home, "segments", "seal") == 0
    assert said(capsys) == {"sealed": [], "faults": []}
    assert run(home, "segments", "list") == 0
    assert [one["name"] for one in said(capsys)["segments"]] == [name]
    folder, key = str(home / "segments"), str(home / "note.pub")
    assert run(tmp_path, "segments", "check", "--folder", folder, "--key", key) == 0
    assert run(tmp_path, "segments", "check", "--folder", folder) == 2
    capsys.readouterr()
    for engine in ("python", "duckdb"):
        assert run(home, "recompute", "--engine", engine) == 0
        after = said(capsys)
        assert after["sealed"] == after["entries"] == before["entries"]
        assert [after[kind] for kind in ("routes", "products", "suppliers")] == [
            before[kind] for kind in ("routes", "products", "suppliers")
        ]
    assert len(after["suppliers"]) > 1
    assert main(["--home", str(home), "recompute"]) == 0
    assert "every cell is the projection's" in capsys.readouterr().out


def test_a_changed_projection_and_a_changed_file_are_exit_code_one(home: Path, capsys: Any) -> None:
    """The cell is named; so is the file."""
    assert run(home, "segments", "seal") == 0
    capsys.readouterr()
    intruder = Intruder(f"sqlite:///{home / 'ledger.db'}")
    intruder.run("UPDATE activity SET activity_low = activity_low + 1 WHERE legs = 1")
    changed = intruder.run("SELECT count(*) FROM activity WHERE legs = 1")[0][0]
    assert run(home, "recompute") == 1
    found = said(capsys)
    assert found["agrees"] is False
    assert len(found["disagree"]) == min(changed, 20) > 0
    intruder.run("UPDATE activity SET activity_low = activity_low - 1 WHERE legs = 1")
    assert run(home, "recompute") == 0
    path = next((home / "segments").glob("*/legs.parquet"))
    path.write_bytes(path.read_bytes() + b"x")
    capsys.readouterr()
    assert run(home, "segments", "check") == 1
    assert "legs" in said(capsys)["faults"][0]
