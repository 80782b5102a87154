"""
Show a figure without the document it stands in: commit to all fields, later disclose some (``ledger.log.fields``).

The document goes no further than the machine where this runs: the log gets one hash. The opening, with every salt, is
the holder's secret; losing it means that nothing can be shown any more, and handing it over shows everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Protocol

import msgspec

from ledger.log.disclosure import Disclosure
from ledger.log.errors import EntryAbsent, OpeningMalformed
from ledger.log.fields import Opening
from ledger.ports import CheckpointStore, Clock, EntryStore, Projections, Random
from ledger.records.field_commitment import FieldCommitment
from ledger.records.record import Record, decode_body
from ledger.services.capture import Submission, capture
from ledger.services.prove import prove

_DOCUMENT: Final = msgspec.json.Decoder(float_hook=str)
"""A number with a fraction is kept as the string of its digits: nothing here is a binary float."""


class Committing(Protocol):
    """What is needed of a ledger."""

    @property
    def entries(self) -> EntryStore: ...
    @property
    def checkpoints(self) -> CheckpointStore: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def random(self) -> Random: ...


class Recorded(Protocol):
    """What listing needs of a ledger."""

    @property
    def entries(self) -> EntryStore: ...
    @property
    def projections(self) -> Projections: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose document it is, and what it is about, as they stand in the record."""

    supplier: str
    about: str
    product: str | None = None
    of: str | None = None


def read_document(data: bytes) -> Any:
    """The JSON document in these bytes, figures as strings. Raises ``OpeningMalformed``."""
    try:
        return _DOCUMENT.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise OpeningMalformed(why=f"the document is not JSON: {error}") from error


def commit(ledger: Committing, submission: Submission, subject: Subject, document: Any) -> tuple[int, Opening]:
    """
    Record a commitment to the document: the entry's index, and the opening to keep.

    Raises ``OpeningMalformed``, ``NotCanonical``, and what ``capture`` gives.
    """
    name = f"commitment:{ledger.random.token(16).hex()}"
    opening = Opening.of(name, document, ledger.random.token)
    record = FieldCommitment(
        about=subject.about,
        id=name,
        kind="field_commitment",
        occurred_at=ledger.clock.now(),
        of=subject.of,
        product=subject.product,
        root=opening.root().hex(),
        size=opening.size,
        supplier=subject.supplier,
        version=1,
    )
    held: list[Record] = [record]
    parts: dict[str, Any] = {"entries": ledger.entries, "clock": ledger.clock, "random": ledger.random}
    (outcome,) = capture(**parts, tenant=submission.tenant, submitter=submission.submitter, records=held)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome.seq, opening


def disclose(ledger: Committing, tenant: str, opening: Opening, paths: Sequence[str]) -> Disclosure:
    """
    The fields at these pointers with all that is needed to check them offline.

    Raises ``EntryAbsent``, ``NotCheckpointed``, ``FieldAbsent``, and ``OpeningMalformed`` for an opening of another
    document than the record commits to.
    """
    entry = ledger.entries.find(tenant, opening.record)
    if entry is None:
        raise EntryAbsent(entry=opening.record)
    record = decode_body(entry.body, "field_commitment")
    assert isinstance(record, FieldCommitment)
    if (record.root, record.size) != (opening.root().hex(), opening.size):
        raise OpeningMalformed(why="it is not the opening of that record")
    proof = prove(ledger.entries, ledger.checkpoints, entry.index)
    return Disclosure(tuple(opening.shown(paths)), proof)


def commitments(
    ledger: Recorded, tenant: str, supplier: str | None, most: int
) -> Iterator[tuple[int, FieldCommitment]]:
    """The newest commitments that stand, of one supplier or of all, newest first, with their entries."""
    withdrawn = ledger.projections.withdrawn(tenant)
    facts = ledger.projections.facts(tenant, "field_commitment", supplier)
    standing = (fact.seq for fact in reversed(facts) if fact.seq not in withdrawn)
    for entry in islice(standing, most):
        record = decode_body(ledger.entries.entry(entry).body, "field_commitment")
        assert isinstance(record, FieldCommitment)
        yield entry, record
