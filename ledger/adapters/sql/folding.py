"""From entries to the rows that the projections add: pure, in one pass, so that any process can do it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as column
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct, field, json

from ledger.identity import CANONICAL_STEM, canonical
from ledger.ports import LeafRow
from ledger.records.assessment import Assessment, AssessmentStep
from ledger.records.assessment_scheme import AssessmentScheme
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.calculation_run import CalculationRun
from ledger.records.certificate_use import CertificateUse
from ledger.records.claim import Claim, TransportPlan
from ledger.records.consortium_change import ConsortiumChange
from ledger.records.contract import Contract
from ledger.records.correction import Correction
from ledger.records.document import Document
from ledger.records.emission_trading import EtsQuarter
from ledger.records.energy_certificate import EnergyCertificate
from ledger.records.energy_measure import EnergyMeasure
from ledger.records.evidence_file import EvidenceFile
from ledger.records.field_commitment import FieldCommitment
from ledger.records.green_catalogue import CatalogueProduct, CatalogueRules
from ledger.records.hub_operation import EnergyUse, HubOperation
from ledger.records.incentive import IncentiveException, IncentiveRules
from ledger.records.index_scheme import IndexScheme
from ledger.records.internal_verification import VerificationPlan, VerificationSample, VerificationStep
from ledger.records.inventory_boundary import InventoryBoundary, WasteTransfer
from ledger.records.logistics_footprint import LogisticsFootprint
from ledger.records.operation_rules import vehicles_of
from ledger.records.packaging import PackagingBill, PackagingRules
from ledger.records.pcf import Pcf, PcfGrant, PcfStatus
from ledger.records.pcf_request import PcfAnswer, PcfRequest
from ledger.records.pcf_review import PcfReview
from ledger.records.pcf_share import PcfShare
from ledger.records.pledge import Pledge, PledgeValue
from ledger.records.product_footprint import ProductFootprint
from ledger.records.record import KIND_NUMBERS, KINDS, decode_body
from ledger.records.route_plan import RoutePlan
from ledger.records.sealed_bid import KeyRelease, SealedBid, SealingKey
from ledger.records.shipment import ShipmentGrant, TransportActivity
from ledger.records.site_meter import MeterReading, SiteMeter
from ledger.records.site_refrigerant import SiteRefrigerant
from ledger.records.site_score import SiteScore
from ledger.records.supplier_certificate import CertificateStatus, SupplierCertificate
from ledger.records.target import Scenario, Target, TargetActual, Task
from ledger.records.transport_operation import TransportOperation, VehicleModel
from ledger.records.vehicle_round import VehicleRound
from ledger.records.warehouse_site import SiteStatement, WarehouseSite

LIMB = 1_000_000_000
_GTIN_STEM = f"{CANONICAL_STEM}/01/"
_GTIN_END = len(_GTIN_STEM) + 14
Row = tuple[Any, ...]
product_key = lru_cache(maxsize=65_536)(canonical)
"""Products come back in leg after leg; pieces do not."""


class _Leg(Struct, gc=False):
    """What the sums need of a leg; it was checked when it was captured."""

    distance_basis: str
    distance_m: int
    mass_g: int
    mode: str
    product: str
    quantity: int
    route: str
    vehicle: str
    driven_m: int | None = None


class _LegBody(Struct, gc=False):
    record: _Leg


class _Place(Struct, gc=False):
    id: str


class _Declared(Struct):
    """That an event is declared an error; what is said of it is read elsewhere."""


class _Event(Struct, rename="camel"):
    """What the state of things needs of an event, in EPCIS's names."""

    biz_location: _Place | None = None
    biz_step: str = ""
    child_epcs: list[str] = field(name="childEPCs", default_factory=list)
    disposition: str = ""
    epc_list: list[str] = []
    error_declaration: _Declared | None = None
    event_id: str = field(name="eventID", default="")
    input_epcs: list[str] = field(name="inputEPCList", default_factory=list)
    output_epcs: list[str] = field(name="outputEPCList", default_factory=list)
    parent_id: str = field(name="parentID", default="")
    read_point: _Place | None = None
    type: str = ""


class _Scan(Struct):
    event: _Event


class _ScanBody(Struct):
    record: _Scan


