"""What is wrong with an event, and where: the cases that GS1's schema refuses and those it cannot see."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.errors import LedgerError
from ledger.records.epcis import Event
from ledger.records.epcis.checking import check_event, check_things
from ledger.records.epcis.document import read_document
from ledger.records.epcis.reading import read_event
from ledger.records.epcis.vocabulary import BIZ_STEP, BIZ_TRANSACTION, DISPOSITION, MEASUREMENT
from tests.unit.records.test_epcis_forms import PLAIN

THING = "https://id.gs1.org/01/09506000134352/21/"
LOT = "https://id.gs1.org/01/09506000134352/10/L1"
SSCC = "https://id.gs1.org/00/095201234567891235"
ABSENT = object()
DECLARED = {"declarationTime": "2026-05-01T08:00:00Z"}
GROUP = {"type": "AggregationEvent", "epcList": ABSENT, "parentID": SSCC, "childEPCs": [THING + "1"], "action": "ADD"}
MADE = {"type": "TransformationEvent", "action": ABSENT, "epcList": ABSENT, "inputEPCList": [THING + "1"]}
MADE_WHOLE = MADE | {"outputEPCList": [THING + "2"]}


def sensor(**report: Any) -> dict[str, Any]:
    """An event with one sensor report."""
    return {"sensorElementList": [{"sensorReport": [report]}]}


def _judged(sent: dict[str, Any]) -> None:
    event = read_event(json.dumps(sent).encode())
    check_event(event)
    check_things(event)


WRONG: list[tuple[str, dict[str, Any], str, str | None]] = [
    ("time without zone", {"eventTime": "2026-05-01T08:00:00"}, "record.unreadable", "/eventTime"),
    ("time that is none", {"eventTime": "yesterday"}, "record.unreadable", "/eventTime"),
    ("time as a number", {"eventTime": 1_777_000_000}, "record.unreadable", "/eventTime"),
    ("no time", {"eventTime": ABSENT}, "record.unreadable", None),
    ("no offset", {"eventTimeZoneOffset": ABSENT}, "record.unreadable", None),
    ("offset without colon", {"eventTimeZoneOffset": "+0800"}, "record.unreadable", "/eventTimeZoneOffset"),
    ("offset of 15 hours", {"eventTimeZoneOffset": "+15:00"}, "epcis.zone", "/eventTimeZoneOffset"),
    ("offset of 14:30", {"eventTimeZoneOffset": "-14:30"}, "epcis.zone", "/eventTimeZoneOffset"),
    ("full-width offset", {"eventTimeZoneOffset": "+０8:00"}, "epcis.zone", "/eventTimeZoneOffset"),
    ("unknown type", {"type": "QuantityEvent"}, "record.unreadable", "/type"),
    ("no type", {"type": ABSENT}, "record.unreadable", None),
    ("bare-word id", {"eventID": "scan-7"}, "epcis.uri", "/eventID"),
    ("id with a blank", {"eventID": "urn:x:scan 7"}, "epcis.uri", "/eventID"),
    ("reserved id", {"eventID": "urn:uuid:1#error-declaration"}, "epcis.event-id-reserved", "/eventID"),
    ("bare-word EPC", {"epcList": ["pallet 7"]}, "identity.form", "/epcList/0"),
    ("wrong check digit", {"epcList": [THING + "1", "https://id.gs1.org/01/09506000134351/21/1"]},
     "identity.check-digit", "/epcList/1"),
    ("prefix of five digits", {"epcList": ["urn:epc:id:sgtin:95060.00013435.1"]}, "identity.form", "/epcList/0"),
    ("the same thing twice", {"epcList": [THING + "1", THING + "1"]}, "epcis.repeated", "/epcList/1"),
    ("the same thing in two forms", {"epcList": [THING + "1", "urn:epc:id:sgtin:9506000.013435.1"]},
     "epcis.repeated", "/epcList/1"),
    ("unknown step", {"bizStep": "teleporting"}, "epcis.vocabulary", "/bizStep"),
    ("unknown step under GS1's URN", {"bizStep": "urn:epcglobal:cbv:bizstep:teleporting"}, "epcis.vocabulary",
     "/bizStep"),
    ("unknown step under GS1's address", {"bizStep": "https://ref.gs1.org/cbv/BizStep-x"}, "epcis.vocabulary",
     "/bizStep"),
    ("unknown disposition", {"disposition": "lost"}, "epcis.vocabulary", "/disposition"),
    ("unknown persistent disposition", {"persistentDisposition": {"set": ["lost"]}}, "epcis.vocabulary",
     "/persistentDisposition/set/0"),
    ("no action", {"action": ABSENT}, "record.missing", "/action"),
    ("action on a transformation", MADE_WHOLE | {"action": "ADD"}, "epcis.field-of-other-type", "/action"),
    ("transformation without output", MADE, "record.missing", "/outputEPCList"),
    ("inputs of an object event", {"inputEPCList": [THING + "2"]}, "epcis.field-of-other-type", "/inputEPCList"),
    ("aggregation without parent", GROUP | {"parentID": ABSENT}, "record.missing", "/parentID"),
    ("aggregation of nothing", GROUP | {"childEPCs": []}, "record.missing", "/childEPCs"),
    ("its own parent", GROUP | {"childEPCs": [THING + "1", "urn:epc:id:sscc:952012.03456789123"]},
     "epcis.parent-is-child", "/childEPCs/1"),
    ("transaction without transactions", {"type": "TransactionEvent"}, "record.missing", "/bizTransactionList"),
    ("nothing seen", {"epcList": []}, "record.missing", "/epcList"),
    ("master data on an observation", {"ilmd": {"cbvmda:lotNumber": "1"}}, "record.contradiction", "/ilmd"),
    ("negative quantity", {"quantityList": [{"epcClass": LOT, "quantity": -1}]}, "epcis.quantity",
     "/quantityList/0/quantity"),
    ("quantity that is no number", {"quantityList": [{"epcClass": LOT, "quantity": "NaN"}]}, "epcis.quantity",
     "/quantityList/0/quantity"),
    ("quantity nobody can write out", {"quantityList": [{"epcClass": LOT, "quantity": "1e400"}]}, "epcis.quantity",
     "/quantityList/0/quantity"),
    ("unit without quantity", {"quantityList": [{"epcClass": LOT, "uom": "MTR"}]}, "epcis.unit-without-quantity",
     "/quantityList/0/uom"),
    ("unit nobody lists", {"quantityList": [{"epcClass": LOT, "quantity": 1, "uom": "XYZ"}]}, "epcis.unit",
     "/quantityList/0/uom"),
    ("unit in lower case", {"quantityList": [{"epcClass": LOT, "quantity": 1, "uom": "mtr"}]}, "epcis.unit",
     "/quantityList/0/uom"),
    ("class nobody can read", {"quantityList": [{"epcClass": "cable", "quantity": 1}]}, "identity.form",
     "/quantityList/0/epcClass"),
    ("report without type", sensor(value=1), "record.unreadable", "/sensorElementList/0/sensorReport/0"),
    ("unknown measurement", sensor(type="Distance", value=1), "epcis.vocabulary",
     "/sensorElementList/0/sensorReport/0/type"),
    ("unit without a value", sensor(type="Mass", uom="KGM"), "epcis.unit-without-quantity",
     "/sensorElementList/0/sensorReport/0/uom"),
    ("sensor element without reports", {"sensorElementList": [{"sensorReport": []}]}, "record.unreadable",
     "/sensorElementList/0/sensorReport"),
    ("declaration without time", {"errorDeclaration": {"reason": "did_not_occur"}}, "record.unreadable",
     "/errorDeclaration"),
    ("unknown reason", {"errorDeclaration": DECLARED | {"reason": "oops"}},
     "epcis.vocabulary", "/errorDeclaration/reason"),
    ("bare-word correction", {"errorDeclaration": DECLARED | {"correctiveEventIDs": ["x"]}},
     "epcis.uri", "/errorDeclaration/correctiveEventIDs/0"),
    ("declaration of an event without id", {"eventID": ABSENT, "errorDeclaration": DECLARED},
     "record.missing", "/eventID"),
    ("party type", {"sourceList": [{"type": "mine", "source": "urn:epc:id:pgln:9521141.12345"}]}, "epcis.vocabulary",
     "/sourceList/0/type"),
    ("party nobody can read", {"sourceList": [{"type": "location", "source": "https://id.gs1.org/414/9521141123450"}]},
     "identity.check-digit", "/sourceList/0/source"),
    ("place that is a word", {"readPoint": {"id": "gate"}}, "epcis.uri", "/readPoint/id"),
    ("extension without namespace", {"shelf": 4}, "epcis.extension", "/shelf"),
    ("extension in a place without namespace", {"readPoint": {"id": "https://example.com/1", "bin": 4}},
     "epcis.extension", "/readPoint/bin"),
    ("undeclared prefix", {"shop:shelf": 4}, "epcis.prefix", "/shop:shelf"),
    ("undeclared prefix inside", {"cbvmda:a": [{"shop:b": 1}]}, "epcis.prefix", "/cbvmda:a/0/shop:b"),
    ("name kept for numbers", {"cbvmda:a": {"@decimal": "1"}}, "epcis.number-mark", "/cbvmda:a"),
    *((f"prefix {prefix}", {"@context": {prefix: "https://example.com/"}}, "epcis.prefix-reserved", "/@context")
      for prefix in ("urn", "http", "https", "gs1", "cbv", "epcis", "HTTPS")),
    ("context to fetch", {"@context": ["http://169.254.169.254/latest"]}, "epcis.context", "/@context"),
    ("context keyword", {"@context": [{"@vocab": "https://example.com/"}]}, "epcis.context", "/@context"),
    ("context with a definition", {"@context": [{"a": {"@id": "https://example.com/"}}]}, "epcis.context", "/@context"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_refused_at_its_place(case: tuple[str, dict[str, Any], str, str | None]) -> None:
    """The rule that is broken and the pointer into the event; both languages have a sentence and a fix."""
    _, change, code, pointer = case
    sent = {name: value for name, value in (PLAIN | change).items() if value is not ABSENT}
    with pytest.raises(LedgerError) as found:
        _judged(sent)
    error = found.value
    assert error.code == code
    assert (error.place.pointer if error.place else None) == pointer
    assert all(error.message(locale) and error.fix(locale) for locale in ("en", "zh-CN"))


RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("own step as a URI", {"bizStep": "https://example.com/cbv/BizStep-refurbishing"}),
    ("step as CBV's URN", {"bizStep": "urn:epcglobal:cbv:bizstep:shipping"}),
    ("step as a compact URI", {"bizStep": "cbv:BizStep-shipping"}),
    ("aggregation observed without parent", GROUP | {"parentID": ABSENT, "action": "OBSERVE"}),
    ("everything taken out", GROUP | {"childEPCs": ABSENT, "action": "DELETE"}),
    ("half a transformation with its id", MADE | {"transformationID": "urn:uuid:7"}),
    ("quantity not stated", {"quantityList": [{"epcClass": LOT}]}),
    ("measured place", {"epcList": [], **sensor(type="Mass", value=0, uom="KGM")}),
    ("master data of things made", {"action": "ADD", "ilmd": {"cbvmda:lotNumber": "1"}}),
    ("prefix as GS1 declares it", {"@context": {"gs1": "https://gs1.org/voc/", "cbvmda": "urn:epcglobal:cbv:mda:"}}),
]


@pytest.mark.parametrize("case", RIGHT, ids=[case[0] for case in RIGHT])
def test_what_the_standard_allows_is_taken(case: tuple[str, dict[str, Any]]) -> None:
    """The other side of the rules."""
    sent = {name: value for name, value in (PLAIN | case[1]).items() if value is not ABSENT}
    _judged(sent)


def _read(*events: dict[str, Any], **head: Any) -> list[Event | LedgerError]:
    fields = {"type": "EPCISDocument", "schemaVersion": "2.0", "epcisBody": {"eventList": list(events)}} | head
    return read_document(json.dumps(fields).encode()).events


def test_an_event_id_stands_once_in_a_document() -> None:
    """At its second place it is an error, even with the same content; the declaration of an error is another record."""
    declared = PLAIN | {"errorDeclaration": DECLARED}
    found = _read(PLAIN, declared, PLAIN)
    assert [isinstance(event, Event) for event in found] == [True, True, False]
    error = found[2]
    assert isinstance(error, LedgerError)
    assert error.code == "epcis.event-repeated"


@pytest.mark.parametrize("version", ["1.2", "3.0", "2", ""])
def test_documents_of_other_editions_are_refused(version: str) -> None:
    """EPCIS 2.x is read."""
    with pytest.raises(LedgerError) as found:
        _read(PLAIN, schemaVersion=version)
    assert found.value.code == "epcis.schema-version"
    assert _read(PLAIN, schemaVersion="2.1")


def test_one_bad_event_does_not_hide_the_others() -> None:
    """Each event of a document has its own outcome."""
    found = _read(PLAIN, PLAIN | {"eventID": "urn:uuid:2", "eventTime": "soon"}, PLAIN | {"eventID": "urn:uuid:3"})
    assert [isinstance(event, Event) for event in found] == [True, False, True]


def test_the_vocabularies_are_whole() -> None:
    """CBV 2.0 has 41 business steps, 33 dispositions and 13 types of transaction; GS1's schema 72 measurements."""
    counts = [len(vocabulary.words) for vocabulary in (BIZ_STEP, DISPOSITION, BIZ_TRANSACTION, MEASUREMENT)]
    assert counts == [41, 33, 13, 72]
