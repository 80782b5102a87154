"""Goods by road, rail, inland water, sea and air, weighed against each other before anything moves."""

from __future__ import annotations

from fractions import Fraction

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import LedgerDep, LocaleDep, PrincipalDep
from api.describe import gives
from api.schemas.modes import ModesBody, ModesView, RefusedView
from api.wire import read, reply
from ledger.footprint.alternatives import Compared
from ledger.footprint.amount import exact_text
from ledger.services.compare_modes import Choice, Question, compare_modes
from ledger.units import Grams, to_base

router = APIRouter(tags=["planning"])


@router.post("/api/v1/modes", **gives(ModesView, takes=ModesBody))
async def post_modes(request: Request, ledger: LedgerDep, principal: PrincipalDep, locale: LocaleDep) -> Response:
    """Every alternative with its sections, distances and factors; what has no figure, with the reason. Nothing kept."""
    body = await read(request, ModesBody)
    own = principal.tenant == ledger.settings.tenant

    def found() -> Compared:
        factors = ledger.factors.factor_set(body.factor_set) if body.factor_set else ledger.factors.current()
        return compare_modes(_question(body), ledger.distances, factors, unpublished=own)

    compared = await run_in_threadpool(found)
    least = compared.least
    return reply(
        ModesView(
            mass_kg=exact_text(Fraction(compared.mass_g, 1000)),
            factor_set=compared.factors.id,
            factor_set_hash=compared.factors.hash,
            least=least.way.name if least else None,
            alternatives=[one.to_record() for one in compared.weighed],
            refused=[
                RefusedView(mode=name, code=error.code, message=error.message(locale), fix=error.fix(locale))
                for name, error in compared.refused
            ],
        )
    )


def _question(body: ModesBody) -> Question:
    return Question(
        origin=body.origin,
        destination=body.destination,
        mass_g=Grams(to_base(body.mass_kg, "kg", "mass")),
        day=body.day,
        access=body.access,
        choices=tuple(
            Choice(
                one.mode,
                one.vehicle,
                one.start,
                one.end,
                None if one.km is None else to_base(one.km, "km", "distance"),
                _exact(one.hours),
                _exact(one.cost),
            )
            for one in body.choices
        ),
        allowed=_exact(body.allowed),
        handling=_exact(body.handling),
    )


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
