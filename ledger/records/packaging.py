"""
What one piece of a product is packed in, and by which rules packaging counts as green.

Amounts are what the packer states: mass, size, recycled content, how often something serves. Whether a package is
green, and what its making emits, is computed from them (``ledger.packaging``) and never stated here.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

from ledger.errors import Place
from ledger.identity import GRAI_CLASS, parse
from ledger.records.errors import FieldMissing, contradiction
from ledger.records.product_footprint import DecimalText
from ledger.records.transport_leg import Moment, Name

Material = Literal[
    "aluminium", "board", "composite", "fibre", "glass", "other", "paper", "pe", "pet", "plastic", "pp", "ps", "pvc",
    "steel", "textile", "wood",
]  # fmt: skip
"""``fibre``: moulded pulp. ``composite``: layers that do not come apart. ``plastic``: any other."""
MATERIALS: Final[tuple[Material, ...]] = get_args(Material)
Level = Literal["part", "primary", "secondary", "transport"]
"""``part`` is what is no layer of its own: cushions, tape, labels, pallets under a load."""
Millimetres = Annotated[int, Meta(ge=1, le=100_000)]
Size = tuple[Millimetres, Millimetres, Millimetres]
"""Outside length, width and height [mm], as it stands when it is full."""
CriterionKind = Literal[
    "layers", "mono_material", "recyclable", "recycled", "reusable", "volume_ratio", "without"
]  # fmt: skip
CountedBy = Literal["mass", "pieces"]
Words = Annotated[str, Meta(min_length=1, max_length=200)]


class PackagingComponent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    ``count`` of one component, each of ``mass_kg`` [kg], that pack ``pieces`` of the product together.

    It serves ``cycles`` times, 1 when it is thrown away. ``recycled_pct`` [%] of its mass is recycled matter.
    ``recyclable`` is the packer's statement. ``returnable`` is the asset type (GRAI without serial) under which single
    ones are scanned. ``factor`` and ``recycled_factor`` are the ids of factors of their making [kg CO2e/kg].
    """

    count: Annotated[int, Meta(ge=1, le=10_000)] = 1
    cycles: Annotated[int, Meta(ge=1, le=100_000)] = 1
    factor: Name | None = None
    level: Level
    mass_kg: DecimalText
    material: Material
    name: Name
    pieces: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    recyclable: bool
    recycled_factor: Name | None = None
    recycled_pct: DecimalText
    returnable: Name | None = None
    size: Size | None = None


