"""
Further codes of an asset: it keeps its first code for life, whatever is stuck on it later.

An operator's GIAI on a supplier's SGTIN, a new tag for one that broke. An ObjectEvent ADD whose ILMD names ``aliasOf``
says so; its codes become names of that asset, and what was recorded under them before is the asset's too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Generic, NamedTuple

from ledger.lifecycle.anomaly import Anomaly
from ledger.lifecycle.event import Event, Key, Stated


class Claim(NamedTuple, Generic[Key]):
    """An entry that says a code is another name of an asset."""

    seq: int
    at: int
    alias: Key
    primary: Key


def claims(event: Event[Key]) -> list[Claim[Key]]:
    """What an event says of further codes."""
    if event.alias_of is None:
        return []
    return [Claim(event.seq, event.at, key, event.alias_of) for key in event.selves if key != event.alias_of]


def settle(found: Iterable[Claim[Key]]) -> tuple[dict[Key, Key], list[Anomaly[Key]]]:
    """
    The asset of each further code. The earliest claim on a code holds; a later one for another asset is flagged.

    So is a claim that would make an asset a name of itself.
    """
    primary: dict[Key, Key] = {}
    by: dict[Key, int] = {}
    conflicts: list[Anomaly[Key]] = []

    def root(key: Key) -> Key:
        while key in primary:
            key = primary[key]
        return key

    for claim in sorted(found, key=lambda claim: (claim.at, claim.seq)):
        asset = root(claim.primary)
        if claim.alias not in primary and asset != claim.alias:
            primary[claim.alias], by[claim.alias] = asset, claim.seq
        elif root(claim.alias) != asset or claim.alias not in primary:
            other = by.get(claim.alias, -1)
            conflicts.append(Anomaly(asset, "alias-conflict", claim.seq, other, claim.at, {}))
    return {key: root(key) for key in primary}, [c._replace(key=root(c.key)) for c in conflicts]


def aliases(events: Iterable[Event[Key]]) -> tuple[dict[Key, Key], list[Anomaly[Key]]]:
    """``settle`` for the claims of events."""
    return settle(claim for event in events for claim in claims(event))


def renamed(event: Event[Key], primary: Mapping[Key, Key]) -> Event[Key]:
    """The event with every code replaced by that of its asset."""
    if not primary or not any(key in primary for key in event.named()):
        return event

    def many(keys: tuple[Key, ...]) -> tuple[Key, ...]:
        return tuple(dict.fromkeys(primary.get(key, key) for key in keys))

    def stated(found: dict[Key, Stated]) -> dict[Key, Stated]:
        return {primary.get(key, key): value for key, value in found.items()}

    return event._replace(
        selves=many(event.selves),
        parent=None if event.parent is None else primary.get(event.parent, event.parent),
        children=many(event.children),
        inputs=many(event.inputs),
        outputs=many(event.outputs),
        amounts=stated(event.amounts) if event.amounts else event.amounts,
        tids={primary.get(key, key): tid for key, tid in event.tids.items()} if event.tids else event.tids,
    )
