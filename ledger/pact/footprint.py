"""
The ProductFootprint of PACT 3.0: which properties it has, what holds of each, and what should hold between them.

Rules that the OpenAPI document makes are faults: a footprint that breaks one is refused. Rules of the Methodology
between figures are warnings, because footprints that are exchanged break them (the specification's own example does).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ledger.errors import Place
from ledger.pact.errors import PactFieldRefused
from ledger.pact.value import (
    Check,
    Wrong,
    a_bool,
    a_decimal,
    a_moment,
    a_name,
    a_text,
    a_urn,
    a_uuid,
    a_version,
    instant,
    matching,
    moment,
    number,
    one_of,
    plain,
    some,
    uuid,
)

Footprint = Mapping[str, Any]
"""Plain JSON data, without ``status``: that changes, and nothing else of a footprint does."""
UNITS: Final = (
    "liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule", "ton kilometer", "square meter", "piece", "hour",
    "megabit second",
)  # fmt: skip
GEOGRAPHIES: Final = ("geographyRegionOrSubregion", "geographyCountry", "geographyCountrySubdivision")
REGIONS: Final = (
    "Africa", "Americas", "Asia", "Europe", "Oceania", "Australia and New Zealand", "Central Asia", "Eastern Asia",
    "Eastern Europe", "Latin America and the Caribbean", "Melanesia", "Micronesia", "Northern Africa",
    "Northern America", "Northern Europe", "Polynesia", "South-eastern Asia", "Southern Asia", "Southern Europe",
    "Sub-Saharan Africa", "Western Asia", "Western Europe",
)  # fmt: skip
"""UN M49."""
VALID_YEARS: Final = 3


class Rule(NamedTuple):
    """A property's check, and whether it must be there."""

    check: Check
    needed: bool = False


def an_extension(value: Any) -> Wrong:
    """An extension of any schema: it is kept, whatever it says."""
    good = isinstance(value, dict) and isinstance(value.get("data"), dict) and isinstance(value.get("dataSchema"), str)
    return (
        None
        if good
        else ("an object with specVersion, dataSchema and data", "应为含 specVersion、dataSchema、data 的对象")
    )


def a_thing(value: Any) -> Wrong:
    """An object."""
    return None if isinstance(value, dict) else ("an object", "应为对象")


