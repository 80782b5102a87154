"""What the pages of sealed tenders show, and what a bid's form is filled with."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from msgspec import json

from api.pages.tender_views import title_of
from api.pages.words import figure, moment
from api.parties import party_of
from api.permissions import may
from api.schemas.sealed_bids import SealingView
from api.scope import Scope
from ledger.errors import LedgerError, Locale
from ledger.log.proof import record_of
from ledger.records.sealed_bid import HOLDERS, Holder
from ledger.records.supplier_certificate import SupplierCertificate
from ledger.scoring.bid import Certificate, Footprint
from ledger.scoring.criterion import FOOTPRINT, PRICE, QUANTITY
from ledger.scoring.form import to_form
from ledger.scoring.own_records import FROM_LOG, SECOND_LIFE
from ledger.scoring.rational import plain
from ledger.scoring.scheme import Scheme
from ledger.services.certificates import held_by
from ledger.services.panel import prices_shown
from ledger.services.pcf_reviews import footprints_seen
from ledger.services.pcf_standing import StoodFootprint
from ledger.services.sealed_bids import Opened, opened_bids, sealing_of
from ledger.services.tender_desk import Desk

_WORDS = re.compile(r"[^a-z0-9]+")


class OfferRow(NamedTuple):
    """A tender in the list."""

    id: str
    title: str
    closes: str
    open: bool
    own: int
    bids: int
    stage: str


class BidsView(NamedTuple):
    """A page of the list. ``next`` is the address of the following one; empty at the end."""

    rows: list[OfferRow]
    next: str
    holds: bool


class CriterionRow(NamedTuple):
    """What is asked, for how many points, by which formula."""

    title: str
    unit: str
    points: str
    formula: str
    algebra: str


class Choice(NamedTuple):
    """Something of the bidder's own that a bid can name; ``record`` is what the sealed body then says."""

    label: str
    record: str


class SealRow(NamedTuple):
    """A seal of the reader's own, or any for the house."""

    entry: int
    supplier: str
    at: str
    commitment: str
    withdrawn: bool
    counts: bool


class OpenedRow(NamedTuple):
    """A bid after opening."""

    entry: int
    bidder: str
    price: str
    footprint: str
    problem: str


class BidPage(NamedTuple):
    """One sealed tender. ``holder`` is whose key the reader may make; empty for a bidder."""

    tender: str
    title: str
    basis: str
    closes: str
    open: bool
    currency: str
    quantity: str
    unit: str
    category_rule: str
    token: str
    criteria: list[CriterionRow]
    keys: list[tuple[Holder, bool, bool]]
    holder: str
    may_seal: bool
    may_make: bool
    may_release: bool
    purpose: str
    asked: list[str]
    asks_assets: bool
    """Whether the scheme credits pieces that had a first life."""
    footprints: list[Choice]
    certificates: list[Choice]
    pledges: list[str]
    seals: list[SealRow]
    last: str
    scheme: str
    opened: list[OpenedRow]
    priced: bool
    """Whether prices may be displayed: not before the panel's marks, where the tender has a panel."""
    is_opened: bool


def bid_view(scope: Scope, desk: Desk, seen: SealingView, token: str, locale: Locale) -> BidPage:
    """The page of a tender; a bidder's own footprints and certificates are offered as they stand."""
    state, party = sealing_of(desk, seen.tender), party_of(scope.principal)
    scheme, seals = state.scheme, [row for row in seen.bids if row.counts and not party.sees_all]
    may_seal = seen.open and may(scope.principal, "bids.seal")
    holder = _holder(scope) if may(scope.principal, "bids.open") else ""
    closed = desk.clock.now() > scheme.closes_at
    both = len(state.released) == len(HOLDERS)
    found = opened_bids(desk, state) if both and may(scope.principal, "tenders.read") else []
    priced = prices_shown(desk, scheme)
    purpose = {"tender": scheme.id, "scheme": seen.scheme, "supplier": party.organisation, **seen.keys}
    return BidPage(
        tender=scheme.id,
        title=title_of(scheme, locale),
        basis=scheme.basis,
        closes=moment(scheme.closes_at),
        open=seen.open,
        currency=scheme.currency,
        quantity=plain(scheme.quantity),
        unit=scheme.declared_unit,
        category_rule=scheme.category_rule if isinstance(scheme.category_rule, str) else "",
        token=token,
        criteria=_criteria(scheme, locale),
        keys=[(one, one in state.keys, one in state.released) for one in HOLDERS],
        holder=holder,
        may_seal=may_seal,
        may_make=bool(holder) and holder not in state.keys and not closed,
        may_release=bool(holder) and holder in state.keys and holder not in state.released and closed,
        purpose=json.encode(purpose).decode() if may_seal else "",
        asked=asked_of(scheme),
        asks_assets=SECOND_LIFE in scheme.reads,
        footprints=_footprints(scope, scheme, locale) if may_seal else [],
        certificates=_certificates(scope, desk, party.organisation) if may_seal else [],
        pledges=[gate.name for gate in scheme.gates if gate.kind == "pledge"],
        seals=[
            SealRow(row.entry, row.supplier, moment(row.recorded_at), row.commitment, row.withdrawn, row.counts)
            for row in seen.bids
        ],
        last=seals[-1].commitment if seals and seen.open else "",
        scheme=seen.scheme,
        opened=[_opened(one, locale, priced=priced) for one in found],
        priced=priced,
        is_opened=bool(found) or both,
    )


