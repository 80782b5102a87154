"""
Footprints of PACT 2.0 to 2.3, from those of 3.0 and to them; figures by exact decimals.

Version 2 states kg per *one* declared unit, version 3 per ``declaredUnitAmount`` of them: v3 = v2 x
unitaryProductAmount. An iLEAP footprint of version 2 holds totals already and is not multiplied. A footprint that
version 2 has no word for is refused, with the reason; a quotient that does not end is rounded to 34 digits, and the
comment says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, Final
from uuid import UUID, uuid5

from ledger.pact.errors import NotInVersion2, PactFieldRefused
from ledger.pact.footprint import GEOGRAPHIES, Footprint
from ledger.pact.value import number, plain
from ledger.units import EXACT

SPEC: Final = "2.3.0"
CPC: Final = "urn:cpc:"
ILEAP: Final = "https://api.ileap.sine.dev/"
"""Where the schemas of iLEAP's extensions are: figures beside one are totals."""
UNITS: Final = (
    "liter", "kilogram", "cubic meter", "kilowatt hour", "megajoule", "ton kilometer", "square meter",
)  # fmt: skip
FIGURES: Final[Mapping[str, str]] = {
    "pCfExcludingBiogenic": "pcfExcludingBiogenicUptake",
    "pCfIncludingBiogenic": "pcfIncludingBiogenicUptake",
    "fossilGhgEmissions": "fossilGhgEmissions",
    "fossilCarbonContent": "fossilCarbonContent",
    "biogenicCarbonContent": "biogenicCarbonContent",
    "dLucGhgEmissions": "landUseChangeGhgEmissions",
    "iLucGhgEmissions": "landCarbonLeakage",
    "otherBiogenicGhgEmissions": "biogenicNonCO2Emissions",
    "biogenicCarbonWithdrawal": "biogenicCO2Uptake",
    "aircraftGhgEmissions": "aircraftGhgEmissions",
    "packagingGhgEmissions": "packagingGhgEmissions",
}
"""v2 name -> v3 name of what is stated per declared unit [kg CO2e, kg C]."""
SAME: Final = (
    "referencePeriodStart", "referencePeriodEnd", *GEOGRAPHIES, "boundaryProcessesDescription",
    "exemptedEmissionsDescription", "allocationRulesDescription", "packagingEmissionsIncluded",
    "secondaryEmissionFactorSources", "productOrSectorSpecificRules",
)  # fmt: skip
STANDARDS: Final[Mapping[str, str]] = {
    "GHG Protocol Product standard": "GHGP-Product",
    "ISO Standard 14067": "ISO14067",
    "ISO Standard 14044": "ISO14040-44",
}
_KNOWN_2_3: Final = ("ISO14067", "ISO14083", "ISO14040-44", "GHGP-Product", "PEF", "PACT-1.0", "PACT-2.0", "PACT-3.0")
_PRODUCT: Final = (
    "id", "precedingPfIds", "created", "validityPeriodStart", "validityPeriodEnd", "companyName", "companyIds",
    "productDescription", "productIds", "productNameCompany", "extensions",
)  # fmt: skip
_LONG: Final = Context(prec=34, rounding=ROUND_HALF_EVEN)


