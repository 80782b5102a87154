"""What the desk's pages show of requests, footprints and statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from html import unescape
from typing import Final, NamedTuple

from api.names import readable
from api.pages.catalogue import Translate
from api.pages.report_views import Line, Part, ReportView
from api.pages.words import Figure, at, figure, moment, segment
from api.paging import text_of
from ledger.desk.requests import RequestState
from ledger.desk.statement import signed_bytes
from ledger.desk.status import Stated
from ledger.footprint.amount import exact_text
from ledger.ports.drafts import Draft
from ledger.ports.letters import Letter
from ledger.ports.listing import Place
from ledger.records.pcf_request import By, Step
from ledger.records.pcf_review import PcfReview, uncorrected_kg
from ledger.services.pcf_requests import SOON, Counted
from ledger.services.pcf_standing import StoodFootprint

Names = Mapping[str, str]
"""What something is called, by its id."""
ROWS: Final = 3
"""Findings that the form takes at once."""


class RequestRow(NamedTuple):
    """A request in the list."""

    id: str
    product: str
    name: str
    supplier: str
    holder: str
    due: str
    days: int
    late: bool
    pressing: bool
    status: str
    wanted: str
    pcf: str


class DraftRow(NamedTuple):
    """A draft of a footprint, or one that was discarded and can be taken back."""

    id: str
    name: str
    at: datetime
    discarded: bool


class Boards(NamedTuple):
    """A page of requests that wait and one of those that ended, each with where its next begins, and counts of all."""

    counted: Counted
    waiting: tuple[list[RequestState], Place | None]
    ended: tuple[list[RequestState], Place | None]


class Known(NamedTuple):
    """Some declared products by code with their names, and how many there are."""

    names: Names
    total: int


class DeskView(NamedTuple):
    """Requests that wait, and those that ended; whom and what can be asked for."""

    counted: Counted
    waiting: list[RequestRow]
    more_waiting: str | None
    ended: list[RequestRow]
    more_ended: str | None
    products: list[tuple[str, str]]
    products_total: int
    suppliers: list[tuple[str, str]]
    may_ask: bool
    due: str
    drafts: list[DraftRow]


class StepRow(NamedTuple):
    """A step that was taken."""

    entry: int
    step: Step
    by: By
    at: datetime
    due: str
    days: int
    reason: str
    pcf: str
    organisation: str


class Choice(NamedTuple):
    """A footprint that can answer a request."""

    id: str
    said: str


class RequestPage(NamedTuple):
    """A request with its steps."""

    row: RequestRow
    words: str
    entry: int
    asked_at: datetime
    closes_on: str
    steps: list[StepRow]
    house: bool
    holds: bool
    own: list[Choice]
    latest: str
    letters: list[tuple[Letter, str]]
    """Letters that did not come through, with whom they were for."""


class FootprintRow(NamedTuple):
    """A footprint as it stands."""

    id: str
    entry: int
    name: str
    product: str
    supplier: str
    kg: Figure
    unit: str
    status: str
    valid_from: str
    valid_to: str
    made_of: str


class FootprintsView(NamedTuple):
    """Footprints in a list."""

    rows: list[FootprintRow]
    shown: str
    may_review: bool
    more: str | None
    """The address of the next page."""


class ReviewRow(NamedTuple):
    """A statement in the list."""

    id: str
    entry: int
    at: datetime
    provider: str
    verdict: str
    level: str
    reasons: str
    open: int


class FootprintPage(NamedTuple):
    """A footprint with its versions and statements."""

    row: FootprintRow
    sha256: str
    versions: list[FootprintRow]
    reviews: list[ReviewRow]
    may_review: bool
    may_restate: bool
    may_share: bool
    whole: bool
    rows: range


def desk_view(
    boards: Boards,
    today: date,
    parties: Names,
    known: Known,
    suppliers: list[tuple[str, str]],
    *,
    may_ask: bool,
    drafts: Sequence[Draft] = (),
) -> DeskView:
    """The board of the house, or the inbox of a supplier."""
    waiting, ended = ([_request(one, today, parties) for one in found] for found, _ in boards[1:])
    return DeskView(
        counted=boards.counted,
        waiting=waiting,
        more_waiting=text_of(boards.waiting[1]),
        ended=ended,
        more_ended=text_of(boards.ended[1]),
        products=[(readable(product), name) for product, name in sorted(known.names.items())],
        products_total=known.total,
        suppliers=suppliers,
        may_ask=may_ask,
        due=(today + timedelta(days=30)).isoformat(),
        drafts=[DraftRow(one.id, _draft_name(one), at(one.changed_at), bool(one.discarded_at)) for one in drafts],
    )


def _draft_name(one: Draft) -> str:
    """What a draft is about, as far as it was filled in."""
    return one.said.get("productNameCompany") or readable(one.said.get("product", "")) or one.id[:8]


def request_view(
    state: RequestState,
    today: date,
    parties: Names,
    own: Sequence[Stated],
    *,
    house: bool,
    holder: str,
    letters: list[tuple[Letter, str]],
) -> RequestPage:
    """One request; what a reader cannot do is not offered."""
    asked = state.request
    return RequestPage(
        row=_request(state, today, parties),
        words=asked.words or "",
        entry=state.entry,
        asked_at=asked.occurred_at,
        closes_on=state.closes_on.isoformat(),
        steps=[
            StepRow(
                entry,
                one.step,
                one.by,
                one.occurred_at,
                one.due.isoformat() if one.due else "",
                one.days or 0,
                one.reason or "",
                one.pcf or "",
                parties.get(one.organisation or "", one.organisation or one.person or ""),
            )
            for entry, one in state.steps
        ],
        house=house and state.is_open,
        holds=state.is_open and holder == state.holder,
        own=[
            Choice(one.id, f"{one.name} · {exact_text(one.kg_co2e)} kg CO₂e · {one.valid_from}")
            for one in own
            if readable(one.product) == readable(asked.product)
        ],
        latest=(state.due + timedelta(days=14)).isoformat(),
        letters=letters,
    )


def footprints_view(
    found: Sequence[StoodFootprint], parties: Names, *, shown: str, may_review: bool, more: str | None
) -> FootprintsView:
    """Footprints as they stand."""
    return FootprintsView([footprint_row(one, parties) for one in found], shown, may_review, more)


def footprint_page(
    one: StoodFootprint,
    versions: Sequence[StoodFootprint],
    parties: Names,
    *,
    may_review: bool,
    may_state: bool,
    may_share: bool,
    whole: bool,
) -> FootprintPage:
    """One footprint; its product's other ones beside it, the newest first."""
    return FootprintPage(
        row=footprint_row(one, parties),
        sha256=one.stated.sha256,
        versions=[footprint_row(each, parties) for each in versions],
        reviews=[
            ReviewRow(
                made.id,
                entry,
                made.occurred_at,
                made.provider,
                made.verdict,
                made.level,
                made.reasons or "",
                sum(finding.state == "open" for finding in made.findings),
            )
            for entry, made in reversed(one.reviews)
        ],
        may_review=may_review and one.standing.status != "superseded",
        may_restate=may_state and one.stated.kind == "pcf" and one.standing.status != "superseded",
        may_share=may_share,
        whole=whole,
        rows=range(ROWS),
    )


