"""
The words and numbers of iLEAP's wire: decimals as text, closed and open lists, distances and locations.

Source: iLEAP Technical Specifications 1.0.0 (2025-05-27), data types. Lists that the specification leaves open are text
here, with the known words beside them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

Number = Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$", max_length=60)]
"""A decimal as text, in the digits that its sender wrote."""
Text = Annotated[str, Meta(max_length=500)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, Meta(tz=True)]
Mode = Literal["Air", "InlandWaterway", "Rail", "Road", "Sea"]
MODES: Final[dict[str, Mode]] = {
    "air": "Air",
    "inland_waterway": "InlandWaterway",
    "rail": "Rail",
    "road": "Road",
    "sea": "Sea",
}
"""A leg's mode, and iLEAP's word for it."""
CARRIERS: Final = (
    "Diesel", "HVO", "Petrol", "CNG", "LNG", "LPG", "HFO", "MGO", "Aviation fuel", "Hydrogen", "Methanol", "Electric",
)  # fmt: skip
"""Energy carriers by the specification's words; the list is open."""


class Distance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A distance [km]: driven (``actual``), great circle, shortest feasible; at least one of them."""

    actual: Number | None = None
    gcd: Number | None = None
    sfd: Number | None = None


class Location(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place: city and country (ISO 3166-1 alpha-2) always; position [degrees, WGS 84] as both or none."""

    street: Text | None = None
    zip: Text | None = None
    city: Name
    country: Annotated[str, Meta(pattern="^[A-Z]{2}$")]
    iata: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    locode: Annotated[str, Meta(pattern="^[A-Z0-9]{5}$")] | None = None
    uic: Text | None = None
    lat: Number | None = None
    lng: Number | None = None
