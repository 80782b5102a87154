"""Contracts after an award: recorded from a score sheet, and compared with what scans, legs and reviews show since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final, NamedTuple, Protocol

import msgspec

from ledger.errors import IdentityError, ScoringError
from ledger.identity import canonical
from ledger.log.proof import record_of
from ledger.ports import Clock, Lifecycles, Random, Receipt
from ledger.records.contract import Contract, check_contract, month_number
from ledger.records.record import decode_body
from ledger.scoring.award import ScoreSheet, replay
from ledger.scoring.bid import NO_FOOTPRINT, Footprint
from ledger.scoring.promise import Arrived, Kept, kept
from ledger.services.capture import Submission, capture_one
from ledger.services.corrections import withdrawal_of
from ledger.services.footprints import SubjectAbsent, product_footprint
from ledger.services.inventory import Inventories
from ledger.services.organisations import OrganisationStore
from ledger.services.pcf_requests import Party
from ledger.services.pcf_standing import StoodFootprint, footprints_of, standings
from ledger.services.project import catch_up

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
PAGE: Final = 100
MOST_AWARDS: Final = 200
"""Tenders that a new contract is offered for."""


class Contracting(Inventories, Protocol):
    """What contracts need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def lifecycles(self) -> Lifecycles:
        """Which pieces had a life before."""
        ...

    @property
    def organisations(self) -> OrganisationStore:
        """Whom a bidder's name means."""
        ...

    @property
    def clock(self) -> Clock:
        """When a contract is recorded."""
        ...

    @property
    def random(self) -> Random:
        """Salts."""
        ...


class ContractAbsent(ScoringError):
    """There is no such contract, or it is another supplier's."""

    code = "scoring.contract-absent"
    contract: str
    en = "there is no contract {contract}"
    zh = "没有合同 {contract}"
    fix_en = "Compare the id with the list of contracts"
    fix_zh = "请与合同列表核对编号"


class ContractUnfounded(ScoringError):
    """A contract does not follow from the score sheet it names."""

    code = "scoring.contract-unfounded"
    contract: str
    why: str
    why_zh: str
    en = "contract {contract} does not follow from its score sheet: {why}"
    zh = "合同 {contract} 与其评分表不符：{why_zh}"
    fix_en = "Name the latest score sheet of the tender, its winner, and months from the closing on"
    fix_zh = "请填写该招标最新的评分表、其中选供应商，以及截标之后的月份"


class Lives(NamedTuple):
    """Tagged pieces of the product that the log knows, and how many times one went back into use."""

    pieces: int
    reused: int


class Award(NamedTuple):
    """A tender's newest sheet, who won by it, and the month in which bids closed."""

    tender: str
    sheet: str
    winner: str
    closed: str


class Held(NamedTuple):
    """A contract with its entry, the sheet it rests on, how it was kept, and the lives of its product's pieces."""

    entry: int
    contract: Contract
    sheet: ScoreSheet
    sheet_entry: int
    kept: Kept
    lives: Lives


def record_contract(ledger: Contracting, submission: Submission, contract: Contract) -> Receipt:
    """
    Record a contract; its supplier becomes the winner's organisation, where it is one of the tenant's.

    Raises ``ContractUnfounded`` where it does not follow from its sheet, ``IdentityError`` for a product that is none,
    a conflict for an id that is taken.
    """
    check_contract(contract)
    ids = {one.name: one.id for one in ledger.organisations.listed(submission.tenant)}
    _, sheet = _sheet(ledger, submission.tenant, contract)
    winner = sheet.winner or "-"
    if contract.supplier not in {winner, ids.get(winner, winner)}:
        raise _unfounded(
            contract, f"{winner} won, not {contract.supplier}", f"中选的是 {winner}，不是 {contract.supplier}"
        )
    if not any(one.bidder == winner for one in sheet.footprints):
        raise _unfounded(contract, "it scored no footprint", "该评分表未对碳足迹评分")
    if contract.first_month < f"{sheet.scheme.closing_day:%Y-%m}":
        closed = sheet.scheme.closing_day.isoformat()
        raise _unfounded(contract, f"bids closed later, on {closed}", f"截标日期更晚：{closed}")
    supplier, product = ids.get(winner, winner), canonical(contract.product)
    outcome = capture_one(ledger, submission, msgspec.structs.replace(contract, supplier=supplier, product=product))
    catch_up(ledger.entries, ledger.projections)
    return outcome


def contracts_page(
    ledger: Contracting, party: Party, before: int | None = None, limit: int = PAGE
) -> tuple[list[tuple[int, Contract]], int | None]:
    """
    At most ``limit`` contracts a party may see, the newest first, from below an entry on: all of the tenant for the
    house, else its own; and the last one's entry, where more follow.
    """
    catch_up(ledger.entries, ledger.projections)
    supplier = None if party.sees_all else party.organisation
    facts = ledger.projections.last_facts(party.tenant, "contract", supplier, before=before, limit=limit + 1)
    entries = ledger.entries.gathered([fact.seq for fact in facts[:limit]])
    found = ((at, decode_body(entries[at].body, "contract")) for at in sorted(entries, reverse=True))
    more = facts[limit - 1].seq if len(facts) > limit else None
    return [(at, one) for at, one in found if isinstance(one, Contract)], more