_LEG, _SCAN = KIND_NUMBERS["transport_leg"], KIND_NUMBERS["epcis_event"]
_leg_of, _scan_of = json.Decoder(_LegBody).decode, json.Decoder(_ScanBody).decode


SUBJECTS: Final[Mapping[type, Callable[[Any], str]]] = {
    EnergyUse: lambda record: record.site,
    SiteRefrigerant: lambda record: record.site,
    WasteTransfer: lambda record: record.site,
    InventoryBoundary: lambda record: record.company,
    EnergyCertificate: lambda record: record.retired_for.site if record.retired_for else "",
    ProductFootprint: lambda record: product_key(record.product),
    PcfShare: lambda record: record.pcf,
    BillOfMaterials: lambda record: product_key(record.product),
    Document: lambda record: record.tender,
    Claim: lambda record: record.id,
    TransportPlan: lambda record: record.id,
    RoutePlan: lambda record: record.day.isoformat(),
    VehicleRound: lambda record: record.occurred_at.date().isoformat(),
    TransportOperation: lambda record: "\n".join(vehicles_of(record)),
    VehicleModel: lambda record: "\n".join(vehicles_of(record)),
    Correction: lambda record: record.corrects,
    CalculationRun: lambda record: record.factor_set.id,
    Target: lambda record: record.id,
    TargetActual: lambda record: record.target,
    Scenario: lambda record: record.target,
    Task: lambda record: record.target,
    EtsQuarter: lambda record: record.installation,
    EnergyMeasure: lambda record: record.measure,
    ShipmentGrant: lambda record: record.grantee,
    TransportActivity: lambda record: record.partner,
    FieldCommitment: lambda record: record.supplier,
    PcfRequest: lambda record: record.supplier,
    PcfAnswer: lambda record: record.request,
    PcfReview: lambda record: record.pcf,
    Pcf: lambda record: record.supplier,
    PcfStatus: lambda record: record.pcf,
    PcfGrant: lambda record: record.supplier,
    SupplierCertificate: lambda record: record.supplier,
    CertificateStatus: lambda record: record.supplier,
    EvidenceFile: lambda record: record.about,
    AssessmentScheme: lambda record: record.scheme,
    Assessment: lambda record: record.supplier,
    AssessmentStep: lambda record: record.assessment,
    Pledge: lambda record: record.supplier,
    PledgeValue: lambda record: record.supplier,
    Contract: lambda record: record.supplier,
    SealingKey: lambda record: record.tender,
    SealedBid: lambda record: record.tender,
    KeyRelease: lambda record: record.tender,
    CatalogueRules: lambda record: record.catalogue,
    CatalogueProduct: lambda record: record.supplier,
    IncentiveRules: lambda record: record.id,
    IncentiveException: lambda record: record.supplier,
    VerificationPlan: lambda record: record.id,
    VerificationSample: lambda record: record.plan,
    VerificationStep: lambda record: record.plan,
    LogisticsFootprint: lambda record: record.category,
    PackagingBill: lambda record: product_key(record.product),
    PackagingRules: lambda record: record.id,
    ConsortiumChange: lambda record: record.organisation or record.by or "",
    WarehouseSite: lambda record: record.site,
    SiteMeter: lambda record: record.site,
    MeterReading: lambda record: record.site,
    CertificateUse: lambda record: record.site,
    IndexScheme: lambda record: record.scheme,
    SiteStatement: lambda record: record.site,
    SiteScore: lambda record: record.site,
}
"""Kinds that are read whole, as facts, with what each is found by."""