def statement_view(entry: int, made: PcfReview, escaped: Translate) -> ReportView:
    """A statement in full, what is signed and by whom among it."""

    def t(key: str) -> str:
        return unescape(escaped(key))

    signature = made.signature
    signer = t(f"desk.signed.{signature.by}") if signature else t("desk.signed.none")
    basis = [
        Line(t("desk.statement.footprint"), [made.pcf, f"SHA-256 {made.sha256}"]),
        Line(t("desk.supplier"), [made.supplier]),
        Line(t("desk.stated"), [f"{made.stated_kg_co2e} kg CO₂e"]),
        Line(t("desk.scope"), [made.scope]),
        Line(t("desk.level"), [t(f"desk.level.{made.level}")]),
        Line(t("desk.materiality"), [f"{made.materiality_pct} %"]),
    ]
    result = [
        Line(t("desk.verdict"), [t(f"desk.verdict.{made.verdict}")]),
        Line(t("desk.reasons"), [made.reasons] if made.reasons else []),
        Line(t("desk.uncorrected"), [f"{exact_text(uncorrected_kg(made))} kg CO₂e"]),
        Line(t("desk.valid-until"), [made.valid_until.isoformat()] if made.valid_until else []),
    ]
    findings = [
        Line(
            one.about,
            [
                f"{t(f'desk.severity.{one.severity}')} · {t(f'desk.finding.{one.state}')}"
                + (f" · {one.effect_kg_co2e} kg CO₂e" if one.effect_kg_co2e is not None else ""),
                one.words,
                *(f"SHA-256 {digest}" for digest in one.evidence),
            ],
        )
        for one in made.findings
    ]
    signed = [
        Line(t("desk.signed.by"), [signer, signature.key if signature else ""]),
        Line(t("desk.signed.what"), [t("desk.signed.bytes"), f"SHA-256 {_hash(made)}"]),
        Line(t("desk.signed.value"), [signature.value] if signature else []),
        Line(t("desk.entry"), [str(entry)]),
    ]
    parts = [Part(t("desk.statement.basis"), basis), Part(t("desk.statement.result"), result)]
    if findings:
        parts.append(Part(t("desk.findings"), findings))
    parts.append(Part(t("desk.statement.signature"), signed))
    return ReportView(
        kind="product",
        id=made.id,
        name=made.provider,
        title=t("desk.statement"),
        lead=t("desk.statement.lead"),
        made=moment(made.occurred_at),
        tally=t(f"desk.verdict.{made.verdict}"),
        warning=made.reasons or "" if made.verdict == "returned" else "",
        chart="",
        bars=[],
        parts=parts,
        none_stated=t("report.none-stated"),
        back=f"/pcf/{segment(made.pcf)}",
    )


def _hash(made: PcfReview) -> str:
    return sha256(signed_bytes(made)).hexdigest()


def _request(one: RequestState, today: date, parties: Names) -> RequestRow:
    days = one.days_left(today)
    return RequestRow(
        id=one.request.id,
        product=readable(one.request.product),
        name=one.request.product_name or "",
        supplier=parties.get(one.request.supplier, one.request.supplier),
        holder=parties.get(one.holder, one.holder) if one.holder != one.request.supplier else "",
        due=one.due.isoformat(),
        days=abs(days),
        late=days < 0,
        pressing=one.is_open and days <= SOON,
        status=one.status,
        wanted=one.wanted.isoformat() if one.wanted else "",
        pcf=one.pcf or "",
    )


def footprint_row(one: StoodFootprint, parties: Names) -> FootprintRow:
    """A footprint as lists show it."""
    said = one.stated
    amount = "" if said.amount == Fraction(1) else f"{exact_text(said.amount)} "
    return FootprintRow(
        id=said.id,
        entry=said.entry,
        name=said.name,
        product=readable(said.product),
        supplier=parties.get(said.supplier, said.supplier),
        kg=figure(said.kg_co2e),
        unit=f"{amount}{said.unit}",
        status=one.standing.status,
        valid_from=said.valid_from.isoformat(),
        valid_to=(said.valid_end - timedelta(days=1)).isoformat(),
        made_of=said.kind,
    )
