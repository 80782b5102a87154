"""Events in the life of an asset, and whole worlds of them by chance."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from ledger.lifecycle.event import Event, read
from ledger.lifecycle.lives import Life, Lives, replay
from ledger.lifecycle.vocabulary import OWN, step_uri
from ledger.records.epcis import record_of
from ledger.records.epcis.reading import read_event
from ledger.records.record import Record, check, microseconds
from ledger.services.capture import record_bytes

START = datetime(2026, 1, 1, tzinfo=UTC)
THINGS = [f"https://id.gs1.org/01/09506000134352/21/{n}" for n in range(4)]
THING, OTHER, THIRD, _ = THINGS
PALLET = "https://id.gs1.org/00/095201234567891235"
CRATE = "https://id.gs1.org/8003/095211411234545678"
RACK = "https://id.gs1.org/8004/95211415678"
UNITS = [PALLET, CRATE, RACK]
HERE, THERE, ELSEWHERE = (
    f"https://id.gs1.org/414/{gln}" for gln in ("9521140000015", "9521140000114", "9521140000121")
)
PLACES = [HERE, THERE, ELSEWHERE]


def at(hours: float) -> datetime:
    """So many hours into the story."""
    return START + timedelta(hours=hours)


def micros(hours: float) -> int:
    """The same in microseconds since the Unix epoch."""
    return microseconds(at(hours))


def happened(hours: float, type_: str = "ObjectEvent", *, name: str = "", place: str = "", **fields: Any) -> Record:
    """An event as a record; ``fields`` are EPCIS's, and our own with ``onecode__`` in front."""
    sent: dict[str, Any] = {
        "@context": {"onecode": OWN},
        "eventID": f"urn:uuid:{name or hours}",
        "eventTime": at(hours).isoformat(),
        "eventTimeZoneOffset": "+00:00",
        "type": type_,
    }
    if type_ != "TransformationEvent":
        sent["action"] = "OBSERVE"
    if place:
        sent["readPoint"] = {"id": place}
    sent |= {key.replace("onecode__", "onecode:"): value for key, value in fields.items()}
    if "ilmd" in sent:
        sent["ilmd"] = {f"onecode:{key}": value for key, value in sent["ilmd"].items()}
    record = record_of(read_event(json.dumps(sent).encode()))
    check(record)
    return record


def seen(hours: float, step: str, *codes: str, **fields: Any) -> Record:
    """Things seen at a step."""
    return happened(hours, bizStep=step_uri(step), epcList=list(codes or (THING,)), **fields)


def born(hours: float = 0, *codes: str, **ilmd: Any) -> Record:
    """Things commissioned, with what their ILMD says."""
    more = {"ilmd": ilmd} if ilmd else {}
    return seen(hours, "commissioning", *codes, action="ADD", place=HERE, **more)


def held(hours: float, action: str, unit: str, *codes: str, type_: str = "AggregationEvent", **fields: Any) -> Record:
    """Things put into a unit or taken out; ``AssociationEvent`` for what they are fixed to."""
    return happened(hours, type_, action=action, parentID=unit, childEPCs=list(codes), **fields)


def views(records: list[Record]) -> list[Event[str]]:
    """The small views of records, in the order in which they were recorded."""
    bodies = (json.dumps({"record": json.loads(_plain(record))}).encode() for record in records)
    return [read(seq, microseconds(records[seq].occurred_at), body) for seq, body in enumerate(bodies)]


def _plain(record: Record) -> bytes:
    return record_bytes(record)


def told(*records: Record, upto: float | None = None) -> Lives[str]:
    """The fold of these records, recorded in this order."""
    return replay(views(list(records)), upto=None if upto is None else micros(upto))[0]


def life(*records: Record, code: str = THING, upto: float | None = None) -> Life[str]:
    """The life of one thing."""
    return told(*records, upto=upto).states[code]


def flags(*records: Record) -> list[tuple[str, int, int]]:
    """(code, entry that shows it, entry it contradicts)."""
    return [(one.code, one.seq, one.other) for one in told(*records).anomalies]


# ---------------------------------------------------------------- by chance

_STEPS = ("shipping", "receiving", "storing", "repairing", "installing", "encoding", "inspecting")


def world(seed: int) -> list[Record]:
    """Events of every type about a few things and units, each at a time of its own, arriving in any order."""
    chance = Random(seed)
    count = chance.randint(3, 30)
    hours = chance.sample(range(1000), count)
    return [_one(chance, number, hour / 7) for number, hour in enumerate(hours)]


def _some(chance: Random, pool: list[str], most: int) -> list[str]:
    return chance.sample(pool, chance.randint(1, most))


def _one(chance: Random, number: int, hours: float) -> Record:  # noqa: PLR0911 - one for each kind
    kind = chance.choice(("seen", "seen", "born", "packed", "fixed", "transformed", "error", "alias"))
    common: dict[str, Any] = {"name": f"e{number}"}
    if chance.random() < 0.8:
        common["place"] = chance.choice(PLACES)
    match kind:
        case "seen":
            codes = _some(chance, THINGS + UNITS, 3)
            if chance.random() < 0.2:
                common["onecode__tids"] = {codes[0]: chance.choice(("AA", "BB"))}
            return seen(hours, chance.choice(_STEPS), *codes, **common)
        case "born" if chance.random() < 0.3:
            return seen(hours, "destroying", chance.choice(THINGS), action="DELETE", **common)
        case "born":
            mass = {"massKg": str(chance.randint(1, 3))}
            return seen(hours, "commissioning", *_some(chance, THINGS, 2), action="ADD", ilmd=mass, **common)
        case "packed" | "fixed":
            unit, action = chance.choice(UNITS), chance.choice(("ADD", "ADD", "DELETE", "OBSERVE"))
            codes = [code for code in _some(chance, THINGS + UNITS, 3) if code != unit] or [THING]
            codes = [] if action == "DELETE" and chance.random() < 0.4 else codes
            type_ = "AggregationEvent" if kind == "packed" else "AssociationEvent"
            return held(hours, action, unit, *codes, type_=type_, **common)
        case "transformed":
            lists = {"inputEPCList": _some(chance, THINGS, 2), "outputEPCList": _some(chance, THINGS, 2)}
            amounts = [{"epc": THING, "massKg": "2"}]
            return happened(hours, "TransformationEvent", onecode__amounts=amounts, **lists, **common)
        case "error":
            common["name"] = f"e{chance.randrange(number + 3)}"
            declared = {"declarationTime": at(hours).isoformat(), "reason": "did_not_occur"}
            return seen(hours, "shipping", *_some(chance, THINGS, 2), errorDeclaration=declared, **common)
        case _:
            alias = {"aliasOf": chance.choice(THINGS + UNITS)}
            code = chance.choice(THINGS + UNITS)
            return seen(hours, "tagging", code, action="ADD", ilmd=alias, **common)
