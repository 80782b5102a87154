"""
A footprint asked of a supplier, and what becomes of the request: every step of it is an entry of its own.

Who asks and who answers are parties; which person of a party acted is the entry's submitter, and no name of anybody.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.transport_leg import Moment, Name

Words = Annotated[str, Meta(min_length=1, max_length=2_000)]
Step = Literal[
    "closed",
    "declined",
    "delegated",
    "extension_asked",
    "extension_granted",
    "extension_refused",
    "fulfilled",
    "reminded",
    "withdrawn",
]
By = Literal["house", "ledger", "supplier"]
"""Whose step it is: the house that asked, the party that was asked, or the ledger, when the calendar says so."""
STEP_OF: Final[dict[Step, By]] = {
    "closed": "ledger",
    "declined": "supplier",
    "delegated": "supplier",
    "extension_asked": "supplier",
    "extension_granted": "house",
    "extension_refused": "house",
    "fulfilled": "supplier",
    "reminded": "ledger",
    "withdrawn": "house",
}
_NEEDS: Final[dict[Step, tuple[str, ...]]] = {
    "closed": ("due", "reason"),
    "declined": ("reason",),
    "delegated": (),
    "extension_asked": ("due", "reason"),
    "extension_granted": ("due",),
    "extension_refused": ("reason",),
    "fulfilled": ("pcf",),
    "reminded": ("days", "due"),
    "withdrawn": ("reason",),
}
_TAKES: Final[dict[Step, tuple[str, ...]]] = {
    "delegated": ("organisation", "person", "reason"),
    "extension_granted": ("reason",),
    "fulfilled": ("reason",),
}
"""What a step may say besides what it needs."""
_FIELDS: Final = ("days", "due", "organisation", "pcf", "person", "reason")
LONGEST_ID: Final = 150
"""Ids of a request's answers are made of its own and have to fit into a name."""


class PcfRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The house asks ``supplier`` (an organisation's id) for the footprint of one ``product`` by the end of ``due``.

    A day ends in the time zone of the house's calendar, which is UTC where none is set.

    ``grace_days`` after that day an unanswered request closes by itself. ``round`` is common to what was asked at once,
    ``product_name`` what the product is called, ``words`` what else the supplier should know.
    """

    due: date
    grace_days: Annotated[int, Meta(ge=0, le=365)] = 0
    id: Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
    kind: Literal["pcf_request"]
    occurred_at: Moment
    product: Name
    product_name: Name | None = None
    round: Name
    supplier: Name
    version: Literal[1]
    words: Words | None = None


class PcfAnswer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    One step of a request.

    ``supplier`` repeats the organisation that was asked. ``due`` is the day asked for or granted, and of a reminder or
    an end the due date it was for; ``days`` how many were left. A delegation names another ``organisation`` or another
    ``person`` of the same one, by the id of the account.
    """

    by: By
    days: Annotated[int, Meta(ge=0, le=365)] | None = None
    due: date | None = None
    id: Name
    kind: Literal["pcf_answer"]
    occurred_at: Moment
    organisation: Name | None = None
    pcf: Name | None = None
    person: Name | None = None
    reason: Words | None = None
    request: Name
    step: Step
    supplier: Name
    version: Literal[1]


def check_request(record: PcfRequest) -> None:
    """It is due after it was made."""
    if record.due < record.occurred_at.date():
        raise contradiction("the due date lies before the request", "截止日期早于请求日期", "/due")


def check_answer(record: PcfAnswer) -> None:
    """A step says what it needs, nothing it has no use for, and is made by whose step it is."""
    if record.by != STEP_OF[record.step]:
        raise contradiction(
            f"{record.step} is a step of the {STEP_OF[record.step]}",
            f"步骤 {record.step} 应由 {STEP_OF[record.step]} 进行",
            "/by",
        )
    needed = _NEEDS[record.step]
    for name in _FIELDS:
        stated = getattr(record, name) is not None
        if name in needed and not stated:
            raise FieldMissing(field=name).at(Place(pointer=f"/{name}"))
        if stated and name not in needed + _TAKES.get(record.step, ()):
            raise contradiction(f"{record.step} has no {name}", f"步骤 {record.step} 没有字段 {name}", f"/{name}")
    if record.step == "delegated" and (record.organisation is None) == (record.person is None):
        raise contradiction(
            "a delegation names an organisation or a person", "转办须且只须写明一个组织或一个人", "/organisation"
        )
