"""``ledger index``: begun, scored, published, computed again; certificates used; exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.settings import Settings
from ledger.wiring import open_ledger
from tests.e2e.stocked import SITE, stock


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A ledger with a warehouse of two years."""
    with open_ledger(Settings(home=tmp_path)) as ledger:
        stock(ledger)
    return tmp_path


def _run(home: Path, capsys: Any, *words: str) -> tuple[int, Any]:
    code = main(["--home", str(home), "--json", "index", *words])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_year_from_the_command_line(home: Path, capsys: Any) -> None:
    """What is published comes out again; a use is taken off; more than is left, and an absent score, are said."""
    code, scored = _run(home, capsys, "score", SITE, "2025", "--publish")
    assert (code, scored["leaves"]["solar"]) == (0, "100")
    assert _run(home, capsys, "replay", scored["published"])[1] == {"score": scored["published"], "holds": True}
    bought = "certificate:示例核发机构:GXGEC-2025-000401"
    assert _run(home, capsys, "use", bought, SITE, "79.50", "2025")[1]["left"] == "200.5"
    better = _run(home, capsys, "score", SITE, "2025")[1]
    assert better["points"] != scored["points"]
    assert main(["--home", str(home), "index", "use", bought, SITE, "201", "2025"]) == 1
    assert "200.5" in "".join(capsys.readouterr())
    assert main(["--home", str(home), "index", "replay", "site-score:none"]) == 1
    assert "site-score:none" in "".join(capsys.readouterr())
    assert _run(home, capsys, "score", SITE, "2023")[0] == 1
