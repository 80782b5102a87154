"""Where the pages are: groups in a first row, the pages of the current group in a second."""

from __future__ import annotations

from typing import Final, NamedTuple

from api.permissions import Permission, may
from ledger.services.access import Principal


class Place(NamedTuple):
    """A page of the navigation: address, word, what a reader needs to be let in."""

    href: str
    label: str
    needs: Permission


class Group(NamedTuple):
    """Pages of one subject. A group of one has the word of its page."""

    label: str
    places: tuple[Place, ...]


GROUPS: Final = (
    Group("nav.home", (Place("/", "nav.home", "public"),)),
    Group("nav.supplier", (Place("/supplier", "nav.supplier", "supplier.start"),)),
    Group(
        "nav.work",
        (
            Place("/scan", "nav.scan", "capture"),
            Place("/records/new", "records.new", "work"),
            Place("/intake", "nav.intake", "work"),
            Place("/labels", "nav.labels", "labels.print"),
        ),
    ),
    Group(
        "nav.chain",
        (
            Place("/desk", "nav.desk", "pcf.read"),
            Place("/pcf", "nav.desk-footprints", "pcf.read"),
            Place("/certificates", "nav.certificates", "certificates.read"),
            Place("/assessments", "nav.assessments", "assessments.read"),
            Place("/commitments", "nav.commitments", "commitments.read"),
            Place("/catalogue", "nav.catalogue", "catalogue.read"),
            Place("/packaging", "nav.packaging", "packaging.read"),
            Place("/incentives", "nav.incentives", "incentives.read"),
        ),
    ),
    Group(
        "nav.assets", (Place("/assets", "nav.assets", "assets.read"), Place("/readers", "nav.readers", "events.read"))
    ),
    Group(
        "nav.footprints",
        (
            Place("/routes", "nav.routes", "footprints.read"),
            Place("/products", "nav.products", "footprints.read"),
            Place("/inventory", "nav.inventory", "footprints.read"),
            Place("/warehouses", "nav.warehouses", "warehouses.read"),
            Place("/targets", "nav.targets", "footprints.read"),
        ),
    ),
    Group(
        "nav.planning",
        (
            Place("/plans", "nav.plans", "plans.read"),
            Place("/cartons", "nav.cartons", "plans.read"),
            Place("/modes", "nav.modes", "plans.read"),
            Place("/savings", "nav.savings", "claims.read"),
        ),
    ),
    Group(
        "nav.basis",
        (
            Place("/factors", "nav.factors", "basis.read"),
            Place("/distances", "nav.distances", "basis.read"),
            Place("/claims", "nav.claims", "claims.read"),
            Place("/runs", "nav.runs", "footprints.read"),
            Place("/partners", "nav.partners", "partners.manage"),
            Place("/shipments", "nav.shipments", "shipments.offered"),
        ),
    ),
    Group(
        "nav.tenders",
        (
            Place("/tenders", "nav.tenders", "tenders.read"),
            Place("/schemes", "nav.schemes", "tenders.read"),
            Place("/bids", "nav.bids", "bids.read"),
            Place("/contracts", "nav.contracts", "contracts.read"),
        ),
    ),
    Group(
        "nav.parties",
        (
            Place("/organisations", "nav.organisations", "organisations.read"),
            Place("/people", "nav.people", "people.manage"),
            Place("/letters", "nav.letters", "people.manage"),
        ),
    ),
    Group(
        "nav.log",
        (
            Place("/entries", "nav.entries", "entries.read"),
            Place("/checkpoints", "nav.checkpoints", "public"),
            Place("/verifications", "nav.verifications", "verifications.read"),
            Place("/audit", "nav.audit", "audit.read"),
            Place("/verify", "nav.verify", "public"),
            Place("/replay", "nav.replay", "public"),
            Place("/disclosures", "nav.disclosures", "work"),
        ),
    ),
)
"""A new page is one line in its group. A signed-in reader is shown only what opens."""


class Item(NamedTuple):
    """One word of the navigation."""

    href: str
    label: str
    current: bool
    exact: bool


class Navigation(NamedTuple):
    """The groups, each leading to the first of its pages, and the pages of the group one is in, when it has several."""

    groups: list[Item]
    label: str
    pages: list[Item]


def navigation(path: str, principal: Principal) -> Navigation:
    """The navigation as it is at an address for a reader; everyone is shown what signing in would open."""
    groups: list[Item] = []
    label, pages = "", list[Item]()
    for group in GROUPS:
        shown = [p for p in group.places if principal.role == "public" or may(principal, p.needs)]
        if not shown:
            continue
        own = [Item(p.href, p.label, _under(path, p.href), path == p.href) for p in shown]
        here = any(item.current for item in own)
        groups.append(Item(own[0].href, group.label if len(own) > 1 else own[0].label, here, own[0].exact))
        if here and len(own) > 1:
            label, pages = group.label, own
    return Navigation(groups, label, pages)


def _under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(f"{href}/"))
