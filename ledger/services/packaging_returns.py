"""What scans show of a returnable type of packaging: how often its assets went out and came back."""

from __future__ import annotations

from typing import Final, NamedTuple

from ledger.identity import canonical
from ledger.lifecycle.stage import ENDED
from ledger.packaging.returns import Outings, Returns, Seen, outings, returns
from ledger.ports import Lifecycles

MOST_ASSETS: Final = 200
"""Assets of a type whose scans are read, those first in the order of their codes."""
_SCANS: Final = 1_000


class Scanned(NamedTuple):
    """``more`` says that there are assets beyond ``MOST_ASSETS``, which are not in the figures."""

    type: str
    returns: Returns
    more: bool


def scanned(lifecycles: Lifecycles, tenant: str, returnable: str) -> Scanned:
    """The single assets of a type, a GRAI without a serial number. Void scans count for nothing."""
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