def to_version2(footprint: Footprint, *, deprecated_at: str | None, spec: str = SPEC) -> dict[str, Any]:
    """
    The footprint as version 2 says it; numbers of its JSON are ``Decimal``. Raises ``NotInVersion2``.

    ``deprecated_at`` is when it was deprecated, or ``None``.
    """
    carbon, total = footprint["pcf"], _is_ileap(footprint)
    unit, amount = _unit(carbon)
    figures, rounded = _per_unit(carbon, Decimal(1) if total else amount[1])
    notes = ["converted from PACT 3.0"]
    if rounded:
        notes.append("kg per declared unit rounded to 34 digits")
    if "biogenicCarbonContent" not in carbon:
        notes.append("biogenicCarbonContent is not stated")
    if carbon["declaredUnitOfMeasurement"] == "piece":
        notes.append(f"{carbon['declaredUnitAmount']} piece stated by its mass")
    made = {name: footprint[name] for name in _PRODUCT if name in footprint}
    made |= {
        "specVersion": spec,
        "version": 0 if deprecated_at is None else 1,
        "status": "Active" if deprecated_at is None else "Deprecated",
        "productCategoryCpc": _cpc(footprint),
        "comment": "; ".join(filter(None, (footprint.get("comment"), *notes))),
        "pcf": {
            "declaredUnit": unit,
            "unitaryProductAmount": plain(amount[0]),
            **_mass_of_one(footprint, amount, total=total),
            **figures,
            **{name: carbon[name] for name in SAME if name in carbon},
            **_described(carbon, total=total),
        },
    }
    if deprecated_at is not None:
        made["updated"] = deprecated_at
    return made


def _unit(carbon: Footprint) -> tuple[str, tuple[Decimal, Decimal]]:
    """Unit and amount of version 2, and by what figures are divided. A piece is stated by its mass."""
    unit, amount = carbon["declaredUnitOfMeasurement"], number(carbon["declaredUnitAmount"])
    assert amount is not None
    if unit == "piece":
        mass = number(carbon["productMassPerDeclaredUnit"])
        if not mass:
            raise NotInVersion2(why="a piece of no stated mass", why_zh="“件”未填写质量")
        return "kilogram", (mass, mass)
    if unit not in UNITS:
        raise NotInVersion2(why=f"the unit {unit}", why_zh=f"单位 {unit}")
    return unit, (amount, amount)


def _mass_of_one(footprint: Footprint, amount: tuple[Decimal, Decimal], *, total: bool) -> dict[str, str]:
    """The mass of one declared unit [kg], where it ends; beside iLEAP's extensions the mass that iLEAP has there."""
    if total:
        shipped = next((one["data"].get("mass") for one in _ileap(footprint) if "tces" in one["data"]), None)
        mass = number(footprint["pcf"]["productMassPerDeclaredUnit"])
        return {"productMassPerDeclaredUnit": shipped or (plain(mass) if mass else "1")}
    mass = number(footprint["pcf"]["productMassPerDeclaredUnit"])
    assert mass is not None
    one = _LONG.divide(mass, amount[1])
    if EXACT.multiply(one, amount[1]) != mass:
        return {}
    return {"productMassPerDeclaredUnit": plain(one.normalize(_LONG)) if one == one.to_integral_value() else plain(one)}


def _per_unit(carbon: Footprint, amount: Decimal) -> tuple[dict[str, str], bool]:
    figures, rounded = {"biogenicCarbonContent": "0"}, False
    for old, new in FIGURES.items():
        value = number(carbon.get(new))
        if value is None:
            continue
        per = _LONG.divide(value, amount)
        rounded |= EXACT.multiply(per, amount) != value
        figures[old] = plain(per.normalize(_LONG)) if per == per.to_integral_value() else plain(per)
    land = [number(carbon.get(f"landManagementBiogenicCO2{one}")) for one in ("Emissions", "Removals")]
    stated = [one for one in land if one is not None]
    if stated:
        figures["landManagementGhgEmissions"] = plain(_LONG.divide(sum(stated, Decimal(0)), amount))
    return figures, rounded