def asked_of(scheme: Scheme) -> list[str]:
    """Names of test results and marks that a bidder states: what is read and nobody else states."""
    keys = {amount.key for amount in scheme.amounts}
    read = [c.reads for c in scheme.criteria] + [name for a in scheme.amounts for name in a.inputs.values()]
    aside = {PRICE, FOOTPRINT, QUANTITY, *keys, *scheme.panel_names, *FROM_LOG}
    return [name for name in dict.fromkeys(read) if name not in aside]


def _holder(scope: Scope) -> Holder:
    return "auditor" if scope.principal.role == "auditor" else "buyer"


def _criteria(scheme: Scheme, locale: Locale) -> list[CriterionRow]:
    zh = locale == "zh-CN"
    return [
        CriterionRow(
            c.title_zh if zh else c.title_en,
            c.unit,
            plain(c.weight),
            c.rule.title_zh if zh else c.rule.title_en,
            c.rule.algebra,
        )
        for c in scheme.criteria
    ]


def _footprints(scope: Scope, scheme: Scheme, locale: Locale) -> list[Choice]:
    """The bidder's own footprints in the tender's unit, the reviewed ones first."""
    held = footprints_seen(scope.ledger, party_of(scope.principal))
    fit = [one for one in held if one.stated.unit == scheme.declared_unit and one.standing.status != "superseded"]
    return [_footprint(scope, one, scheme, locale) for one in sorted(fit, key=lambda o: not o.standing.is_verified)]


def _footprint(scope: Scope, one: StoodFootprint, scheme: Scheme, locale: Locale) -> Choice:
    stated, review = one.stated, one.standing.review
    verified = one.standing.is_verified and review is not None
    boundary = str(record_of(scope.ledger.entries.entry(stated.entry)).get("boundary") or "cradle_to_gate")
    made = Footprint(
        status="verified" if verified else "unverified",
        value=stated.kg_per_unit,
        declared_unit=stated.unit,
        boundary=scheme.boundary if _same(boundary, scheme.boundary) else boundary,
        verifier=review.provider if verified and review else None,
        valid_from=stated.valid_from,
        valid_to=stated.valid_end - timedelta(days=1),
        evidence=stated.id,
    )
    zh = locale == "zh-CN"
    said = ("已核查" if zh else "verified") if verified else ("未核查" if zh else "not verified")
    label = f"{stated.name or stated.id} · {figure(stated.kg_per_unit).shown} kg CO₂e/{stated.unit} · {said}"
    return Choice(label, json.encode(to_form(made)).decode())


def _same(one: str, other: str) -> bool:
    return _WORDS.sub("", one.lower()) == _WORDS.sub("", other.lower())


def _certificates(scope: Scope, desk: Desk, supplier: str) -> list[Choice]:
    held = held_by(scope.ledger, scope.tenant, supplier, desk.clock.now())
    return [Choice(*_certificate(one.certificate)) for one in held]


def _certificate(one: SupplierCertificate) -> tuple[str, str]:
    made = Certificate(
        scheme=one.scheme, number=one.number, issuer=one.issuer, valid_from=one.valid_from, valid_to=one.valid_to
    )
    return f"{one.scheme} · {one.number} · {one.issuer} · {one.valid_to}", json.encode(to_form(made)).decode()


def _opened(one: Opened, locale: Locale, *, priced: bool) -> OpenedRow:
    error: LedgerError | None = one.error
    return OpenedRow(
        entry=one.row.entry,
        bidder=one.bid.bidder if one.bid else one.row.bid.supplier,
        price=figure(one.bid.price).shown if one.bid and priced else "–",
        footprint=figure(one.bid.footprint.value).shown if one.bid and one.bid.footprint.value else "–",
        # What is wrong with a bid may name its price: until prices are displayed its code alone is told.
        problem="" if error is None else error.message(locale) if priced else error.code,
    )
