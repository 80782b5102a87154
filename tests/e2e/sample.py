"""A small ledger with something on every page, some of it hostile, in a folder of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from msgspec.structs import replace

from ledger.adapters.files import open_file
from ledger.demo.company import write_company
from ledger.errors import LedgerError
from ledger.ports import Clock
from ledger.ports.exchange import Partner
from ledger.records.energy_certificate import EnergyCertificate, Retirement, certificate_id
from ledger.records.epcis import EpcisEvent, Event, Place
from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.inventory_boundary import Exclusion, InventoryBoundary, Rule, WasteTransfer
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import Record
from ledger.records.supplier_certificate import CertificateScheme, CertificateStep, SupplierCertificate
from ledger.records.transport_leg import TransportLeg
from ledger.scoring.amount import Amount
from ledger.scoring.bid import Bid
from ledger.scoring.scheme import Scheme
from ledger.services.access import OWNER_ID
from ledger.services.audit import OPERATOR, Deed, Span
from ledger.services.capture import Submission, capture
from ledger.services.certificates import Become, state_step
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.keys import ensure_owner
from ledger.services.organisations import add_organisation
from ledger.services.pcf_requests import Party, Wanted, ask, board, take_step
from ledger.services.pcf_reviews import Examined, footprint_seen, review
from ledger.services.project import catch_up
from ledger.services.runs import start_run
from ledger.services.targets import open_tasks
from ledger.services.tender_desk import Desk
from ledger.services.tender_examination import USUAL_UNCERTAINTY, compute_card
from ledger.services.tenders import publish_scheme, score_tender, submit_bid
from ledger.services.worker import run_once, settle
from ledger.wiring import Ledger
from tests import shipments
from tests.e2e.assessments import assess
from tests.e2e.claims import claims_of
from tests.e2e.deliveries import contract, deliveries
from tests.e2e.drafted import draft_scheme
from tests.e2e.listed import put_forward
from tests.e2e.packed import packed_goods
from tests.e2e.planned import drive, plan_day
from tests.e2e.pledges import pledges
from tests.e2e.sampled import sample as sample_entries
from tests.e2e.sealing import judged_tender, sealed_tender
from tests.e2e.stocked import stock
from tests.e2e.supplied import supply
from tests.unit.scoring.tender import CLOSES, bid, full_bids, full_scheme

PRODUCT = "https://id.gs1.org/01/09506000134352"
ASSET = f"{PRODUCT}/21/OC-2026-000117"
ROUTE = "南京-上海 R01"
HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "{{7*7}}{% raw %}",
    "' autofocus onfocus='document.title=1",
    "javascript:alert(1)",
    "</textarea><svg onload=document.title='owned'>",
    "\u202egnp.exe \u0007-free\u200b",
)
START = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


class Stopped(NamedTuple):
    """A clock that stands still."""

    at: datetime

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.at


@dataclass(frozen=True, slots=True)
class Sample:
    """Where things are in the sample."""

    key: str
    """The owner's key; empty when the ledger had an owner already."""
    supplier_key: str
    tender: str
    entries: int
    unanchored: int
    confirmed: int
    """Size of a confirmed checkpoint."""
    run: str
    request: str
    """A request for a footprint that waits for an extension."""
    review: str
    day: str
    """A day with plans, one of them, and a mix of orders with cartons."""
    plan: str
    mix: str


