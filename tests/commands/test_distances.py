"""The verb of distances, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ledger.__main__ import main


def test_distance_with_method_and_refusal(tmp_path: Path, capsys: Any) -> None:
    """It says metres, basis, method, version and data; a refusal says which place, and the candidates."""

    def said(*words: str) -> tuple[int, Any]:
        code = main(["--home", str(tmp_path), "--json", "distance", *words])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    code, found = said("PVG", "FRA", "--mode", "air", "--via", "DXB")
    assert (code, found["basis"], found["metres"], len(found["parts"])) == (0, "gcd", 11_293_293, 2)
    assert found["method"].startswith("great circle")
    assert found["computed_at"]
    code, refused = said("PVG", "伦敦", "--mode", "air")
    assert (code, refused["error"]["code"]) == (1, "distance.place-ambiguous")
    assert "LHR" in refused["error"]["message"]
    assert "/to" in refused["error"]["message"]
    (tmp_path / "places.csv").write_text(
        "code,zh,en,latitude,longitude\n(414)9521141123454,滨江仓,Riverside,31.2,121.5\n", encoding="utf-8"
    )
    code, found = said("滨江仓", "南京", "--mode", "road")
    assert (code, found["parts"][0]["from"]["kind"]) == (0, "own")
