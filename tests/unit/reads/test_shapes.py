"""What readers send, as their makers publish it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ledger.reads.errors import ReadUnfit
from ledger.reads.read import TagRead
from ledger.reads.reader import Reader, judge
from ledger.reads.shapes import read_of

IMPINJ = {
    "timestamp": "2021-02-02T22:18:35.658476625Z",
    "eventType": "tagInventory",
    "tagInventoryEvent": {
        "epc": "4oARYGAAAgpmgfI_",
        "epcHex": "E28011606000020A6681F23F",
        "antennaPort": 1,
        "antennaName": "Portal1",
        "peakRssiCdbm": -7300,
        "lastSeenTime": "2021-02-02T22:18:35.658476625Z",
    },
}
"""Impinj IoT device interface, documentation example."""
ZEBRA = {
    "data": {
        "format": "epc",
        "idHex": "E28011700001",
        "peakRssi": -56,
        "antenna": 2,
        "channel": 4,
        "phase": 180,
        "eventNum": 1,
    },
    "timestamp": "2021-02-02T22:18:35.658+0000",
    "type": "SIMPLE",
}
"""Zebra IoT Connector, documentation example."""
AT = int(datetime(2021, 2, 2, 22, 18, 35, tzinfo=UTC).timestamp()) * 1_000_000


def test_published_examples_are_read() -> None:
    """Both makers' examples, the hexadecimal left out, the time in milliseconds; nanoseconds are cut, not rounded."""
    impinj = TagRead("E28011606000020A6681F23F", AT + 658_476, 1, -7300)
    bare = IMPINJ | {"tagInventoryEvent": {k: v for k, v in IMPINJ["tagInventoryEvent"].items() if k != "epcHex"}}  # type: ignore[union-attr]
    assert read_of(IMPINJ) == read_of(bare) == impinj
    zebra = TagRead("E28011700001", AT + 658_000, 2, -5600)
    assert read_of(ZEBRA) == read_of(ZEBRA | {"timestamp": (AT + 658_000) // 1000}) == zebra


def test_any_other_reader_has_a_plain_shape() -> None:
    """Tag and time are needed, antenna and signal are not; a zone is counted in."""
    said = {"tag": "3066c4409047e140075bcd15", "at": "2021-02-03T06:18:35+08:00"}
    assert read_of(said) == TagRead("3066C4409047E140075BCD15", AT, 0, None)
    assert read_of(said | {"antenna": "4", "rssi_cdbm": -1}) == TagRead("3066C4409047E140075BCD15", AT, 4, -1)


@pytest.mark.parametrize("value", [{"eventType": "heartbeat"}, {"data": {"cpu": 3}}, [], "x", None, 3])
def test_what_is_no_read_is_none(value: Any) -> None:
    """Heartbeats, states and nonsense are told from reads."""
    assert read_of(value) is None


@pytest.mark.parametrize(
    "value",
    [
        {"tag": "xyz", "at": 1},
        {"tag": "3066", "at": "yesterday"},
        {"tag": "3066", "at": "2021-02-30T00:00:00Z"},
        {"tag": "3066", "at": "2021-02-03T00:00:00"},
        {"tag": "3066", "at": True},
        {"tag": "３０６６", "at": 1},
        {"tagInventoryEvent": {"epc": "!", "lastSeenTime": 1}},
        {"tagInventoryEvent": {}},
        {"data": {"idHex": "3066"}, "timestamp": None},
    ],
)
def test_a_read_with_parts_that_cannot_be_used_is_refused(value: Any) -> None:
    """No time without a zone, no moment that does not exist, no full-width digits: refused with what to do."""
    with pytest.raises(ReadUnfit) as refused:
        read_of(value)
    assert refused.value.fix("zh-CN")


def test_reads_are_judged_by_tag_antenna_signal_and_company() -> None:
    """A tag without an EPC is unknown whatever its signal; own prefixes count behind the indicator digit."""
    reader = Reader(
        id="dock",
        tenant="demo",
        read_point="https://id.gs1.org/414/9506000134376",
        biz_step="receiving",
        antennas=(1, 2),
        weakest_cdbm=-6500,
        prefixes=("9506000",),
    )
    own = TagRead("3066C4409047E140075BCD15", 1, 1, -6000)
    assert judge(reader, own).thing == "https://id.gs1.org/01/09506000134352/21/123456789"
    verdicts = [
        judge(reader, read).verdict
        for read in (
            own,
            own._replace(antenna=3),
            own._replace(rssi_cdbm=-6501),
            own._replace(rssi_cdbm=None),
            own._replace(tag="3074257BF7194E4000001A85"),
            own._replace(tag="E2801160600002000000000A", antenna=9),
        )
    ]
    assert verdicts == ["taken", "elsewhere", "weak", "taken", "foreign", "unknown"]
