"""
Partners told of footprints: of new and deprecated ones that they may see, and of earlier ones that a supplier's switch
shows them now.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from ledger.ports.exchange import ExchangeStore, Partner
from ledger.records.pcf_share import ORGANISATION, PcfShare
from ledger.records.record import decode_body
from ledger.services.outbox import Outbox
from ledger.services.pcf_shelf import Held, PcfAbsent, PcfNotShared, Shelf, Viewer

_PCF = "pcf:"
"""In front of a footprint's own id in the id of its record."""


def announce(store: ExchangeStore, shelf: Shelf, outbox: Outbox) -> int:
    """
    Put down an event for every partner and each footprint, once in a round; how many there were.

    What happened is looked at once: its event is named after the entry, so that a round that was cut short says the
    same again and no more.
    """
    told = 0
    for partner in store.every_partner():
        name = f"announced {partner.organisation}"
        mark = store.mark(partner.tenant, name)
        last, said = mark, set[str]()
        for entry, held in (*_changed(shelf, partner, mark), *_shown(shelf, partner, mark)):
            last = max(last, entry + 1)
            if held is not None and held.id not in said:
                said.add(held.id)
                event = str(uuid5(NAMESPACE_URL, f"{outbox.domain} published {entry} {partner.organisation}"))
                outbox.put(partner, partner.wire, "published", event, {"pfIds": [held.id]})
        told += len(said)
        if last > mark:
            store.set_mark(partner.tenant, name, last)
    return told


def _changed(shelf: Shelf, partner: Partner, start: int) -> Iterator[tuple[int, Held | None]]:
    """What is new or deprecated from an entry on; ``None`` for what a partner may not see, or sent itself."""
    viewer = Viewer(partner.tenant, partner.organisation, house=False)
    for entry, held in shelf.changes(partner.tenant, start):
        yield entry, held if held.record.received is None and shelf.sees(viewer, held) else None


def _shown(shelf: Shelf, partner: Partner, start: int) -> Iterator[tuple[int, Held | None]]:
    """What switches show a partner whole from an entry on, and do so still."""
    ledger, viewer = shelf.ledger, Viewer(partner.tenant, partner.organisation, house=False)
    for fact in ledger.projections.facts(partner.tenant, "pcf_share", after=start - 1):
        share = decode_body(ledger.entries.entry(fact.seq).body, "pcf_share")
        assert isinstance(share, PcfShare)
        mine = share.reader == f"{ORGANISATION}{partner.organisation}" and share.reach == "whole"
        yield fact.seq, _seen(shelf, viewer, share.pcf) if mine else None


def _seen(shelf: Shelf, viewer: Viewer, name: str) -> Held | None:
    try:
        held = shelf.get(viewer, name.removeprefix(_PCF)) if name.startswith(_PCF) else None
    except (PcfAbsent, PcfNotShared):
        return None
    return held if held is not None and held.record.received is None else None