def contract_seen(ledger: Contracting, party: Party, name: str) -> tuple[int, Contract]:
    """One of them. Raises ``ContractAbsent`` alike for absent, withdrawn and foreign ones."""
    catch_up(ledger.entries, ledger.projections)
    entry = ledger.entries.find(party.tenant, name)
    found = decode_body(entry.body, "contract") if entry and record_of(entry).get("kind") == "contract" else None
    if not isinstance(found, Contract) or withdrawal_of(ledger.entries, party.tenant, name, "contract") is not None:
        raise ContractAbsent(contract=name[:200])
    if entry is None or not (party.sees_all or party.organisation == found.supplier):
        raise ContractAbsent(contract=name[:200])
    return entry.index, found


def awards(ledger: Contracting, tenant: str) -> list[Award]:
    """The newest score sheets of tenders that have a winner, newest first: what a contract can be made from."""
    newest, before = dict[str, int](), None
    while len(newest) < MOST_AWARDS and (
        facts := ledger.projections.last_facts(tenant, "score_sheet", before=before, limit=MOST_AWARDS)
    ):
        before = facts[-1].seq
        for fact in facts:
            newest.setdefault(fact.subject, fact.seq)
    entries = ledger.entries.gathered(sorted(newest.values())[-MOST_AWARDS:])
    found = ((at, record_of(entry)) for at, entry in entries.items())
    return [
        Award(record["tender"], record["id"], record["content"]["winner"], record["content"]["scheme"]["closes_at"][:7])
        for at, record in sorted(found, key=lambda pair: -pair[0])
        if record["content"]["winner"] and record["content"]["footprints"]
    ]


def held(ledger: Contracting, tenant: str, entry: int, contract: Contract) -> Held:
    """How a contract was kept by what is recorded so far. Raises ``ContractUnfounded``, ``FootprintError``."""
    sheet_entry, sheet = _sheet(ledger, tenant, contract)
    bidder = sheet.winner or contract.supplier
    per_piece = Fraction(contract.units_per_piece)
    found = kept(
        sheet,
        bidder,
        _arrived(ledger, tenant, contract, sheet, per_piece),
        Fraction(contract.carbon_value),
        Fraction(contract.sanction_factor),
        _delivery(ledger, tenant, contract.product, per_piece),
        counts_delivery=contract.counts_delivery,
    )
    cells = [one for one in ledger.lifecycles.tallies(tenant, ()) if one.product == contract.product]
    lives = Lives(sum(one.things for one in cells), sum(one.reused for one in cells))
    return Held(entry, contract, sheet, sheet_entry, found, lives)


def _sheet(ledger: Contracting, tenant: str, contract: Contract) -> tuple[int, ScoreSheet]:
    """The sheet, replayed. It is of the contract's tender."""
    entry = ledger.entries.find(tenant, contract.sheet)
    record = {} if entry is None else record_of(entry)
    if entry is None or record.get("kind") != "score_sheet" or record["tender"] != contract.tender:
        why = f"{contract.sheet} is no score sheet of {contract.tender}"
        raise _unfounded(contract, why, f"{contract.sheet} 不是 {contract.tender} 的评分表")
    return entry.index, replay(record["content"])


def _arrived(
    ledger: Contracting, tenant: str, contract: Contract, sheet: ScoreSheet, per_piece: Fraction
) -> list[Arrived]:
    """Pieces by month, each counted once, with the footprint of the product as it stood when the last of them came."""
    months = ledger.periods.months(tenant, month_number(contract.first_month), month_number(contract.last_month))
    pieces = sorted((one for one in months.pieces if one.product == contract.product), key=lambda one: one.month)
    if not pieces:
        return []
    stated = [
        one
        for name in sorted({contract.supplier, sheet.winner or contract.supplier})
        for one in footprints_of(ledger, tenant, name)
        if _same(one.product, contract.product) and one.unit == sheet.scheme.declared_unit
    ]
    found: list[Arrived] = []
    for one in pieces:
        at = _EPOCH + timedelta(microseconds=one.last_at)
        stood = standings(ledger, tenant, [s for s in stated if s.valid_from <= at.date()], at)
        usable = [held for held in stood if held.standing.status != "superseded"]
        best = max(usable, key=lambda held: (held.standing.is_verified, held.stated.entry), default=None)
        footprint = NO_FOOTPRINT if best is None else _footprint(best, sheet)
        entry = None if best is None else best.stated.entry
        found.append(Arrived(one.month, one.units * per_piece, at, footprint, entry))
    return found


def _footprint(held: StoodFootprint, sheet: ScoreSheet) -> Footprint:
    """As a bid would have stated it; verified by a review in force alone."""
    one, review = held.stated, held.standing.review
    verified = held.standing.is_verified and review is not None
    last = one.valid_end - timedelta(days=1)
    if verified and review is not None and review.valid_until is not None:
        last = min(last, review.valid_until)
    return Footprint(
        status="verified" if verified else "unverified",
        value=one.kg_per_unit,
        declared_unit=one.unit,
        boundary=sheet.scheme.boundary,
        verifier=review.provider if verified and review is not None else None,
        valid_from=one.valid_from,
        valid_to=last,
        evidence=one.id,
    )


def _delivery(ledger: Contracting, tenant: str, product: str, per_piece: Fraction) -> Fraction | None:
    """Transport and hubs per declared unit, over all journeys of the product that are recorded."""
    try:
        found = product_footprint(ledger.projections, ledger.factors, tenant, product)
    except SubjectAbsent:
        return None
    moved = [stage.wtw for stage in found.stages if stage.stage in {"transport", "hub"}]
    return sum(moved, Fraction(0)) / found.units / per_piece if moved else None


def _same(product: str, wanted: str) -> bool:
    try:
        return canonical(product) == wanted
    except IdentityError:
        return False


def _unfounded(contract: Contract, why: str, why_zh: str) -> ContractUnfounded:
    return ContractUnfounded(contract=contract.id, why=why, why_zh=why_zh)
