"""What scans show of returnable packaging: how often its assets went out and came back, beside what is stated of it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache, partial
from typing import Final, NamedTuple

from ledger.identity import canonical
from ledger.lifecycle.stage import ENDED
from ledger.packaging.returns import Outings, Returns, Seen, as_shown, outings, returns
from ledger.ports import Lifecycles
from ledger.records.packaging import PackagingBill, PackagingComponent

MOST_ASSETS: Final = 200
"""Assets of a type whose scans are read, those first in the order of their codes."""
_SCANS: Final = 1_000


class Scanned(NamedTuple):
    """``more`` says that there are assets beyond ``MOST_ASSETS``, which are not in the figures."""

    type: str
    returns: Returns
    more: bool


class Stated(NamedTuple):
    """A component that is said to serve several times, and the scans of its type, ``None`` where it names none."""

    component: PackagingComponent
    scanned: Scanned | None

    @property
    def confirmed(self) -> bool:
        """Whether scans show as many cycles; if not, they are recorded and not confirmed by scans."""
        return self.scanned is not None and self.scanned.returns.shows(self.component.cycles)


Scans = Callable[[str], Scanned]
"""The single assets of a type, a GRAI without a serial number."""


def scans_of(lifecycles: Lifecycles, tenant: str) -> Scans:
    """What scans show in a tenant, each type read once."""
    return cache(partial(_scanned, lifecycles, tenant))


def stated_cycles(scans: Scans, bill: PackagingBill) -> list[Stated]:
    """Every component of a list that is said to serve more than once."""
    several = [one for one in bill.components if one.cycles > 1]
    return [Stated(one, scans(one.returnable) if one.returnable else None) for one in several]


def shown_by_scans(scans: Scans, bill: PackagingBill) -> PackagingBill:
    """The list with no more cycles than scans show."""
    types = {one.returnable for one in bill.components if one.cycles > 1 and one.returnable}
    return as_shown(bill, {name: scans(name).returns.cycles or Fraction(0) for name in types})


def _scanned(lifecycles: Lifecycles, tenant: str, returnable: str) -> Scanned:
    """Void scans count for nothing."""
    stem = canonical(returnable)
    held = lifecycles.assets(tenant, after=stem, limit=MOST_ASSETS + 1)
    own = [one for one in held if one.id.startswith(stem)]
    found = [_outings(lifecycles, tenant, one.id, one.life.stage) for one in own[:MOST_ASSETS]]
    return Scanned(stem, returns(found), len(own) > MOST_ASSETS)


def _outings(lifecycles: Lifecycles, tenant: str, code: str, stage: str) -> Outings:
    history = lifecycles.history(tenant, code, limit=_SCANS)
    scans = [
        Seen(row.event.step, row.event.disposition, row.event.place)
        for row in history
        if not row.voided and not row.event.voids
    ]
    return outings(scans, ended=stage in ENDED)
