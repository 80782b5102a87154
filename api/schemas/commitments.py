"""Wire shapes of suppliers' pledges to the commitments."""

from __future__ import annotations

import msgspec

from ledger.programme.commitments import PledgeState
from ledger.records.pledge import CommitmentName


class ValueView(msgspec.Struct, frozen=True, kw_only=True):
    """The value that counts of a year, exact, and the line there, to 12 decimals."""

    year: int
    value: str
    line: str
    entry: int
    evidence: tuple[str, ...]


class PledgeView(msgspec.Struct, frozen=True, kw_only=True):
    """A pledge as it stands by its last value."""

    pledge: str
    entry: int
    supplier: str
    commitment: CommitmentName
    indicator: str
    unit: str
    base_year: int
    base_value: str
    target_year: int
    target_value: str
    state: PledgeState
    values: list[ValueView]


class PledgeList(msgspec.Struct, frozen=True, kw_only=True):
    """Pledges by commitment; ``next_after`` asks for the next page, and is null on the last."""

    pledges: list[PledgeView]
    next_after: str | None = None
