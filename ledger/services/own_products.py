"""
The products that a template is filled with: those its organisation stated something of, or was asked for.

``PROVIDERS`` is the whole list of where such products are known from; another source is a function and a line in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, Protocol

from ledger.ports import EntryStore, Projections
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import decode_body

MOST: Final = 2_000
"""Products in one template."""


class OwnProduct(NamedTuple):
    """A product by the code its organisation uses, and its name."""

    product: str
    name: str


class Known(Protocol):
    """What the providers ask; ``ledger.wiring.Ledger`` has it."""

    @property
    def entries(self) -> EntryStore:
        """Records themselves."""
        ...

    @property
    def projections(self) -> Projections:
        """Where they stand."""
        ...


Provider = Callable[[Known, str, str], Iterator[OwnProduct]]
"""Takes the ledger, a tenant and an organisation, empty for the house: then everyone's."""


def declared(ledger: Known, tenant: str, organisation: str) -> Iterator[OwnProduct]:
    """Products whose footprint it declared; the newest name of each."""
    facts = sorted(ledger.projections.facts(tenant, "product_footprint"), key=lambda fact: -fact.seq)[:MOST]
    entries = ledger.entries.gathered([fact.seq for fact in facts])
    for fact in facts:
        record = decode_body(entries[fact.seq].body, "product_footprint")
        assert isinstance(record, ProductFootprint)
        if not organisation or record.supplier == organisation:
            yield OwnProduct(record.product, record.name)


PROVIDERS: Final[tuple[Provider, ...]] = (declared,)


def own_products(ledger: Known, tenant: str, organisation: str) -> list[OwnProduct]:
    """Each product once, by its code, at most ``MOST``."""
    found: dict[str, OwnProduct] = {}
    for provider in PROVIDERS:
        for one in provider(ledger, tenant, organisation):
            if len(found) < MOST:
                found.setdefault(one.product, one)
    return sorted(found.values())
