"""
Gates: what a bid must show before it is compared with any other.

A gate raises the reason for which a bid is set aside, and returns nothing when it is passed. Every gate of the scheme
is tried on every bid, so that a bidder learns all reasons at once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from msgspec import UNSET

from ledger.programme.certificates import Change, state_at
from ledger.programme.schemes import satisfies
from ledger.scoring.bid import Bid, Certificate, RegistryCertificate
from ledger.scoring.data_quality import status_at
from ledger.scoring.form import Value
from ledger.scoring.gate_errors import (
    CertificateAbsent,
    CertificateNotInForce,
    CertificateNotValid,
    FootprintByAnotherRule,
    FootprintNotComparable,
    GateNotPassed,
    LineWrong,
    NotInCatalogue,
    PledgeAbsent,
    PriceLinesAbsent,
    PriceSumWrong,
    SealedLate,
    SignatureAbsent,
)
from ledger.scoring.rational import plain

if TYPE_CHECKING:
    from ledger.scoring.scheme import Scheme


class Gate(Value, frozen=True, kw_only=True):
    """A gate of a scheme: its kind, and for pledges and certificates the name of what is asked for."""

    kind: str
    name: str = ""


class GateKind(ABC):
    """One kind of gate."""

    kind: ClassVar[str]
    title_en: ClassVar[str]
    title_zh: ClassVar[str]
    named: ClassVar[bool] = False
    """Whether the gate needs a name."""

    @abstractmethod
    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:
        """Raises ``GateNotPassed`` with the reason."""


class SealedInTime(GateKind):
    """Sealed at or before closing."""

    kind = "sealed-in-time"
    title_en = "Sealed before closing"
    title_zh = "截止前封标"

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:  # noqa: ARG002
        """Compares instants, whatever their offsets."""
        if bid.sealed_at > scheme.closes_at:
            raise SealedLate(sealed=bid.sealed_at.isoformat(), closes=scheme.closes_at.isoformat())


class Signed(GateKind):
    """A signature that the service has checked goes with the bid."""

    kind = "signature"
    title_en = "Signature checked"
    title_zh = "签名已校验"

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:  # noqa: ARG002
        """Looks for the reference; checking the signature is the service's work."""
        if not bid.signature:
            raise SignatureAbsent


class Pledged(GateKind):
    """A pledge, such as the integrity pledge, is signed."""

    kind = "pledge"
    title_en = "Pledge signed"
    title_zh = "承诺书已签署"
    named = True

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:  # noqa: ARG002
        """Looks for the pledge by name."""
        if gate.name not in bid.pledges:
            raise PledgeAbsent(pledge=gate.name)


class Certified(GateKind):
    """A mandatory certificate is valid on the day of closing, as dated where the tender closes."""

    kind = "certificate"
    title_en = "Mandatory certificate valid at closing"
    title_zh = "强制性证书在截止日有效"
    named = True

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:
        """One valid certificate of that name is enough."""
        held = [c for c in bid.certificates if c.scheme == gate.name]
        day = scheme.closing_day
        if not held:
            raise CertificateAbsent(certificate=gate.name)
        if not any(_valid(c, day) for c in held):
            last = max(held, key=lambda c: (c.valid_to, c.number))
            raise CertificateNotValid(
                certificate=gate.name,
                number=last.number,
                day=day.isoformat(),
                valid_from=last.valid_from.isoformat(),
                valid_to=last.valid_to.isoformat(),
                revoked_on=last.revoked_on.isoformat() if last.revoked_on else "-",
            )


class Registered(GateKind):
    """
    A certificate in the log's registry was in force when bids closed: confirmed, not suspended, revoked or over.

    The bid's own list does not count. Where a scheme was withdrawn, one of its successor answers.
    """

    kind = "registered-certificate"
    title_en = "Certificate in force in the registry at closing"
    title_zh = "登记簿中的证书在截止时有效"
    named = True

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:
        """One in force is enough; else the reason is the state of the one that lasts longest."""
        listed = bid.registry if isinstance(bid.registry, tuple) else ()
        held = [one for one in listed if satisfies(gate.name, one.scheme)]
        if not held:
            raise CertificateAbsent(certificate=gate.name)
        if not any(_registered_state(one, scheme) == "in_force" for one in held):
            last = max(held, key=lambda one: (one.valid_to, one.entry))
            raise CertificateNotInForce(
                certificate=gate.name,
                number=f"{last.scheme} {last.number}",
                closes=scheme.closes_at.isoformat(),
                state=_registered_state(last, scheme),
                entry=last.entry,
            )


