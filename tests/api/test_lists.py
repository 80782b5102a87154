"""Lists over HTTP: pages follow each other by the address that each one gives, on page and interface."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest

from ledger.services.project import catch_up
from ledger.services.tenders import PAGE
from tests.api.direct import Direct
from tests.api.house import House
from tests.builders import captured
from tests.unit.scoring.tender import full_scheme
from tests.unit.services.test_lists import document

TENDERS = [f"T {number:03}/采购" for number in range(PAGE + 3)]
_NEXT = re.compile(r'<a href="([^"]+)" rel="next">')


@pytest.fixture(scope="module")
def owner(house: House) -> Iterator[Direct]:
    """Who sees everything, of a house with more tenders than a page shows."""
    ledger, content = house.ledger, full_scheme().to_record()
    captured(ledger, [document("scheme", name, content | {"id": name}, 1) for name in TENDERS])
    captured(ledger, [document("bid", TENDERS[0], {"bidder": "a"}, 1), document("score_sheet", "of before", {}, 1)])
    catch_up(ledger.entries, ledger.projections)
    with Direct(house, "owner") as client:
        yield client


def walked(client: Direct, path: str, name: str) -> list[Any]:
    """An answer's list read to its end."""
    found, after = list[Any](), None
    while True:
        more = f"{path}&after={quote(str(after))}" if after is not None else path
        answer = client.get(more).json()
        found += answer[name]
        if (after := answer["next_after"]) is None:
            return found


def following(client: Direct, path: str) -> list[str]:
    """The pages from an address on, as text."""
    found = [client.get(path).text]
    while link := _NEXT.search(found[-1]):
        found.append(client.get(unescape(link[1])).text)
    return found


def test_tenders_in_pages(owner: Direct) -> None:
    """Each once by name with what the log holds of it; the page says how many there are, and keeps what was chosen."""
    rows = walked(owner, "/api/v1/tenders?limit=20", "tenders")
    assert [one["tender"] for one in rows] == sorted([*TENDERS, "of before"])
    assert rows[0] == {"tender": TENDERS[0], "schemes": 1, "bids": 1, "score_sheets": 0}
    pages = following(owner, "/tenders?sheets=7")
    assert [text.count("<tr><th") for text in pages] == [PAGE + 1, 4], "a head and the rows"
    assert all(f"{PAGE + 3}" in text and 'value="7"' in text for text in pages)
    assert TENDERS[-1] in pages[1]
    assert len(following(owner, "/schemes")) == 2
    assert owner.get("/api/v1/tenders?after=%00").status_code == 400
