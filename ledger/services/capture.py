"""Capture records: check, commit, sequence. Good records are kept; each bad one comes back with its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from ledger.errors import AccessError, LedgerError, Place
from ledger.identity import canonical
from ledger.log.canonical import canonical_bytes, struct_bytes
from ledger.log.entry import MAX_BODY, SALT_SIZE, commitment, entry_body
from ledger.ports import Clock, Draft, EntryStore, Random, Receipt
from ledger.records.document import Document
from ledger.records.epcis import EpcisEvent
from ledger.records.epcis.checking import check_things
from ledger.records.errors import NullCharacter, RecordTooLarge
from ledger.records.logistics_footprint import LogisticsFootprint
from ledger.records.pcf import Pcf
from ledger.records.record import KIND_NUMBERS, Record, decode, identities, microseconds
from ledger.records.shipment import TransportActivity
from ledger.records.transport_leg import TransportLeg
from ledger.services.access import Principal, manages
from ledger.services.corrections import Earlier

Outcome = Receipt | LedgerError
_NULL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""U+0000 as canonical bytes escape it; after an odd backslash it is just these letters."""


class Submission(NamedTuple):
    """
    Who hands in, for which tenant; ``manages`` when it may withdraw what others handed in.

    A supplier hands in for its own ``organisation`` and no other: ``check_supplier``. It is empty for everyone else.
    """

    tenant: str
    submitter: str
    manages: bool = False
    organisation: str = ""

    @classmethod
    def of(cls, principal: Principal) -> Submission:
        """What a principal hands in."""
        speaks_for = principal.organisation if principal.role == "supplier" else ""
        return cls(principal.tenant, principal.id, manages(principal), speaks_for)


class ForeignSupplier(AccessError):
    """A supplier handed in a record that names another organisation as its supplier."""

    code = "access.foreign-supplier"
    named: str
    own: str
    en = "the record names {named!r} as its supplier; {own!r} hands it in"
    zh = "记录的供应商为 {named!r}，而提交方为 {own!r}"
    fix_en = "Write your own organisation's id as supplier; it is on the page /account"
    fix_zh = "供应商请填写本组织编号，可在“账户”页查看"


def check_supplier(record: Record, organisation: str) -> None:
    """
    Refuse a supplier's record that speaks for another supplier. The house and its verifiers may speak of all.

    Raises ``ForeignSupplier``. A record without a supplier is its submitter's own.
    """
    named = getattr(record, "supplier", "") or ""
    if organisation and named and named != organisation:
        raise ForeignSupplier(named=named, own=organisation).at(Place(pointer="/supplier"))


def check_identities(record: Record) -> None:
    """Refuse a record that names a thing by a code that cannot be read."""
    if isinstance(record, TransportLeg):
        _known_product(record.product)
        return
    if isinstance(record, EpcisEvent):
        check_things(record.event)
        return
    for code in identities(record):
        canonical(code)


_known_product = lru_cache(maxsize=65_536)(canonical)
"""Products come back in leg after leg; pieces do not."""


def record_bytes(record: Record) -> bytes:
    """Canonical bytes of a record. Kinds that carry free JSON are sorted through and through."""
    if isinstance(record, Document | LogisticsFootprint | Pcf | TransportActivity) or (
        isinstance(record, EpcisEvent) and record.event.has_free_json
    ):
        import msgspec

        return canonical_bytes(msgspec.to_builtins(record, enc_hook=None, builtin_types=()))
    return struct_bytes(record)


def body_of(record: Record, submission: Submission) -> bytes:
    """
    The body of the record's entry, its identities and its supplier checked.

    Raises ``RecordError``, ``IdentityError`` and ``ForeignSupplier``.
    """
    submitter = submission.submitter
    if type(record) is TransportLeg:  # the most frequent kind, by the shortest way
        _known_product(record.product)
        body = entry_body(struct_bytes(record), submitter)
    else:
        check_supplier(record, submission.organisation)
        check_identities(record)
        body = entry_body(record_bytes(record), submitter)
    if len(body) > MAX_BODY:
        raise RecordTooLarge(size=len(body), limit=MAX_BODY)
    if b"\\" in body and _NULL.search(body):
        raise NullCharacter
    return body


def draft(record: Record, submission: Submission, salt: bytes) -> Draft:
    """The record ready to be sequenced. Raises ``RecordError`` and ``IdentityError``."""
    body = body_of(record, submission)
    at = microseconds(record.occurred_at)
    return Draft(submission.tenant, KIND_NUMBERS[record.kind], record.id, at, body, salt, commitment(salt, body))


def capture(
    entries: EntryStore,
    clock: Clock,
    random: Random,
    *,
    tenant: str,
    submitter: str,
    records: Sequence[Record],
    manages: bool = False,
    organisation: str = "",
) -> list[Outcome]:
    """One outcome per record, in order: its receipt once it is durable, or why it was not taken."""
    submission = Submission(tenant, submitter, manages, organisation)
    salts = random.token(SALT_SIZE * len(records))
    outcomes: list[Outcome | None] = [None] * len(records)
    drafts: list[Draft] = []
    earlier = Earlier(entries, submission)
    for position, record in enumerate(records):
        try:
            salt = salts[position * SALT_SIZE : (position + 1) * SALT_SIZE]
            made = draft(record, submission, salt)
            earlier.take(made)
        except LedgerError as fault:
            outcomes[position] = fault.at(Place(pointer=f"/{position}"))
        else:
            drafts.append(made)
    taken = iter(entries.append(drafts, microseconds(clock.now())).outcomes())
    return [next(taken) if outcome is None else outcome for outcome in outcomes]


class Capturing(Protocol):
    """What recording needs of a ledger or a desk."""

    @property
    def entries(self) -> EntryStore: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def random(self) -> Random: ...


def capture_one(ledger: Capturing, submission: Submission, record: Record) -> Receipt:
    """
    The receipt of one record once it is durable. Raises why it was not taken.

    It is read as whoever folds the log will read it, so that a record that was put together here is no longer, finer or
    otherwise than its kind allows: an entry that cannot be read would stop every folding at it for good.
    """
    read = decode(record_bytes(record), record.kind)
    (outcome,) = capture(ledger.entries, ledger.clock, ledger.random, **submission._asdict(), records=[read])
    if isinstance(outcome, LedgerError):
        raise outcome
    return outcome
