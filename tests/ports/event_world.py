"""Events of every type as entries hold them, and what the standard says of a query, one event at a time."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from ledger.identity import canonical
from ledger.log.entry import SALT_SIZE, commitment
from ledger.ports import Draft
from ledger.records.record import KIND_NUMBERS, microseconds

GTINS = ("09506000134352", "09521141123454")
URNS = ("urn:epc:id:sgtin:9506000.013435.", "urn:epc:id:sgtin:9521141.012345.")
CLASS_URNS = ("urn:epc:idpat:sgtin:9506000.013435.*", "urn:epc:idpat:sgtin:9521141.012345.*")
GLN, GLN_URN = "https://id.gs1.org/414/9521141123454", "urn:epc:id:sgln:9521141.12345."
STEPS = ("shipping", "receiving", "https://ref.gs1.org/cbv/BizStep-shipping", "https://example.com/step/refurbishing")
DISPOSITIONS = ("in_transit", "active", "urn:epcglobal:cbv:disp:active")
ORDERS = ("urn:epcglobal:cbv:bt:9506000134352:1", "https://id.gs1.org/253/95211411234545678")
START = datetime(2026, 1, 1, tzinfo=UTC)
NAMESPACE = "https://example.com/ns/"
TENANTS = ("demo", "other")


def thing(product: int, serial: int, form: int) -> str:
    """A serialised product in one of its forms."""
    forms = (
        f"https://id.gs1.org/01/{GTINS[product]}/21/{serial}",
        f"{URNS[product]}{serial}",
        f"https://example.com/01/{GTINS[product]}/21/{serial}?linkType=all",
        f"(01){GTINS[product]}(21){serial}",
    )
    return forms[form % len(forms)]


def product(number: int, lot: int, form: int) -> str:
    """A class of things: a lot, or the product itself."""
    if lot:
        return f"https://id.gs1.org/01/{GTINS[number]}/10/{lot}"
    return f"https://id.gs1.org/01/{GTINS[number]}" if form % 2 else CLASS_URNS[number]


def place(extension: int, form: int) -> str:
    """A place, or a place within it."""
    if form % 2:
        return f"{GLN_URN}{extension}"
    return f"{GLN}/254/{extension}" if extension else GLN


class Chance:
    """Random parts of events, from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def some(self, make: Callable[[], Any], most: int = 3) -> list[Any]:
        return [make() for _ in range(self.random.randint(1, most))]

    def maybe(self, fields: dict[str, Any], name: str, make: Callable[[], Any]) -> None:
        if self.random.random() < 0.6:
            fields[name] = make()

    def thing(self) -> str:
        return thing(self.random.randrange(2), self.random.randrange(1, 6), self.random.randrange(4))

    def amount(self) -> dict[str, Any]:
        found = {"epcClass": product(self.random.randrange(2), self.random.randrange(3), self.random.randrange(2))}
        self.maybe(found, "quantity", lambda: self.random.choice(["1", "2.50", "2.5", "1E+1", "10", "0.001"]))
        self.maybe(found, "uom", lambda: self.random.choice(["KGM", "MTR"]))
        return found

    def moment(self) -> str:
        zone = timedelta(hours=self.random.choice([0, 8]))
        at = START + timedelta(hours=self.random.randrange(72)) + zone
        return at.strftime("%Y-%m-%dT%H:%M:%S") + ("+08:00" if zone else "Z")

    def event(self, number: int) -> dict[str, Any]:
        """One event of any type as an entry keeps it."""
        choose = self.random.choice
        type_ = choose(["Object", "Aggregation", "Transaction", "Transformation", "Association"])
        event: dict[str, Any] = {"type": f"{type_}Event", "eventID": f"urn:uuid:{number}", "eventTime": self.moment()}
        if type_ != "Transformation":
            event["action"] = choose(["ADD", "OBSERVE", "DELETE"])
        self.maybe(event, "bizStep", lambda: choose(STEPS))
        self.maybe(event, "disposition", lambda: choose(DISPOSITIONS))
        self.maybe(event, "readPoint", lambda: {"id": place(self.random.randrange(3), self.random.randrange(2))})
        self.maybe(event, "bizLocation", lambda: {"id": place(self.random.randrange(3), self.random.randrange(2))})
        self._things(event, type_)
        self.maybe(event, "bizTransactionList", lambda: self.some(self._transaction))
        party = {"type": choose(["owning_party", "https://ref.gs1.org/cbv/SDT-owning_party"]), "source": GLN}
        self.maybe(event, "sourceList", lambda: [party])
        if self.random.random() < 0.2:
            event["errorDeclaration"] = {
                "declarationTime": self.moment(),
                "reason": choose(["incorrect_data", "urn:epcglobal:cbv:er:did_not_occur"]),
                "correctiveEventIDs": [f"urn:uuid:{self.random.randrange(5)}"],
            }
        if self.random.random() < 0.4:
            event["sensorElementList"] = [{"sensorReport": [self._report()]}]
        if self.random.random() < 0.4:
            event["@context"] = {"ex": NAMESPACE}
            event["extensions"] = {
                "ex:colour": choose(["red", "10", 10, {"@decimal": "2.50"}]),
                "ex:box": {"ex:in": "x"},
            }
        self.maybe(event, "persistentDisposition", lambda: {"set": ["conformant"]})
        return event

    def _things(self, event: dict[str, Any], type_: str) -> None:
        if type_ == "Transformation":
            self.maybe(event, "inputEPCList", lambda: self.some(self.thing))
            self.maybe(event, "outputEPCList", lambda: self.some(self.thing))
            self.maybe(event, "inputQuantityList", lambda: self.some(self.amount))
            self.maybe(event, "outputQuantityList", lambda: self.some(self.amount))
            self.maybe(event, "transformationID", lambda: self.random.choice(ORDERS))
            return
        of_children = type_ in {"Aggregation", "Association"}
        self.maybe(event, "childEPCs" if of_children else "epcList", lambda: self.some(self.thing))
        self.maybe(event, "childQuantityList" if of_children else "quantityList", lambda: self.some(self.amount))
        if type_ != "Object":
            self.maybe(event, "parentID", self.thing)

    def _transaction(self) -> dict[str, str]:
        return {
            "type": self.random.choice(["po", "urn:epcglobal:cbv:btt:po", "inv"]),
            "bizTransaction": self.random.choice(ORDERS),
        }

    def _report(self) -> dict[str, Any]:
        value = self.random.choice(["-5", "20.5", "20.50", "1E+2"])
        return {"type": self.random.choice(["Temperature", "gs1:Temperature", "Mass"]), "value": value, "uom": "CEL"}


