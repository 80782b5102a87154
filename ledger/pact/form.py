"""
A footprint as a person fills it in: which fields there are, and the ProductFootprint of PACT 3.0 they make.

What holds of a property and between properties stands in ``ledger.pact.footprint`` alone: here are names for people,
and how a page's texts become properties. Empty totals are summed; stated ones have to add up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from ledger.errors import Place
from ledger.pact.errors import PactFieldRefused
from ledger.pact.footprint import PARTS, REGIONS, UNITS, faults, taken, warnings
from ledger.pact.value import instant, moment, number, plain

Shape = Literal["date", "last-day", "long", "list", "number", "text", "yes-no"]
Group = Literal["product", "scope", "emissions", "total", "quality", "stated"]
GROUPS: Final[tuple[Group, ...]] = ("product", "scope", "emissions", "total", "quality", "stated")
TOTALS: Final = ("pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake")
_MADE: Final = ("id", "created", "precedingPfIds", "extensions", "status", "specVersion")


class Field(NamedTuple):
    """
    A field of the form: the JSON pointer of its property, what it is called, and how it is filled in.

    ``start`` is what an empty form holds; ``unit`` is what a figure is in, per declared unit where it is an emission.
    """

    pointer: str
    en: str
    zh: str
    group: Group
    shape: Shape = "text"
    unit: str = ""
    options: tuple[str, ...] = ()
    needed: bool = False
    start: str = ""

    @property
    def key(self) -> str:
        """Its name in the page."""
        return self.pointer.rpartition("/")[2]


def _kg(name: str, en: str, zh: str, *, group: Group = "emissions", needed: bool = False, start: str = "") -> Field:
    return Field(f"/pcf/{name}", en, zh, group, "number", "kg CO₂e", needed=needed, start=start)


FIELDS: Final[tuple[Field, ...]] = (
    Field("/productNameCompany", "name of the product", "产品名称", "product", needed=True),
    Field("/productDescription", "description", "产品描述", "product", "long", needed=True),
    Field("/pcf/declaredUnitAmount", "declared amount", "声明数量", "product", "number", needed=True, start="1"),
    Field("/pcf/declaredUnitOfMeasurement", "declared unit", "声明单位", "product", options=UNITS, needed=True),
    Field("/pcf/productMassPerDeclaredUnit", "mass of the declared amount", "声明数量对应质量", "product", "number",
          "kg", needed=True),
    Field("/pcf/referencePeriodStart", "data from", "数据起始日", "scope", "date", needed=True),
    Field("/pcf/referencePeriodEnd", "data until, last day", "数据截止日（含）", "scope", "last-day", needed=True),
    Field("/pcf/geographyCountry", "country (CN)", "国家代码（如 CN）", "scope"),
    Field("/pcf/geographyCountrySubdivision", "province (CN-GD)", "省级代码（如 CN-GD）", "scope"),
    Field("/pcf/geographyRegionOrSubregion", "region", "区域", "scope", options=REGIONS),
    Field("/pcf/boundaryProcessesDescription", "boundary: processes included", "系统边界：包含的过程", "scope", "long"),
    Field("/validityPeriodStart", "valid from", "有效期起", "scope", "date"),
    Field("/validityPeriodEnd", "valid until, last day", "有效期止（含）", "scope", "last-day"),
    _kg("fossilGhgEmissions", "fossil emissions", "化石源排放", needed=True),
    _kg("biogenicNonCO2Emissions", "biogenic, other than CO₂", "生物源非 CO₂ 排放"),
    _kg("landUseChangeGhgEmissions", "land use change", "土地利用变化排放"),
    _kg("landManagementBiogenicCO2Emissions", "land management, CO₂ out", "土地管理生物源 CO₂ 排放"),
    _kg("landManagementBiogenicCO2Removals", "land management, CO₂ in (≤ 0)", "土地管理生物源 CO₂ 移除（≤ 0）"),
    _kg("technologicalCO2Removals", "technological removals (≤ 0)", "技术性移除（≤ 0）"),
    _kg("ccsTechnologicalCO2Capture", "captured and stored (≤ 0)", "捕集与封存（≤ 0）"),
    _kg("biogenicCO2Uptake", "biogenic uptake (≤ 0)", "生物源 CO₂ 吸收（≤ 0）"),
    _kg("aircraftGhgEmissions", "of it, aircraft", "其中航空排放"),
    Field("/pcf/packagingEmissionsIncluded", "packaging included", "是否含包装", "emissions", "yes-no"),
    _kg("packagingGhgEmissions", "of it, packaging", "其中包装排放"),
    _kg("outboundLogisticsGhgEmissions", "outbound transport, beside the total", "出厂运输（不计入合计）"),
    _kg("pcfExcludingBiogenicUptake", "footprint without uptake", "碳足迹（不计生物源吸收）", group="total"),
    _kg("pcfIncludingBiogenicUptake", "footprint with uptake", "碳足迹（计生物源吸收）", group="total"),
    Field("/pcf/fossilCarbonContent", "fossil carbon in the product", "产品化石碳含量", "quality", "number", "kg C",
          needed=True, start="0"),
    Field("/pcf/biogenicCarbonContent", "biogenic carbon in the product", "产品生物碳含量", "quality", "number",
          "kg C"),
    Field("/pcf/primaryDataShare", "share of primary data", "初级数据占比", "quality", "number", "%"),
    Field("/pcf/exemptedEmissionsPercent", "left out (cut-off)", "取舍比例", "quality", "number", "%", needed=True,
          start="0"),
    Field("/pcf/exemptedEmissionsDescription", "why left out", "取舍说明", "quality", "long"),
    Field("/pcf/crossSectoralStandards", "standards, apart by ;", "依据标准（以分号分隔）", "quality", "list",
          needed=True, start="ISO14067; PACT-3.0"),
    Field("/pcf/ipccCharacterizationFactors", "IPCC factors, apart by ;", "IPCC 特征化因子（以分号分隔）", "quality",
          "list", needed=True, start="AR6"),
    Field("/pcf/allocationRulesDescription", "allocation", "分配方法", "quality", "long"),
    Field("/pcf/dqi/technologicalDQR", "DQR technology, 1 to 5", "技术代表性 DQR（1–5）", "quality", "number"),
    Field("/pcf/dqi/geographicalDQR", "DQR geography, 1 to 5", "地理代表性 DQR（1–5）", "quality", "number"),
    Field("/pcf/dqi/temporalDQR", "DQR time, 1 to 5", "时间代表性 DQR（1–5）", "quality", "number"),
    Field("/pcf/verification/providerName", "stated as verified by", "声明的核查机构", "stated"),
    Field("/pcf/verification/standardName", "by the standard", "核查依据标准", "stated"),
    Field("/pcf/verification/completedAt", "completed", "核查完成日", "stated", "date"),
    Field("/comment", "comment", "备注", "stated", "long"),
)  # fmt: skip
NAMED: Final = {field.key: field for field in FIELDS}


class Read(NamedTuple):
    """
    What a filled-in form makes. ``footprint`` is in the form it is kept in, ``None`` when something is wrong.

    ``totals`` are what the parts give, by name, as far as they can be read; pointers are those of the footprint.
    """

    footprint: dict[str, Any] | None
    totals: dict[str, str]
    faults: list[PactFieldRefused]
    warnings: list[PactFieldRefused]


def read(said: Mapping[str, str], made: Mapping[str, Any], earlier: Mapping[str, Any] | None = None) -> Read:
    """
    The footprint of a form's texts. ``made`` are properties that nobody fills in: ids, names of the company, times.

    Of an ``earlier`` version what the form does not ask is kept, its extensions and stated verification excepted.
    """
    document = _base(earlier)
    wrong: list[PactFieldRefused] = []
    for field in FIELDS:
        text = said.get(field.key, "").strip()
        value = _value(field, text) if text else None
        if text and value is None:
            why = ("a number such as 12.5", "应为数字，例如 12.5")
            why = ("a day such as 2026-01-31", "应为日期，例如 2026-01-31") if "da" in field.shape else why
            wrong.append(_refused(field.pointer, *why))
        _put(document, field.pointer, value)
    document |= made
    carbon = document["pcf"]
    totals = _totals(carbon)
    for name in TOTALS:
        if not said.get(name, "").strip() and name in totals:
            carbon[name] = totals[name]
    known = {one.place.pointer for one in wrong if one.place}
    wrong += [one for one in faults(document) if one.place and one.place.pointer not in known]
    if wrong:
        return Read(None, totals, wrong, [])
    kept = taken(document)
    unusual = list(warnings(kept))
    adding = [one for one in unusual if one.name in TOTALS]
    return Read(None if adding else kept, totals, adding, [one for one in unusual if one.name not in TOTALS])


def texts(footprint: Mapping[str, Any]) -> dict[str, str]:
    """A footprint's properties as the form holds them; what it does not ask is not in it."""
    found: dict[str, str] = {}
    for field in FIELDS:
        held: Any = footprint
        for part in field.pointer.split("/")[1:]:
            held = held.get(part) if isinstance(held, Mapping) else None
        if held is not None:
            found[field.key] = _text(field, held)
    return found


