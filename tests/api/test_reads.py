"""Fixed readers at the door: reads in, few events out, strange tags kept, nothing twice, nothing lost."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.scan_tables import PRESENCE
from ledger.ports import Outgoing
from ledger.reads.reader import Reader
from ledger.records.record import decode, microseconds
from ledger.services.take_reads import record_arrivals
from tests.api.house import House

TAGS = ("3066C4409047E140075BCD15", "3476451FD40000000000162E", "3074257BF7194E4000001A85")
PLACE = "https://id.gs1.org/414/9506000134376"


def configured(house: House, name: str, **changes: Any) -> Reader:
    reader = Reader(id=name, tenant=house.ledger.settings.tenant, read_point=PLACE, biz_step="receiving", **changes)
    house.ledger.reads.configure(reader)
    return reader


def read(tag: str, second: float, **more: Any) -> dict[str, Any]:
    at = datetime.fromisoformat("2026-05-01T08:00:00+00:00") + timedelta(seconds=second)
    return {"tag": tag, "at": at.isoformat(), **more}


def sent(house: House, reader: str, *reads: Any) -> dict[str, Any]:
    with house.client("warehouse") as client:
        answer = client.post(f"/reads?reader={reader}", json=list(reads))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def events(house: House, since: int) -> list[Any]:
    rows = [row for batch in house.ledger.entries.rows(since, house.ledger.entries.size()) for row in batch]
    return [decode(_record(row.body)).event for row in rows]


def _record(body: bytes) -> bytes:
    import msgspec

    return bytes(msgspec.json.decode(body, type=dict[str, msgspec.Raw])["record"])


def test_many_reads_are_one_event_and_the_same_reads_again_are_none(house: House) -> None:
    """Two things that come together are one event at the first read; a later one is another; repeats move nothing."""
    configured(house, "dock")
    before = house.ledger.entries.size()
    reads = [read(tag, second) for second in range(4) for tag in TAGS[:2]]
    assert sent(house, "dock", *reads)["taken"] == 8
    assert events(house, before) == []
    sent(house, "dock", read(TAGS[2], 20))
    (first,) = events(house, before)
    assert first.event_time == datetime.fromisoformat("2026-05-01T08:00:00+00:00")
    assert first.epc_list == [
        "https://id.gs1.org/01/09506000134352/21/123456789",
        "https://id.gs1.org/8004/95211415678",
    ]
    assert (first.biz_step, first.read_point.id) == ("receiving", PLACE)
    sent(house, "dock", *reads, read(TAGS[2], 20))
    assert len(events(house, before)) == 1
    sent(house, "dock", read(TAGS[0], 60))
    again = events(house, before)[1:]
    assert [event.epc_list for event in again] == [["https://id.gs1.org/01/80614141123458/21/6789"]]


def test_a_late_read_joins_two_windows_and_reports_nothing_anew(house: House) -> None:
    """Read again between two visits, a thing was there all the while: one window is kept, and no event is added."""
    configured(house, "late", gap=5_000_000, batch=2_000_000)
    before = house.ledger.entries.size()
    sent(house, "late", read(TAGS[0], 0), read(TAGS[0], 8), read(TAGS[1], 20))
    assert (len(events(house, before)), windows(house, "late")) == (2, [(0, 0), (8, 8), (20, 20)])
    sent(house, "late", read(TAGS[0], 4))
    assert (len(events(house, before)), windows(house, "late")) == (2, [(0, 8), (20, 20)])


def windows(house: House, reader: str) -> list[tuple[int, int]]:
    """The windows kept of a reader, in seconds of the test's clock."""
    began = microseconds(datetime.fromisoformat("2026-05-01T08:00:00+00:00"))
    query = select(PRESENCE.c.entered, PRESENCE.c.last).where(PRESENCE.c.reader == reader).order_by(PRESENCE.c.entered)
    with Database(open_engine(house.ledger.settings.database_url)).reading() as connection:
        return [((a - began) // 1_000_000, (b - began) // 1_000_000) for a, b in connection.execute(query)]


def test_a_silent_readers_last_arrivals_are_recorded_by_the_clock(house: House) -> None:
    """Without a further read the batch is reported once the reader was silent for as long as a batch lasts."""
    configured(house, "gate", batch=1)
    before = house.ledger.entries.size()
    sent(house, "gate", read(TAGS[0], 0))
    assert record_arrivals(house.ledger.read_desk) == 1
    assert record_arrivals(house.ledger.read_desk) == 0
    assert len(events(house, before)) == 1


def test_a_crash_between_windows_and_log_loses_nothing(house: House) -> None:
    """The log refuses once the windows are written: the event waits, and goes in whole later, once."""
    configured(house, "crash", batch=0)
    before = house.ledger.entries.size()

    class Refusing:
        def append(self, *_: Any) -> Any:
            raise KeyboardInterrupt

    broken = dataclasses.replace(house.ledger.read_desk, entries=Refusing())
    reader = house.ledger.reads.reader(house.ledger.settings.tenant, "crash")
    assert reader
    from ledger.reads.shapes import read_of
    from ledger.services.take_reads import take_reads

    reads = [found for one in (read(TAGS[0], 0), read(TAGS[1], 9)) if (found := read_of(one))]
    with pytest.raises(KeyboardInterrupt):
        take_reads(broken, reader, reads, "warehouse")
    waiting: list[Outgoing] = house.ledger.reads.outgoing()
    assert len(waiting) == 1
    sent(house, "crash", read(TAGS[0], 0))
    assert [event.event_id for event in events(house, before)] == [waiting[0].event.event_id]
    assert house.ledger.reads.outgoing() == []


def test_strange_tags_are_kept_and_shown_to_their_tenant_alone(house: House) -> None:
    """Unknown and foreign tags are listed as they were read, weak reads counted; no event names them."""
    configured(house, "filter", prefixes=("9506000",), weakest_cdbm=-6000)
    before = house.ledger.entries.size()
    said = sent(
        house,
        "filter",
        read("E2801160600002000000000A", 0),
        read("E2801160600002000000000A", 1),
        read(TAGS[2], 0),
        read(TAGS[0], 0, rssi_cdbm=-7000),
        {"eventType": "heartbeat"},
    )
    assert (said["unknown"], said["foreign"], said["weak"], said["taken"], said["other"]) == (2, 1, 1, 0, 1)
    sent(house, "filter", read(TAGS[2], 90))
    assert events(house, before) == []
    with house.client("warehouse") as client:
        page = client.get("/readers", headers={"accept": "text/html"}).text
    assert "E2801160600002000000000A" in page.replace("<wbr>", "")
    with house.client("other") as client:
        foreign = client.get("/readers", headers={"accept": "text/html"}).text
    assert "E28011606" not in foreign
    assert PLACE.rpartition("/")[2] not in foreign.replace("(414)9506000134376&#34;", "")


def test_a_reader_is_told_by_its_key_and_an_unknown_one_is_refused(house: House) -> None:
    """The key alone names the reader; another tenant's reader, and none, are the same refusal."""
    with house.client("warehouse") as client:
        key_id = client.get("/api/v1/session").json()["who"]
        configured(house, "keyed", key_id=key_id)
        assert client.post("/reads", json=read(TAGS[0], 0)).json()["reader"] == "keyed"
        lines = client.post("/reads", content=b'\n{"eventType":"x"}\n\n{"eventType":"y"}\n')
        assert lines.json()["other"] == 2
        broken = client.post("/reads", json=[read(TAGS[0], 0), {"tag": "zz", "at": 1}])
        assert (broken.status_code, broken.json()["pointer"]) == (400, "/1")
    with house.client("other") as client:
        refused = client.post("/reads?reader=keyed", json=read(TAGS[0], 0))
    assert refused.json()["code"] == "record.reader-unknown"