class InCatalogue(GateKind):
    """
    The offered product is in the green catalogue on the day of closing, in the category named.

    Offered is the product whose recorded footprint the bid names; conditions are computed by the catalogue's rules.
    """

    kind = "green-catalogue"
    title_en = "Product in the green catalogue at closing"
    title_zh = "产品在截止时列入绿色目录"
    named = True

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:
        """What the bid says of itself does not count."""
        listed = bid.catalogue if isinstance(bid.catalogue, tuple) else ()
        if not any(one.category == gate.name for one in listed):
            raise NotInCatalogue(category=gate.name, day=scheme.closing_day.isoformat())


class ComparableFootprint(GateKind):
    """A declared footprint has the scheme's unit, boundary and rule. None declared passes: the default counts."""

    kind = "footprint-comparable"
    title_en = "Footprint on the scheme's unit, boundary and rule"
    title_zh = "碳足迹单位、边界与核算规则一致"

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:  # noqa: ARG002
        """Exact equality of the texts; a footprint that came late counts as none."""
        own = bid.footprint
        if status_at(own, scheme.closes_at) == "missing":
            return
        if scheme.category_rule is not UNSET and own.category_rule != scheme.category_rule:
            raise FootprintByAnotherRule(
                rule="" if own.category_rule is UNSET else own.category_rule, wanted=scheme.category_rule
            )
        if (own.declared_unit, own.boundary) != (scheme.declared_unit, scheme.boundary):
            raise FootprintNotComparable(
                unit=own.declared_unit,
                boundary=own.boundary,
                wanted_unit=scheme.declared_unit,
                wanted_boundary=scheme.boundary,
            )


class Arithmetic(GateKind):
    """Lines multiply and sum to the price, exactly."""

    kind = "arithmetic"
    title_en = "Arithmetic of the price"
    title_zh = "报价算术核对"

    def check(self, gate: Gate, scheme: Scheme, bid: Bid) -> None:  # noqa: ARG002
        """Line by line, then the sum."""
        if not bid.lines:
            raise PriceLinesAbsent
        for number, line in enumerate(bid.lines, 1):
            expected = line.quantity * line.unit_price
            if line.amount != expected:
                raise LineWrong(line=number, item=line.item, amount=plain(line.amount), expected=plain(expected))
        total = sum((line.amount for line in bid.lines), Fraction(0))
        if total != bid.price:
            raise PriceSumWrong(price=plain(bid.price), total=plain(total))


GATES: tuple[GateKind, ...] = (
    SealedInTime(),
    Signed(),
    Pledged(),
    Certified(),
    Registered(),
    InCatalogue(),
    ComparableFootprint(),
    Arithmetic(),
)
"""Every kind of gate, in the order in which they are tried; the arithmetic check comes last."""


def gate_kind(kind: str) -> GateKind | None:
    """The gate of that kind, or ``None``."""
    return next((g for g in GATES if g.kind == kind), None)


def gates_not_passed(scheme: Scheme, bid: Bid) -> tuple[GateNotPassed, ...]:
    """All reasons to set the bid aside, in the order of ``GATES``; empty when it goes on."""
    found = []
    for kind in GATES:
        for gate in scheme.gates:
            if gate.kind == kind.kind:
                try:
                    kind.check(gate, scheme, bid)
                except GateNotPassed as reason:
                    found.append(reason)
    return tuple(found)


def _registered_state(one: RegistryCertificate, scheme: Scheme) -> str:
    changes = [Change(change.status, change.effective_at) for change in one.changes]
    return state_at(one.scheme, (one.valid_from, one.valid_to), changes, scheme.closes_at, scheme.closing_day)


def _valid(certificate: Certificate, day: date) -> bool:
    revoked = certificate.revoked_on is not None and certificate.revoked_on <= day
    return certificate.valid_from <= day <= certificate.valid_to and not revoked
