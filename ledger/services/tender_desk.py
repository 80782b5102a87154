"""What works on tenders shares: the desk, what it refuses, and a tender's scheme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from ledger.errors import ScoringError
from ledger.log.proof import record_of
from ledger.ports import CheckpointStore, Clock, EntryStore, Projections, Random, Receipt
from ledger.ports.lifecycles import Lifecycles
from ledger.ports.listing import Listing
from ledger.records.document import Document
from ledger.records.record import decode_body
from ledger.scoring.scheme import Scheme
from ledger.services.capture import Submission, capture_one
from ledger.services.organisations import OrganisationStore
from ledger.services.pcf_requests import Asking
from ledger.services.pcf_sight import Sight


class Tendering(Asking, Protocol):
    """What tenders need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def checkpoints(self) -> CheckpointStore:
        """Whose roots draw lots."""
        ...

    @property
    def lifecycles(self) -> Lifecycles:
        """The history of assets offered again."""
        ...


class Desk(NamedTuple):
    """What procurement works with, and in whose name."""

    entries: EntryStore
    projections: Projections
    clock: Clock
    random: Random
    tenant: str
    submitter: str
    organisations: OrganisationStore
    sight: Sight
    checkpoints: CheckpointStore | None = None
    """Whose roots draw lots."""
    lifecycles: Lifecycles | None = None
    """The history of assets offered again."""
    listing: Listing | None = None
    """What the catalogue and incentives are read by."""

    @classmethod
    def of(cls, ledger: Tendering, tenant: str, submitter: str) -> Desk:
        """The desk of a ledger's tenant, in somebody's name."""
        return cls(
            ledger.entries,
            ledger.projections,
            ledger.clock,
            ledger.random,
            tenant,
            submitter,
            ledger.organisations,
            ledger.sight,
            ledger.checkpoints,
            ledger.lifecycles,
            ledger.listing,
        )


class TenderAbsent(ScoringError):
    """There is no such tender."""

    code = "scoring.tender-absent"
    tender: str
    en = "there is no tender {tender}"
    zh = "没有招标 {tender}"
    fix_en = "Publish its scheme first"
    fix_zh = "请先发布评分方案"


class TenderClosed(ScoringError):
    """A bid came after the tender closed."""

    code = "scoring.tender-closed"
    tender: str
    closed_at: str
    en = "tender {tender} closed at {closed_at}"
    zh = "招标 {tender} 已于 {closed_at} 截止"
    fix_en = "A late bid is not taken"
    fix_zh = "逾期投标不予接收"


class TenderOpen(ScoringError):
    """Scoring was asked for before the tender closed."""

    code = "scoring.tender-open"
    tender: str
    closes_at: str
    en = "tender {tender} takes bids until {closes_at}"
    zh = "招标 {tender} 的投标截止时间为 {closes_at}"
    fix_en = "Score it after it has closed"
    fix_zh = "请在截止后评分"


def scheme_of(desk: Desk, tender: str) -> Scheme:
    """The newest version of a tender's scheme."""
    found = newest_schemes(desk, [tender])
    if not found:
        raise TenderAbsent(tender=tender)
    return found[0][1]


def newest_schemes(desk: Desk, tenders: Sequence[str]) -> list[tuple[int, Scheme]]:
    """The newest versions of these tenders' schemes with their entries, in this order; none of what has none."""
    facts = desk.projections.facts_of(desk.tenant, "scheme", tenders)
    entries = desk.entries.gathered([fact.seq for fact in facts])
    newest: dict[str, tuple[int, dict[str, Any]]] = {}
    for fact in facts:
        content = record_of(entries[fact.seq])["content"]
        known = newest.get(fact.subject)
        if known is None or content["version"] > known[1]["version"]:
            newest[fact.subject] = (fact.seq, content)
    found = (newest[tender] for tender in tenders if tender in newest)
    return [(seq, Scheme.from_record(content)) for seq, content in found]


def contents_of(desk: Desk, kind: str, tender: str) -> list[dict[str, Any]]:
    """What the records of a kind of a tender hold, in the order of the log."""
    facts = desk.projections.facts(desk.tenant, kind, tender)
    return [record_of(desk.entries.entry(fact.seq))["content"] for fact in facts]


def record_document(desk: Desk, kind: Any, record_id: str, tender: str, content: dict[str, Any]) -> Receipt:
    """Record what another part of the core defines; the same again is the same entry, other content a conflict."""
    known = desk.entries.find(desk.tenant, record_id)
    # The moment is part of the record, so handing the same content in again must not change it.
    at = decode_body(known.body, kind).occurred_at if known else desk.clock.now()
    document = Document(content=content, id=record_id, kind=kind, occurred_at=at, tender=tender, version=1)
    return capture_one(desk, Submission(desk.tenant, desk.submitter), document)
