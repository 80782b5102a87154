"""ingest, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ledger.__main__ import main
from ledger.services.capture import record_bytes
from tests.builders import legs


def test_a_file_of_lines_is_taken_checkpointed_and_not_taken_twice(tmp_path: Path, capsys: Any) -> None:
    """Good lines become entries under a checkpoint, bad ones are named, and the same file again adds nothing."""
    file, home = tmp_path / "records.ndjson", ["--home", str(tmp_path / "home"), "--json"]
    file.write_bytes(b"\n".join([*map(record_bytes, legs(30)), b"{}", b""]))

    def said(*words: str) -> Any:
        code = main([*home, *words])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    code, first = said("ingest", str(file), "--processes", "2")
    assert code == 1
    assert (first["fresh"], first["refused"], first["rows"][0]["row"]) == (30, 1, 31)
    code, again = said("ingest", str(file), "--processes", "2")
    assert (again["fresh"], again["already"]) == (0, 30)
    code, checked = said("check")
    assert (checked["entries"], checked["checkpoints"]) == (30, 1)