def _base(earlier: Mapping[str, Any] | None) -> dict[str, Any]:
    document = {name: deepcopy(value) for name, value in (earlier or {}).items() if name not in _MADE}
    carbon = dict(document.get("pcf", {}))
    carbon.pop("verification", None)
    return document | {"pcf": carbon}


def _totals(carbon: Mapping[str, Any]) -> dict[str, str]:
    """What the parts give; none while one of them cannot be read."""
    parts = {name: Decimal(0) if name not in carbon else number(carbon[name]) for name in (*PARTS, "biogenicCO2Uptake")}
    if "fossilGhgEmissions" not in carbon or any(part is None for part in parts.values()):
        return {}
    whole = sum((parts[name] or Decimal(0) for name in PARTS), Decimal(0))
    return dict(zip(TOTALS, (plain(whole), plain(whole + (parts["biogenicCO2Uptake"] or 0))), strict=True))


def _value(field: Field, text: str) -> Any:
    """A text as its property has it; ``None`` when it has no such form."""
    if field.shape == "yes-no":
        return {"yes": True, "no": False}.get(text)
    if field.shape == "list":
        return [part for one in re.split(r"[;；\n]", text) if (part := one.strip())]
    if field.shape == "number":
        plainly = unicodedata.normalize("NFKC", text).replace("−", "-")
        return plainly if number(plainly) is not None else None
    if field.shape in {"date", "last-day"}:
        try:
            day = date.fromisoformat(text) + timedelta(days=field.shape == "last-day")
        except (ValueError, OverflowError):
            return None
        return instant(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return text


def _text(field: Field, held: Any) -> str:
    if isinstance(held, bool):
        return "yes" if held else "no"
    if isinstance(held, list):
        return "; ".join(str(one) for one in held)
    at = moment(held) if field.shape in {"date", "last-day"} else None
    if at is None:
        return str(held)
    ends_a_day = field.shape == "last-day" and (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0)
    return (at.date() - timedelta(days=ends_a_day)).isoformat()


def _put(document: dict[str, Any], pointer: str, value: Any) -> None:
    """Set a property, or take it away; an object around nothing is not made."""
    *outer, name = pointer.split("/")[1:]
    held = document
    for part in outer:
        if value is None and part not in held:
            return
        held[part] = held = dict(held.get(part, {}))  # a copy: the earlier version's stays as it was
    if value is None:
        held.pop(name, None)
    else:
        held[name] = value


def _refused(pointer: str, why: str, why_zh: str) -> PactFieldRefused:
    return PactFieldRefused(name=pointer.rpartition("/")[2], why=why, why_zh=why_zh).at(Place(pointer=pointer))
