"""
Which witnesses the ledger asks to cosign its checkpoints, from this entry on.

The whole policy stands in the record, so that whoever reads the log later knows what "witnessed" meant at the time.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.transport_leg import Moment, Name

PolicyText = Annotated[str, Meta(min_length=1, max_length=65_536)]


class WitnessPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    ``policy`` (C2SP tlog-policy) is the file as it was put into force.

    ``cosigned`` of ``witnesses`` is what it asks for at least, counted when it was recorded; how they are grouped, the
    policy itself says.
    """

    cosigned: Annotated[int, Meta(ge=0, le=1_000)]
    id: Name
    kind: Literal["witness_policy"]
    occurred_at: Moment
    policy: PolicyText
    version: Literal[1]
    witnesses: Annotated[int, Meta(ge=0, le=1_000)]