PRODUCT: Final[Mapping[str, Rule]] = {
    "id": Rule(a_uuid, needed=True),
    "specVersion": Rule(a_version, needed=True),
    "precedingPfIds": Rule(some(a_uuid)),
    "created": Rule(a_moment, needed=True),
    "validityPeriodStart": Rule(a_moment),
    "validityPeriodEnd": Rule(a_moment),
    "companyName": Rule(a_name, needed=True),
    "companyIds": Rule(some(a_urn), needed=True),
    "productDescription": Rule(a_text, needed=True),
    "productIds": Rule(some(a_urn), needed=True),
    "productClassifications": Rule(some(a_urn)),
    "productNameCompany": Rule(a_name, needed=True),
    "comment": Rule(a_text),
    "pcf": Rule(a_thing, needed=True),
    "extensions": Rule(some(an_extension)),
}
_ANY, _GAIN, _LOSS, _SHARE = Rule(a_decimal()), Rule(a_decimal(0)), Rule(a_decimal(None, 0)), Rule(a_decimal(0, 100))
CARBON: Final[Mapping[str, Rule]] = {
    "declaredUnitOfMeasurement": Rule(one_of(*UNITS), needed=True),
    "declaredUnitAmount": Rule(a_decimal(0, above=True), needed=True),
    "productMassPerDeclaredUnit": Rule(a_decimal(0), needed=True),
    "referencePeriodStart": Rule(a_moment, needed=True),
    "referencePeriodEnd": Rule(a_moment, needed=True),
    "geographyRegionOrSubregion": Rule(one_of(*REGIONS)),
    "geographyCountry": Rule(matching(r"[A-Z]{2}", "ISO 3166-1 alpha-2")),
    "geographyCountrySubdivision": Rule(matching(r"[A-Z]{2}-[A-Z0-9]{1,3}", "ISO 3166-2")),
    "boundaryProcessesDescription": Rule(a_text),
    "pcfExcludingBiogenicUptake": Rule(a_decimal(), needed=True),
    "pcfIncludingBiogenicUptake": Rule(a_decimal(), needed=True),
    "fossilGhgEmissions": Rule(a_decimal(0), needed=True),
    "fossilCarbonContent": Rule(a_decimal(0), needed=True),
    "biogenicCarbonContent": _GAIN,
    "recycledCarbonContent": _GAIN,
    "landUseChangeGhgEmissions": _GAIN,
    "landCarbonLeakage": _GAIN,
    "landManagementFossilGhgEmissions": _GAIN,
    "landManagementBiogenicCO2Emissions": _GAIN,
    "landManagementBiogenicCO2Removals": _LOSS,
    "biogenicCO2Uptake": _LOSS,
    "biogenicNonCO2Emissions": _GAIN,
    "landAreaOccupation": _GAIN,
    "aircraftGhgEmissions": _GAIN,
    "packagingEmissionsIncluded": Rule(a_bool),
    "packagingGhgEmissions": _GAIN,
    "packagingBiogenicCarbonContent": _GAIN,
    "outboundLogisticsGhgEmissions": _GAIN,
    "ccsTechnologicalCO2CaptureIncluded": Rule(a_bool),
    "ccsTechnologicalCO2Capture": _LOSS,
    "technologicalCO2CaptureOrigin": Rule(a_text),
    "technologicalCO2Removals": _LOSS,
    "ccuCarbonContent": _GAIN,
    "ccuCalculationApproach": Rule(one_of("Cut-off", "Credit")),
    "ccuCreditCertification": Rule(a_name),
    "ipccCharacterizationFactors": Rule(some(matching(r"AR[0-9]+", "AR6")), needed=True),
    "crossSectoralStandards": Rule(some(a_name), needed=True),
    "productOrSectorSpecificRules": Rule(some(a_thing)),
    "exemptedEmissionsPercent": Rule(a_decimal(0, 100), needed=True),
    "exemptedEmissionsDescription": Rule(a_text),
    "allocationRulesDescription": Rule(a_text),
    "secondaryEmissionFactorSources": Rule(some(a_thing)),
    "primaryDataShare": _SHARE,
    "dqi": Rule(a_thing),
    "verification": Rule(a_thing),
}
RATINGS: Final = ("technologicalDQR", "geographicalDQR", "temporalDQR")
PARTS: Final = (
    "fossilGhgEmissions", "landUseChangeGhgEmissions", "landManagementBiogenicCO2Emissions",
    "landManagementBiogenicCO2Removals", "technologicalCO2Removals", "ccsTechnologicalCO2Capture",
    "biogenicNonCO2Emissions",
)  # fmt: skip
"""What a footprint without uptake is the sum of."""


def faults(footprint: Footprint) -> Iterator[PactFieldRefused]:
    """Everything that is wrong with a footprint, each located by its JSON pointer."""
    yield from _checked(footprint, PRODUCT, "")
    carbon = footprint.get("pcf")
    if not isinstance(carbon, dict):
        return
    yield from _checked(carbon, CARBON, "/pcf")
    if sum(name in carbon for name in GEOGRAPHIES) > 1:
        yield _refused("/pcf/geographyCountry", "at most one geography is stated", "至多填写一个地理范围")
    if carbon.get("packagingEmissionsIncluded") is False and "packagingGhgEmissions" in carbon:
        yield _refused("/pcf/packagingGhgEmissions", "packaging is said to be left out", "已声明不含包装")
    start, end = (moment(carbon.get(f"referencePeriod{one}")) for one in ("Start", "End"))
    if start and end and end <= start:
        yield _refused("/pcf/referencePeriodEnd", "it does not end after it starts", "结束应晚于开始")
    dqi = carbon.get("dqi")
    if isinstance(dqi, dict):
        yield from _checked(dqi, {name: Rule(a_decimal(1, 5), needed=True) for name in RATINGS}, "/pcf/dqi")


