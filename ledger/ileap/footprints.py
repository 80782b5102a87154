"""
Shipments and operation categories as the product footprints that partners exchange.

Source: iLEAP Technical Specifications 1.0.0, mapping into PACT 2. They are kept in the form of PACT 3, where figures
are totals of ``declaredUnitAmount`` units, as iLEAP has them; ``pact.version2`` writes iLEAP's form of version 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from ledger.footprint.amount import total
from ledger.ileap.category import Hoc, Toc
from ledger.ileap.derive import Backing, Shipment
from ledger.ileap.figures import number
from ledger.ileap.reading import written
from ledger.pact.value import instant
from ledger.pact.version2 import ILEAP

PRODUCT: Final = "urn:pathfinder:product:customcode:vendor-assigned:"
CPC: Final = "urn:cpc:83117"
"""Logistics, by iLEAP."""
DOCUMENTED: Final = "https://sine-fdn.github.io/ileap-extension/"
_WHAT: Final = {"shipment": "Shipment", "toc": "Transport operation category", "hoc": "Hub operation category"}
_SCHEMAS: Final = {"shipment": "shipment-footprint.json", "toc": "toc.json", "hoc": "hoc.json"}
_REPORT: Final = re.compile("AR[0-9]+", re.ASCII)
_BOUNDARY: Final = "ISO 14083:2023, greenhouse gases in CO2e, well-to-wheel"


class Stating(NamedTuple):
    """Who states a footprint, under which id and when, and which earlier one it stands instead of."""

    company: str
    company_ids: tuple[str, ...]
    id: str
    at: datetime
    preceding: str | None = None


def of_shipment(shipment: Shipment, stating: Stating) -> dict[str, Any]:
    """A shipment: the sum of its elements over the sum of their transport activity [t km]."""
    footprint = shipment.footprint
    return _made(
        "shipment",
        footprint.shipment_id,
        stating,
        {
            "declaredUnitOfMeasurement": "ton kilometer",
            "declaredUnitAmount": number(total(Fraction(tce.transport_activity) for tce in footprint.tces)),
            "productMassPerDeclaredUnit": "0",
            **_emitted(number(total(Fraction(tce.co2e_wtw) for tce in footprint.tces))),
            **_period(shipment.start, shipment.end),
            **_rests(shipment.primary, shipment.gwp_sets),
        },
        written(footprint),
    )


def of_toc(toc: Toc, backing: Backing, stating: Stating) -> dict[str, Any]:
    """A transport operation category: its intensity per tonne-kilometre."""
    amount = {
        "declaredUnitOfMeasurement": "ton kilometer",
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": "0",
    }
    return _category(("toc", toc.toc_id), toc, amount, backing, stating)


def of_hoc(hoc: Hoc, backing: Backing, stating: Stating) -> dict[str, Any]:
    """A hub operation category: its intensity per tonne, stated of 1,000 kg."""
    amount = {
        "declaredUnitOfMeasurement": "kilogram",
        "declaredUnitAmount": "1000",
        "productMassPerDeclaredUnit": "1000",
    }
    return _category(("hoc", hoc.hoc_id), hoc, amount, backing, stating)


def _category(
    named: tuple[str, str], category: Toc | Hoc, amount: dict[str, str], backing: Backing, stating: Stating
) -> dict[str, Any]:
    of, name = named
    return _made(
        of,
        name,
        stating,
        {
            **amount,
            **_emitted(category.co2e_intensity_wtw),
            **_period(backing.at, backing.at),
            **_rests(backing.primary, backing.gwp_sets),
        },
        written(category),
    )


def product_id(of: str, name: str) -> str:
    """The URN of a shipment, TOC or HOC; what cannot stand in a URN is written as RFC 8141 has it."""
    return f"{PRODUCT}{of}:{quote(name, safe='')}"


def _emitted(kg: str) -> dict[str, Any]:
    """All of it is stated as fossil, as iLEAP has it."""
    return {
        "pcfExcludingBiogenicUptake": kg,
        "pcfIncludingBiogenicUptake": kg,
        "fossilGhgEmissions": kg,
        "fossilCarbonContent": "0",
        "biogenicCarbonContent": "0",
        "packagingEmissionsIncluded": False,
    }


def _period(start: datetime, end: datetime) -> dict[str, str]:
    """Whole days of UTC; the last one is not in it any more."""
    first, last = (at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) for at in (start, end))
    return {"referencePeriodStart": instant(first), "referencePeriodEnd": instant(last + timedelta(days=1))}


def _rests(primary: Fraction, gwp_sets: Iterable[str]) -> dict[str, Any]:
    """What the figure rests on. Factors that state no GWP set stand under the newest, which PACT asks for."""
    reports = sorted(name for name in gwp_sets if _REPORT.fullmatch(name))
    return {"primaryDataShare": number(primary * 100), "ipccCharacterizationFactors": reports or ["AR6"]}


def _made(of: str, name: str, stating: Stating, carbon: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    made = {
        "id": stating.id,
        "specVersion": "3.0.0",
        "created": instant(stating.at.replace(microsecond=0)),
        "companyName": stating.company,
        "companyIds": list(stating.company_ids),
        "productDescription": f"{_WHAT[of]} {name}",
        "productIds": [product_id(of, name)],
        "productClassifications": [CPC],
        "productNameCompany": f"{_WHAT[of]} {name}",
        "comment": "",
        "pcf": {
            **carbon,
            "boundaryProcessesDescription": _BOUNDARY,
            "crossSectoralStandards": ["ISO14083"],
            "exemptedEmissionsPercent": "0",
            "exemptedEmissionsDescription": "",
        },
        "extensions": [
            {
                "specVersion": "2.0.0",
                "dataSchema": ILEAP + _SCHEMAS[of],
                "documentation": DOCUMENTED,
                "data": data,
            }
        ],
    }
    return made | ({"precedingPfIds": [stating.preceding]} if stating.preceding else {})
