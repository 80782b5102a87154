"""Who sees what of a footprint: never more than its supplier switched on, wherever one asks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from api.operations import TABLE
from ledger.log.proof import record_of
from ledger.pact.form import texts
from ledger.records.pcf_share import HOUSE, PcfShare, Reach
from ledger.services.capture import Submission, capture
from ledger.services.keys import issue_key
from ledger.services.organisations import add_organisation
from ledger.services.pcf import grant
from ledger.services.project import catch_up
from tests.api.direct import Direct
from tests.api.house import House, served
from tests.api.owned import Owned
from tests.pact.partner import footprint

SECRET: Final = "stagesecretword"
TOTAL: Final = re.compile(r"(?<![:.\d])18\.60?(?!\d)")
"""The figure, and no second of a time of day."""
PARTNER: Final = "organisation:buyer"
READERS: Final = {"procurement": HOUSE, "manager": HOUSE, "owner": HOUSE, "auditor": "verifiers", "buyer": PARTNER}
REACHES: Final[tuple[Reach, ...]] = ("nobody", "total", "whole")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A supplier that stated a footprint by the form, another supplier, and a partner to whom the house granted all."""
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger, keys, tenant = house.ledger, dict(house.keys), house.ledger.settings.tenant
        parts: dict[str, Any] = {"clock": ledger.clock, "random": ledger.random}
        for name, kind in (("org-a", "supplier"), ("org-b", "supplier"), ("buyer", "partner")):
            organisation = {"tenant": tenant, "name": name.upper(), "kind": kind, "organisation_id": name}
            add_organisation(ledger.organisations, **parts, **organisation)  # type: ignore[arg-type]
            role = "partner" if kind == "partner" else "supplier"
            terms: dict[str, Any] = {"tenant": tenant, "name": name, "role": role, "organisation": name}
            keys[name] = issue_key(ledger.principals, **parts, days=1, **terms)[1]
        found = replace(house, keys=keys)
        with found.client("org-a", accept="text/html") as client:
            form = {"supplier": "org-a", "product": "CU-1", "footprint_id": footprint(1)["id"], "act": "record"}
            stated = client.post("/pcf/form", data=form | texts(footprint(1)) | {"comment": SECRET})
            assert stated.status_code == 303, stated.text
        grant(ledger, Submission(tenant, "owner"), supplier="org-a", grantee="buyer")
        yield found


@pytest.fixture(scope="module")
def pcf(desk: House) -> str:
    """The id of its record."""
    return f"pcf:{footprint(1)['id']}"


def turn(desk: House, pcf: str, reader: str, reach: str) -> None:
    """The supplier turns a switch."""
    with desk.client("org-a") as client:
        answer = client.post("/api/v1/pcf/shares", json={"pcf": pcf, "reader": reader, "reach": reach})
        assert answer.status_code == 200, answer.text
        assert reach in {one["reach"] for one in answer.json()["readers"] if one["reader"] == reader}


NEAR: Final = ("/pcf", "/api/v1/pcf", "/entries", "/api/v1/entries", "/proofs", "/2/f", "/3/f", "/statements", "/desk")
"""Addresses that tell of footprints and entries."""


def seen(desk: House, pcf: str, holder: str, near: tuple[str, ...] = NEAR) -> Reach:
    """How much a reader sees by what answers GET: the secret, or the total, or neither anywhere."""
    entry = desk.ledger.entries.find("demo", pcf)
    assert entry is not None
    values = {"index": str(entry.index), "pcf_id:path": pcf, "footprint_id": pcf[4:], "size": str(entry.index + 1)}
    aims = Owned("demo", values, frozenset())
    told = ""
    with Direct(desk, holder) as client:
        for method, template in TABLE:
            names = {part.partition("}")[0] for part in template.split("{")[1:]}
            if method == "GET" and names <= values.keys() and template.startswith(near):
                told += client.get(aims.path(template)).text
    return "whole" if SECRET in told else "total" if TOTAL.search(told) else "nobody"


