"""
An index of green warehouses: a tree of indicators with weights and scales, published as a numbered edition.

An edition never changes; a score names the one it was computed by. The standards have their own tables: GB/T 41243-2022
(绿色仓储与配送要求及评估) is what such a scheme is laid out against. None of their clauses is built in here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.records.assessment_scheme import Key, Points
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.pcf_request import Words
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

MeasureName = Literal[
    "electric_handling",
    "energy_intensity",
    "fill",
    "green_power",
    "idle_stock",
    "packaging_return",
    "reuse",
    "solar",
]
"""What a leaf may measure: ``programme.warehouse.measures`` has a file for each."""
Weight = Annotated[str, Meta(pattern=r"^(1|0\.[0-9]{0,7}[1-9])\Z")]
"""A share of 1 with eight decimals at most."""
OBSERVED: Final[frozenset[MeasureName]] = frozenset({"idle_stock", "packaging_return", "reuse"})
"""What EPCIS events of the log can be counted for."""
DEEPEST: Final = 5
MOST_NODES: Final = 100


class ScaleStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``points`` of 100 that the value ``at`` reaches."""

    at: DecimalText
    points: Points


class Scale(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    How a value becomes points of 100: ``linear`` between ``zero_at`` and ``full_at``, or by ``steps``.

    Beyond the bounds it stays at 0 and 100. Of steps the best one reached counts, and none is 0.
    """

    full_at: DecimalText | None = None
    method: Literal["linear", "steps"]
    steps: Annotated[tuple[ScaleStep, ...], Meta(max_length=20)] = ()
    zero_at: DecimalText | None = None


class IndexNode(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A group with ``children``, or an indicator: what it measures, which ``direction`` is better, by which ``scale``.

    ``missing`` says what happens without data: no score at all, or no points. ``weight`` is the share within its group.
    ``takes`` is what the indicator is taken from where a site may state it and events can be counted as well: what is
    stated, unless it says events. Stock is idle whose last event lies more than ``idle_days`` back.
    """

    children: Annotated[tuple[IndexNode, ...], Meta(max_length=30)] = ()
    direction: Literal["higher", "lower"] | None = None
    en: Words
    idle_days: Annotated[int, Meta(ge=1, le=3660)] | None = None
    key: Key
    measure: MeasureName | None = None
    missing: Literal["refused", "zero"] | None = None
    scale: Scale | None = None
    source: Words
    takes: Literal["events", "stated"] | None = None
    weight: Weight
    zh: Words

    def leaves(self) -> Iterator[tuple[IndexNode, Fraction]]:
        """Its indicators from left to right, each with its weight in this node's whole."""
        if not self.children:
            yield self, Fraction(1)
        for child in self.children:
            for leaf, weight in child.leaves():
                yield leaf, Fraction(child.weight) * weight


class IndexScheme(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Edition ``edition`` of a ``scheme``, laid out on ``basis``: a tree whose root weighs 1."""

    basis: Words
    edition: Annotated[int, Meta(ge=1, le=10_000)]
    id: Name
    kind: Literal["index_scheme"]
    occurred_at: Moment
    root: IndexNode
    scheme: Key
    version: Literal[1]


def index_scheme_id(scheme: str, edition: int) -> str:
    """The one record id of an edition."""
    return f"index-scheme:{scheme}:{edition}"


def check_index_scheme(record: IndexScheme) -> None:
    """The id is the edition's; a group's weights sum to 1; an indicator has what it needs, a group nothing else."""
    if record.id != index_scheme_id(record.scheme, record.edition):
        raise contradiction(
            "the id of an edition is index-scheme:scheme:edition", "版本编号须为 index-scheme:方案:版次", "/id"
        )
    if record.root.weight != "1" or not record.root.children:
        raise contradiction("the root is a group that weighs 1", "根节点须为权重为 1 的分组", "/root")
    keys: list[str] = []
    _check_node(record.root, "/root", 1, keys)
    if len(keys) > MOST_NODES:
        raise contradiction(f"there are over {MOST_NODES} nodes", f"节点超过 {MOST_NODES} 个", "/root")
    if len(set(keys)) < len(keys):
        raise contradiction("two nodes have one key", "两个节点的键相同", "/root")


def _check_node(node: IndexNode, at: str, depth: int, keys: list[str]) -> None:
    keys.append(node.key)
    if depth > DEEPEST:
        raise contradiction(f"the tree is deeper than {DEEPEST}", f"层级超过 {DEEPEST} 层", at)
    if node.children:
        for name in ("direction", "idle_days", "measure", "missing", "scale", "takes"):
            if getattr(node, name) is not None:
                raise contradiction("a group measures nothing itself", "分组本身不计量", f"{at}/{name}")
        if sum((Fraction(one.weight) for one in node.children), Fraction(0)) != 1:
            raise contradiction("the weights of a group sum to 1", "同一分组权重之和须为 1", f"{at}/children")
        for index, one in enumerate(node.children):
            _check_node(one, f"{at}/children/{index}", depth + 1, keys)
        return
    for name in ("direction", "measure", "missing", "scale"):
        if getattr(node, name) is None:
            raise FieldMissing(field=name).at(Place(pointer=f"{at}/{name}"))
    _check_taking(node, at)
    assert node.scale is not None
    _check_scale(node.scale, higher=node.direction == "higher", at=f"{at}/scale")


def _check_taking(node: IndexNode, at: str) -> None:
    if node.takes is not None and node.measure not in OBSERVED:
        raise contradiction("events say nothing of this measure", "事件数据不含该指标", f"{at}/takes")
    idle, limited = node.measure == "idle_stock", node.idle_days is not None
    if (limited and not idle) or (idle and not limited and node.takes == "events"):
        raise contradiction(
            "idle stock by events has a limit of days, nothing else has",
            "按事件计的闲置库存须写天数，其他指标不写",
            f"{at}/idle_days",
        )


def _check_scale(scale: Scale, *, higher: bool, at: str) -> None:
    linear = scale.method == "linear"
    if linear == bool(scale.steps) or linear != (scale.zero_at is not None) or linear != (scale.full_at is not None):
        raise contradiction(
            "a linear scale has two bounds, one of steps has steps", "线性刻度须有两个界限，分档刻度须有档位", at
        )
    if scale.zero_at is not None and scale.full_at is not None:
        zero, full = Fraction(scale.zero_at), Fraction(scale.full_at)
        if zero == full or (full > zero) != higher:
            raise contradiction("the bounds go the other way", "界限方向与指标方向不一致", at)
    told = [(Fraction(one.at), one.points) for one in scale.steps]
    if told != sorted({pair[0]: pair for pair in told}.values(), reverse=not higher):
        raise contradiction("each step is harder to reach than the one before", "各档须逐档提高要求", f"{at}/steps")
    points = [one for _, one in told]
    if points != sorted(set(points)):
        raise contradiction("each step gives more points than the one before", "各档分值须逐档递增", f"{at}/steps")
