"""A drum of cable wound loosely and tightly: layers, flange, the room it takes, and both sections drawn."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import locale_for
from api.faults import ParameterRefused
from api.pages.carton_views import DrumSide, DrumView
from api.pages.catalogue import translator
from api.pages.shell import page
from ledger.errors import LedgerError
from ledger.footprint.amount import exact_text
from ledger.planning.cartons.drum import Drum, Winding, flange_for, layers_for, room_of, turns
from ledger.units import parse_decimal, shown

router = APIRouter(include_in_schema=False)
USUAL: Final[Mapping[str, str]] = {
    "barrel": "600",
    "traverse": "560",
    "wall": "30",
    "rim": "30",
    "cable": "13",
    "length": "1450",
    "loose": "14",
    "tight": "13",
}
"""The case of the source: 1,450 m of 13 mm cable; all in mm but the length [m]."""
_MOST: Final = 100_000
_DOWN: Final = 300
_ACROSS: Final = 420
_LONGEST: Final = 12


@router.get("/cartons/drum")
def drum(request: Request) -> Response:
    """Both windings of one drum; without figures the case of the source."""
    said = {name: request.query_params.get(name, "").strip()[:_LONGEST] or usual for name, usual in USUAL.items()}
    locale = locale_for(request)
    t = translator(locale)
    try:
        view = _view(said)
    except LedgerError as error:
        view = DrumView(said, error.message(locale), error.fix(locale), (), "", "", (0, 0), (0, 0), 0)
    crumbs = ((t("nav.cartons"), "/cartons"), (t("drum.title"), ""))
    return page(request, "drum.html", view, crumbs=crumbs, status=422 if view.fault else 200)


def _view(said: Mapping[str, str]) -> DrumView:
    found = {name: _amount(name, text) for name, text in said.items()}
    whole = {name: _whole(name, found[name]) for name in ("barrel", "traverse", "wall", "rim")}
    one = Drum(**whole)
    length = _whole("length", found["length"] * 1000)
    windings = [Winding(cable=found["cable"], pitch=found[name]) for name in ("loose", "tight")]
    if any(turns(one, winding) * 5000 * (one.barrel + 5000 * winding.cable) * 3 < length for winding in windings):
        raise ParameterRefused(name="length", why="> 5000 layers / 层")
    flanges = [flange_for(one, winding, length) for winding in windings]
    rooms = [room_of(one, flange) for flange in flanges]
    scale = min(Fraction(_DOWN) / max(flanges), Fraction(_ACROSS, one.traverse + 2 * one.wall))

    def drawn(amount: Fraction | int) -> int:
        return round(amount * scale)

    sides = tuple(
        DrumSide(
            turns=turns(one, winding),
            layers=layers_for(one, winding, length),
            flange=shown(flange, 0),
            litres=f"{int(room // 10**6):,}",
            flange_y=(_DOWN - drawn(flange)) // 2,
            flange_height=drawn(flange),
            wound=drawn(layers_for(one, winding, length) * winding.cable),
            pitch=max(drawn(winding.pitch), 2),
            cable=max(drawn(winding.cable), 2),
        )
        for winding, flange, room in zip(windings, flanges, rooms, strict=True)
    )
    change = (rooms[1] - rooms[0]) * 100 / rooms[0]
    sign = "−" if change < 0 else "+" if change > 0 else "±"
    return DrumView(
        said, "", "", sides, f"{sign}{shown(abs(change), 2)} %", exact_text(change),
        ((_DOWN - drawn(one.barrel)) // 2, drawn(one.barrel)), (10 + drawn(one.wall), drawn(one.traverse)),
        drawn(one.wall),
    )  # fmt: skip


def _amount(name: str, text: str) -> Fraction:
    try:
        found = Fraction(parse_decimal(text))
    except LedgerError as error:
        raise ParameterRefused(name=name, why=error.message()) from None
    if not 0 <= found <= _MOST:
        raise ParameterRefused(name=name, why=f"0-{_MOST}")
    return found


def _whole(name: str, value: Fraction) -> int:
    if value.denominator != 1:
        raise ParameterRefused(name=name, why=f"{shown(value, 3)} mm")
    return value.numerator