def _described(carbon: Footprint, *, total: bool) -> dict[str, Any]:
    """What version 2 asks of every footprint beside its figures. Raises ``NotInVersion2``."""
    if "packagingEmissionsIncluded" not in carbon:
        raise NotInVersion2(why="it does not say whether packaging is in it", why_zh="未说明是否含包装")
    reports = carbon["ipccCharacterizationFactors"]
    earliest = min(reports, key=lambda name: int(name.removeprefix("AR")))
    if earliest not in {"AR5", "AR6"}:
        raise NotInVersion2(why=f"characterization factors of {earliest}", why_zh=f"特征化因子 {earliest}")
    standards = carbon["crossSectoralStandards"]
    used = [old for old, new in STANDARDS.items() if new in standards]
    said: dict[str, Any] = {
        "characterizationFactors": earliest,
        "ipccCharacterizationFactorsSources": reports,
        "crossSectoralStandardsUsed": used or ["GHG Protocol Product standard"],
        "boundaryProcessesDescription": carbon.get("boundaryProcessesDescription", ""),
        "exemptedEmissionsDescription": carbon.get("exemptedEmissionsDescription", ""),
        "exemptedEmissionsPercent": number(carbon["exemptedEmissionsPercent"]),
    }
    named = any(one.startswith("PACT") for one in standards) or (total and "ISO14083" in standards)
    if not used and not named:
        # PACT and iLEAP rest on the GHG Protocol's product standard; anything else has no word in version 2.
        raise NotInVersion2(why=f"the standards {', '.join(standards)}", why_zh=f"标准 {', '.join(standards)}")
    known = [one for one in standards if one in _KNOWN_2_3]
    if known:
        said["crossSectoralStandards"] = known
    if "primaryDataShare" in carbon:
        said["primaryDataShare"] = number(carbon["primaryDataShare"])
    checked = carbon.get("verification")
    if isinstance(checked, dict) and isinstance(checked.get("providerName"), str):
        said["assurance"] = {"assurance": True, "providerName": checked["providerName"]}
        if checked.get("coverage") == "product level":
            said["assurance"]["coverage"] = "product level"
    return said


def _cpc(footprint: Footprint) -> str:
    found = [one for one in footprint.get("productClassifications", ()) if one.lower().startswith(CPC)]
    if not found:
        raise NotInVersion2(why="it has no CPC classification", why_zh="没有 CPC 分类")
    return str(found[0][len(CPC) :])


def from_version2(document: Mapping[str, Any]) -> dict[str, Any]:
    """
    The footprint of version 3 that a document of version 2 states; ``pact.footprint.taken`` checks it.

    Its id is the document's own at version 0, else a UUIDv5 of id and version, whose predecessor the one before is.
    Raises ``PactFieldRefused`` for what cannot even be read, whatever is in it: it comes from others.
    """
    try:
        return _from_version2(document)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        why, why_zh = "a part of it is not of the form that version 2 gives it", "其中有部分不符合 2.x 版的格式"
        raise PactFieldRefused(name="pcf", why=why, why_zh=why_zh) from error


def _from_version2(document: Mapping[str, Any]) -> dict[str, Any]:
    carbon = document.get("pcf")
    amount = number(carbon.get("unitaryProductAmount")) if isinstance(carbon, Mapping) else None
    version = document.get("version", 0)
    if not isinstance(carbon, Mapping) or amount is None or isinstance(version, bool) or not isinstance(version, int):
        why, why_zh = "it is not a footprint of version 2", "不是 2.x 版的碳足迹"
        raise PactFieldRefused(name="pcf", why=why, why_zh=why_zh)
    total = _is_ileap(document)
    made = {name: document[name] for name in _PRODUCT if document.get(name) is not None}
    if version > 0 and isinstance(document.get("id"), str):
        made["id"] = version_id(document["id"], version)
        made["precedingPfIds"] = [version_id(document["id"], version - 1)]
        made["created"] = document.get("updated", document.get("created"))
    cpc = document.get("productCategoryCpc")
    classes = list(document.get("productClassifications") or ([f"{CPC}{cpc}"] if cpc else []))
    if classes:
        made["productClassifications"] = classes
    notes = [f"converted from PACT {document.get('specVersion', '2')}"]
    notes += [f"{name}: {document[name]}" for name in ("statusComment",) if document.get(name)]
    notes += [f"{name}: {carbon[name]}" for name in _LOST if carbon.get(name) is not None]
    made |= {
        "specVersion": "3.0.0",
        "comment": "; ".join(filter(None, (document.get("comment"), *notes))),
        "pcf": {
            "declaredUnitOfMeasurement": carbon.get("declaredUnit"),
            "declaredUnitAmount": carbon["unitaryProductAmount"],
            "productMassPerDeclaredUnit": _mass(carbon, amount, total=total),
            **_totals(carbon, Decimal(1) if total else amount),
            **{name: carbon[name] for name in SAME if carbon.get(name) not in (None, [])},
            **_told(carbon),
        },
    }
    return made


