"""The organisations behind the contract by interface and page: who sees them, who could anchor after a block."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from ledger.services.organisations import add_organisation
from tests.api.direct import Direct
from tests.api.house import House, served
from tests.builders import captured
from tests.organisations_story import account, name_hash, story


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with served(tmp_path_factory.mktemp("home")) as house:
        ledger = house.ledger
        tenant = ledger.settings.tenant
        add_organisation(
            ledger.organisations, ledger.clock, ledger.random, tenant=tenant, name="北方电缆", kind="partner"
        )
        captured(ledger, story("北方电缆", "south", "east"), tenant)
        yield house


def test_the_interface_says_who_could_anchor_and_when(house: House) -> None:
    """Now, while it was paused, and before it was founded; keys with the sizes they were in force for."""
    with Direct(house, "auditor") as auditor:
        now = auditor.get("/api/v1/consortium").json()
        paused = auditor.get("/api/v1/consortium?block=102").json()
        before = auditor.get("/api/v1/consortium?block=99").json()
        page = auditor.get("/api/v1/consortium?limit=3").json()
        older = auditor.get(f"/api/v1/consortium?limit=3&before={page['next_before']}").json()
    assert (now["paused"], now["may_anchor"], now["quorum"]) == (False, [account(90)], 2)
    assert (paused["paused"], paused["may_anchor"]) == (True, [])
    assert (before["organisations"], before["may_anchor"]) == ([], [])
    north = now["organisations"][0]
    assert (north["name"], north["organisation"]) == ("北方电缆", name_hash("北方电缆"))
    assert [(key["from_size"], key["until_size"]) for key in north["keys"]] == [("1", "5000"), ("5000", None)]
    told = [one["change"]["act"] for one in page["changes"] + older["changes"]]
    assert told == ["key_registered", "key_ended", "resumed", "carried", "approved", "proposed"]


def test_the_page_shows_them_to_who_signed_in(house: House) -> None:
    """The section names organisations, keys and decisions, also as of a block; the public sees none of it."""
    with Direct(house, "auditor") as auditor:
        text = words(auditor.get("/checkpoints").text)
        paused = words(auditor.get("/checkpoints?block=102").text)
        assert auditor.get("/checkpoints?block=").status_code == 200
        assert auditor.get("/checkpoints?block=x").status_code == 400
    for said in (
        "北方电缆",
        "2 of 3 organisations",
        "sizes 1 to 4,999",
        "from size 5,000 on",
        "Proposed: pause anchoring",
    ):
        assert said in text
    assert "Anchoring is paused." not in text
    assert "After block 102: nobody may anchor; it was paused." in paused
    with Direct(house, "nobody") as public:
        assert "北方电缆" not in public.get("/checkpoints").text
        assert public.get("/api/v1/consortium").status_code == 401
    with Direct(house, "other") as other:
        assert other.get("/api/v1/consortium").json()["organisations"] == []


def words(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text.replace("<wbr>", ""))))