@dataclass(slots=True)
class Fold:
    """
    What entries ``[first, stop)`` add, table by table, the tenant's name first in each row.

    ``legs`` and ``hubs`` by key: sums, then first and last entry, first and last time. ``assets`` by tenant and
    identity: [tenant, identity, product, first entry, last entry, last time, step, disposition, place]. ``links`` are
    (tenant, identity, entry), ``facts`` (tenant, entry, kind, subject, time). ``corrections`` and ``declarations`` (of
    events as errors) are (tenant, entry, record id of what counts no more); what they take away is found when they are
    added, because it may lie before ``first``.
    """

    first: int
    stop: int
    legs: dict[Row, list[int]] = column(default_factory=dict)
    hubs: dict[Row, list[int]] = column(default_factory=dict)
    assets: dict[tuple[str, str], list[Any]] = column(default_factory=dict)
    links: list[tuple[str, str, int]] = column(default_factory=list)
    facts: list[Row] = column(default_factory=list)
    corrections: list[tuple[str, int, str]] = column(default_factory=list)
    declarations: list[tuple[str, int, str]] = column(default_factory=list)

    def take(self, rows: Sequence[LeafRow]) -> None:
        """Fold the next entries in."""
        for row in rows:
            if row[2] == _LEG:
                self._leg(row, _leg_of(row[7]).record)
            elif row[2] == _SCAN:
                self._scan(row, _scan_of(row[7]).record.event)
            else:
                self._other(row)
        self.stop += len(rows)

    def _leg(self, row: LeafRow, leg: _Leg) -> None:
        seq, tenant, _, at, *_ = row
        key = (tenant, leg.route, product_key(leg.product), leg.vehicle, leg.mode, leg.distance_basis)
        mass, driven = leg.mass_g, leg.driven_m
        known = self.legs.get(key)
        if known is None:
            known = self.legs[key] = [0, 0, 0, 0, 0, 0, seq, seq, at, at]
        units, grams, moved, driven_moved, driven_legs, legs, first, _, least, most = known
        if driven is not None:
            driven_moved += mass * driven
            driven_legs += 1
        if at < least:
            least = at
        elif at > most:
            most = at
        known[:] = (
            units + leg.quantity,
            grams + mass,
            moved + mass * leg.distance_m,
            driven_moved,
            driven_legs,
            legs + 1,
            first,
            seq,
            least,
            most,
        )

    def _other(self, row: LeafRow) -> None:
        record = decode_body(row.body, KINDS[row.kind][0])
        if isinstance(record, HubOperation):
            self._hub(row, record)
            return
        subject = SUBJECTS.get(type(record))
        if subject is not None:
            self.facts.append((row.tenant, row.seq, row.kind, subject(record), row.occurred_at))
        if isinstance(record, Correction):
            self.corrections.append((row.tenant, row.seq, record.corrects))

    def _hub(self, row: LeafRow, done: HubOperation) -> None:
        key = (row.tenant, done.hub, done.route, product_key(done.product), done.operation, done.temperature)
        cell = self.hubs.get(key)
        if cell is None:
            cell = self.hubs[key] = [0, 0, 0, row.seq, row.seq, row.occurred_at, row.occurred_at]
        cell[0] += done.quantity
        cell[1] += done.mass_g
        cell[2] += 1
        _bound(cell, row.seq, row.occurred_at)

    def _scan(self, row: LeafRow, event: _Event) -> None:
        seq, tenant, _, at, *_ = row
        if event.error_declaration is not None:
            self.declarations.append((tenant, seq, event.event_id))
            return
        place = event.biz_location or event.read_point
        named = event.epc_list
        if event.type != "ObjectEvent":
            named = [
                *filter(None, [event.parent_id]),
                *named,
                *event.child_epcs,
                *event.input_epcs,
                *event.output_epcs,
            ]
        state = [seq, at, event.biz_step, event.disposition, place.id if place else ""]
        for epc in dict.fromkeys(map(canonical, named)):
            self.links.append((tenant, epc, seq))
            known = self.assets.get((tenant, epc))
            if known is None:
                self.assets[tenant, epc] = [tenant, epc, product_of(epc), seq, *state]
            elif (at, seq) >= (known[5], known[4]):
                known[4:] = state


def folded(batches: Iterable[Sequence[LeafRow]], first: int) -> Fold:
    """What these entries add, the first of them at index ``first``."""
    fold = Fold(first, first)
    for rows in batches:
        fold.take(rows)
    return fold


def _bound(cell: list[int], seq: int, at: int) -> None:
    cell[-3] = seq
    if at < cell[-2]:
        cell[-2] = at
    elif at > cell[-1]:
        cell[-1] = at


def product_of(identity: str) -> str:
    """The class of a canonical SGTIN, its GTIN in canonical form; empty for anything else."""
    return identity[:_GTIN_END] if identity.startswith(_GTIN_STEM) else ""