def fill(ledger: Ledger, *, hostile: bool = True) -> Sample:
    """Records of every kind, confirmed on the embedded chain, then one more that is not."""
    write_places(ledger)
    key = ensure_owner(ledger.principals, ledger.clock, ledger.random, ledger.settings.tenant) or ""
    hand_in(ledger, "仓库三号门 scanner 3", [event(n) for n in range(6)])
    hand_in(ledger, "国网物资 · import", [*[leg(n) for n in range(8)], *hubs(), declared(), BIDDER_PCF])
    if hostile:
        hand_in(ledger, HOSTILE[0], [hostile_leg(n, text) for n, text in enumerate(HOSTILE)])
    run_once(ledger.worker())
    parts = (ledger.organisations, ledger.clock, ledger.random)
    bidder = {"tenant": ledger.settings.tenant, "name": "Anhe 安和", "organisation_id": BIDDER_PCF.supplier}
    add_organisation(*parts, kind="supplier", **bidder)
    tender = tender_of(ledger, [bid(HOSTILE[1], "998000")] if hostile else [])
    hand_in(ledger, "可持续发展处", claims_of(HOSTILE if hostile else ()))
    hand_in(ledger, "可持续发展处", [*company(), *aims(ledger)])
    run_once(ledger.worker())
    open_tasks(ledger, Submission(ledger.settings.tenant, "可持续发展处"))
    asked(ledger)
    own = supply(ledger, BIDDER_PCF.supplier)
    certify(ledger)
    guarded(ledger)
    assess(ledger)
    hand_in(ledger, "anhe", pledges())
    hand_in(ledger, "国网物资 · import", deliveries(leg(0), BIDDER_PCF.product))
    contract(ledger, BIDDER_PCF.product)
    sealed_tender(ledger)
    judged_tender(ledger)
    hand_in(ledger, "可持续发展处", put_forward())
    hand_in(ledger, "可持续发展处", packed_goods(PRODUCT, BIDDER_PCF.product, BIDDER_PCF.supplier))
    hand_in(
        ledger,
        "承运 · import",
        [shipments.leg("lorry-1"), shipments.second("lorry-2"), shipments.statement(), *shipment_grants()],
    )
    ledger.offering.offer(ledger.settings.tenant)
    draft_scheme(ledger)
    stock(ledger, HOSTILE[:2] if hostile else ())
    sample_entries(ledger)
    run, _ = start_run(ledger, Submission(ledger.settings.tenant, "可持续发展处", manages=True))
    confirmed = settle(ledger.worker())
    assert confirmed is not None
    hand_in(ledger, "仓库三号门 scanner 3", [event(7)])
    catch_up(ledger.entries, ledger.projections)
    close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
    entries = ledger.entries.size()
    at = (entries, entries - 1, confirmed.checkpoint.size)
    if not hostile:  # for the pictures
        drive(ledger)
    return Sample(key, own, tender, *at, run.id, *desk_of(ledger), *plan_day(ledger, 2 if hostile else 24))


def desk_of(ledger: Ledger) -> tuple[str, str]:
    """The ids of a request and of a statement on the desk."""
    house = Party(ledger.settings.tenant, "采购部")
    return board(ledger, house)[0][0].request.id, footprint_seen(ledger, house, BIDDER_PCF.id).reviews[-1][1].id


def asked(ledger: Ledger) -> None:
    """Requests for footprints: one that asks for more time, one that was answered."""
    house = Party(ledger.settings.tenant, "采购部")
    parts = (ledger.organisations, ledger.clock, ledger.random)
    known = BIDDER_PCF.supplier
    add_organisation(*parts, tenant=house.tenant, name="Hafen Handel GmbH", kind="partner", organisation_id="hafen")
    _exchange(ledger, house.tenant)
    supplier = Party(house.tenant, "陈", known, sees_all=False)
    due = ledger.clock.now().date() + timedelta(days=6)
    products = [(BIDDER_PCF.product, BIDDER_PCF.name), (PRODUCT, "10kV 环网柜")]
    assert all(ask(ledger, house, Wanted([supplier.organisation], products, due, 7, "用于 2026 年集采")))
    answered, later = (one.request.id for one in board(ledger, house)[0])
    take_step(ledger, supplier, later, "extension_asked", due=due + timedelta(days=14), reason="等待电表读数")
    take_step(ledger, supplier, answered, "fulfilled", pcf=BIDDER_PCF.id)


