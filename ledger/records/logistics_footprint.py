"""Footprints of shipments and of operation categories that the ledger derived and offers to partners."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf import PcfName, check_named
from ledger.records.transport_leg import Moment, Name

Of = Literal["hoc", "shipment", "toc"]
CategoryName = Annotated[str, Meta(pattern=r"^(hoc|toc):.{1,200}$")]
"""``toc:`` or ``hoc:`` and the category's id."""
Index = Annotated[int, Meta(ge=0)]


class LogisticsFootprint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    What was offered about a shipment, a TOC or a HOC (``name``), in the form of PACT 3.0 with its iLEAP extension.

    It is a statement at its time: what it follows from may be corrected later, and another then stands instead.
    ``supplier`` is the house that offers it. ``entries`` are the legs and stays of a shipment, ``routes`` what they
    were recorded on, ``categories`` what its elements are in. ``factor_set`` is the hash of the factors.
    """

    categories: Annotated[tuple[CategoryName, ...], Meta(max_length=20_000)] = ()
    entries: Annotated[tuple[Index, ...], Meta(max_length=100_000)] = ()
    factor_set: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    footprint: dict[str, Any]
    id: PcfName
    kind: Literal["logistics_footprint"]
    name: Name
    occurred_at: Moment
    of: Of
    routes: Annotated[tuple[Name, ...], Meta(max_length=1_000)] = ()
    supplier: Name
    version: Literal[1]

    @property
    def category(self) -> str:
        """A category's name among those of shipments."""
        return f"{self.of}:{self.name}"

    @property
    def received(self) -> None:
        """It never comes from a partner."""
        return


def check_logistics(record: LogisticsFootprint) -> None:
    """The footprint is in the form it is kept in; a shipment has legs and categories, a category has none."""
    check_named(record.id, record.footprint)
    parts = (record.categories, record.entries, record.routes)
    if any(bool(part) != (record.of == "shipment") for part in parts):
        raise contradiction(
            "a shipment, and nothing else, names entries, routes and categories",
            "只有货运才列出记录、线路与运营类别",
            "/entries",
        )
