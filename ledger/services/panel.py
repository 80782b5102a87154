"""
The panel's marks before prices: recorded as one entry once bids are opened; until then no price is displayed.

What is kept from being seen is what the ledger displays. Whoever holds both released keys can open bids himself
(decision 0055).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from ledger.log.proof import record_of
from ledger.ports import Receipt
from ledger.scoring.bid import Bid
from ledger.scoring.form import from_form, to_form
from ledger.scoring.panel_marks import (
    PanelMark,
    PanelMarks,
    PanelMarksGiven,
    PanelMarksMissing,
    PanelNeedsSeal,
    check_marks,
    marked,
)
from ledger.scoring.scheme import Scheme
from ledger.services.sealed_bids import moment_at, opened_bids, sealing_of, submitter_of
from ledger.services.tender_desk import Desk, record_document, scheme_of


class Given(NamedTuple):
    """The recorded marks: their entry, when it was recorded, by whom, and what they are."""

    entry: int
    recorded_at: datetime
    submitter: str
    marks: tuple[PanelMark, ...]


class Panel(NamedTuple):
    """A tender's panel: what it marks, the opened bids, and the marks once they are recorded."""

    scheme: Scheme
    bids: tuple[Bid, ...]
    given: Given | None


def marks_given(desk: Desk, scheme: Scheme) -> Given | None:
    """The marks recorded for a scheme."""
    facts = desk.projections.facts(desk.tenant, "panel_marks", scheme.id)
    if not facts:
        return None
    entry = desk.entries.entry(facts[0].seq)
    marks = from_form(record_of(entry)["content"], PanelMarks)
    return Given(entry.index, moment_at(entry.recorded_at), submitter_of(entry), marks.marks)


def panel_seen(desk: Desk, tender: str) -> Panel:
    """The panel of a tender. Raises ``TenderAbsent``, ``SealingKeysMissing`` until its bids are opened."""
    scheme = scheme_of(desk, tender)
    return Panel(scheme, tuple(_opened(desk, scheme)), marks_given(desk, scheme))


def give_marks(desk: Desk, tender: str, marks: Sequence[PanelMark]) -> Receipt:
    """
    Record the panel's marks, once; from then on prices are displayed. The same again is the same entry.

    Raises ``TenderAbsent``, ``SealingKeysMissing``, ``PanelMarksWrong``, ``PanelMarksGiven``.
    """
    panel = panel_seen(desk, tender)
    ordered = tuple(sorted(marks, key=lambda one: (one.bidder, one.name)))
    if panel.given is not None and panel.given.marks != ordered:
        raise PanelMarksGiven(tender=tender, entry=panel.given.entry)
    check_marks(panel.scheme, [bid.bidder for bid in panel.bids], ordered)
    form = to_form(PanelMarks(scheme=panel.scheme.digest(), marks=ordered))
    return record_document(desk, "panel_marks", f"panel:{tender}", tender, form)


def prices_shown(desk: Desk, scheme: Scheme) -> bool:
    """Whether prices of a tender may be displayed: its panel, where it has one, gave its marks."""
    return not scheme.panel_names or marks_given(desk, scheme) is not None


def check_prices_shown(desk: Desk, scheme: Scheme) -> None:
    """Raise ``PanelMarksMissing`` while they may not."""
    if not prices_shown(desk, scheme):
        raise PanelMarksMissing(tender=scheme.id)


def with_marks(desk: Desk, scheme: Scheme, bids: Sequence[Bid]) -> list[Bid]:
    """The bids with the panel's marks, where the scheme has a panel. Raises ``PanelMarksMissing``."""
    if not scheme.panel_names:
        return list(bids)
    given = marks_given(desk, scheme)
    if given is None:
        raise PanelMarksMissing(tender=scheme.id)
    return [marked(bid, given.marks) for bid in bids]


def _opened(desk: Desk, scheme: Scheme) -> list[Bid]:
    if not scheme.panel_names:
        return []
    state = sealing_of(desk, scheme.id)
    if not state.is_sealed:
        raise PanelNeedsSeal(tender=scheme.id)
    return [one.bid for one in opened_bids(desk, state) if one.bid is not None]