@dataclass(frozen=True)
class Known:
    """An event with what the log adds."""

    seq: int
    tenant: str
    recorded_at: int
    event: dict[str, Any]


def draft(event: dict[str, Any], tenant: str) -> Draft:
    """The event as an entry, past the checks of capture: the index takes what the log holds."""
    record = {
        "event": event,
        "id": event["eventID"],
        "kind": "epcis_event",
        "occurred_at": event["eventTime"],
        "version": 1,
    }
    body = msgspec.json.encode({"record": record, "submitter": "tester"}, order="sorted")
    salt = hashlib.sha256(body).digest()
    assert len(salt) == SALT_SIZE
    at = microseconds(datetime.fromisoformat(event["eventTime"]))
    return Draft(tenant, KIND_NUMBERS["epcis_event"], event["eventID"], at, body, salt, commitment(salt, body))


# ---------------------------------------------------------------- what the standard says, slowly


def matching(events: Sequence[Known], tenant: str, given: dict[str, str]) -> list[Known]:
    """Those of a tenant that meet every parameter, in the order asked for."""
    found = [
        known for known in events if known.tenant == tenant and all(_meets(known, *pair) for pair in given.items())
    ]
    if given.get("orderBy") == "eventTime":
        found.sort(key=lambda known: (_at(known.event["eventTime"]), known.seq))
    if "orderBy" in given and given.get("orderDirection", "DESC") == "DESC":
        found.reverse()
    return found


def _meets(known: Known, name: str, value: str) -> bool:  # noqa: PLR0911 - one rule after the other
    event, values = known.event, value.split("|")
    if name in {"orderBy", "orderDirection"}:
        return True
    if name.endswith("_recordTime"):
        return (known.recorded_at >= _at(value)) == name.startswith("GE")
    if name.endswith("_eventTime"):
        return (_at(event["eventTime"]) >= _at(value)) == name.startswith("GE")
    if name.startswith("MATCH_"):
        return any(_matches(code, one) for code in _named(event, name) for one in values)
    if name == "GE_errorDeclarationTime":
        return "errorDeclaration" in event and _at(event["errorDeclaration"]["declarationTime"]) >= _at(value)
    field = name.partition("_")[2]
    if not name.startswith("EXISTS") and field.split("_")[0] in {"quantity", "value", "ex:colour"}:
        return any(_compare(name[:2], one, values) for one in _numbers(event, field))
    return _plain(event, name, values)


