"""What the types of product footprints and bills of materials do not say: sums, shares, validity, cut-offs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from ledger.errors import Place
from ledger.records.bill_of_materials import (
    BillInput,
    BillOfMaterials,
    PackagingItem,
    Treatment,
)
from ledger.records.errors import CutOffTooLarge, FieldMissing, SharesNotOne, contradiction
from ledger.records.product_footprint import ProductFootprint
from ledger.records.transport_operation import ELECTRICITY, EnergyAmount

SINGLE_CUT_OFF_PCT, ALL_CUT_OFFS_PCT = 1, 5
"""Each flow left out stays below the first, all together below the second [%] (ISO 14067:2018, 6.3.4.3)."""

_LINES = ("cut_offs", "direct", "end_of_life", "energy", "inbound", "inputs", "packaging", "use")


def check_footprint(record: ProductFootprint) -> None:
    """The validity; and the parts, where stated, are the whole."""
    _check_span(record.valid_from, record.valid_to, "validity", "有效期", "/valid_to")
    whole = Fraction(record.pcf_kg_co2e)
    gains = (record.biogenic_emissions_kg_co2e, record.land_use_change_kg_co2e, record.aviation_kg_co2e)
    added = sum((Fraction(part) for part in gains if part is not None), Fraction(0))
    rest = added - Fraction(record.biogenic_removals_kg_co2e or 0)
    if record.fossil_kg_co2e is None:
        if rest > whole:
            raise contradiction("the parts are more than the whole footprint", "各部分之和大于总碳足迹", "/pcf_kg_co2e")
    elif Fraction(record.fossil_kg_co2e) + rest != whole:
        raise contradiction(
            "fossil + biogenic emissions - removals + land-use change + aviation is not the whole footprint",
            "化石 + 生物源排放 − 清除 + 土地利用变化 + 航空 不等于总碳足迹",
            "/fossil_kg_co2e",
        )
    if record.packaging_kg_co2e is not None and Fraction(record.packaging_kg_co2e) > whole:
        raise contradiction("packaging is more than the whole footprint", "包装大于总碳足迹", "/packaging_kg_co2e")


def check_bill(record: BillOfMaterials) -> None:
    """Every line by itself, then shares, masses and cut-offs together; located by pointer."""
    _check_span(record.valid_from, record.valid_to, "validity", "有效期", "/valid_to")
    if not Fraction(record.mass_kg):
        raise contradiction("one declared unit has a mass", "申报单位的质量须大于零", "/mass_kg")
    if not any(getattr(record, name) for name in _LINES):
        raise FieldMissing(field="inputs").at(Place(pointer="/inputs"))
    _check_lines(record)
    _check_energy(record.energy, "/energy")
    _check_ends(record)
    if record.use:
        for number, line in enumerate(record.use.inputs):
            _check_input(line, f"/use/inputs/{number}")
        _check_energy(record.use.energy, "/use/energy")
    _check_allocation(record)
    _check_cut_offs(record)
    if record.study and record.study.period_start and record.study.period_end:
        _check_span(record.study.period_start, record.study.period_end, "period", "期间", "/study/period_end")


def _check_lines(record: BillOfMaterials) -> None:
    """What goes in, and how it gets there."""
    for number, line in enumerate(record.inputs):
        _check_input(line, f"/inputs/{number}")
        if line.product is not None and line.product == record.product:
            raise contradiction(
                "a product cannot be its own input", "产品不能以自身为投入", f"/inputs/{number}/product"
            )
    for number, move in enumerate(record.inbound):
        for name in ("distance_km", "mass_kg"):
            if not Fraction(getattr(move, name)):
                raise FieldMissing(field=name).at(Place(pointer=f"/inbound/{number}/{name}"))


def _check_span(first: date, last: date, what: str, what_zh: str, at: str) -> None:
    if last < first:
        raise contradiction(f"the {what} ends before it starts", f"{what_zh}的结束早于开始", at)


def _check_ends(record: BillOfMaterials) -> None:
    """Packaging and what the product ends as: treatments are shares of one mass, and no more ends than there is."""
    for number, item in enumerate(record.packaging):
        _check_recycled(item, f"/packaging/{number}")
        if item.end_of_life:
            _check_treatments(item.end_of_life, f"/packaging/{number}/end_of_life")
    for number, ended in enumerate(record.end_of_life):
        _check_treatments(ended.treatments, f"/end_of_life/{number}/treatments")
    if _sum(ended.mass_kg for ended in record.end_of_life) > Fraction(record.mass_kg):
        raise contradiction("more mass ends than the product has", "报废去向的质量之和大于产品质量", "/end_of_life")


def _check_input(line: BillInput, at: str) -> None:
    if line.product is None and line.factor is None:
        raise FieldMissing(field="product / factor").at(Place(pointer=f"{at}/factor"))
    if line.product is not None and line.supplier is None:
        raise FieldMissing(field="supplier").at(Place(pointer=f"{at}/supplier"))
    if line.product is None and line.supplier is not None:
        raise FieldMissing(field="product").at(Place(pointer=f"{at}/product"))
    if line.default_amount is not None and None in {line.product, line.factor}:
        raise contradiction(
            "a default amount stands beside a product and a factor",
            "默认量须与产品和因子同时填写",
            f"{at}/default_amount",
        )
    _check_recycled(line, at)


def _check_recycled(line: BillInput | PackagingItem, at: str) -> None:
    if (line.recycled_pct is None) != (line.recycled_factor is None):
        raise FieldMissing(field="recycled_factor").at(Place(pointer=f"{at}/recycled_factor"))
    if line.recycled_pct is not None and Fraction(line.recycled_pct) > 100:
        raise contradiction("a share lies between 0 and 100 %", "比例须在 0 至 100 % 之间", f"{at}/recycled_pct")
    if line.recycled_pct is not None and line.factor is None:
        raise FieldMissing(field="factor").at(Place(pointer=f"{at}/factor"))


def _check_treatments(treatments: Sequence[Treatment], at: str) -> None:
    _check_shares([one.share for one in treatments], at)


def _check_energy(energy: Iterable[EnergyAmount], at: str) -> None:
    for number, used in enumerate(energy):
        if used.carrier == ELECTRICITY and used.region is None:
            raise FieldMissing(field="region").at(Place(pointer=f"{at}/{number}/region"))
        if used.carrier == ELECTRICITY and used.unit != "kWh":
            raise contradiction("electricity is in kWh", "电力以 kWh 计", f"{at}/{number}/unit")


def _check_allocation(record: BillOfMaterials) -> None:
    told = record.allocation
    if told is None:
        return
    if (told.rule == "none") != (not told.co_products):
        raise contradiction(
            "co-products have a rule, and a rule has co-products", "分配规则与联产品须同时填写", "/allocation/rule"
        )
    _check_shares([told.share, *(other.share for other in told.co_products)], "/allocation/share")


def _check_shares(shares: Sequence[str], at: str) -> None:
    whole = _sum(shares)
    if whole != 1:
        raise SharesNotOne(got=" + ".join(shares)).at(Place(pointer=at))


def _check_cut_offs(record: BillOfMaterials) -> None:
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for number, left in enumerate(record.cut_offs):
        sums[left.basis] += Fraction(left.share_pct)
        if Fraction(left.share_pct) >= SINGLE_CUT_OFF_PCT:
            raise CutOffTooLarge(what=left.flow, got=left.share_pct, limit=SINGLE_CUT_OFF_PCT).at(
                Place(pointer=f"/cut_offs/{number}/share_pct")
            )
        if sums[left.basis] >= ALL_CUT_OFFS_PCT:
            raise CutOffTooLarge(what=left.basis, got=str(sums[left.basis]), limit=ALL_CUT_OFFS_PCT).at(
                Place(pointer=f"/cut_offs/{number}/share_pct")
            )


def _sum(texts: Iterable[str]) -> Fraction:
    return sum((Fraction(text) for text in texts), Fraction(0))
