"""The rows that lists have of a thing: pure, from its record and the steps taken on it, all in the order of the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from ledger.desk.reading import stated
from ledger.desk.requests import requests_of
from ledger.desk.status import standing_of
from ledger.log.entry import Entry
from ledger.log.proof import record_of
from ledger.ports.listing import ENDED, NEVER, Listed
from ledger.programme.assessment import Assessed
from ledger.programme.certificates import Change, state_at
from ledger.programme.commitments import COMMITMENTS, counted
from ledger.programme.schemes import last_day
from ledger.records.assessment import AssessmentStep
from ledger.records.assessment_scheme import AssessmentScheme
from ledger.records.document import Document
from ledger.records.pcf_request import PcfAnswer, PcfRequest
from ledger.records.pcf_review import PcfReview
from ledger.records.record import decode_body, microseconds
from ledger.records.sealed_bid import SealingKey
from ledger.records.supplier_certificate import CertificateStatus, SupplierCertificate

Row = tuple[str, Listed]
"""Its kind, and the row."""
Steps = Sequence[tuple[int, Any]]
TENDERED: Final = "scheme"
_PLACES: Final = {one.name: number for number, one in enumerate(COMMITMENTS)}
_LAST: Final = datetime.max.replace(tzinfo=UTC)


class Source(NamedTuple):
    """
    How rows of a kind are made.

    ``steps``: kinds of records that say something on it, each with the field that names it, which is its ``named_by``.
    ``found_by``: the field of the thing by which facts of those are found.
    """

    steps: Mapping[str, str]
    rows: Callable[[Entry, Steps, Mapping[str, AssessmentScheme]], list[Row]]
    found_by: str = "id"
    named_by: str = "id"


def _request(entry: Entry, steps: Steps, _: Mapping[str, AssessmentScheme]) -> list[Row]:
    asked = decode_body(entry.body, "pcf_request")
    assert isinstance(asked, PcfRequest)
    answers = [(at, one) for at, one in steps if isinstance(one, PcfAnswer)]
    ((state,), _unfit) = requests_of([(entry.index, asked)], answers)
    at = state.due.toordinal() if state.is_open else 2 * ENDED - state.steps[-1][0]
    wanted = state.wanted.toordinal() if state.wanted else NEVER
    return [("pcf_request", Listed(entry.index, asked.supplier, state.holder, state.status, at, late=wanted))]


def _footprint(entry: Entry, steps: Steps, _: Mapping[str, AssessmentScheme]) -> list[Row]:
    one = stated(entry.index, record_of(entry))
    reviews = [(at, said) for at, said in steps if isinstance(said, PcfReview)]
    deprecated = [at for at, said in steps if not isinstance(said, PcfReview)]
    # On the day before the first every validity lies ahead, so that what is left is what was said.
    status = standing_of(one, reviews, deprecated, date.min).status
    state = status if status in {"superseded", "verified"} else "open"
    begins, ends = one.valid_from.toordinal(), one.valid_end.toordinal()
    return [(one.kind, Listed(one.entry, one.supplier, one.supplier, state, one.entry, begins, ends))]


def _certificate(entry: Entry, steps: Steps, _: Mapping[str, AssessmentScheme]) -> list[Row]:
    one = decode_body(entry.body, "supplier_certificate")
    assert isinstance(one, SupplierCertificate)
    changes = [Change(said.status, said.effective_at) for _, said in steps if isinstance(said, CertificateStatus)]
    state = state_at(one.scheme, (date.min, date.max), changes, _LAST, date.min)
    revoked = [change.effective_at.astimezone(UTC).date() for change in changes if change.status == "revoked"]
    ends = [one.valid_to, last_day(one.scheme) or date.max]
    last = min(*(day.toordinal() for day in ends), *(day.toordinal() - 1 for day in revoked))
    begins = one.valid_from.toordinal()
    return [("supplier_certificate", Listed(entry.index, one.supplier, one.supplier, state, last, begins))]


def _assessment(entry: Entry, steps: Steps, editions: Mapping[str, AssessmentScheme]) -> list[Row]:
    one: Any = decode_body(entry.body, "assessment")
    scheme = editions.get(one.scheme)
    if scheme is None:  # its edition is not there yet
        return []
    taken = tuple((at, said) for at, said in steps if isinstance(said, AssessmentStep))
    found = Assessed(entry.index, one, scheme, taken)
    waiting = [action for action in found.actions if action.status != "closed"]
    late, ends = one.due.toordinal(), NEVER
    state = "answered" if found.last("answered") is not None else "open"
    if found.last("scored") is not None:
        state, ends = "scored", found.expires.toordinal()
        late = min((action.due.toordinal() for action in waiting), default=NEVER)
    own = (one.supplier, one.supplier)
    row = Listed(entry.index, *own, state, one.period_end.toordinal(), one.period_start.toordinal(), ends, late)
    actions = [
        ("assessment_step", Listed(action.steps[0][0], *own, "action", action.due.toordinal())) for action in waiting
    ]
    return [("assessment", row), *actions]


def _pledge(entry: Entry, steps: Steps, _: Mapping[str, AssessmentScheme]) -> list[Row]:
    one: Any = decode_body(entry.body, "pledge")
    found = counted(entry.index, one, steps)
    return [("pledge", Listed(entry.index, one.supplier, one.supplier, found.state, _PLACES[one.commitment]))]


def _scheme(entry: Entry, steps: Steps, _: Mapping[str, AssessmentScheme]) -> list[Row]:
    versions = {at: said for at, one in steps if isinstance(one, Document) and (said := _version(one))}
    if entry.index not in versions or max(versions, key=lambda at: (versions[at][0], -at)) != entry.index:
        return []
    tender = record_of(entry)["tender"]
    state = "sealed" if any(isinstance(one, SealingKey) for _, one in steps) else "open"
    return [(TENDERED, Listed(entry.index, tender, tender, state, versions[entry.index][1]))]


def _version(scheme: Document) -> tuple[int, int] | None:
    """Its number and when bids close [us]; ``None`` of a record that is no scheme, which anybody may have entered."""
    try:
        closes = datetime.fromisoformat(scheme.content["closes_at"])
        return int(scheme.content["version"]), max(0, microseconds(closes))
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return None


_OF_FOOTPRINT: Final = Source({"pcf_review": "pcf", "pcf_status": "pcf"}, _footprint)
SOURCES: Final[Mapping[str, Source]] = {
    "assessment": Source({"assessment_step": "assessment"}, _assessment),
    "pcf": _OF_FOOTPRINT,
    "pcf_request": Source({"pcf_answer": "request"}, _request),
    "pledge": Source({"pledge_value": "pledge"}, _pledge, found_by="supplier"),
    "product_footprint": _OF_FOOTPRINT,
    TENDERED: Source({"sealing_key": "tender", TENDERED: "tender"}, _scheme, found_by="tender", named_by="tender"),
    "supplier_certificate": Source({"certificate_status": "certificate"}, _certificate, found_by="supplier"),
}
"""The lists there are. Another one is a line here."""