def _plain(event: dict[str, Any], name: str, values: list[str]) -> bool:  # noqa: C901, PLR0911, PLR0912 - likewise
    declared = event.get("errorDeclaration")
    match name:
        case "eventType":
            return event["type"] in values
        case "EQ_action" | "EQ_eventID" | "EQ_transformationID":
            return event.get(name[3:]) in values
        case "EQ_bizStep" | "EQ_disposition":
            return name[3:] in event and _word(event[name[3:]]) in map(_word, values)
        case "EQ_readPoint" | "EQ_bizLocation":
            return name[3:] in event and canonical(event[name[3:]]["id"]) in map(canonical, values)
        case "WD_readPoint" | "WD_bizLocation":
            found = canonical(event[name[3:]]["id"]) if name[3:] in event else ""
            return any(found == canonical(one) or found.startswith(canonical(one) + "/") for one in values)
        case "EQ_persistentDisposition_set":
            return bool(set(event.get("persistentDisposition", {}).get("set", ())) & set(values))
        case "EXISTS_errorDeclaration":
            return declared is not None
        case "EQ_errorReason":
            return declared is not None and _word(declared["reason"]) in map(_word, values)
        case "EQ_correctiveEventID":
            return declared is not None and bool(set(declared["correctiveEventIDs"]) & set(values))
        case "EXISTS_sensorElementList":
            return "sensorElementList" in event
        case "EQ_type":
            reports = [one for element in event.get("sensorElementList", ()) for one in element["sensorReport"]]
            return any(_word(report["type"]) in map(_word, values) for report in reports)
        case "EXISTS_ex:colour" | "EXISTS_INNER_ex:in":
            return "extensions" in event
        case "EQ_INNER_ex:in":
            return "extensions" in event and "x" in values
        case _:
            kind = name.split("_")[1]
            parts = event.get(f"{kind}List", ())
            wanted = _word(name.split("_", 2)[2])
            return any(_word(part["type"]) == wanted and _same(part[kind]) in map(_same, values) for part in parts)


def _named(event: dict[str, Any], name: str) -> list[str]:
    lists = {
        "MATCH_epc": ("epcList", "childEPCs"),
        "MATCH_inputEPC": ("inputEPCList",),
        "MATCH_outputEPC": ("outputEPCList",),
        "MATCH_anyEPC": ("epcList", "childEPCs", "inputEPCList", "outputEPCList"),
        "MATCH_epcClass": ("quantityList", "childQuantityList"),
        "MATCH_inputEPCClass": ("inputQuantityList",),
        "MATCH_outputEPCClass": ("outputQuantityList",),
        "MATCH_anyEPCClass": ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"),
    }.get(name, ())
    found = [one if isinstance(one, str) else one["epcClass"] for each in lists for one in event.get(each, ())]
    parent = [event["parentID"]] if name in {"MATCH_parentID", "MATCH_anyEPC"} and "parentID" in event else []
    return [*found, *parent]


def _matches(code: str, wanted: str) -> bool:
    text = canonical(code)
    if wanted.endswith(".*.*"):
        return text.startswith(f"https://id.gs1.org/01/{GTINS[0][0]}{wanted.split(':')[4].split('.', maxsplit=1)[0]}")
    if wanted in CLASS_URNS or wanted in {f"https://id.gs1.org/01/{gtin}" for gtin in GTINS}:
        return text == canonical(wanted) or text.startswith(canonical(wanted) + "/")
    return text == canonical(wanted)


def _numbers(event: dict[str, Any], field: str) -> Iterator[str]:
    kind, _, uom = field.partition("_")
    if kind == "ex:colour":
        value = event.get("extensions", {}).get(kind)
        if value is not None:
            yield value["@decimal"] if isinstance(value, dict) else str(value)
        return
    lists = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
    amounts = [one for name in lists for one in event.get(name, ())]
    reports = [one for element in event.get("sensorElementList", ()) for one in element["sensorReport"]]
    for one in amounts if kind == "quantity" else reports:
        if kind in one and (not uom or one.get("uom") == uom):
            yield one[kind]


def _compare(comparison: str, found: str, values: list[str]) -> bool:
    if comparison == "EQ" and found in values:
        return True
    number = _number(found)
    others = [one for one in map(_number, values) if one is not None]
    return number is not None and any(
        {"EQ": number == one, "GT": number > one, "GE": number >= one, "LT": number < one, "LE": number <= one}[
            comparison
        ]
        for one in others
    )


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except ArithmeticError:
        return None


def _word(text: str) -> str:
    for stem in ("https://ref.gs1.org/cbv/BizStep-", "urn:epcglobal:cbv:disp:", "urn:epcglobal:cbv:er:", "gs1:",
                 "urn:epcglobal:cbv:btt:", "https://ref.gs1.org/cbv/SDT-"):  # fmt: skip
        text = text.removeprefix(stem)
    return text


def _same(text: str) -> str:
    return text if text.startswith("urn:epcglobal") else canonical(text)


def _at(text: str) -> int:
    return microseconds(datetime.fromisoformat(text))
