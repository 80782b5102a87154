"""A drawn picture of what a thing is, where no photograph of it is kept: by its category, else by its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BY_WORD: Final[tuple[tuple[str, str], ...]] = (
    ("cable", "drum"),
    ("光缆", "drum"),
    ("电缆", "drum"),
    ("drum", "drum"),
    ("onu", "device"),
    ("router", "device"),
    ("路由器", "device"),
    ("antenna", "antenna"),
    ("天线", "antenna"),
    ("aau", "antenna"),
    ("rru", "antenna"),
    ("battery", "battery"),
    ("电池", "battery"),
    ("cabinet", "cabinet"),
    ("机柜", "cabinet"),
    ("power", "cabinet"),
    ("电源", "cabinet"),
    ("ring main", "cabinet"),
    ("环网柜", "cabinet"),
)
"""Words of a category or a name, the first that is found; a picture claims nothing, so a near one will do."""
BY_KEY: Final[Mapping[str, str]] = {"SSCC": "pallet", "GRAI": "drum", "SGLN": "place", "PGLN": "place"}


def pictogram_of(category: str, key: str, name: str) -> str:
    """Name of the drawing in ``pictograms.html``."""
    text = f"{category} {name}".casefold()
    return next((drawing for word, drawing in BY_WORD if word in text), BY_KEY.get(key, "box"))
