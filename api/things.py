"""What scanning devices keep of a tenant's things, and what a logistic unit should hold."""

from __future__ import annotations

from typing import Final

from api.names import declared_names
from api.schemas.scans import ExpectedList, KnownPage, KnownThing
from api.wire import instant
from ledger.errors import IdentityError
from ledger.identity import canonical
from ledger.lifecycle.stage import next_steps
from ledger.lifecycle.vocabulary import word
from ledger.ports import AssetFilter, AssetLife
from ledger.wiring import Ledger

PAGE: Final = 1000
LONGEST_LIST: Final = 20_000
_ALL: Final = AssetFilter(kind="")


def known_page(ledger: Ledger, tenant: str, after: str) -> KnownPage:
    """A page of the tenant's things, by id."""
    lives = ledger.lifecycles.assets(tenant, _ALL, after, PAGE)
    return KnownPage(things=_things(ledger, tenant, lives), next_after=lives[-1].id if len(lives) == PAGE else None)


def known_things(ledger: Ledger, tenant: str, codes: list[str]) -> KnownPage:
    """The tenant's things of some codes in any form; what is not known, or another's, is left out."""
    lives = []
    for code in codes:
        try:
            found = ledger.lifecycles.asset(tenant, canonical(code))
        except IdentityError:
            continue
        if found is not None:
            lives.append(found)
    return KnownPage(things=_things(ledger, tenant, lives), next_after=None)


def _things(ledger: Ledger, tenant: str, lives: list[AssetLife]) -> list[KnownThing]:
    names = declared_names(ledger, tenant, {a.product for a in lives if a.product})
    return [
        KnownThing(
            id=asset.id,
            name=names.get(asset.product, ""),
            category=asset.life.category,
            step=word(asset.life.step),
            disposition=word(asset.life.disposition),
            place=asset.life.place,
            at=instant(max(0, asset.life.last_at)),
            next=list(dict.fromkeys(step for row in next_steps(asset.life.stage) for step in row.steps)),
        )
        for asset in lives
    ]


def expected_in(ledger: Ledger, tenant: str, parent: str) -> ExpectedList:
    """The things in a unit now, by the tenant's own events. Raises ``IdentityError``."""
    unit = canonical(parent)
    inside = ledger.lifecycles.contents(tenant, unit, limit=LONGEST_LIST)
    return ExpectedList(parent=unit, children=[asset.id for asset in inside])
