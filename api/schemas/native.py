"""Shapes of the native API, ``/api/v1``. Moments are RFC 3339 UTC; hashes are lower-case hex."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from api.schemas.problem import Problem
from ledger.records.driven_saving import PackagingChange


class EventHashView(Struct, frozen=True, kw_only=True):
    """
    The hash id that CBV 2.0 gives the event. It names and compares; the log commits to the record's own bytes.

    ``event_id`` says whether the eventID, where it is a hash id, is this one: matches, does not match, or none.
    """

    id: str
    event_id: Literal["matches", "does not match", "none"]


class EntryView(Struct, frozen=True, kw_only=True):
    """
    An entry as its tenant sees it. ``state`` says how far it has come; ``record`` is what was handed in.

    ``event_hash`` is there for EPCIS events alone.
    """

    index: int
    kind: str
    id: str
    submitter: str
    occurred_at: str
    recorded_at: str
    state: str
    leaf: str
    event_hash: EventHashView | None = None
    record: Any


class EntryPage(Struct, frozen=True, kw_only=True):
    """Entries in order; ask again with ``after`` = ``next_after`` until it is null."""

    entries: list[EntryView]
    next_after: int | None


class RowOutcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one record; ``row`` counts from 1. ``problem`` says why it was not recorded."""

    row: int
    index: int | None = None
    state: str | None = None
    repeated: bool = False
    problem: Problem | None = None


class RecordsOutcome(Struct, frozen=True, kw_only=True):
    """What became of a batch. Every record is on its own; good ones are kept."""

    recorded: int
    repeated: int
    refused: int
    rows: list[RowOutcome]


class ClaimList(Struct, frozen=True, kw_only=True):
    """The newest claims of ``total`` with their verdicts; pairs among them that count the same kWh or tonne."""

    total: int
    claims: list[Any]
    counted_twice: list[Any]


class ClaimOutcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one claim or plan; ``row`` counts from 1. ``claim`` has the verdict."""

    row: int
    index: int | None = None
    repeated: bool = False
    claim: Any = None
    problem: Problem | None = None


class ClaimsOutcome(Struct, frozen=True, kw_only=True):
    """What became of claims handed in, each on its own."""

    rows: list[ClaimOutcome]


class NewSaving(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Booking a driven plan: relative standard uncertainties (0.02), and how the packaging changed, if it did."""

    activity: Annotated[str, Meta(max_length=40)]
    rates: Annotated[str, Meta(max_length=40)]
    making: Annotated[str, Meta(max_length=40)] = "0"
    packaging: PackagingChange | None = None


class NewRun(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calculation run to be made; the current factor set, over everything there is, unless something else is said."""

    factors: Annotated[str, Meta(max_length=100)] | None = None
    checkpoint: Annotated[int, Meta(ge=1, le=2**53 - 1)] | None = None


class RunView(Struct, frozen=True, kw_only=True):
    """A calculation run: the entry it stands in, and its record."""

    entry: int
    run: Any


class RunList(Struct, frozen=True, kw_only=True):
    """The newest runs of ``total``."""

    total: int
    runs: list[RunView]


class WitnessCount(Struct, frozen=True, kw_only=True):
    """``cosigned`` of ``witnesses`` cosigned; the ledger's policy asks for ``required``, as it groups them."""

    cosigned: int
    witnesses: int
    required: int
    met: bool


class CheckpointView(Struct, frozen=True, kw_only=True):
    """
    A signed checkpoint and how far it has come.

    ``cosignatures`` are lines of witnesses, each with its line feed, as they stand behind ``note``.
    """

    size: int
    root: str
    previous_size: int
    created_at: str
    state: str
    note: str
    transaction: str | None
    block_number: int | None
    block_time: str | None
    cosignatures: str
    witnesses: WitnessCount | None


class CheckpointPage(Struct, frozen=True, kw_only=True):
    """Checkpoints by size; ask again with ``after`` = ``next_after`` until it is null."""

    checkpoints: list[CheckpointView]
    next_after: int | None


class NewKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to be issued for a machine."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    role: str
    days: Annotated[int, Meta(ge=1, le=90)] = 90
    organisation: str = ""
    """Id of the organisation it acts for; a supplier's key needs one."""
    scope: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=40)] = []
    """Permissions it is narrowed to; without them it has all of its role's."""


class KeyView(Struct, frozen=True, kw_only=True):
    """A key without its secret."""

    id: str
    name: str
    role: str
    created_at: str
    expires_at: str
    revoked: bool
    organisation: str = ""
    scope: list[str]


class IssuedKey(Struct, frozen=True, kw_only=True):
    """A new key. ``key`` is shown this once and stored nowhere."""

    key: str
    details: KeyView


class KeyList(Struct, frozen=True, kw_only=True):
    """All keys of the tenant."""

    keys: list[KeyView]


class VerifierKeyView(Struct, frozen=True, kw_only=True):
    """The log's public note key, and the log's name."""

    key: str
    origin: str


class TenderView(Struct, frozen=True, kw_only=True):
    """A tender as the log knows it."""

    tender: str
    schemes: int
    bids: int
    score_sheets: int


class TenderList(Struct, frozen=True, kw_only=True):
    """Tenders of the tenant by name; ``next_after`` begins the next page."""

    tenders: list[TenderView]
    next_after: str | None


class PaperlessView(Struct, frozen=True, kw_only=True):
    """
    Paper that tenders did not need: an estimate, projects x ``sheets_per_project`` x ``g_per_sheet`` [g CO2e].

    Projects are tenders with a bid in the log; sheets per project are an assumption; ``basis`` is ``material`` with the
    ``factor`` and its ``source``, or ``statement``. Fractions are exact, as ``numerator/denominator`` where need be.
    """

    projects: int
    sheets_per_project: int
    sheets: int
    g_per_sheet: str
    grams: str
    basis: str
    factor: str
    source: str


class Health(Struct, frozen=True, kw_only=True):
    """The process answers."""

    status: str


class Readiness(Struct, frozen=True, kw_only=True):
    """
    ``ready``; ``degraded`` when capture works but something behind it does not; ``down`` when nothing can be stored.

    ``chain`` is ``ok``, the code of what is wrong, or ``unknown`` where another process does the background work.
    ``unanchored`` counts entries beyond the last anchored; ``unanchored_age`` is the age of the oldest of them [s].
    ``sums`` is ``ok`` when the last sealed segment gave the sums that pages show, ``recompute.disagrees`` when not, and
    ``unknown`` before one was sealed. ``witnesses``: ``ok``, ``witness.silent`` or ``witness.refuses`` when one of the
    policy's is or does, and ``none`` without a policy.
    """

    status: str
    database: str
    chain: str
    entries: int
    unanchored: int
    unanchored_age: int
    sums: str = "unknown"
    witnesses: str = "none"
    witnesses_silent: int = 0
    witnesses_refusing: int = 0
