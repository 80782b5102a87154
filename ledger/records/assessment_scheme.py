"""
How suppliers are assessed: axes, questions, weights and levels, published as a numbered edition.

An edition never changes; an assessment names the one it is judged by, so that its score can be computed again.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from ledger.records.errors import contradiction
from ledger.records.pcf_request import Words
from ledger.records.supplier_certificate import CertificateScheme
from ledger.records.transport_leg import Moment, Name

AxisName = Literal["actions", "certification", "disclosure"]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
Points = Annotated[int, Meta(ge=0, le=100)]
Weight = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,2})(\.[0-9]{0,3}[1-9])?\Z")]
"""A share of 100 with four decimals at most, in the one form of ``units.decimal_text``."""
FULL: Final = 100


class Level(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What ``points`` of 100 mean."""

    en: Words
    points: Points
    zh: Words


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A question with its weight within the axis, and what has to show an answer before it is worth any points.

    ``certificates`` are schemes one of which has to be in force when it is marked. ``source`` says where it is from.
    """

    certificates: Annotated[tuple[CertificateScheme, ...], Meta(max_length=6)] = ()
    en: Words
    key: Key
    needs: Literal["certificate", "file", "words"]
    source: Words
    weight: Weight
    zh: Words


class Axis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the axes with its weight in the whole."""

    axis: AxisName
    en: Words
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=50)]
    source: Words
    weight: Weight
    zh: Words


class AssessmentScheme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Edition ``edition`` of the house's ``scheme`` of assessment, resting on ``basis`` (a document with its clause).

    A result counts until ``valid_days`` after the end of the period that was assessed.
    """

    axes: Annotated[tuple[Axis, ...], Meta(min_length=3, max_length=3)]
    basis: Words
    edition: Annotated[int, Meta(ge=1, le=10_000)]
    en: Words
    id: Name
    kind: Literal["assessment_scheme"]
    levels: Annotated[tuple[Level, ...], Meta(min_length=2, max_length=11)]
    occurred_at: Moment
    scheme: Key
    valid_days: Annotated[int, Meta(ge=1, le=1_098)]
    version: Literal[1]
    zh: Words

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by its key, in order."""
        return {one.key: one for axis in self.axes for one in axis.questions}


def scheme_id(scheme: str, edition: int) -> str:
    """The one record id of an edition."""
    return f"assessment-scheme:{scheme}:{edition}"


def check_scheme(record: AssessmentScheme) -> None:
    """The id is the edition's; weights sum to 100, of the axes and within each; levels rise from 0 to 100."""
    if record.id != scheme_id(record.scheme, record.edition):
        raise contradiction(
            "the id of an edition is assessment-scheme:scheme:edition",
            "版本编号须为 assessment-scheme:方案:版次",
            "/id",
        )
    if {one.axis for one in record.axes} != set(get_args(AxisName)):
        raise contradiction("each axis is there once", "每个维度须且只须出现一次", "/axes")
    if _sum(record.axes) != FULL:
        raise contradiction("the weights of the axes sum to 100", "各维度权重之和须为 100", "/axes")
    for index, axis in enumerate(record.axes):
        if _sum(axis.questions) != FULL:
            raise contradiction(
                "the weights of an axis's questions sum to 100",
                "同一维度各问题权重之和须为 100",
                f"/axes/{index}/questions",
            )
        for number, one in enumerate(axis.questions):
            if (one.needs == "certificate") != bool(one.certificates):
                raise contradiction(
                    "certificates are named where one is needed",
                    "需要证书的问题须写明证书，其他问题不写",
                    f"/axes/{index}/questions/{number}",
                )
    if len(record.questions) < sum(len(axis.questions) for axis in record.axes):
        raise contradiction("two questions have one key", "两个问题的键相同", "/axes")
    points = [one.points for one in record.levels]
    if points != sorted(set(points)) or (points[0], points[-1]) != (0, FULL):
        raise contradiction("levels rise from 0 to 100 points", "等级须从 0 分递增至 100 分", "/levels")


def _sum(weighed: tuple[Axis, ...] | tuple[Question, ...]) -> Decimal:
    return sum((Decimal(one.weight) for one in weighed), Decimal(0))
