"""
The scheme of a tender: everything that decides the award, stated and locked before any bid is opened.

A scheme that exists is valid: building one with faults raises ``SchemeRefused`` with all of them, each at its place.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from msgspec import UNSET, UnsetType

from ledger.errors import Place
from ledger.log.canonical import canonical_bytes
from ledger.programme.schemes import SCHEMES, scheme_named
from ledger.scoring.abnormally_low import AbnormallyLow
from ledger.scoring.amount import Amount
from ledger.scoring.criterion import FOOTPRINT, PRICE, QUANTITY, Criterion
from ledger.scoring.data_quality import FootprintRule
from ledger.scoring.form import Instant, Value, from_form, to_form
from ledger.scoring.gate import GATES, Gate, Registered, gate_kind
from ledger.scoring.own_records import FROM_LOG
from ledger.scoring.rational import plain
from ledger.scoring.scheme_errors import (
    AmountNotPositive,
    FootprintRuleAbsent,
    GateUnknown,
    KeyRepeated,
    PanelMarkUnread,
    SchemeFault,
    SchemeRefused,
    TextAbsent,
    TieBreakUnknown,
    WeightsDoNotSum,
)
from ledger.scoring.tie_break import DEFAULT_ORDER, TIE_BREAKS, tie_break

POINTS = Fraction(100)


class Scheme(Value, frozen=True, kw_only=True):
    """
    How the bids of one tender are scored.

    ``quantity`` is how many declared units are bought, ``closes_at`` the last instant to seal a bid, with the offset of
    the place where the tender closes: its date there is the day on which certificates and footprints must be valid.
    ``basis`` names the tender document, law or policy clause that the scheme rests on. Weights sum to ``points``.
    ``category_rule`` names the product category rule or standard, with its edition, that footprints have to follow;
    where it is absent, footprints by different rules are compared.
    """

    id: str
    version: int
    title_en: str
    title_zh: str
    basis: str
    currency: str
    declared_unit: str
    boundary: str
    category_rule: str | UnsetType = UNSET
    quantity: Fraction
    closes_at: Instant
    criteria: tuple[Criterion, ...]
    amounts: tuple[Amount, ...] = ()
    gates: tuple[Gate, ...] = ()
    footprint_rule: FootprintRule | None = None
    abnormally_low: tuple[AbnormallyLow, ...] = ()
    tie_break: tuple[str, ...] = DEFAULT_ORDER
    points: Fraction = POINTS
    panel: tuple[str, ...] | UnsetType = UNSET
    """Names of marks that the panel gives once bids are opened and before prices are displayed; absent without one."""

    def __post_init__(self) -> None:
        faults = tuple(_faults(self))
        if faults:
            first, zh = faults[0].message("en"), faults[0].message("zh-CN")
            raise SchemeRefused(scheme=self.id, count=len(faults), first=first, first_zh=zh, faults=faults)

    @property
    def reads(self) -> frozenset[str]:
        """Every name that a criterion or an amount reads."""
        inputs = (name for amount in self.amounts for name in amount.inputs.values())
        return frozenset({*(c.reads for c in self.criteria), *inputs})

    @property
    def panel_names(self) -> tuple[str, ...]:
        """Names of the panel's marks; none without a panel."""
        return self.panel if isinstance(self.panel, tuple) else ()

    @property
    def closing_day(self) -> date:
        """The calendar day of closing, where the tender closes."""
        return self.closes_at.date()

    def to_record(self) -> dict[str, Any]:
        """The JSON-able form that is recorded; ``from_record`` reads it back to an equal scheme."""
        record: dict[str, Any] = to_form(self)
        return record

    @classmethod
    def from_record(cls, record: object) -> Scheme:
        """The scheme a record describes. Raises ``FormUnreadable`` or ``SchemeRefused``, with places."""
        return from_form(record, cls)

    def digest(self) -> str:
        """SHA-256 of the RFC 8785 bytes of the record, 64 hexadecimal digits: what locking a scheme commits to."""
        return digest(self.to_record())


