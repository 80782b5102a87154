"""Calculation runs from the command line: started, listed, shown, replayed; exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.services.capture import capture
from ledger.settings import Settings
from ledger.wiring import open_ledger
from tests.builders import legs


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A ledger with three legs."""
    with open_ledger(Settings(home=tmp_path)) as ledger:
        names = {"tenant": "demo", "submitter": "owner"}
        capture(ledger.entries, ledger.clock, ledger.random, **names, records=legs(3))
    return tmp_path


def _run(home: Path, capsys: Any, *words: str) -> tuple[int, Any]:
    code = main(["--home", str(home), "--json", *words])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_run_from_the_command_line(home: Path, capsys: Any) -> None:
    """The same figure as the route's; the same entry when started again; a result that was changed is found out."""
    code, started = _run(home, capsys, "runs", "start")
    run = started["run"]
    assert (code, started["entry"], started["fresh"], run["checkpoint"]["size"]) == (0, 3, True, 3)
    assert _run(home, capsys, "runs", "start", "--checkpoint", "3")[1] == started | {"fresh": False}
    assert [one["run"] for one in _run(home, capsys, "runs", "list")[1]["runs"]] == [run]
    shown = _run(home, capsys, "runs", "show", run["id"])[1]
    (route,) = shown["result"]["routes"]
    assert _run(home, capsys, "footprint", "route", route["route"])[1]["wtw_kg"] == route["wtw_kg"]
    assert _run(home, capsys, "runs", "replay", run["id"]) == (
        0,
        {"verdict": "holds", "reasons": [], "differences": []},
    )
    compared = _run(home, capsys, "runs", "compare", run["id"], run["id"])
    assert (compared[0], compared[1]["routes"]["change_kg"]) == (0, "0")
    pack = home / "pack.zip"
    assert _run(home, capsys, "runs", "evidence", run["id"], "-o", str(pack))[1]["bytes"] == pack.stat().st_size


def test_an_absent_run_is_said(home: Path, capsys: Any) -> None:
    """With its code, and exit code 1."""
    assert main(["--home", str(home), "runs", "show", "run:1:x"]) == 1
    assert "run:1:x" in "".join(capsys.readouterr())