_LOST: Final = ("uncertaintyAssessmentDescription", "biogenicAccountingMethodology")


def version_id(name: str, version: int) -> str:
    """The id of one version of a footprint of version 2: its own at first, then one that follows from both."""
    return name.lower() if version <= 0 else str(uuid5(UUID(name), f"version {version}"))


def _totals(carbon: Mapping[str, Any], amount: Decimal) -> dict[str, str]:
    found: dict[str, str] = {}
    for old, new in FIGURES.items():
        value = number(carbon.get(old))
        if value is not None:
            found[new] = plain(EXACT.multiply(value, amount))
    land = number(carbon.get("landManagementGhgEmissions"))
    if land is not None:
        which = "Emissions" if land >= 0 else "Removals"
        found[f"landManagementBiogenicCO2{which}"] = plain(EXACT.multiply(land, amount))
    if "pcfIncludingBiogenicUptake" not in found and "pcfExcludingBiogenicUptake" in found:
        uptake = Decimal(found.get("biogenicCO2Uptake", "0"))
        found["pcfIncludingBiogenicUptake"] = plain(EXACT.add(Decimal(found["pcfExcludingBiogenicUptake"]), uptake))
    return found


def _mass(carbon: Mapping[str, Any], amount: Decimal, *, total: bool) -> Any:
    """Of all declared units [kg]: by the kilogram it is their number; of logistics and energy none."""
    stated = number(carbon.get("productMassPerDeclaredUnit"))
    if carbon.get("declaredUnit") == "kilogram":
        return plain(amount)
    if total or carbon.get("declaredUnit") in {"ton kilometer", "kilowatt hour", "megajoule"}:
        return "0"
    return None if stated is None else plain(EXACT.multiply(stated, amount))


def _told(carbon: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    reports = carbon.get("ipccCharacterizationFactorsSources") or [carbon.get("characterizationFactors")]
    told["ipccCharacterizationFactors"] = reports
    used = carbon.get("crossSectoralStandardsUsed") or []
    named = carbon.get("crossSectoralStandards") or [STANDARDS.get(one, one) for one in used]
    told["crossSectoralStandards"] = list(dict.fromkeys(named))
    for name in ("exemptedEmissionsPercent", "primaryDataShare"):
        if carbon.get(name) is not None:
            told[name] = str(carbon[name])
    dqi = carbon.get("dqi")
    if isinstance(dqi, Mapping) and all(dqi.get(name) is not None for name in ("technologicalDQR", "temporalDQR")):
        names = ("technologicalDQR", "geographicalDQR", "temporalDQR")
        told["dqi"] = {name: str(dqi[name]) for name in names if dqi.get(name) is not None}
    assured = carbon.get("assurance")
    if isinstance(assured, Mapping) and assured.get("assurance"):
        told["verification"] = {"providerName": assured.get("providerName", "")}
        if assured.get("coverage") == "product level":
            told["verification"]["coverage"] = "product level"
        elif assured.get("coverage"):
            told["verification"]["comments"] = f"coverage: {assured['coverage']}"
    return told


def _is_ileap(document: Mapping[str, Any]) -> bool:
    return next(_ileap(document), None) is not None


def _ileap(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The extensions of iLEAP, each with an object as its data."""
    for one in document.get("extensions") or ():
        named = isinstance(one, Mapping) and isinstance(one.get("dataSchema"), str) and one["dataSchema"]
        if named and named.startswith(ILEAP) and isinstance(one.get("data"), Mapping):
            yield one