def guarded(ledger: Ledger) -> None:
    """Deeds: the owner signed in and issued a key, somebody guessed, a key asked for what it may not, a file left."""
    tenant, now = ledger.settings.tenant, ledger.clock.now()
    once = Span(1, now, now)
    often = Span(312, now - timedelta(seconds=58), now)
    ledger.recording.append(
        [
            (Deed("issue_key", tenant, OPERATOR, OWNER_ID, role="admin"), once),
            (Deed("sign_in", tenant, outcome="refused", reason="access.sign-in-refused"), often),
            (Deed("sign_in", tenant, OWNER_ID), once),
            (Deed("issue_key", tenant, OWNER_ID, "k5dmvyq2xo3hbn7a", role="warehouse"), once),
            (Deed("authorise", tenant, "k5dmvyq2xo3hbn7a", "/api/v1/keys", "refused", "access.role"), once),
            (Deed("export", tenant, OWNER_ID, "/inventory"), once),
        ]
    )


def certify(ledger: Ledger) -> None:
    """Certificates of two suppliers: in force, to be confirmed, soon over, suspended, of a withdrawn scheme."""
    now, house = ledger.clock.now(), Party(ledger.settings.tenant, "采购部")
    day = now.date()
    rows: tuple[tuple[CertificateScheme, int, int], ...] = (
        ("ISO 14001", -700, 395),
        ("ISO 45001", -1000, 5),
        ("SA8000", -300, 80),
        ("ISO 50001", -900, 25),
        ("OHSAS 18001", -2600, 300),
    )
    hand_in(
        ledger,
        "Anhe 安和",
        [
            SupplierCertificate(
                accreditation="CNAS",
                id=f"supplier-certificate:{number}",
                issuer="示例认证中心 Example Certification",
                kind="supplier_certificate",
                number=f"00124E3{number}456R1M",
                occurred_at=now - timedelta(days=2),
                scheme=scheme,
                scope="10kV 环网柜的设计、制造和服务",
                sites=("示例市工业园 1 号",),
                supplier=BIDDER_PCF.supplier,
                valid_from=day + timedelta(days=start),
                valid_to=day + timedelta(days=end),
                version=1,
            )
            for number, (scheme, start, end) in enumerate(rows)
        ],
    )
    steps: tuple[tuple[int, CertificateStep], ...] = ((0, "confirmed"), (1, "confirmed"), (3, "suspended"))
    for number, status in steps:
        told = Become(status, now - timedelta(days=1), "与发证机构登记核对 issuer's register")
        state_step(ledger, house, f"supplier-certificate:{number}", told)


def hand_in(ledger: Ledger, submitter: str, records: list[Record]) -> None:
    """Capture records; every one must be taken."""
    outcomes = capture(
        ledger.entries,
        ledger.clock,
        ledger.random,
        tenant=ledger.settings.tenant,
        submitter=submitter,
        records=records,
    )
    assert not [o for o in outcomes if isinstance(o, LedgerError)], outcomes


def write_places(ledger: Ledger) -> None:
    """The operator's master data: one place that anyone may see, one that only he may."""
    rows = (
        "code,zh,en,city,published",
        f"{PLACES[0]},武汉工厂,Wuhan works,武汉,yes",
        f"{PLACES[1]},溧水仓,Lishui store,溧水,",
    )
    text = "\n".join(row.replace("9506", "(414)9506", 1) for row in rows)
    (ledger.settings.home / "places.csv").write_text(text + "\n", encoding="utf-8")


STEPS = ("commissioning", "packing", "shipping", "receiving", "storing", "inspecting", "shipping", "installing")
PLACES = ("9506000134376", "9506000134369")


def event(number: int) -> EpcisEvent:
    """A scan of the asset."""
    at = START + timedelta(days=number, minutes=7 * number)
    return EpcisEvent(
        id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        kind="epcis_event",
        occurred_at=at,
        version=1,
        event=Event(
            action="ADD" if number == 0 else "OBSERVE",
            biz_location=Place(id=f"https://id.gs1.org/414/{PLACES[number % 2]}"),
            biz_step=f"https://ref.gs1.org/cbv/BizStep-{STEPS[number]}",
            disposition=f"https://ref.gs1.org/cbv/Disp-{'active' if number % 2 else 'in_transit'}",
            epc_list=[ASSET],
            event_id=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
            event_time=at,
            event_time_zone_offset="+08:00",
            type="ObjectEvent",
        ),
    )


