"""What scanning devices keep of a tenant's things, and what a logistic unit should hold."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from api.pages.footprints import declared_name
from api.schemas.scans import ExpectedList, KnownPage, KnownThing
from api.wire import instant
from ledger.errors import IdentityError
from ledger.identity import canonical
from ledger.ports import AssetState
from ledger.wiring import Ledger

PAGE: Final = 1000
_VOCABULARIES: Final = (
    "https://ref.gs1.org/cbv/BizStep-",
    "https://ref.gs1.org/cbv/Disp-",
    "urn:epcglobal:cbv:bizstep:",
    "urn:epcglobal:cbv:disp:",
)


def known_page(ledger: Ledger, tenant: str, after: str) -> KnownPage:
    """A page of the tenant's things, by id."""
    states = ledger.projections.assets(tenant, after, PAGE)
    return KnownPage(things=_things(ledger, tenant, states), next_after=states[-1].id if len(states) == PAGE else None)


def known_things(ledger: Ledger, tenant: str, codes: list[str]) -> KnownPage:
    """The tenant's things of some codes in any form; what is not known, or another's, is left out."""
    states = []
    for code in codes:
        try:
            state = ledger.projections.asset(canonical(code))
        except IdentityError:
            continue
        if state is not None and state.tenant == tenant:
            states.append(state)
    return KnownPage(things=_things(ledger, tenant, states), next_after=None)


def _things(ledger: Ledger, tenant: str, states: list[AssetState]) -> list[KnownThing]:
    names = {product: declared_name(ledger, tenant, product) for product in {s.product for s in states} if product}
    return [
        KnownThing(
            id=state.id,
            name=names.get(state.product, ""),
            category="",
            step=_word(state.step),
            disposition=_word(state.disposition),
            place=state.place,
            at=instant(state.last_at),
            next=[],
        )
        for state in states
    ]


def _word(text: str) -> str:
    """The bare word of a CBV step or disposition; a word of another vocabulary as it is."""
    return next((text.removeprefix(stem) for stem in _VOCABULARIES if text.startswith(stem)), text)


class _Event(msgspec.Struct, rename="camel"):
    type: str = ""
    action: str = ""
    parent_id: str = msgspec.field(name="parentID", default="")
    child_epcs: list[str] = msgspec.field(name="childEPCs", default_factory=list)


class _Record(msgspec.Struct):
    event: _Event


class _Body(msgspec.Struct):
    record: _Record


_BODY: Final = msgspec.json.Decoder(_Body)


def expected_in(ledger: Ledger, tenant: str, parent: str) -> ExpectedList:
    """The things packed into a unit and not taken out, by the tenant's own events. Raises ``IdentityError``."""
    unit = canonical(parent)
    inside: dict[str, Any] = {}
    for index in ledger.projections.asset_entries(unit):
        entry = ledger.entries.entry(index)
        event = _BODY.decode(entry.body).record.event
        if entry.tenant != tenant or event.type != "AggregationEvent" or canonical(event.parent_id) != unit:
            continue
        children = [canonical(code) for code in event.child_epcs]
        if event.action == "ADD":
            inside |= dict.fromkeys(children)
        elif event.action == "DELETE":
            inside = {code: None for code in inside if children and code not in children}
    return ExpectedList(parent=unit, children=list(inside))
