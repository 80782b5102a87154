"""
The lifecycle as a table: which event brings an asset to which stage, and which stages may follow.

A stage that may not follow is flagged, never refused: what a scanner saw is recorded, whether it fits or not. Steps and
dispositions are words of GS1 CBV 2.0, or ours (``vocabulary.OWN_STEPS``).
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

EventType = Literal["ObjectEvent", "AggregationEvent", "AssociationEvent", "TransformationEvent", "TransactionEvent"]
Role = Literal["self", "parent", "child", "input", "output"]


class Step(NamedTuple):
    """
    A row: an event of this type and action, with one of these steps, brings an asset to ``stage``.

    Without a step, one of ``dispositions`` says as much; the first is the usual one. ``stage`` is empty for a step that
    looks and moves nothing.
    """

    stage: str
    type: EventType
    action: Literal["ADD", "OBSERVE", "DELETE", ""]
    steps: tuple[str, ...]
    dispositions: tuple[str, ...]


STEPS: Final[tuple[Step, ...]] = (
    Step("encoded", "ObjectEvent", "OBSERVE", ("encoding",), ("encoded",)),
    Step("commissioned", "ObjectEvent", "ADD", ("commissioning", "creating_class_instance"), ("active",)),
    Step("", "ObjectEvent", "ADD", ("tagging",), ("active",)),
    Step("packed", "AggregationEvent", "ADD", ("packing", "loading", "staging_outbound"), ("in_progress",)),
    Step("shipped", "ObjectEvent", "OBSERVE", ("shipping", "departing", "transporting", "arriving"), ("in_transit",)),
    Step("received", "ObjectEvent", "OBSERVE", ("receiving", "accepting"), ("in_progress",)),
    Step("unpacked", "AggregationEvent", "DELETE", ("unpacking", "unloading"), ("in_progress",)),
    Step("stored", "ObjectEvent", "OBSERVE", ("storing",), ("available",)),
    Step("picked", "ObjectEvent", "OBSERVE", ("picking", "reserving", "staging_outbound"), ("reserved",)),
    Step("installed", "AssociationEvent", "ADD", ("installing", "assembling"), ("active",)),
    Step("installed", "ObjectEvent", "OBSERVE", ("installing",), ()),
    Step("repairing", "ObjectEvent", "OBSERVE", ("repairing",), ("needs_replacement", "damaged")),
    Step("retired", "ObjectEvent", "OBSERVE", ("retiring",), ("inactive",)),
    Step("dismantled", "AssociationEvent", "DELETE", ("removing", "collecting", "disassembling"), ("inactive",)),
    Step("dismantled", "ObjectEvent", "OBSERVE", ("removing", "collecting"), ("returned",)),
    Step("refurbished", "ObjectEvent", "OBSERVE", ("refurbishing",), ("available",)),
    Step("recycled", "ObjectEvent", "DELETE", ("recycling",), ("disposed",)),
    Step("recycled", "ObjectEvent", "OBSERVE", ("recycling",), ("disposed",)),
    Step("transformed", "TransformationEvent", "", (), ("in_progress",)),
    Step("destroyed", "ObjectEvent", "DELETE", ("destroying", "decommissioning"), ("destroyed",)),
    Step("", "ObjectEvent", "OBSERVE", ("inspecting", "sampling", "sensor_reporting"), ("conformant",)),
    Step("", "ObjectEvent", "OBSERVE", ("cycle_counting", "stock_taking"), ("available",)),
)
"""In the order in which they are tried."""

_STOCK = ("packed", "shipped", "received", "unpacked", "stored", "picked")
_USE = ("installed", "repairing", "retired")
_OUT = ("transformed", "recycled", "destroyed")
NEXT: Final[dict[str, frozenset[str]]] = {
    stage: frozenset(following)
    for stage, following in {
        "encoded": ("commissioned", "packed", "shipped"),
        "commissioned": (*_STOCK, "installed", "transformed", "destroyed"),
        "packed": ("packed", "shipped", "received", "unpacked", "stored"),
        "shipped": (*_STOCK, "installed"),
        "received": (*_STOCK, "installed", "repairing", "refurbished", *_OUT),
        "unpacked": (*_STOCK, "installed", "repairing", "refurbished", *_OUT),
        "stored": (*_STOCK, "installed", "repairing", "refurbished", *_OUT),
        "picked": ("packed", "shipped", "stored", "picked", "installed", "transformed"),
        "installed": (*_USE, "dismantled", "transformed"),
        "repairing": (*_STOCK, *_USE, "dismantled", "refurbished", *_OUT),
        "retired": ("installed", "dismantled"),
        "dismantled": (*_STOCK, "dismantled", "installed", "repairing", "refurbished", *_OUT),
        "refurbished": (*_STOCK, "refurbished", "installed", *_OUT),
        "recycled": ("destroyed",),
        "transformed": (),
        "destroyed": (),
    }.items()
}
"""
What may follow. A thing may begin anywhere, because not every supplier scans; but it begins once, so neither
``encoded`` nor ``commissioned`` follows anything but what stands here.
"""
STAGES: Final = tuple(NEXT)
ENDED: Final = frozenset({"recycled", "transformed", "destroyed"})
"""After these nothing may be seen of the thing, except what ``NEXT`` names."""
IN_STOCK: Final = frozenset({"received", "unpacked", "stored", "picked", "dismantled", "refurbished"})
"""Held and not in use: what counts as stock, and as idle when it is held too long."""
IN_USE: Final = frozenset({"installed", "repairing", "retired"})
INHERITED: Final = frozenset({"packed", "shipped", "received", "stored"})
"""Stages that a packed thing shares with the unit it is packed in. A rack gives its contents its place alone."""


def stage_after(type_: str, action: str, step: str, disposition: str, role: Role) -> str:
    """The stage that an event brings an asset in this role to; empty when it changes none."""
    if role in ("input", "output"):
        return "transformed" if role == "input" else "commissioned"
    if role == "parent":
        return ""
    for row in STEPS:
        if row.type == type_ and row.action == action and step in row.steps:
            return row.stage
    return _without_step(type_, action, step, disposition)


def _without_step(type_: str, action: str, step: str, disposition: str) -> str:
    """What type, action and disposition say alone, where the step is missing or of another vocabulary."""
    match type_, action:
        case ("AggregationEvent" | "AssociationEvent", "ADD" | "DELETE"):
            return next(row.stage for row in STEPS if row.type == type_ and row.action == action)
        case "ObjectEvent", "ADD":
            return "commissioned"
        case "ObjectEvent", "DELETE":
            return "destroyed"
        case "ObjectEvent", "OBSERVE" if not step:
            rows = (row for row in STEPS if row.type == type_ and row.action == action and row.stage)
            return next((row.stage for row in rows if disposition in row.dispositions and disposition in _TELLING), "")
        case _:
            return ""


_TELLING: Final = frozenset({"in_transit", "disposed", "returned"})
"""Dispositions that say on their own where in its life a thing is."""


def follows(stage: str, before: str) -> bool:
    """Whether a stage may follow another; anything may be the first."""
    return not before or stage in NEXT[before]


def next_steps(stage: str) -> tuple[Step, ...]:
    """
    The rows of ``STEPS`` that may come next for an asset in a stage (empty: nothing known of it yet).

    For a scan page: each row gives type, action, step (its first) and disposition (its first) of the event to write.
    Looking and counting are always possible until the thing's end.
    """
    if not stage:
        return STEPS
    looks = stage not in ENDED
    return tuple(row for row in STEPS if (row.stage in NEXT[stage] if row.stage else looks))