def digest(record: object) -> str:
    """SHA-256 of the RFC 8785 bytes of a JSON-able record, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(record)).hexdigest()


def _faults(scheme: Scheme) -> Iterator[SchemeFault]:
    """All faults of a scheme, in reading order."""
    for name in ("id", "title_en", "title_zh", "basis", "currency", "declared_unit", "boundary"):
        if not getattr(scheme, name).strip():
            yield TextAbsent(field=name).at(Place(pointer=f"/{name}"))
    if scheme.version < 1:
        yield AmountNotPositive(field="version", value=str(scheme.version)).at(Place(pointer="/version"))
    for name in ("quantity", "points"):
        if getattr(scheme, name) <= 0:
            yield AmountNotPositive(field=name, value=plain(getattr(scheme, name))).at(Place(pointer=f"/{name}"))
    yield from _amount_faults(scheme)
    yield from _criteria_faults(scheme)
    yield from _gate_faults(scheme)
    yield from _rule_faults(scheme)
    yield from _tie_break_faults(scheme)
    yield from _footprint_faults(scheme)
    yield from _panel_faults(scheme)


def _criteria_faults(scheme: Scheme) -> Iterator[SchemeFault]:
    for index, criterion in enumerate(scheme.criteria):
        yield from (fault.at(Place(pointer=f"/criteria/{index}")) for fault in criterion.faults())
    yield from _repeated((c.key for c in scheme.criteria), "/criteria")
    total = sum((c.weight for c in scheme.criteria), Fraction(0))
    if total != scheme.points:
        yield WeightsDoNotSum(total=plain(total), expected=plain(scheme.points)).at(Place(pointer="/criteria"))


def _amount_faults(scheme: Scheme) -> Iterator[SchemeFault]:
    keys = [amount.key for amount in scheme.amounts]
    for index, amount in enumerate(scheme.amounts):
        yield from (fault.at(Place(pointer=f"/amounts/{index}")) for fault in amount.faults(keys[index:]))
    yield from _repeated((*keys, PRICE, FOOTPRINT, QUANTITY), "/amounts")


def _gate_faults(scheme: Scheme) -> Iterator[SchemeFault]:
    known = ", ".join(g.kind for g in GATES)
    for index, gate in enumerate(scheme.gates):
        kind = gate_kind(gate.kind)
        if kind is None or kind.named != bool(gate.name.strip()):
            yield GateUnknown(kind=gate.kind, known=known).at(Place(pointer=f"/gates/{index}"))
        elif gate.kind == Registered.kind and scheme_named(gate.name) is None:
            names = ", ".join(one.name for one in SCHEMES)
            yield GateUnknown(kind=f"{gate.kind}: {gate.name}", known=names).at(Place(pointer=f"/gates/{index}/name"))
    yield from _repeated((f"{g.kind} {g.name}".strip() for g in scheme.gates), "/gates")


def _rule_faults(scheme: Scheme) -> Iterator[SchemeFault]:
    for index, rule in enumerate(scheme.abnormally_low):
        yield from (fault.at(Place(pointer=f"/abnormally_low/{index}")) for fault in rule.faults())
    yield from _repeated((rule.subject for rule in scheme.abnormally_low), "/abnormally_low")
    if scheme.footprint_rule is not None:
        found = scheme.footprint_rule.faults(scheme.closing_day.year)
        yield from (fault.at(Place(pointer="/footprint_rule")) for fault in found)


def _tie_break_faults(scheme: Scheme) -> Iterator[SchemeFault]:
    known = ", ".join(t.key for t in TIE_BREAKS)
    for index, key in enumerate(scheme.tie_break):
        if tie_break(key) is None:
            yield TieBreakUnknown(key=key, known=known).at(Place(pointer=f"/tie_break/{index}"))
    if not scheme.tie_break:
        yield TieBreakUnknown(key="", known=known).at(Place(pointer="/tie_break"))
    yield from _repeated(scheme.tie_break, "/tie_break")


def _footprint_faults(scheme: Scheme) -> Iterator[SchemeFault]:
    """Whatever reads footprints needs the rule that scores them and the gate that keeps them comparable."""
    complete = scheme.footprint_rule is not None and Gate(kind="footprint-comparable") in scheme.gates
    users = [f"criterion {c.key}" for c in scheme.criteria if c.reads == FOOTPRINT]
    users += [f"amount {a.key}" for a in scheme.amounts if FOOTPRINT in a.inputs.values()]
    users += [f"abnormally-low {r.subject}" for r in scheme.abnormally_low if r.subject == FOOTPRINT]
    users += [f"tie-break {key}" for key in scheme.tie_break if (t := tie_break(key)) and t.reads_footprint]
    if users and not complete:
        yield FootprintRuleAbsent(user=users[0]).at(Place(pointer="/footprint_rule"))


def _panel_faults(scheme: Scheme) -> Iterator[SchemeFault]:
    """The panel marks what is read and is no figure of the bid's or the ledger's own."""
    own = {PRICE, FOOTPRINT, QUANTITY, *FROM_LOG, *(amount.key for amount in scheme.amounts)}
    marks = scheme.reads - own
    if scheme.panel == ():
        yield PanelMarkUnread(name="", known=", ".join(sorted(marks))).at(Place(pointer="/panel"))
    for index, name in enumerate(scheme.panel_names):
        if name not in marks:
            yield PanelMarkUnread(name=name, known=", ".join(sorted(marks))).at(Place(pointer=f"/panel/{index}"))
    yield from _repeated(scheme.panel_names, "/panel")


def _repeated(keys: Iterable[str], pointer: str) -> Iterator[SchemeFault]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield KeyRepeated(key=key).at(Place(pointer=pointer))
