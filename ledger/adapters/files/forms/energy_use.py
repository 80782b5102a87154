"""Meter readings of a site: one row is the energy of one meter over one period."""

from __future__ import annotations

from functools import partial

import msgspec

from ledger.adapters.files import cell
from ledger.adapters.files.forms.form import Column, Form, Values
from ledger.records.hub_operation import EnergyUse

CARRIER = cell.Choice.of(("electricity", "电", "电力", "用电"))

COLUMNS = (
    Column("meter", "表号", "meter", cell.code, ("电表编号", "计量点", "meter no"), example="LS-D01"),
    Column("site", "站点", "site", cell.name, ("仓库", "场所", "hub"), example="溧水"),
    Column("carrier", "能源品种", "energy carrier", CARRIER, ("能源", "carrier"), example="电力"),
    Column("energy", "用电量", "energy", partial(cell.amount, dimension="energy", positive=False),
           ("电量", "用量", "consumption"), unit="energy", example="1.2万", bracket_zh="度", bracket_en="kWh"),
    Column("period_start", "开始时间", "period start", cell.moment, ("起始时间", "起"), unit="time",
           example="2023-05-01", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("period_end", "结束时间", "period end", cell.moment, ("截止时间", "止", "结束时间不含"), unit="time",
           example="2023-06-01", bracket_zh="北京时间", bracket_en="+08:00"),
    Column("region", "电网区域", "grid region", cell.name, ("省份", "region"), example="江苏"),
)  # fmt: skip


def build(values: Values) -> EnergyUse:
    """The reading of a row; its id is site, meter and the period's start."""
    start = values["period_start"]
    fields = {
        "carrier": values["carrier"],
        "energy_wh": values["energy"],
        "id": f"meter:{values['site']}:{values['meter']}:{start.isoformat()}",
        "kind": "energy_use",
        "occurred_at": values["period_end"],
        "period_end": values["period_end"],
        "period_start": start,
        "region": values["region"],
        "site": values["site"],
        "version": 1,
    }
    return msgspec.convert(fields, EnergyUse)


ENERGY_USE = Form(
    kind="energy_use",
    zh="能源计量",
    en="meter readings",
    columns=COLUMNS,
    build=build,
    fields={"energy_wh": "energy", "id": "meter", "occurred_at": "period_end"},
)