def test_silence_is_safe(desk: House, pcf: str) -> None:
    """The house sees the total, verifiers all, a partner nothing in spite of the house's grant; suppliers their own."""
    assert {holder: seen(desk, pcf, holder) for holder in READERS} == {
        "procurement": "total",
        "manager": "total",
        "owner": "total",
        "auditor": "whole",
        "buyer": "nobody",
    }
    everywhere = ("/",)
    assert seen(desk, pcf, "procurement", everywhere) == "total"
    assert seen(desk, pcf, "org-b", everywhere) == "nobody"
    assert seen(desk, pcf, "org-a") == "whole"
    assert seen(desk, pcf, "warehouse") == "nobody"


@pytest.mark.parametrize("reach", REACHES)
def test_nobody_sees_more_than_was_switched_on(desk: House, pcf: str, reach: Reach) -> None:
    """Every reader, every switch, every address; a partner has no form for a part."""
    for reader in dict.fromkeys(READERS.values()):
        turn(desk, pcf, reader, reach)
    for holder, reader in READERS.items():
        least: Reach = "nobody" if reader == PARTNER and reach == "total" else reach
        assert seen(desk, pcf, holder) == least, (holder, reach)
    assert seen(desk, pcf, "org-b") == "nobody"


def test_only_the_supplier_turns(desk: House, pcf: str) -> None:
    """Neither the house nor another supplier, by no way in: a forged switch in the log counts for nothing."""
    turn(desk, pcf, HOUSE, "nobody")
    for holder, status in (("owner", 403), ("procurement", 403), ("org-b", 404), ("buyer", 403)):
        with desk.client(holder) as client:
            said = {"pcf": pcf, "reader": HOUSE, "reach": "whole"}
            assert client.post("/api/v1/pcf/shares", json=said).status_code == status
            assert client.get("/api/v1/pcf/shares", params={"pcf": pcf}).status_code == status
            assert client.get("/pcf/shares/preview", params={"pcf": pcf, "reader": HOUSE}).status_code == status
    ledger = desk.ledger
    forged = PcfShare(
        id="share:forged",
        kind="pcf_share",
        occurred_at=ledger.clock.now(),
        pcf=pcf,
        reach="whole",
        reader=HOUSE,
        supplier="org-a",
        version=1,
    )
    with desk.client("owner") as client:
        answer = client.post("/api/v1/records", content=b"[" + json.dumps({"kind": "pcf_share"}).encode() + b"]")
        assert "record." in answer.text
    capture(ledger.entries, ledger.clock, ledger.random, tenant="demo", submitter="owner", records=[forged])
    catch_up(ledger.entries, ledger.projections)
    assert seen(desk, pcf, "owner") == "nobody"


def test_the_page_turns_previews_and_tells_what_was(desk: House, pcf: str) -> None:
    """Chinese and English; a preview shows no more than its reader sees; a switch that stands is no entry again."""
    with desk.client("org-a", accept="text/html", accept_language="zh-CN") as client:
        sent = {"pcf": pcf, f"to_{HOUSE}": "total", "to_nosuch": "whole"}
        assert client.post("/pcf/shares", data=sent).status_code == 303
        before = desk.ledger.entries.size()
        assert client.post("/pcf/shares", data=sent).status_code == 303
        assert desk.ledger.entries.size() == before
        shown = client.get("/pcf/shares", params={"pcf": pcf}).text
        assert "仅总量与证明" in shown
        assert f"/entries/{before - 1}" in shown
        total = client.get("/pcf/shares/preview", params={"pcf": pcf, "reader": HOUSE}).text
        assert "18.6" in total
        assert SECRET not in total
        turn(desk, pcf, HOUSE, "whole")
        assert SECRET in client.get("/pcf/shares/preview", params={"pcf": pcf, "reader": HOUSE}).text
        assert client.post("/pcf/shares", data={"pcf": pcf, f"to_{HOUSE}": "more"}).status_code == 400
        assert client.get("/pcf/shares/preview", params={"pcf": pcf, "reader": "nosuch"}).status_code == 400
    entry = desk.ledger.entries.entry(before - 1)
    assert (record_of(entry)["reader"], record_of(entry)["reach"]) == (HOUSE, "total")
