"""What a supplier shows of one of its footprints to one reader: a switch, whose every turn is an entry."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from ledger.records.errors import contradiction
from ledger.records.transport_leg import Moment, Name

Reach = Literal["nobody", "total", "whole"]
"""How much is shown: nothing; total, validity, hash and sealed proof; or the record as it is."""
HOUSE: Final = "house"
"""The buyers: whoever runs the ledger and reads for it."""
VERIFIERS: Final = "verifiers"
"""Who reviews footprints, of the house or of an organisation of its own."""
TENDER: Final = "tender:"
"""Before the name of a tender: who scores its bids."""
_GRANTEE: Final = re.compile(r"house|verifiers|tender:.+|organisation:.+", re.DOTALL)
ORGANISATION: Final = "organisation:"
"""Before the id of a partner's organisation."""


class PcfShare(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``supplier`` shows ``reach`` of its footprint ``pcf`` (a record's id) to ``reader``.

    A reader is ``house``, ``verifiers``, ``organisation:`` and a partner's id, or ``tender:`` and a tender's name. The
    switch of the same footprint and reader that was recorded last counts, and only when the supplier's own people
    turned it.
    """

    id: Name
    kind: Literal["pcf_share"]
    occurred_at: Moment
    pcf: Name
    reach: Reach
    reader: Name
    supplier: Name
    version: Literal[1]


def check_share(record: PcfShare) -> None:
    """It names a reader that there can be."""
    if not _GRANTEE.fullmatch(record.reader):
        raise contradiction(
            "a reader is house, verifiers, organisation:ID or tender:NAME",
            "查看方须为 house、verifiers、organisation:编号 或 tender:名称",
            "/reader",
        )
