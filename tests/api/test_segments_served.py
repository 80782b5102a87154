"""Sealed segments over HTTP: whole, hashed, and only to whom every entry in them is shown."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.__main__ import main
from ledger.services.seal import seal_all
from tests.api.house import OTHER, House, served
from tests.builders import captured, legs


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two segments: the first of the house's entries alone, the second with one of another tenant among them."""
    with served(tmp_path_factory.mktemp("home")) as house:
        for tenants in (("demo", "demo"), ("demo", OTHER)):
            for tenant in tenants:
                captured(house.ledger, legs(3, house.ledger.entries.size()), tenant)
            house.settled()
            seal_all(house.ledger.sealer())
        yield house


def test_an_auditor_downloads_and_checks_without_the_server(house: House, tmp_path: Path) -> None:
    """Every file with its hash in list and header; laid out as named, `ledger segments check` holds by the key."""
    key = tmp_path / "key"
    key.write_text(str(house.ledger.note_key.verifier))
    with house.client("auditor") as auditor:
        listed = auditor.get("/api/v1/segments", params={"limit": 1}).json()
        (segment,) = listed["segments"]
        assert (segment["start"], segment["stop"], listed["next_after"]) == (0, segment["stop"], segment["stop"])
        for file in segment["files"]:
            answer = auditor.get(f"/api/v1/segments/{segment['name']}/{file['name']}")
            digest = sha256(answer.content).digest()
            assert (answer.status_code, len(answer.content), digest.hex()) == (200, file["bytes"], file["sha256"])
            assert answer.headers["repr-digest"] == f"sha-256=:{b64encode(digest).decode()}:"
            place = tmp_path / "all" / segment["name"] / file["name"]
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(answer.content)
    line = ["--home", str(tmp_path), "segments", "check", "--folder", str(tmp_path / "all"), "--key", str(key)]
    assert main(line) == 0
    place.write_bytes(place.read_bytes()[:-1])
    assert main(line) == 1


def test_what_holds_an_entry_of_another_is_absent(house: House) -> None:
    """The mixed segment to nobody, the house's own to no other tenant; other roles and files are refused."""
    first, second = house.ledger.segments.manifests()
    for holder in ("owner", "auditor", "other"):
        with house.client(holder) as client:
            seen = [one["name"] for one in client.get("/api/v1/segments").json()["segments"]]
            assert seen == ([] if holder == "other" else [first.name])
            assert client.get(f"/api/v1/segments/{second.name}/manifest.json").status_code == 404
            status = 404 if holder == "other" else 200
            assert client.get(f"/api/v1/segments/{first.name}/entries.parquet").status_code == status
            for file in ("entries", "%2e%2e%2fentries.parquet", ".compared.json", "none.parquet"):
                assert client.get(f"/api/v1/segments/{first.name}/{file}").status_code == 404
    for holder in ("supplier", "warehouse", "public"):
        with house.client(holder) as client:
            assert client.get(f"/api/v1/segments/{first.name}/manifest.json").status_code in {401, 403}


def test_a_file_that_was_changed_is_not_sent(house: House) -> None:
    """One byte on the disk: the hash is not the manifest's, so that nobody gets it."""
    first = house.ledger.segments.manifests()[0]
    path = Path(house.ledger.segments.location(first, "legs"))
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    try:
        with house.client("auditor") as auditor:
            answer = auditor.get(f"/api/v1/segments/{first.name}/legs.parquet")
            assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (500, "segment.file")
    finally:
        path.write_bytes(sealed)
