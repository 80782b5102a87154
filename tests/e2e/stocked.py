"""A warehouse with the sun on its roof: two years of readings, certificates, statements with evidence, its scores."""

from __future__ import annotations

from datetime import date, datetime
from itertools import accumulate
from typing import Any, Final

import msgspec

from ledger.footprint.activity import CHINA
from ledger.programme.warehouse.example import example_index
from ledger.records.energy_certificate import EnergyCertificate, certificate_id
from ledger.records.record import Record, check
from ledger.records.site_meter import MeterReading, SiteMeter
from ledger.records.warehouse_site import SiteStatement, WarehouseSite
from ledger.services.capture import Submission, capture_one
from ledger.services.certificate_uses import Asked, use_certificate
from ledger.services.evidence_files import Upload, attach
from ledger.services.warehouse_index import publish_score
from ledger.wiring import Ledger

SITE: Final = "广西高新区物流仓库中心"
BEGUN: Final = datetime(2024, 1, 1, tzinfo=CHINA)
FLOWS: Final = {
    "import": (95, 88, 84, 70, 66, 72, 90, 93, 78, 70, 82, 96, 88, 80, 76, 63, 60, 66, 83, 85, 70, 62, 74, 87),
    "generation": (86, 92, 121, 148, 176, 189, 214, 206, 171, 148, 112, 107),
    "export": (4, 6, 12, 20, 28, 31, 22, 25, 27, 21, 8, 5),
}
"""MWh, month by month; a second year is as the first one where it is not given. Generated are the 1.77 GWh of 广西."""
STATED: Final = {
    "electric_handling": ("18", "20", "在用叉车 20 台，其中电动 18 台"),
    "fill": ("41200", "52000", "年均已用仓容"),
    "idle_stock": ("2100000", "98000000", "年末闲置库存金额"),
    "packaging_return": ("9120", "9600", "循环箱返还"),
}


def stock(ledger: Ledger, names: tuple[str, ...] = ()) -> None:
    """All of it; and sites that are called what nobody would call one."""
    submission = Submission(ledger.settings.tenant, "仓储部", manages=True)

    def say(*records: Record) -> None:
        for record in records:
            check(record)
            capture_one(ledger, submission, record)

    say(_site(SITE, "28400"), *(_site(name, "900") for name in names))
    for flow, mwh in FLOWS.items():
        say(*_metered(flow, mwh if len(mwh) == 24 else mwh * 2))
    bought = _certificate("GXGEC-2025-000401", "GXGEC-2025-001000", "600")
    say(bought, _certificate("GXGEC-2024-7", None, "0.5", date(2024, 5, 1)), example_index(BEGUN))
    shown = attach(ledger, submission, "", Upload("盘点表.pdf", b"%PDF-1.4\n% counted\n%%EOF\n", SITE))[0].sha256
    for year in (2024, 2025):
        say(*(_statement(measure, year, shown) for measure in STATED if (measure, year) != ("fill", 2024)))
    days = (date(2025, 1, 1), date(2025, 12, 31))
    use_certificate(ledger, submission, Asked(bought.id, SITE, *days, "320"))
    for year in (2024, 2025):
        publish_score(ledger, submission, SITE, year, example_index(BEGUN).id)


def _site(name: str, area: str) -> WarehouseSite:
    fields = {"floor_area_m2": area, "id": f"site:{name}", "kind": "warehouse_site", "name": name, "region": "广西"}
    return msgspec.convert(
        fields | {"occurred_at": BEGUN, "site": name, "site_kind": "distribution", "valid_from": date(2024, 1, 1)} | _V,
        WarehouseSite,
    )


def _metered(flow: str, mwh: tuple[int, ...]) -> list[Record]:
    own = {"meter": flow, "serial": f"DTZ-{flow}", "site": SITE} | _V
    put_in = own | {"digits": 6, "flow": flow, "id": f"m:{flow}", "initial": "0", "kind": "site_meter"}
    meter = msgspec.convert(
        put_in | {"multiplier": "1000", "nothing_before": True, "occurred_at": BEGUN, "unit": "kWh"}, SiteMeter
    )
    said = [
        own | {"id": f"r:{flow}:{n}", "kind": "meter_reading", "occurred_at": _month(n), "value": str(value)}
        for n, value in enumerate(accumulate(mwh), 1)
    ]
    return [meter, *(msgspec.convert(one, MeterReading) for one in said)]


def _month(n: int) -> datetime:
    return datetime(2024 + n // 12, n % 12 + 1, 1, tzinfo=CHINA)


def _certificate(first: str, last: str | None, mwh: str, day: date = date(2025, 2, 1)) -> EnergyCertificate:
    fields: dict[str, Any] = {
        "certificate": first,
        "generated_from": day,
        "generated_to": day,
        "issuer": "示例核发机构",
    }
    fields |= {"id": certificate_id("示例核发机构", first), "kind": "energy_certificate", "mwh": mwh, "owner": "示例"}
    fields |= {
        "occurred_at": BEGUN,
        "region": "广西",
        "serial_last": last,
        "source": "green_power",
        "technology": "wind",
    }
    return msgspec.convert(fields | _V, EnergyCertificate)


def _statement(measure: str, year: int, shown: str) -> SiteStatement:
    part, whole, words = STATED[measure]
    fields = {"evidence": (shown,), "id": f"statement:{measure}:{year}", "kind": "site_statement", "measure": measure}
    fields |= {"occurred_at": BEGUN, "part": part, "site": SITE, "whole": whole, "words": words, "year": year}
    return msgspec.convert(fields | _V, SiteStatement)


_V: Final = {"version": 1}