def leg(number: int) -> TransportLeg:
    """A lorry or train leg of the route."""
    rail = number % 4 == 3
    return TransportLeg(
        carrier="江苏物流 Jiangsu Logistics",
        consignment=f"CN-{number:04}",
        destination="上海",
        distance_basis="sfd",
        distance_m=312_400 + 1_000 * number,
        driven_m=None if rail else 330_000 + 500 * number,
        id=f"leg-{number:04}",
        kind="transport_leg",
        mass_g=8_250_000 + 13_337 * number,
        mode="rail" if rail else "road",
        occurred_at=START + timedelta(hours=number),
        origin="南京",
        product=PRODUCT,
        quantity=24,
        route=ROUTE,
        vehicle="rail.freight.avg" if rail else "road.hgv.artic-33t.diesel.avg",
        version=1,
    )


def shipment_grants() -> list[Record]:
    """A partner may see one consignment that can be stated, and one that cannot."""
    return [shipments.grant(f"grant-{name}", grantee="hafen", value=name) for name in ("CON-1", "CN-0001")]


def hostile_leg(number: int, text: str) -> TransportLeg:
    """A leg whose every free name is hostile; its vehicle is unknown, so its footprint has a gap."""
    record = leg(number)
    values = {name: getattr(record, name) for name in record.__struct_fields__}
    values |= {"carrier": text, "origin": text, "destination": text, "route": text, "vehicle": text}
    return TransportLeg(**{**values, "id": f"hostile-{number} {text}"[:200], "consignment": text})


def hubs() -> list[Record]:
    """A hub operation and the meter reading of its month."""
    return [
        HubOperation(
            hub="上海 DC",
            id="hub-1",
            kind="hub_operation",
            mass_g=66_400_000,
            occurred_at=START + timedelta(days=3),
            operation="storage",
            product=PRODUCT,
            quantity=192,
            route=ROUTE,
            version=1,
        ),
        EnergyUse(
            carrier="electricity",
            energy_wh=48_250_000,
            id="meter-1",
            kind="energy_use",
            occurred_at=START + timedelta(days=30),
            period_end=datetime(2026, 4, 1, tzinfo=UTC),
            period_start=datetime(2026, 3, 1, tzinfo=UTC),
            region="CN",
            site="上海 DC",
            version=1,
        ),
    ]


def aims(ledger: Ledger) -> list[Record]:
    """Its targets with what was reached, a scenario, allowances and measures: those of the demonstration."""
    files = write_company(ledger.settings.home / "company")
    rows = [row.outcome for path in files if path.stem != "boundary" for row in open_file(path).rows({})]
    return [row for row in rows if not isinstance(row, tuple)]


def company() -> list[Record]:
    """The boundary of its inventory, a certificate for its store, and waste without a factor."""
    return [
        InventoryBoundary(
            approach="operational_control",
            company="示例电力物资公司",
            exclusions=(Exclusion(what="门卫室", reason="用电低于 0.1 %"),),
            id="boundary-2026",
            kind="inventory_boundary",
            occurred_at=START,
            purchased="moved",
            rules=(Rule(by="carrier", counts="upstream", name="江苏物流 Jiangsu Logistics"),),
            sites=("上海 DC",),
            valid_from=date(2026, 1, 1),
            version=1,
        ),
        EnergyCertificate(
            certificate="2026-000117",
            generated_from=date(2026, 3, 1),
            generated_to=date(2026, 3, 31),
            id=certificate_id("GEC", "2026-000117"),
            issuer="GEC",
            kind="energy_certificate",
            mwh="20",
            occurred_at=START + timedelta(days=40),
            owner="示例电力物资公司",
            region="江苏",
            retired_for=Retirement(
                period_end=date(2026, 3, 31),
                period_start=date(2026, 3, 1),
                retired_on=date(2026, 4, 10),
                site="上海 DC",
            ),
            source="green_power",
            technology="wind",
            version=1,
        ),
        WasteTransfer(
            id="waste-1",
            kind="waste_transfer",
            mass_kg="340",
            material="瓦楞纸",
            occurred_at=START + timedelta(days=9),
            site="上海 DC",
            treatment="recycling",
            version=1,
        ),
    ]


