"""Sensor data of an event (EPCIS 2.0, 7.4.1.1 and 7.3.7): what was measured, by what, when. Numbers stay decimal."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from ledger.records.epcis.error_declaration import Uri
from ledger.records.transport_leg import Moment

Text = Annotated[str, Meta(max_length=4096)]


class SensorMetadata(
    Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True, rename="camel"
):
    """What holds for every report of the element."""

    biz_rules: Uri | None = None
    data_processing_method: Uri | None = None
    device_id: Uri | None = field(name="deviceID", default=None)
    device_metadata: Uri | None = None
    end_time: Moment | None = None
    extensions: dict[str, Any] | None = None
    raw_data: Uri | None = None
    start_time: Moment | None = None
    time: Moment | None = None


class SensorReport(
    Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True, rename="camel"
):
    """One observation. ``type`` is a measurement type of the GS1 web vocabulary; ``uom`` a Recommendation 20 code."""

    boolean_value: bool | None = None
    chemical_substance: Uri | None = None
    component: Uri | None = None
    coordinate_reference_system: Uri | None = None
    data_processing_method: Uri | None = None
    device_id: Uri | None = field(name="deviceID", default=None)
    device_metadata: Uri | None = None
    exception: Uri | None = None
    extensions: dict[str, Any] | None = None
    hex_binary_value: Text | None = None
    max_value: Decimal | None = None
    mean_value: Decimal | None = None
    microorganism: Uri | None = None
    min_value: Decimal | None = None
    perc_rank: Decimal | None = None
    perc_value: Decimal | None = None
    raw_data: Uri | None = None
    s_dev: Decimal | None = field(name="sDev", default=None)
    string_value: Text | None = None
    time: Moment | None = None
    type: Uri
    uom: Annotated[str, Meta(min_length=2, max_length=3)] | None = None
    uri_value: Uri | None = None
    value: Decimal | None = None

    def amounts(self) -> dict[str, Decimal]:
        """Every number of the report by its name on the wire."""
        named = {
            "maxValue": self.max_value,
            "meanValue": self.mean_value,
            "minValue": self.min_value,
            "percRank": self.perc_rank,
            "percValue": self.perc_value,
            "sDev": self.s_dev,
            "value": self.value,
        }
        return {name: amount for name, amount in named.items() if amount is not None}


class SensorElement(
    Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True, omit_defaults=True, rename="camel"
):
    """Reports that share their metadata."""

    extensions: dict[str, Any] | None = None
    sensor_metadata: SensorMetadata | None = None
    sensor_report: Annotated[list[SensorReport], Meta(min_length=1, max_length=10_000)]
