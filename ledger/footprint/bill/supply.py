"""What is declared about products and what their bills say, found by product, supplier and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct

from ledger.identity import canonical
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.product_footprint import ProductFootprint

Stated = tuple[int, ProductFootprint]
Billed = tuple[int, BillOfMaterials]
"""(entry index, record)."""


class Made(Struct, frozen=True, kw_only=True, gc=False):
    """The bill of a product that is taken for ``units`` pieces, and the ``day`` on which its parts must be valid."""

    product: str
    entry: int
    record: BillOfMaterials
    units: int
    day: date


class BillLine(Struct, frozen=True, kw_only=True, gc=False):
    """One line of a product's bill, in the entry that the bill is; ``component`` is a part's own product, or empty."""

    product: str
    entry: int
    name: str
    component: str = ""


@dataclass(frozen=True, slots=True)
class Supply:
    """
    Declarations and bills by canonical product, oldest first.

    A version holds on the days it is valid; of several versions valid on a day, the one entered last.
    """

    declared: Mapping[str, Sequence[Stated]] = field(default_factory=dict)
    bills: Mapping[str, Sequence[Billed]] = field(default_factory=dict)

    @classmethod
    def of(cls, declared: Iterable[Stated], bills: Iterable[Billed]) -> Supply:
        """From records as they stand in the log."""
        stated, billed = defaultdict[str, list[Stated]](list), defaultdict[str, list[Billed]](list)
        for one in sorted(declared, key=lambda told: told[0]):
            stated[canonical(one[1].product)].append(one)
        for two in sorted(bills, key=lambda told: told[0]):
            billed[canonical(two[1].product)].append(two)
        return cls(stated, billed)

    def declaration(self, product: str, supplier: str, day: date) -> tuple[Stated | None, str]:
        """
        The supplier's cradle-to-gate declaration valid on a day, or ``None`` and the code of the reason.

        One to the grave holds delivery, use and end of life: a part of something else takes none of these from it.
        """
        own = [told for told in self.declared.get(product, ()) if told[1].supplier == supplier]
        valid = [told for told in own if told[1].valid_from <= day <= told[1].valid_to]
        gate = [told for told in valid if told[1].boundary == "cradle_to_gate"]
        if gate:
            return gate[-1], "declared"
        if valid:
            return None, "declaration-to-grave"
        return None, "declaration-not-valid" if own else "no-declaration"

    def bill(self, product: str, maker: str | None, day: date) -> tuple[Billed | None, str]:
        """The bill valid on a day, of one maker or of any, or ``None`` and the code of the reason."""
        own = [told for told in self.bills.get(product, ()) if maker in {None, told[1].manufacturer}]
        valid = [told for told in own if told[1].valid_from <= day <= told[1].valid_to]
        if valid:
            return valid[-1], "own-bill"
        return None, "bill-not-valid" if own else "no-bill"

    def billed_on(self, day: date) -> tuple[Billed, ...]:
        """Every product's and maker's bill of a day, by product and maker."""
        makers = sorted({(name, told[1].manufacturer) for name, held in self.bills.items() for told in held})
        found = (self.bill(name, maker, day)[0] for name, maker in makers)
        return tuple(held for held in found if held is not None)


def parts_of(record: BillOfMaterials) -> set[str]:
    """The products that go into one, or are used up in its use, by canonical code."""
    used = record.use.inputs if record.use else ()
    return {canonical(line.product) for line in (*record.inputs, *used) if line.product is not None}
