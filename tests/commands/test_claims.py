"""``ledger claims``: a file of statements, as a person has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main

HEAD = "声明编号,声明原文,出处,规则,数字,公式,结果,声明时间(北京时间)\n"
E1 = "E1,节能超过 5.7 亿度,年报,电量,energy = 超过5.7亿 度; avoided = 32.5万 吨,,,2024-03-21\n"
D1 = "D1,减少运输量 1.65 万吨公里,年报,运输,activity = 1.65 万吨公里; avoided = 1331.86 吨,,,2024-03-21\n"
ODD = "X1,减少 3 mt,年报,电量,energy = 5 度; avoided = 3 mt,,,2024-03-21\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two claims that can be read and one that cannot."""
    path = tmp_path / "claims.csv"
    path.write_text(HEAD + E1 + D1 + ODD, "utf-8")
    return path


def _run(home: Path, *words: str) -> int:
    return main(["--home", str(home), "--json", *words])


def _said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_good_rows_are_checked_and_bad_ones_located(file: Path, tmp_path: Path, capsys: Any) -> None:
    """Verdicts for the good, place, rule and fix for the bad, and nothing is stored unless asked."""
    home = tmp_path / "home"
    assert _run(home, "claims", "check", str(file)) == 1
    said = _said(capsys)
    assert [(claim["id"], claim["verdict"]) for claim in said["claims"]] == [
        ("claim:年报:E1", "reproduced"),
        ("claim:年报:D1", "impossible"),
    ]
    (row,) = said["file"]["rows"]
    assert row["row"] == 4
    assert row["faults"][0]["rule"] == "claim.unit"
    assert _run(home, "claims", "list") == 0
    assert _said(capsys)["total"] == 0


def test_recorded_claims_are_listed(file: Path, tmp_path: Path, capsys: Any, monkeypatch: Any) -> None:
    """With --record they are entries, once; both languages say the verdict."""
    home = tmp_path / "home"
    assert _run(home, "claims", "check", "--record", str(file)) == 1
    assert _run(home, "claims", "check", "--record", str(file)) == 1
    assert _said(capsys)["file"]["already"] == 2
    assert main(["--home", str(home), "claims", "list"]) == 1
    assert "impossible" in capsys.readouterr().out
    monkeypatch.setenv("ONECODE_LANG", "zh")
    assert main(["--home", str(home), "claims", "list"]) == 1
    said = capsys.readouterr().out
    assert "不可能" in said
    assert "80.719" in said
