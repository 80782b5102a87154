"""The journey on a passport: what is drawn is where the thing was, and every name can be read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from api.maps.drawing import Stop, draw
from api.pages.passport_views import _journey


def event(entry: int, place: str, east: str, *, withdrawn: bool = False) -> dict[str, Any]:
    """An event as a passport holds it."""
    where = {"id": "https://id.gs1.org/414/9521140000013", "latitude": "31.6", "longitude": east, "name": {"en": place}}
    return {
        "entry": entry, "step": "storing", "disposition": "", "type": "ObjectEvent", "at": "2026-01-01T00:00:00Z",
        "state": "confirmed", "place": where, "published_place": where, "sealed_proof": "", "role": "epc",
        "withdrawn": withdrawn,
    }  # fmt: skip


def test_what_was_declared_an_error_is_listed_and_not_visited() -> None:
    """The scan stays in the history; the way goes on as if it had never been made."""
    events = [event(3, "Wuxi", "120.3"), event(2, "Xuzhou", "117.2", withdrawn=True), event(1, "Lishui", "119.0")]
    listed, stops = _journey({"events": events}, "en")
    assert [(one.entry, one.turn, one.withdrawn) for one in listed] == [(3, 2, False), (2, 0, True), (1, 1, False)]
    assert [stop.longitude for stop in stops] == [Decimal("119.0"), Decimal("120.3")]


def test_names_of_near_places_stand_apart() -> None:
    """Of two places on one line the western name goes to the west, so that neither covers the other."""
    stops = [
        Stop("Wuxi", Decimal("31.57"), Decimal("120.29")),
        Stop("Lishui warehouse", Decimal("31.66"), Decimal("119.03")),
    ]
    view = draw([*stops, Stop("Nanjing", Decimal("32.06"), Decimal("118.78")), stops[1]])
    assert view
    sides = {mark.name: mark.left for mark in view.marks}
    assert (sides["Lishui warehouse"], sides["Wuxi"]) == (True, False)
