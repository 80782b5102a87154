"""Wire shapes of alternatives by mode."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec

from ledger.ports.distances import Mode

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Place = Annotated[str, msgspec.Meta(max_length=200)]
Amount = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$")]


class ChoiceBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mode with the class of transport of its main section; ``start`` and ``end`` empty for door to door."""

    mode: Mode
    vehicle: Name
    start: Place = ""
    end: Place = ""
    km: Amount | None = None
    hours: Amount | None = None
    cost: Amount | None = None


class ModesBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods [kg] between two places on a day; ``allowed`` [h], ``handling`` [kg CO2e/t] of one change of vehicle."""

    origin: Name
    destination: Name
    mass_kg: Amount
    day: date
    access: Name
    choices: Annotated[list[ChoiceBody], msgspec.Meta(min_length=1, max_length=20)]
    allowed: Amount | None = None
    handling: Amount | None = None
    factor_set: Name | None = None


class RefusedView(msgspec.Struct, frozen=True, kw_only=True):
    """A mode that has no figure, and why."""

    mode: str
    code: str
    message: str
    fix: str


class ModesView(msgspec.Struct, frozen=True, kw_only=True):
    """
    Alternatives, the least emissions first, amounts as exact text; ``least`` is the mode that emits least among those
    that are complete and not known to be late. A comparison is no saving.
    """

    mass_kg: str
    factor_set: str
    factor_set_hash: str
    least: str | None
    alternatives: list[dict[str, Any]]
    refused: list[RefusedView]
