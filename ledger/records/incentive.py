"""Incentives of suppliers: editions of the rules by which they are earned, and what was decided otherwise, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.assessment_scheme import Key
from ledger.records.errors import contradiction
from ledger.records.green_catalogue import Words as ShortWords
from ledger.records.pcf_request import Words
from ledger.records.product_footprint import DecimalText
from ledger.records.target import Year
from ledger.records.transport_leg import Moment, Name

Measure = Literal["assessment_points", "catalogue_share", "commitments_kept", "verified_share"]
Benefit = Literal["bonus_points", "contract_months", "payment_days"]


class IncentiveTest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ``measure`` of a supplier's year is ``at_least`` so much; units in ``ledger.programme.incentives.MEASURES``."""

    at_least: DecimalText
    measure: Measure


class Incentive(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is earned when every test holds: ``amount`` of a ``benefit``.

    ``bonus_points`` [points of 100 in tenders], ``contract_months`` [months longer], ``payment_days`` [days sooner].
    """

    amount: DecimalText
    benefit: Benefit
    en: ShortWords
    key: Key
    tests: Annotated[tuple[IncentiveTest, ...], Meta(min_length=1, max_length=10)]
    zh: ShortWords


class IncentiveRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An edition of rules, for every year that begins on ``valid_from`` or later; ``basis`` names the policy."""

    basis: ShortWords
    edition: Annotated[int, Meta(ge=1, le=10_000)]
    id: Name
    incentives: Annotated[tuple[Incentive, ...], Meta(min_length=1, max_length=40)]
    kind: Literal["incentive_rules"]
    name_en: ShortWords
    name_zh: ShortWords
    occurred_at: Moment
    valid_from: date
    version: Literal[1]


class IncentiveException(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``incentive`` of ``supplier`` in a ``year`` decided otherwise than by the rules, for a stated ``reason``."""

    decision: Literal["granted", "withheld"]
    id: Name
    incentive: Key
    kind: Literal["incentive_exception"]
    occurred_at: Moment
    reason: Words
    supplier: Name
    version: Literal[1]
    year: Year


def incentive_rules_id(edition: int) -> str:
    """The id of an edition."""
    return f"incentive-rules:{edition}"


def check_incentive_rules(record: IncentiveRules) -> None:
    """The id is the edition's; an incentive is there once, and asks for a measure once."""
    if record.id != incentive_rules_id(record.edition):
        raise contradiction("the id of an edition is incentive-rules:edition", "编号须为 incentive-rules:版次", "/id")
    keys = [one.key for one in record.incentives]
    if len(set(keys)) < len(keys):
        raise contradiction("an incentive is there twice", "激励项重复", "/incentives")
    for at, one in enumerate(record.incentives):
        measures = [test.measure for test in one.tests]
        if len(set(measures)) < len(measures):
            raise contradiction("a measure is asked for twice", "同一指标重复要求", f"/incentives/{at}/tests")
