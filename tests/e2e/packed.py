"""The sample's packaging: rules, a product before and after, one that is not green, and a crate that goes out and
back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from ledger.packaging.example import example_packaging_rules
from ledger.records.epcis import EpcisEvent, Event, Place
from ledger.records.packaging import PackagingBill, PackagingComponent
from ledger.records.record import Record

CRATES = "https://id.gs1.org/8003/09506000134376"
_USE = "DEFRA25-19_"
_BOX = PackagingComponent(
    factor=f"{_USE}506_5156_15_1",
    level="primary",
    mass_kg="0.13",
    material="board",
    name="彩盒 box",
    recyclable=True,
    recycled_factor=f"{_USE}506_5159_15_1",
    recycled_pct="30",
    size=(300, 220, 90),
)
_CARTON = replace(_BOX, level="transport", mass_kg="0.72", name="外箱 carton", pieces=20, size=(620, 460, 470))
_FOAM = PackagingComponent(
    factor=f"{_USE}505_5120_15_1",
    level="part",
    mass_kg="0.03",
    material="ps",
    name="泡沫 foam",
    recyclable=False,
    recycled_pct="0",
)
_CRATE = PackagingComponent(
    cycles=40,
    factor=f"{_USE}505_5132_15_1",
    level="transport",
    mass_kg="2.4",
    material="pp",
    name="周转箱 crate",
    pieces=20,
    recyclable=True,
    recycled_pct="0",
    returnable=CRATES,
    size=(600, 400, 340),
)
_SLEEVE = replace(_BOX, mass_kg="0.03", material="paper", name="纸套 sleeve", recycled_pct="60", size=(260, 190, 65))


def packed_goods(product: str, other: str, supplier: str) -> list[Record]:
    """The edition in force, two lists of one product, one of another, and the scans."""
    before = PackagingBill(
        amounts="measured",
        components=(_BOX, _CARTON, _FOAM),
        id="packaging:1",
        kind="packaging_bill",
        name="家用路由器 Home router",
        occurred_at=datetime(2025, 1, 1, tzinfo=UTC),
        product=product,
        size=(220, 150, 40),
        source="称重单 2025-01",
        supplier=supplier,
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 2, 28),
        version=1,
    )
    open_end, since = date(2099, 12, 31), date(2026, 3, 1)
    after = replace(
        before,
        components=(_SLEEVE, _CRATE),
        id="packaging:2",
        source="称重单 2026-02",
        valid_from=since,
        valid_to=open_end,
    )
    bare = replace(_CARTON, factor=None, pieces=1, recycled_factor=None)
    third = replace(
        before,
        components=(bare, _FOAM),
        id="packaging:3",
        name="光纤配线箱 ODF",
        product=other,
        size=None,
        valid_to=open_end,
    )
    return [example_packaging_rules(), before, after, third, *_scans()]


def _scans() -> list[Record]:
    """Two crates: one out and back and out again, one out."""
    home, away = (f"https://id.gs1.org/414/{place}" for place in ("9506000134376", "9506000134369"))
    way = (
        (1, "shipping", home),
        (1, "receiving", away),
        (1, "receiving", home),
        (1, "shipping", home),
        (2, "shipping", home),
    )
    start = datetime(2026, 3, 3, 1, tzinfo=UTC)
    return [_scan(number, f"{CRATES}{crate}", step, place, start) for number, (crate, step, place) in enumerate(way)]


def _scan(number: int, crate: str, step: str, place: str, start: datetime) -> Record:
    name, moment = f"urn:uuid:00000000-0000-4000-9000-{number:012}", start + timedelta(days=2 * number)
    return EpcisEvent(
        id=name,
        kind="epcis_event",
        occurred_at=moment,
        version=1,
        event=Event(
            action="OBSERVE",
            biz_location=Place(id=place),
            biz_step=f"https://ref.gs1.org/cbv/BizStep-{step}",
            disposition=f"https://ref.gs1.org/cbv/Disp-{'in_transit' if step == 'shipping' else 'in_progress'}",
            epc_list=[crate],
            event_id=name,
            event_time=moment,
            event_time_zone_offset="+08:00",
            type="ObjectEvent",
        ),
    )
