"""ledger labels: print, verify, reprint, void, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main


def run(home: Path, *words: str) -> int:
    return main(["--home", str(home), "--json", "labels", *words])


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def test_a_job_is_printed_verified_voided_and_reprinted(tmp_path: Path, capsys: Any) -> None:
    """Each act is the next entry; a kept file that was changed does not verify."""
    out = tmp_path / "sheet.pdf"
    assert run(tmp_path, "--range", "(8004)95211415678", "3", "--title", "光网络终端", "--epc", "-o", str(out)) == 0
    printed = said(capsys)
    assert (printed["entry"], printed["labels"], printed["read"]) == (0, 3, 3)
    assert out.read_bytes().startswith(b"%PDF")
    job = printed["job"]
    assert run(tmp_path, "--verify", job) == 0
    assert said(capsys) == {"labels": 3, "read": 3, "as_recorded": True}
    assert run(tmp_path, "--void", job, "--numbers", "2-3", "--reason", "smudged") == 0
    assert said(capsys)["numbers"] == [2, 3]
    assert run(tmp_path, "--reprint", job, "--numbers", "3", "--reason", "smudged", "-o", str(out)) == 0
    assert said(capsys)["entry"] == 2
    assert run(tmp_path, "--jobs") == 0
    (row,) = said(capsys)
    assert (row["labels"], row["reprints"], row["voids"]) == (3, 1, 1)
    for path in (tmp_path / "contents").glob("*/*"):
        if path.read_bytes().startswith(b"%PDF"):
            path.write_bytes(path.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    assert run(tmp_path, "--verify", job) == 1
    assert said(capsys)["error"]["code"] == "store.content-altered"


def test_zpl_for_a_roll_verifies_and_a_bad_list_prints_nothing(tmp_path: Path, capsys: Any) -> None:
    """Tags are encoded with what the code says; one bad code refuses the whole list."""
    out = tmp_path / "labels.zpl"
    assert run(tmp_path, "(8004)95211415678", "--stock", "60x40", "--encode", "-o", str(out)) == 0
    job = said(capsys)["job"]
    assert b"^RFW,H,1,10,1^FD2000FA" in out.read_bytes()  # GIAI+: four words
    assert run(tmp_path, "--verify", job) == 0
    capsys.readouterr()
    assert run(tmp_path, "(8004)95211415679", "nonsense", "-o", str(tmp_path / "none.pdf")) == 1
    assert not (tmp_path / "none.pdf").exists()
    assert run(tmp_path, "--void", job, "--reason", "") == 1


def test_stocks_and_calibration(tmp_path: Path, capsys: Any) -> None:
    """The list of papers, and a page to adjust a printer by."""
    assert run(tmp_path, "--stocks") == 0
    assert "L7160" in {stock["name"] for stock in said(capsys)}
    out = tmp_path / "calibration.pdf"
    assert run(tmp_path, "--calibration", "--stock", "L7651", "-o", str(out)) == 0
    assert out.read_bytes().startswith(b"%PDF")