class PackagingBill(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The packaging of ``product`` as ``supplier`` packs it from one day to another; ``size`` is the product's without it.

    ``source`` names the evidence (a weighing list, a drawing); files of it are kept as evidence of this record's id.
    ``verified_by`` names who checked it; without one it is recorded, not verified.
    """

    amounts: Literal["design", "measured"]
    components: Annotated[tuple[PackagingComponent, ...], Meta(min_length=1, max_length=60)]
    id: Name
    kind: Literal["packaging_bill"]
    name: Name
    occurred_at: Moment
    product: Name
    size: Size | None = None
    source: Name
    supplier: Name
    valid_from: date
    valid_to: date
    verified_by: Name | None = None
    version: Literal[1]


class PackagingCriterion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A condition of green packaging; what ``value`` says depends on the kind (``ledger.packaging.criteria.CRITERIA``).

    Shares are of the mass that is moved, at least ``value`` [%]: ``reusable``, ``recyclable``, ``recycled`` (content),
    ``mono_material`` (of the material there is most of). ``volume_ratio``: volume packed / volume of the product, at
    most. ``layers``: at most. ``without``: a material of which there is none. Every condition of ``need`` ``all`` has
    to hold, and one at least of those of ``one``, where there are any.
    """

    kind: CriterionKind
    need: Literal["all", "one"]
    value: Words


class PackagingRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An edition of the house's rules for green packaging, in force from ``valid_from`` until the next.

    ``basis`` names the enterprise standard. The share that is aimed for is above ``target_pct`` [%], of the pieces that
    were shipped or of the mass of their packaging, as ``counted_by`` says.
    """

    basis: Words
    counted_by: CountedBy
    criteria: Annotated[tuple[PackagingCriterion, ...], Meta(min_length=1, max_length=20)]
    edition: Annotated[int, Meta(ge=1, le=10_000)]
    id: Name
    kind: Literal["packaging_rules"]
    occurred_at: Moment
    target_pct: DecimalText
    valid_from: date
    version: Literal[1]


def packaging_rules_id(edition: int) -> str:
    """The id of an edition."""
    return f"packaging-rules:{edition}"


def check_packaging_bill(record: PackagingBill) -> None:
    """Everything of its components, which have names of their own, and one of which is the package."""
    check_packaging_components(record)
    names = [one.name for one in record.components]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise contradiction(f"{name} is there twice", f"部件 {name} 重复", f"/components/{number}/name")
    if all(one.level == "part" for one in record.components):
        raise contradiction(
            "nothing but parts: one component is the package", "仅有附件：至少一个部件为包装本体", "/components/0/level"
        )


def check_packaging_components(record: PackagingBill) -> None:
    """Masses are there, layers have a size, recycled content has its two factors or none, types are types."""
    if record.valid_to < record.valid_from:
        raise contradiction("the validity ends before it starts", "有效期的结束早于开始", "/valid_to")
    for number, one in enumerate(record.components):
        _check_component(one, f"/components/{number}")


def _check_component(one: PackagingComponent, at: str) -> None:
    if not Fraction(one.mass_kg):
        raise contradiction(f"{one.name} has no mass", f"部件 {one.name} 的质量须大于零", f"{at}/mass_kg")
    if Fraction(one.recycled_pct) > 100:
        raise contradiction("a share lies between 0 and 100 %", "比例须在 0 至 100 % 之间", f"{at}/recycled_pct")
    if one.level != "part" and one.size is None:
        raise FieldMissing(field="size").at(Place(pointer=f"{at}/size"))
    if one.recycled_factor is not None and one.factor is None:
        raise FieldMissing(field="factor").at(Place(pointer=f"{at}/factor"))
    if one.recycled_factor is not None and not Fraction(one.recycled_pct):
        raise contradiction(
            "a factor of recycled matter, and none in it", "填写了再生料因子，但再生料比例为零", f"{at}/recycled_pct"
        )
    if one.returnable is not None and parse(one.returnable).key is not GRAI_CLASS:
        raise contradiction(
            "a returnable type is a GRAI without a serial number",
            "可周转资产类型须为不带序列号的 GRAI",
            f"{at}/returnable",
        )
    if one.returnable is not None and one.cycles == 1:
        raise contradiction("what is returned serves more than once", "可周转部件的循环次数须大于 1", f"{at}/cycles")


_PERCENT: Final = frozenset({"mono_material", "recyclable", "recycled", "reusable"})


def check_packaging_rules(record: PackagingRules) -> None:
    """The id is the edition's, and each condition says what its kind needs."""
    if record.id != packaging_rules_id(record.edition):
        raise contradiction("the id of an edition is packaging-rules:edition", "编号须为 packaging-rules:版次", "/id")
    if not 0 < Fraction(record.target_pct) <= 100:
        raise contradiction("a target lies above 0 and up to 100 %", "目标须大于 0 且不超过 100 %", "/target_pct")
    for number, one in enumerate(record.criteria):
        at = f"/criteria/{number}/value"
        if one.kind == "without":
            if one.value not in MATERIALS:
                raise contradiction(f"{one.value!r} is no material", f"{one.value!r} 不是可用的材料", at)
            continue
        whole, _, part = one.value.partition(".")
        if not (one.value.isascii() and whole.isdigit() and (not part or part.isdigit()) and len(one.value) <= 20):
            raise contradiction(f"{one.value!r} is no number", f"{one.value!r} 不是数字", at)
        if one.kind in _PERCENT and Fraction(one.value) > 100:
            raise contradiction("a share lies between 0 and 100 %", "比例须在 0 至 100 % 之间", at)
