"""Who can be shown a footprint, and how the switches of one stand: for the page and the interface alike."""

from __future__ import annotations

from typing import NamedTuple

from api.faults import ParameterRefused
from api.parties import party_names
from ledger.records.pcf_share import HOUSE, ORGANISATION, TENDER, VERIFIERS, Reach
from ledger.services.access import Principal
from ledger.services.capture import Submission
from ledger.services.pcf_shelf import covers
from ledger.services.pcf_sight import Subject, Turned, own_subject, turn
from ledger.services.project import catch_up
from ledger.wiring import Ledger


class Reader(NamedTuple):
    """Who can be shown a footprint, what it is called (empty: by its kind), and how much it sees now."""

    reader: str
    name: str
    reach: Reach

    @property
    def sort(self) -> str:
        """``house``, ``verifiers``, ``organisation`` or ``tender``."""
        return self.reader.partition(":")[0]


class Switches(NamedTuple):
    """The switches of one footprint with their history, the newest first."""

    subject: Subject
    readers: list[Reader]
    turns: list[Turned]


def switches_of(ledger: Ledger, principal: Principal, pcf: str) -> Switches:
    """How a footprint's switches stand, for its supplier. Raises ``FootprintAbsent``."""
    catch_up(ledger.entries, ledger.projections)
    tenant = principal.tenant
    subject = own_subject(ledger.entries, tenant, principal.organisation, pcf)
    sealed = ledger.projections.subjects(tenant, ("sealing_key",))
    named = [(HOUSE, ""), (VERIFIERS, "")]
    named += [
        (f"{ORGANISATION}{one.id}", one.name) for one in ledger.organisations.listed(tenant) if one.kind == "partner"
    ]
    named += [(f"{TENDER}{name}", name) for name in sealed]
    readers = [Reader(who, name, seen_by(ledger, tenant, subject, who)) for who, name in named]
    return Switches(subject, readers, ledger.sight.history(tenant, pcf, subject.supplier))


def seen_by(ledger: Ledger, tenant: str, subject: Subject, reader: str) -> Reach:
    """How much a reader sees of a footprint, the grants of the house counted."""
    kind, _, name = reader.partition(":")
    shared = False
    if kind == "organisation" and subject.kind == "pcf":
        held = ledger.exchange.shelf.pcf(subject.entry)
        shared = any(covers(one, held) for one in ledger.exchange.shelf.grants(tenant, to=name))
    return ledger.sight.reach(tenant, reader, subject._replace(granted=shared))


def turned(ledger: Ledger, principal: Principal, pcf: str, reader: str, reach: Reach) -> None:
    """Turn a switch, of a reader that there is. Raises ``FootprintAbsent`` and ``ParameterRefused``."""
    found = switches_of(ledger, principal, pcf)
    if reader not in {one.reader for one in found.readers}:
        raise ParameterRefused(name="reader", why=reader[:100])
    turn(ledger, Submission.of(principal), pcf, reader, reach)


def reader_name(ledger: Ledger, tenant: str, reader: str) -> str:
    """What a reader of a past turn is called; empty for the house and for verifiers."""
    _, _, name = reader.partition(":")
    return party_names(ledger, tenant).get(name, name)
