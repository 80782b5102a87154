"""Corrections over HTTP, on pages and on the command line: who may, what is said afterwards, what counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.records.record import decode_body
from ledger.services.capture import record_bytes
from ledger.services.project import catch_up
from tests.api.house import House, served
from tests.builders import TENANT, leg, opened, settings

VAN = "road.van.diesel.avg"
PAGE = {"accept": "text/html", "accept-language": "en"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger of this module's own."""
    with served(tmp_path_factory.mktemp("corrections")) as house:
        yield house


def row(name: str, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record_bytes(leg(name, **changes)))
    return found


def correction(name: str, **changes: Any) -> dict[str, Any]:
    fields = {"id": f"{name}#correction", "corrects": name, "kind": "correction", "version": 1, "reason": "typo"}
    return fields | {"occurred_at": "2026-02-01T08:00:00+08:00"} | changes


def test_by_records(house: House) -> None:
    """The submitter's own is withdrawn, another's is not, and a batch holds both a record and its correction."""
    with house.client("supplier") as supplier, house.client("warehouse") as other, house.client("other") as foreign:
        assert supplier.post("/api/v1/records", json=[row("a"), row("b")]).json()["recorded"] == 2
        for client, code, status in ((other, "access.not-yours", 403), (foreign, "record.corrected-absent", 404)):
            (answer,) = client.post("/api/v1/records", json=[correction("a")]).json()["rows"]
            assert (answer["problem"]["code"], answer["problem"]["status"]) == (code, status)
        batch = [correction("a"), row("c"), correction("c"), correction("c", reason="again")]
        rows = supplier.post("/api/v1/records", json=batch).json()["rows"]
        assert [row.get("problem", {}).get("code") for row in rows] == [None, None, None, "record.already-withdrawn"]
        assert rows[3]["problem"]["status"] == 409
        assert "another id" in rows[3]["problem"]["fix"]
    house.settled()
    (cell,) = house.ledger.projections.cube(house.ledger.settings.tenant).transport
    assert cell.count == 1


def test_by_the_page_of_the_entry(house: House) -> None:
    """The button asks for a reason; afterwards the page says by which entry and why, and shows no button."""
    with house.client("supplier") as supplier, house.client("auditor") as reader, house.client("owner") as owner:
        (made,) = supplier.post("/api/v1/records", json=[row("shown")]).json()["rows"]
        at = f"/entries/{made['index']}"
        assert f'action="{at}/withdraw"' in supplier.get(at, headers=PAGE).text
        assert f'action="{at}/withdraw"' not in reader.get(at, headers=PAGE).text
        assert reader.post(f"{at}/withdraw", data={"reason": "no"}).status_code == 403
        assert owner.post(f"{at}/withdraw", data={"reason": " "}).status_code == 400
        done = owner.post(f"{at}/withdraw", data={"reason": "weighed <twice>"}, headers=PAGE)
        assert (done.status_code, done.headers["location"]) == (303, at)
        text = reader.get(at, headers=PAGE).text
        by = house.ledger.entries.find(house.ledger.settings.tenant, "shown#correction")
        assert by is not None
        for said in ("Withdrawn.", "weighed &lt;twice&gt;", f'href="/entries/{by.index}"'):
            assert said in text
        assert "/withdraw" not in owner.get(at, headers=PAGE).text
        assert f'href="{at}"' in reader.get(f"/entries/{by.index}", headers=PAGE).text
        assert owner.post(f"{at}/withdraw", data={"reason": "twice"}).status_code == 409


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``ledger correct`` withdraws a record and takes in what stands instead; a file with a bad row stops it before."""
    home, file = tmp_path / "home", tmp_path / "instead.ndjson"
    settings(home)
    with opened(home) as ledger:
        main(
            [
                "--home",
                str(home),
                "--json",
                "import",
                str(_lines(tmp_path / "legs.ndjson", row("x", mass_g=5, vehicle=VAN))),
            ]
        )
        words = ["--home", str(home), "--json", "correct", "x", "--reason", "mass", "--with", str(file)]
        _lines(file, row("y", mass_g=7, vehicle=VAN), {"kind": "transport_leg"})
        assert main(words) == 1
        assert ledger.entries.size() == 1
        _lines(file, row("y", mass_g=7, vehicle=VAN))
        assert main(words) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"withdrawn": "x", "by": 1, "instead": [2]}
        assert main(words) == 1
        catch_up(ledger.entries, ledger.projections)
        (cell,) = ledger.projections.cube(TENANT).transport
        assert (cell.grams, cell.first_entry) == (7, 2)
        made = decode_body(ledger.entries.entry(1).body, "correction")
        assert getattr(made, "replaced_by", None) == "y"


def _lines(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in rows))
    return path