def declared() -> ProductFootprint:
    """What the supplier states of the product."""
    return ProductFootprint(
        boundary="cradle_to_gate",
        declared_unit="piece",
        id="pcf-1",
        kind="product_footprint",
        name="10kV 环网柜 ring main unit",
        occurred_at=START,
        pcf_kg_co2e="412.75",
        primary_data_share_pct="61.5",
        product=PRODUCT,
        supplier="华东电气 East Electric",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        verified_by="CQC",
        version=1,
    )


TITLES = {
    "price": ("Price with carbon", "含碳报价"),
    "footprint": ("Product carbon footprint", "产品碳足迹"),
    "efficiency": ("Energy efficiency", "能效"),
}


WITH_CARBON = Amount(
    key="with carbon",
    title_en="Price with carbon at a shadow price",
    title_zh="计入碳影子价格的报价",
    rule="shadow-price",
    unit="CNY",
    inputs={"price": "price", "footprint": "footprint", "quantity": "quantity"},
    parameters={"per_tonne": Fraction(100)},
)


def titled(scheme: Scheme) -> Scheme:
    """The scheme with criteria that people can read."""
    reads = {"price": WITH_CARBON.key}
    criteria = [
        replace(c, title_en=TITLES[c.key][0], title_zh=TITLES[c.key][1], reads=reads.get(c.key, c.reads))
        for c in scheme.criteria
    ]
    names = {"title_en": "Ring main units, 400 pieces", "title_zh": "环网柜采购（400 台）", "basis": "招标文件第三章"}
    return replace(scheme, criteria=tuple(criteria), amounts=(WITH_CARBON,), **names)


def vouched(one: Bid) -> Bid:
    """The bid, its verified footprint pointing at the record of it in the log."""
    return replace(one, footprint=replace(one.footprint, evidence=BIDDER_PCF.id)) if one.footprint.value == 60 else one


BIDDER_PCF = replace(
    declared(),
    id="pcf-anhe",
    name="10kV 环网柜（安和）",
    pcf_kg_co2e="60",
    product="https://id.gs1.org/01/09506000134369",
    supplier="anhe",
)


def tender_of(ledger: Ledger, more: list[Bid]) -> str:
    """A tender with bids that pass, one that does not, and a score sheet."""

    def desk(clock: Clock) -> Desk:
        settings = ledger.settings
        return Desk(
            ledger.entries,
            ledger.projections,
            clock,
            ledger.random,
            settings.tenant,
            "采购部 Procurement",
            ledger.organisations,
            ledger.sight,
        )

    scheme = titled(full_scheme(quantity=Fraction(400)))
    publish_scheme(desk(Stopped(CLOSES - timedelta(days=30))), scheme)
    run_once(ledger.worker())
    examined = Examined("CQC", "ISO 14064-3:2019", "limited", "5", "verified")
    review(ledger, Party(ledger.settings.tenant, "核查员", "CQC"), BIDDER_PCF.id, examined, CLOSES - timedelta(days=9))
    for one in (*full_bids(), *more):
        submit_bid(desk(Stopped(CLOSES - timedelta(hours=1))), scheme.id, vouched(one))
    run_once(ledger.worker())
    score_tender(desk(Stopped(CLOSES + timedelta(hours=1))), scheme.id)
    catch_up(ledger.entries, ledger.projections)
    compute_card(desk(ledger.clock), scheme.id, USUAL_UNCERTAINTY, lambda _: None)
    return scheme.id


def _exchange(ledger: Ledger, tenant: str) -> None:
    """A partner that cannot be reached, two requests to it, one of them given up."""
    exchange = ledger.exchange
    base = "https://pact.example.com"
    partner = Partner(
        tenant=tenant,
        organisation="hafen",
        base_url=base,
        auth_base=base,
        client_id="onecode",
        client_secret="kept",
    )
    exchange.store.keep_partner(partner)
    for product in ("urn:gtin:09506000134352", "urn:gtin:09506000134369"):
        exchange.ask(partner, {"productId": [product]})
    first = exchange.store.outbox(tenant, 1)[0]
    exchange.store.moved(
        first._replace(state="dead", attempts=79, trouble="the partner could not be reached: HTTP 503")
    )
