"""
Records whose content another part of the core defines: schemes, bids, marks, score sheets, cards.

The content is plain JSON data in that part's own record form; the part validates it before it becomes a record.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from ledger.records.transport_leg import Moment, Name


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A scheme, a bid, a panel's marks, a score sheet of a tender, or a robustness card."""

    content: dict[str, Any]
    id: Name
    kind: Literal["bid", "panel_marks", "robustness_card", "scheme", "score_sheet"]
    occurred_at: Moment
    tender: Name
    version: Literal[1]
