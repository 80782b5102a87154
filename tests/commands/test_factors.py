"""The verb of the factor registry, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ledger.__main__ import main


def test_preview_import_search_compare(tmp_path: Path, capsys: Any) -> None:
    """A preview keeps nothing; the import keeps good rows, says which came back, and exits 1; then it is found."""
    home = ["--home", str(tmp_path / "home"), "--json", "factors"]
    file = tmp_path / "own.csv"
    file.write_text(
        "id,mode,distance basis,ttw (g CO2e/tkm),wtt (g CO2e/tkm)\nSF-1,road,actual,60,15\nSF-2,road,actual,x,15\n"
    )

    def said(*words: str) -> tuple[int, Any]:
        code = main([*home, *words])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    stated = ["--base", "onecode-cn-2026.1", "--source", "carrier", "--licence", "own", "--region", "CN"]
    stated += ["--gwp", "AR6", "--year", "2025", "--valid-from", "2025-01-01", "--valid-to", "2025-12-31"]
    code, seen = said("import", str(file), "--preview", *stated)
    assert (code, len(seen["taken"])) == (1, 1)
    assert [(b["row"], b["column"], b["value"], b["rule"]) for b in seen["returned"]] == [
        (3, "ttw (g CO2e/tkm)", "x", "factor.value")
    ]
    assert [found["id"] for found in said("list")[1]["sets"]] == ["onecode-cn-2026.1"]
    code, kept = said("import", str(file), "--id", "carrier-1", *stated)
    assert (code, kept["set"]["id"]) == (1, "carrier-1")
    assert said("import", str(file), "--id", "carrier-1", *stated)[1]["error"]["code"] == "factor.set-taken"
    assert [found["id"] for found in said("list")[1]["sets"]] == ["onecode-cn-2026.1", "carrier-1"]
    code, found = said("search", "SF-1", "--set", "carrier-1", "--year", "2025")
    assert (code, [f["id"] for f in found["factors"]]) == (0, ["SF-1"])
    compared = said("compare", "onecode-cn-2026.1", "carrier-1")[1]
    assert ([f["id"] for f in compared["added"]], compared["removed"], compared["changed"]) == (["SF-1"], [], [])
    assert said("show", "carrier-1", "SF-1")[1]["factor"]["wtw"] == "0.075"
    assert said("show", "carrier-1")[1]["imported"]["importer"] == "table"
    (tmp_path / "home" / "factors" / "carrier-1" / "factors.csv").write_text("id\n")
    code, listed = said("list")
    assert (code, len(listed["damaged"]), len(listed["sets"])) == (1, 1, 1)
