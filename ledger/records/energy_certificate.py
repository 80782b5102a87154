"""
An energy certificate: green power bought or generated, and the use it was cancelled for (GHG Protocol Scope 2 Guidance;
in China the green electricity certificate, GEC, and green power trading).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

Technology = Literal["biomass", "geothermal", "hydro", "nuclear", "solar", "solar_thermal", "wind"]
Number = Annotated[str, Meta(min_length=1, max_length=80)]
PREFIX: Final = "certificate:"


class Retirement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The use a certificate was cancelled for: a ``site``, from the first to the last day; cancelled on a day."""

    period_end: date
    period_start: date
    retired_on: date
    site: Name


class EnergyCertificate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``mwh`` [MWh] of one ``certificate`` (its number with the ``issuer``), generated between two days.

    Its id is made of issuer and number, so that one certificate is one entry: a second claim on it is a conflict.
    ``source`` says how it came: a purchase of certificates, of green power with them, or own generation.
    ``transferred_to`` names who has it now, when it was sold on; it then serves no use here. ``factor`` is the factor
    of a product footprint for this power, when not the one of its ``technology``.
    """

    certificate: Number
    factor: Name | None = None
    generated_at: Name | None = None
    """The site whose own generation it is for."""
    generated_from: date
    generated_to: date
    id: Name
    issuer: Annotated[str, Meta(min_length=1, max_length=80)]
    kind: Literal["energy_certificate"]
    mwh: DecimalText
    occurred_at: Moment
    owner: Name
    region: Name
    retired_for: Retirement | None = None
    source: Literal["certificate", "green_power", "own_generation"]
    technology: Technology
    transferred_to: Name | None = None
    version: Literal[1]


def certificate_id(issuer: str, number: str) -> str:
    """The one record id of a certificate."""
    return f"{PREFIX}{issuer}:{number}"


def check_certificate(record: EnergyCertificate) -> None:
    """The id is the certificate's; it holds power; periods have a length; what was sold on is not used here."""
    if record.id != certificate_id(record.issuer, record.certificate):
        raise contradiction(
            "the id of a certificate is certificate:issuer:number", "绿证编号须为 certificate:签发方:证书号", "/id"
        )
    if Decimal(record.mwh) == 0:
        raise contradiction("a certificate covers some energy", "绿证的电量须大于零", "/mwh")
    if record.generated_to < record.generated_from:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/generated_to")
    used = record.retired_for
    if used is None:
        return
    if used.period_end < used.period_start:
        raise contradiction("the period ends before it starts", "期间的结束早于开始", "/retired_for/period_end")
    if record.transferred_to is not None:
        raise contradiction(
            "a certificate that was sold on is not cancelled for a use here",
            "已转售的绿证不能在此注销使用",
            "/transferred_to",
        )
