"""All bills of materials of a tenant, rolled up together: a part once, however many products it goes into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ledger.footprint.amount import exact_text
from ledger.footprint.bill.network import network
from ledger.footprint.factor import FactorSource
from ledger.identity import canonical
from ledger.ports import Projections
from ledger.records.bill_of_materials import BillOfMaterials


@dataclass(frozen=True, slots=True)
class BillTotal:
    """
    A maker's bill from cradle to gate, ``kg`` per declared unit [kg CO2e], exact; ``entry`` is its place in the log.

    Not ``complete`` when a line of it, or of what it needs, could not be computed.
    """

    entry: int
    record: BillOfMaterials
    kg: Fraction
    complete: bool

    @property
    def product(self) -> str:
        """The canonical identity."""
        return canonical(self.record.product)

    def to_record(self) -> dict[str, object]:
        """JSON-able, the figure as exact text."""
        return {
            "product": self.product,
            "manufacturer": self.record.manufacturer,
            "declared_unit": self.record.declared_unit,
            "bill": {"id": self.record.id, "entry": self.entry},
            "cradle_to_gate_kg": exact_text(self.kg),
            "complete": self.complete,
        }


def all_bills(
    projections: Projections, factors: FactorSource, tenant: str, day: date, factor_set: str | None = None
) -> list[BillTotal]:
    """
    Every bill valid on a day, by product and maker, circles solved. Raises ``GraphUnsolvable``, ``CircleTooWide``.

    A product's own page (``footprints.product_footprint``) reads its bill line by line and refuses a circle, because
    a line's figure then has no end to be shown.
    """
    chosen = factors.factor_set(factor_set) if factor_set else factors.current()
    found = network(projections.cube(tenant).supply, chosen, day)
    values, short = found.rolled_up(), found.short()
    return [BillTotal(entry, record, values[entry], entry not in short) for entry, record in found.bills]
