"""Paper that a tenant's tenders did not need: the projects are counted in the log, the rest is stated."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.claims.paper import PAPER, USUAL_SHEETS, Paperless, by_material, by_statement, paperless
from ledger.footprint.errors import NoEmissionFactor
from ledger.footprint.factor import Factor, FactorSet, FactorSource
from ledger.ports import Projections

Basis = Literal["material", "statement"]
"""Where g CO2e per sheet come from: the paper's mass and a sourced factor, or a published statement."""


class PaperSaved(NamedTuple):
    """The count, and the factor it rests on with its set; without one it rests on the statement."""

    saved: Paperless
    basis: Basis
    factor: Factor | None
    set: str


def paper_saved(
    projections: Projections, factors: FactorSource, tenant: str, sheets: int = USUAL_SHEETS, basis: Basis = "material"
) -> PaperSaved:
    """
    The count of a tenant's projects, which are tenders with a bid handed in electronically, sealed or open.

    Where the current factor set has no paper, the statement is what is left.
    """
    projects = projections.subject_count(tenant, ("bid", "sealed_bid"))
    content = factors.current()
    factor = _paper(content) if basis == "material" else None
    per_sheet = by_statement() if factor is None else by_material(Fraction(factor.wtw))
    count = paperless(projects, sheets, per_sheet)
    return PaperSaved(count, "statement" if factor is None else "material", factor, content.id)


def _paper(content: FactorSet) -> Factor | None:
    try:
        return content.factor(PAPER)
    except NoEmissionFactor:
        return None
