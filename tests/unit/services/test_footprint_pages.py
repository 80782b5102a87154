"""Footprints page by page: each once, the newest first, of both kinds; a supplier's own alone."""

from __future__ import annotations

from pathlib import Path

from ledger.services.capture import Submission
from ledger.services.pcf import publish
from ledger.services.pcf_requests import Party
from ledger.services.pcf_reviews import footprints_page, footprints_seen
from tests.builders import TENANT, captured, opened, pcf
from tests.pact.partner import footprint


def test_pages_are_the_list(tmp_path: Path) -> None:
    """Walked by any page size; short pages of who sees few among many lead on."""
    with opened(tmp_path) as ledger:
        captured(ledger, [pcf(f"declared:{number}", supplier=("org-a", "org-b")[number % 2]) for number in range(7)])
        for number in range(1, 5):
            publish(ledger, Submission(TENANT, "owner"), footprint(number), supplier="org-a")
        captured(ledger, [pcf("declared:last", supplier="org-a")])
        for party in (Party(TENANT, "h"), Party(TENANT, "s", "org-a", sees_all=False)):
            every = footprints_seen(ledger, party)
            assert len(every) == (12 if party.is_house else 9)
            for limit in (1, 4, 12, 99):
                found, before = footprints_page(ledger, party, limit=limit)
                while before is not None:
                    assert len(found) % limit == 0
                    more, before = footprints_page(ledger, party, before, limit)
                    found += more
                assert found == every
