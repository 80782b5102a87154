"""
An energy certificate: green power bought or generated, and the use it was cancelled for (GHG Protocol Scope 2 Guidance;
in China the green electricity certificate, GEC, and green power trading).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, NamedTuple

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

Technology = Literal["biomass", "geothermal", "hydro", "nuclear", "solar", "solar_thermal", "wind"]
Number = Annotated[str, Meta(min_length=1, max_length=80)]
PREFIX: Final = "certificate:"
LONGEST: Final = 120
"""Signs of a number, or an issuer, without case, blanks and punctuation."""
_MARKS: Final = re.compile(r"[\W_]+")
_TAIL: Final = re.compile(r"[0-9]{0,18}\Z")
"""Digits at the end that are counted; more would not fit a database's integer."""


class Serials(NamedTuple):
    """Numbers from ``first`` to ``last`` of one issuer with one ``stem`` and count of digits: what is held by one."""

    issuer: str
    stem: str
    first: int
    last: int


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
    With ``serial_last`` it is a run of certificates of 1 MWh each, ``certificate`` the number of the first
    (1 个绿证单位对应 1000 千瓦时可再生能源电量: NDRC, MOF and NEA, 发改能源〔2023〕1044 号).
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
    serial_last: Number | None = None
    source: Literal["certificate", "green_power", "own_generation"]
    technology: Technology
    transferred_to: Name | None = None
    version: Literal[1]


def certificate_id(issuer: str, number: str) -> str:
    """The one record id of a certificate."""
    return f"{PREFIX}{issuer}:{number}"


def serials_of(record: EnergyCertificate) -> Serials:
    """
    The numbers a record holds, however they are written: compared without case, blanks and punctuation.

    Raises ``FieldContradicts`` for a run whose ends differ in more than their counted digits, or that runs backwards.
    """
    stem, first, digits = _split(record.certificate)
    issuer = _plain(record.issuer)
    for field, plain in (("certificate", stem), ("issuer", issuer)):
        if len(plain) > LONGEST:  # one sign of compatibility can stand for many
            raise contradiction(
                f"written plainly it is longer than {LONGEST}", f"展开后超过 {LONGEST} 个字符", f"/{field}"
            )
    if record.serial_last is None:
        return Serials(issuer, f"{stem}#{digits}", first, first)
    other, last, more = _split(record.serial_last)
    if (stem, digits) != (other, more) or not digits or last < first:
        raise contradiction(
            "the last number of a run differs from the first in its digits at the end, and is no less",
            "末号与首号只应在末尾数字上不同，且不小于首号",
            "/serial_last",
        )
    return Serials(issuer, f"{stem}#{digits}", first, last)


def _split(number: str) -> tuple[str, int, int]:
    plain = _plain(number)
    tail = _TAIL.search(plain)
    digits = tail.group() if tail else ""
    return plain[: len(plain) - len(digits)], int(digits or 0), len(digits)


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).casefold()


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
    held = serials_of(record)
    if record.serial_last is not None and Decimal(record.mwh) != held.last - held.first + 1:
        raise contradiction("a run holds 1 MWh for each number", "每个证书号对应 1 MWh", "/mwh")
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