def warnings(footprint: Footprint) -> Iterator[PactFieldRefused]:
    """What the Methodology asks between properties and this footprint does not keep; it is taken all the same."""
    carbon = footprint["pcf"]
    figures = {name: number(carbon.get(name)) or Decimal(0) for name in (*PARTS, "biogenicCO2Uptake")}
    whole = number(carbon["pcfExcludingBiogenicUptake"])
    with_uptake = number(carbon["pcfIncludingBiogenicUptake"])
    assert whole is not None
    assert with_uptake is not None
    if whole != sum(figures[name] for name in PARTS):
        said = f"its parts sum to {plain(sum((figures[name] for name in PARTS), Decimal(0)))}"
        yield _refused("/pcf/pcfExcludingBiogenicUptake", said, f"各部分之和为{said.rpartition(' ')[2]}")
    if with_uptake != whole + figures["biogenicCO2Uptake"]:
        said = plain(whole + figures["biogenicCO2Uptake"])
        yield _refused("/pcf/pcfIncludingBiogenicUptake", f"with the uptake it would be {said}", f"计入吸收应为 {said}")
    first, last = validity(footprint)
    ends = moment(carbon["referencePeriodEnd"])
    assert ends is not None
    if first < ends:
        yield _refused("/validityPeriodStart", "it is valid before its period ended", "有效期早于参考期结束")
    if last > years_later(ends):
        yield _refused("/validityPeriodEnd", "it is valid for more than three years", "有效期超过三年")
    for name in ("packagingEmissionsIncluded", "primaryDataShare"):
        if name not in carbon:
            yield _refused(f"/pcf/{name}", "the Methodology asks for it", "方法学要求填写")


def validity(footprint: Footprint) -> tuple[datetime, datetime]:
    """From when to when it is valid: as stated, else three years from the end of its period."""
    ends = moment(footprint["pcf"]["referencePeriodEnd"])
    assert ends is not None
    first = moment(footprint.get("validityPeriodStart")) or ends
    return first, moment(footprint.get("validityPeriodEnd")) or years_later(ends)


def years_later(at: datetime) -> datetime:
    """Three years on; 29 February becomes 1 March."""
    try:
        return at.replace(year=at.year + VALID_YEARS)
    except ValueError:
        return at.replace(year=at.year + VALID_YEARS, month=3, day=1)


def taken(document: Footprint) -> dict[str, Any]:
    """
    A footprint as it is kept: nothing undefined in it, ids in lower case, times in UTC, decimals without exponent.

    Digits stay as they were written, and so does everything unknown. Raises the first of ``faults``, located.
    """
    kept = {name: value for name, value in defined(document).items() if name != "status"}
    for fault in faults(kept):
        raise fault
    kept = {name: _normal(name, value) for name, value in kept.items()}
    kept["pcf"] = {name: _normal(name, value) for name, value in kept["pcf"].items()}
    return kept


def served(footprint: Footprint, *, deprecated: bool) -> dict[str, Any]:
    """A footprint as it is sent, with its status."""
    return {**footprint, "status": "Deprecated" if deprecated else "Active"}


def _normal(name: str, value: Any) -> Any:
    if name == "id":
        return uuid(value)
    if name == "precedingPfIds":
        return [uuid(one) for one in value]
    rule = CARBON.get(name) or PRODUCT.get(name)
    if rule is not None and rule.check is a_moment:
        at = moment(value)
        return value if at is None else instant(at)
    found = number(value) if name in CARBON and rule not in _TEXTS else None
    return value if found is None or "e" not in value.lower() else plain(found)


_TEXTS: Final = tuple(rule for rule in CARBON.values() if rule.check in {a_text, a_name})


def defined(value: Any) -> Any:
    """Without properties that are null: in PACT these are undefined."""
    if isinstance(value, Mapping):
        return {name: defined(part) for name, part in value.items() if part is not None}
    return [defined(part) for part in value] if isinstance(value, list) else value


def _checked(held: Mapping[str, Any], rules: Mapping[str, Rule], at: str) -> Iterator[PactFieldRefused]:
    for name, rule in rules.items():
        if name in held:
            wrong = rule.check(held[name])
            if wrong:
                yield _refused(f"{at}/{name}", *wrong)
        elif rule.needed:
            yield _refused(f"{at}/{name}", "it is missing", "缺少该字段")


def _refused(pointer: str, why: str, why_zh: str) -> PactFieldRefused:
    return PactFieldRefused(name=pointer.rpartition("/")[2], why=why, why_zh=why_zh).at(Place(pointer=pointer))
