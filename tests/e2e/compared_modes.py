"""A consignment asked by four modes, as an address of the page of modes."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

MODES: Final = "/modes?" + urlencode(
    {
        "from": "南京",
        "to": "广州",
        "mass": "12000",
        "day": "2026-07-01",
        "hours": "72",
        "handling": "1.2",
        "road.class": "road.hgv.artic-over-33t.diesel.avg",
        "road.hours": "24",
        "road.cost": "9000",
        "rail.class": "rail.freight.avg",
        "rail.km": "1620",
        "rail.hours": "60",
        "rail.cost": "5200",
        "sea.class": "sea.container.feeder",
        "sea.from": "上海港",
        "sea.to": "广州港",
        "sea.hours": "120",
        "sea.cost": "4000",
        "air.class": "air.freight.up-to-3700km",
        "air.from": "NKG",
        "air.to": "NoSuchAirport",
    }
)
