"""
Who may see which part of a passport: one row a field, and nothing without a row is seen by anyone.

Audiences include each other: what the public sees, a buyer sees too, then an auditor, then the owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

Audience = Literal["public", "buyer", "auditor", "owner"]
AUDIENCES: Final[tuple[Audience, ...]] = get_args(Audience)
_RANK: Final = {name: rank for rank, name in enumerate(AUDIENCES)}


class Field(NamedTuple):
    """A field by its path in the passport (lists are passed through), its audience, and what it is called."""

    path: str
    audience: Audience
    en: str
    zh: str


POLICY: Final[tuple[Field, ...]] = (
    Field("id", "public", "Code for life", "终身编码"),
    Field("level", "public", "One thing, or a class of things", "单件或一类"),
    Field("identifiers", "public", "The code in its other forms", "编码的其他形式"),
    Field("aliases", "auditor", "Further codes on the same thing", "同一物品上的其他编码"),
    Field("product.id", "public", "Product", "产品"),
    Field("product.name", "public", "What it is", "名称"),
    Field("product.category", "public", "Category", "品类"),
    Field("product.supplier", "buyer", "Supplier", "供应商"),
    Field("photo", "public", "Photo", "照片"),
    Field("state.disposition", "public", "Disposition", "处置状态"),
    Field("state.step", "public", "Last step", "最近环节"),
    Field("state.stage", "public", "Stage of life", "生命阶段"),
    Field("state.seen_at", "public", "Last seen", "最近扫码"),
    Field("state.published_place", "public", "Place, where its operator published it", "位置（运营方已公开者）"),
    Field("state.place", "auditor", "Place, exactly", "确切位置"),
    Field("state.holder", "auditor", "Who holds it", "持有方"),
    Field("state.parent", "auditor", "What it is on or in", "所在载具或安装位"),
    Field("state.contents", "auditor", "What is on or in it", "所含物品"),
    Field("state.value", "owner", "Book value", "账面价值"),
    Field("journey.count", "public", "Number of events", "事件数量"),
    Field("journey.events.entry", "public", "Entry number of each event", "各事件的条目编号"),
    Field("journey.events.step", "public", "Step of each event", "各事件的环节"),
    Field("journey.events.disposition", "public", "Disposition after each event", "各事件后的状态"),
    Field("journey.events.at", "public", "Time of each event", "各事件的时间"),
    Field("journey.events.state", "public", "How far its entry has come", "条目进度"),
    Field("journey.events.type", "public", "Kind of each event", "各事件的类型"),
    Field("journey.events.role", "public", "Part the thing had in each event", "物品在各事件中的角色"),
    Field("journey.events.withdrawn", "public", "Whether it was declared an error", "是否已声明有误"),
    Field("journey.events.published_place", "public", "Place of each event, where published", "各事件位置（已公开者）"),
    Field("journey.events.place", "auditor", "Place of each event, exactly", "各事件的确切位置"),
    Field("journey.events.sealed_proof", "public", "Sealed proof of each event", "各事件的封存证明"),
    Field("journey.events.proof", "auditor", "Whole proof of each event", "各事件的完整证明"),
    Field("journey.events.unit", "auditor", "On or in what it was then", "当时所在的载具或安装位"),
    Field("footprint", "public", "Footprint per piece, by stage, with factors", "单件碳足迹：分阶段、方法与因子"),
    Field("declaration.id", "buyer", "Number of the supplier's declaration", "供应商声明编号"),
    Field("declaration.boundary", "public", "What the supplier's declaration covers", "供应商声明的边界"),
    Field("declaration.primary_data_share", "buyer", "Primary data share as declared", "声明的初级数据占比"),
    Field("certificates", "public", "Certificates and verifiers", "证书与核查机构"),
    Field("proof", "public", "Sealed proof of the newest entry", "最新条目的封存证明"),
    Field("anomalies.kind", "public", "What does not fit together", "异常类型"),
    Field("anomalies.at", "public", "When that was noticed", "异常时间"),
    Field("anomalies.entries", "auditor", "Which entries do not fit together", "涉及的条目"),
    Field("as_of", "public", "Up to which entry this was computed", "计算截至的条目"),
    Field("policy", "public", "This table", "本表"),
)
"""The policy, in the order of the page."""


class _Node:
    """A step of a path: who may see it when it ends here, and where it goes on."""

    __slots__ = ("audience", "below")

    def __init__(self) -> None:
        self.audience: Audience | None = None
        self.below: dict[str, _Node] = {}


def _tree() -> _Node:
    root = _Node()
    for field in POLICY:
        node = root
        for name in field.path.split("."):
            node = node.below.setdefault(name, _Node())
        node.audience = field.audience
    return root


_TREE: Final = _tree()


def disclosed(passport: Mapping[str, Any], audience: Audience) -> dict[str, Any]:
    """The part of a passport that an audience may see; what has no row in ``POLICY`` is left out."""
    found: dict[str, Any] = _picked(passport, _TREE, _RANK[audience])
    return found


def _picked(value: Any, node: _Node, rank: int) -> Any:
    if node.audience is not None:
        return value if _RANK[node.audience] <= rank else None
    if isinstance(value, Mapping):
        below = ((name, _picked(part, node.below[name], rank)) for name, part in value.items() if name in node.below)
        return {name: part for name, part in below if part is not None}
    return [_picked(part, node, rank) for part in value] if isinstance(value, list) else None


def policy_rows() -> list[dict[str, str]]:
    """The policy as data for programs."""
    return [{"field": field.path, "audience": field.audience} for field in POLICY]
