"""The next edition of the index of warehouses: the last one, or the example, with other weights, bounds and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.deps import ScopeDep, locale_for
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.editions import converted, next_edition, publish
from api.pages.shell import page
from ledger.errors import LedgerError
from ledger.programme.warehouse.example import NAME, example_index
from ledger.programme.warehouse.measures import measure
from ledger.records.index_scheme import OBSERVED, IndexNode, IndexScheme, index_scheme_id
from ledger.services.warehouse_index import schemes
from ledger.units import decimal_text, parse_decimal

router = APIRouter(include_in_schema=False)
TEXTS: Final = ("zh", "en")
SCALED: Final = ("zero_at", "full_at")


class NodeRow(NamedTuple):
    """A node as the form shows it: fields are named by its key; ``steps`` reads ``0.05: 40; 0.03: 70``."""

    key: str
    depth: int
    zh: str
    en: str
    weight: str
    measure: str
    unit: str
    missing: str
    method: str
    zero_at: str
    full_at: str
    steps: str
    takes: str
    """``stated`` or ``events`` of what can be both; empty of any other."""
    idle_days: str


class IndexForm(NamedTuple):
    """The next edition, filled with the last one; ``after`` is that one's number, 0 before there is any."""

    edition: int
    after: int
    basis: str
    rows: list[NodeRow]
    editions: list[tuple[int, str, str]]


@router.get("/warehouses/index")
def index_form(request: Request, scope: ScopeDep) -> Response:
    """The last edition, or the example, to be changed and published as the next one."""
    locale = locale_for(request)
    t, known = translator(locale), schemes(scope.ledger, scope.tenant)
    last = _last([one for _, one in known])
    filled = last or example_index(scope.ledger.clock.now())
    after = last.edition if last else 0
    view = IndexForm(
        after + 1,
        after,
        filled.basis,
        list(_rows(filled.root, 0)),
        [(at, one.id, one.root.zh if locale == "zh-CN" else one.root.en) for at, one in known],
    )
    crumbs = ((t("nav.warehouses"), "/warehouses"), (t("warehouses.index"), ""))
    return page(request, "warehouse-index.html", view, crumbs=crumbs)


@router.post("/warehouses/index")
async def publish_index(request: Request, scope: ScopeDep) -> Response:
    """Publish the next edition. Raises ``ParameterRefused`` at the field, and when that edition is there already."""
    said = {key: str(value).strip()[:500] for key, value in (await request.form()).items()}

    def take() -> None:
        last = _last([one for _, one in schemes(scope.ledger, scope.tenant)])
        edition = next_edition(said, last)
        scheme = last.scheme if last else NAME
        filled = last or example_index(scope.ledger.clock.now())
        made = {
            "basis": said.get("basis"),
            "edition": edition,
            "id": index_scheme_id(scheme, edition),
            "kind": "index_scheme",
            "occurred_at": scope.ledger.clock.now(),
            "root": _changed(filled.root, said),
            "scheme": scheme,
            "version": 1,
        }
        publish(scope, converted(made, IndexScheme, "basis"))

    await run_in_threadpool(take)
    return RedirectResponse("/warehouses/index", 303)


def _last(known: Sequence[IndexScheme]) -> IndexScheme | None:
    """The newest edition of the scheme that the form is about: the one published last."""
    own = (one for one in known if one.scheme == known[0].scheme)
    return max(own, key=lambda one: one.edition, default=None)


def _rows(node: IndexNode, depth: int) -> Iterator[NodeRow]:
    scale = node.scale
    yield NodeRow(
        node.key,
        depth,
        node.zh,
        node.en,
        node.weight,
        node.measure or "",
        measure(node.measure).unit if node.measure else "",
        node.missing or "",
        scale.method if scale else "",
        (scale.zero_at or "") if scale else "",
        (scale.full_at or "") if scale else "",
        "; ".join(f"{one.at}: {one.points}" for one in scale.steps) if scale else "",
        (node.takes or "stated") if node.measure in OBSERVED else "",
        str(node.idle_days or ""),
    )
    for child in node.children:
        yield from _rows(child, depth + 1)


def _changed(node: IndexNode, said: Mapping[str, str], *, root: bool = True) -> dict[str, Any]:
    """A node with what the form says of it; an indicator of weight 0 is left out."""
    made: dict[str, Any] = msgspec.to_builtins(node)
    made |= {name: said.get(f"{node.key}.{name}", made[name]) for name in TEXTS}
    made["weight"] = "1" if root else _plain(said.get(f"{node.key}.weight", node.weight))
    if node.children:
        kept = [one for one in node.children if said.get(f"{one.key}.weight", one.weight) not in {"", "0"}]
        made["children"] = [_changed(one, said, root=False) for one in kept]
    else:
        made["missing"] = said.get(f"{node.key}.missing", node.missing)
        made["scale"] = _scale(node, said)
        _take(made, node, said)
    converted(made, IndexNode, f"{node.key}.weight")
    return made


def _take(made: dict[str, Any], node: IndexNode, said: Mapping[str, str]) -> None:
    """What it is taken from, and the limit of idle stock. Raises ``ParameterRefused`` for one that is none."""
    if f"{node.key}.takes" in said:
        made["takes"] = "events" if said[f"{node.key}.takes"] == "events" else None
    days = said.get(f"{node.key}.idle_days")
    if days is not None:
        if days and not (days.isascii() and days.isdigit() and len(days) <= 4):
            raise ParameterRefused(name=f"{node.key}.idle_days", why="1-3660")
        made["idle_days"] = int(days) if days else None


def _scale(node: IndexNode, said: Mapping[str, str]) -> dict[str, Any]:
    assert node.scale is not None
    made: dict[str, Any] = msgspec.to_builtins(node.scale)
    if node.scale.method == "linear":
        return made | {name: _plain(said.get(f"{node.key}.{name}", made[name])) for name in SCALED}
    steps = []
    for part in said.get(f"{node.key}.steps", "").replace("；", ";").replace("：", ":").split(";"):
        at, _, points = (half.strip() for half in part.partition(":"))
        if not (points.isascii() and points.isdigit() and len(points) <= 3):
            raise ParameterRefused(name=f"{node.key}.steps", why="0.05: 40; 0.03: 70")
        steps.append({"at": _plain(at), "points": int(points)})
    return made | {"steps": steps}


def _plain(text: str) -> str:
    """A decimal without what it ends on for nothing: 0.50 is 0.5. Anything else as it is, to be refused as that."""
    try:
        return decimal_text(parse_decimal(text))
    except LedgerError:
        return text
