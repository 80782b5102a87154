"""What products are called: their code as people read it, and the name that a declared footprint gives them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ledger.errors import IdentityError
from ledger.identity import parse
from ledger.log.proof import record_of
from ledger.wiring import Ledger


def readable(identity: str) -> str:
    """A product by its GS1 element string where it has one, else as stated."""
    with suppress(IdentityError):
        return parse(identity).element_string()
    return identity


def declared_name(ledger: Ledger, tenant: str, product: str) -> str:
    """What the latest declared footprint of a product calls it; empty without one."""
    return declared_names(ledger, tenant, [product]).get(product, "")


def declared_names(ledger: Ledger, tenant: str, products: Iterable[str] | None = None) -> dict[str, str]:
    """The same of some products, or of every product that has one."""
    known, kind = ledger.projections, "product_footprint"
    found = known.facts(tenant, kind) if products is None else known.facts_of(tenant, kind, list(products))
    latest = {fact.subject: fact.seq for fact in found}
    entries = ledger.entries.gathered(list(latest.values()))
    return {product: str(record_of(entries[seq])["name"]) for product, seq in latest.items()}
