"""One way in for every kind of record: from bytes to a frozen value, or an error that says where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

import msgspec

from ledger.errors import LedgerError
from ledger.records.assessment import Assessment, AssessmentStep, check_assessment, check_step
from ledger.records.assessment_scheme import AssessmentScheme, check_scheme
from ledger.records.audit import Audit, check_audit
from ledger.records.bill_of_materials import BillOfMaterials
from ledger.records.calculation_run import CalculationRun
from ledger.records.certificate_use import CertificateUse, check_use
from ledger.records.claim import Claim, TransportPlan, check_claim, check_transport_plan
from ledger.records.consortium_change import ConsortiumChange, check_change
from ledger.records.contract import Contract, check_contract
from ledger.records.correction import WITHDRAWN, Correction, check_correction
from ledger.records.document import Document
from ledger.records.emission_trading import EtsQuarter, check_quarter
from ledger.records.energy_certificate import EnergyCertificate, check_certificate
from ledger.records.energy_measure import EnergyMeasure, check_measure
from ledger.records.epcis import EpcisEvent, record_id
from ledger.records.epcis.checking import check_event
from ledger.records.epcis.reading import at_event, located
from ledger.records.errors import KindUnknown, contradiction
from ledger.records.evidence_file import EvidenceFile, check_evidence
from ledger.records.field_commitment import FieldCommitment
from ledger.records.green_catalogue import CatalogueProduct, CatalogueRules, check_catalogue_rules
from ledger.records.hub_operation import EnergyUse, HubOperation, check_energy
from ledger.records.incentive import IncentiveException, IncentiveRules, check_incentive_rules
from ledger.records.index_scheme import IndexScheme, check_index_scheme
from ledger.records.internal_verification import (
    VerificationPlan,
    VerificationSample,
    VerificationStep,
    check_plan,
    check_verification_step,
)
from ledger.records.inventory_boundary import InventoryBoundary, WasteTransfer, check_boundary, check_waste
from ledger.records.label_print import LabelPrint, check_print
from ledger.records.logistics_footprint import LogisticsFootprint, check_logistics
from ledger.records.operation_rules import check_operation, check_vehicle
from ledger.records.packaging import PackagingBill, PackagingRules, check_packaging_bill, check_packaging_rules
from ledger.records.pcf import Pcf, PcfGrant, PcfStatus, check_pcf, check_pcf_grant
from ledger.records.pcf_request import PcfAnswer, PcfRequest, check_answer, check_request
from ledger.records.pcf_review import PcfReview, check_review
from ledger.records.pcf_share import PcfShare, check_share
from ledger.records.pledge import Pledge, PledgeValue, check_pledge, check_pledge_value
from ledger.records.product_footprint import ProductFootprint
from ledger.records.product_rules import check_bill, check_footprint
from ledger.records.route_plan import RoutePlan, check_route_plan
from ledger.records.sealed_bid import (
    KeyRelease,
    SealedBid,
    SealingKey,
    check_release,
    check_sealed_bid,
    check_sealing_key,
)
from ledger.records.shipment import ShipmentGrant, TransportActivity, check_activity, check_grant
from ledger.records.site_meter import MeterReading, SiteMeter, check_meter
from ledger.records.site_refrigerant import SiteRefrigerant, check_refrigerant
from ledger.records.site_score import SiteScore
from ledger.records.supplier_certificate import (
    CertificateStatus,
    SupplierCertificate,
    check_status,
    check_supplier_certificate,
)
from ledger.records.target import Scenario, Target, TargetActual, Task, check_actual, check_scenario, check_target
from ledger.records.transport_leg import TransportLeg, check_leg
from ledger.records.transport_operation import TransportOperation, VehicleModel
from ledger.records.vehicle_round import VehicleRound, check_round
from ledger.records.warehouse_site import SiteStatement, WarehouseSite, check_site, check_statement
from ledger.records.witness_policy import WitnessPolicy

Record = (
    EpcisEvent
    | TransportLeg
    | HubOperation
    | EnergyUse
    | ProductFootprint
    | Document
    | LabelPrint
    | Claim
    | TransportPlan
    | TransportOperation
    | VehicleModel
    | SiteRefrigerant
    | EnergyCertificate
    | BillOfMaterials
    | Correction
    | InventoryBoundary
    | WasteTransfer
    | CalculationRun
    | Target
    | TargetActual
    | Scenario
    | Task
    | EtsQuarter
    | EnergyMeasure
    | FieldCommitment
    | Pcf
    | PcfStatus
    | PcfGrant
    | EvidenceFile
    | PcfRequest
    | PcfAnswer
    | PcfReview
    | ShipmentGrant
    | TransportActivity
    | SupplierCertificate
    | CertificateStatus
    | Audit
    | AssessmentScheme
    | Assessment
    | AssessmentStep
    | Pledge
    | PledgeValue
    | Contract
    | SealingKey
    | SealedBid
    | KeyRelease
    | PcfShare
    | CatalogueRules
    | CatalogueProduct
    | IncentiveRules
    | IncentiveException
    | VerificationPlan
    | VerificationSample
    | VerificationStep
    | LogisticsFootprint
    | RoutePlan
    | PackagingBill
    | PackagingRules
    | WitnessPolicy
    | VehicleRound
    | ConsortiumChange
    | WarehouseSite
    | SiteMeter
    | MeterReading
    | CertificateUse
    | IndexScheme
    | SiteStatement
    | SiteScore
)

KINDS: Final[tuple[tuple[str, type[Record]], ...]] = (
    ("epcis_event", EpcisEvent),
    ("transport_leg", TransportLeg),
    ("hub_operation", HubOperation),
    ("energy_use", EnergyUse),
    ("product_footprint", ProductFootprint),
    ("scheme", Document),
    ("bid", Document),
    ("score_sheet", Document),
    ("label_print", LabelPrint),
    ("claim", Claim),
    ("transport_plan", TransportPlan),
    ("transport_operation", TransportOperation),
    ("vehicle_model", VehicleModel),
    ("site_refrigerant", SiteRefrigerant),
    ("energy_certificate", EnergyCertificate),
    ("bill_of_materials", BillOfMaterials),
    ("correction", Correction),
    ("inventory_boundary", InventoryBoundary),
    ("waste_transfer", WasteTransfer),
    ("calculation_run", CalculationRun),
    ("target", Target),
    ("target_actual", TargetActual),
    ("scenario", Scenario),
    ("task", Task),
    ("ets_quarter", EtsQuarter),
    ("energy_measure", EnergyMeasure),
    ("field_commitment", FieldCommitment),
    ("evidence_file", EvidenceFile),
    ("pcf_request", PcfRequest),
    ("pcf_answer", PcfAnswer),
    ("pcf_review", PcfReview),
    ("shipment_grant", ShipmentGrant),
    ("transport_activity", TransportActivity),
    ("pcf", Pcf),
    ("pcf_status", PcfStatus),
    ("pcf_grant", PcfGrant),
    ("supplier_certificate", SupplierCertificate),
    ("certificate_status", CertificateStatus),
    ("audit", Audit),
    ("assessment_scheme", AssessmentScheme),
    ("assessment", Assessment),
    ("assessment_step", AssessmentStep),
    ("pledge", Pledge),
    ("pledge_value", PledgeValue),
    ("contract", Contract),
    ("sealing_key", SealingKey),
    ("sealed_bid", SealedBid),
    ("key_release", KeyRelease),
    ("pcf_share", PcfShare),
    ("catalogue_rules", CatalogueRules),
    ("catalogue_product", CatalogueProduct),
    ("incentive_rules", IncentiveRules),
    ("incentive_exception", IncentiveException),
    ("verification_plan", VerificationPlan),
    ("verification_sample", VerificationSample),
    ("verification_step", VerificationStep),
    ("logistics_footprint", LogisticsFootprint),
    ("robustness_card", Document),
    ("panel_marks", Document),
    ("route_plan", RoutePlan),
    ("packaging_bill", PackagingBill),
    ("packaging_rules", PackagingRules),
    ("witness_policy", WitnessPolicy),
    ("vehicle_round", VehicleRound),
    ("consortium_change", ConsortiumChange),
    ("warehouse_site", WarehouseSite),
    ("site_meter", SiteMeter),
    ("meter_reading", MeterReading),
    ("certificate_use", CertificateUse),
    ("index_scheme", IndexScheme),
    ("site_statement", SiteStatement),
    ("site_score", SiteScore),
)
"""Every kind with its form. Stores number kinds by position: append, never reorder."""

KIND_NUMBERS: Final = {kind: number for number, (kind, _) in enumerate(KINDS)}
_DECODERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {k: msgspec.json.Decoder(form) for k, form in KINDS}
_HINTS: Final = {kind.encode(): form.decode for kind, form in _DECODERS.items()}
_KIND_MARK: Final = b'"kind":"'
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class _Kind(msgspec.Struct):
    kind: str = ""


_KIND = msgspec.json.Decoder(_Kind)


def decoder(kind: str) -> msgspec.json.Decoder[Any]:
    """The typed decoder of a kind. Raises ``KindUnknown``."""
    try:
        return _DECODERS[kind]
    except KeyError:
        raise KindUnknown(kind=kind) from None


def decode(data: bytes, kind: str | None = None) -> Record:
    """
    The record in these bytes, its fields and their consistency checked.

    Raises ``RecordError`` with a JSON pointer; identities inside are checked by ``check_identities``.
    """
    record: Record | None = None
    if kind is None:
        # What looks like its kind saves reading the bytes twice. Every form states its kind, so a wrong hint reads as
        # nothing; then the long way finds the kind, or what is wrong.
        start = data.find(_KIND_MARK) + len(_KIND_MARK)
        read = _HINTS.get(data[start : data.find(b'"', start)])
        if read is not None:
            try:
                record = read(data)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                record = None
    if record is None:
        try:
            record = decoder(kind or _KIND.decode(data).kind).decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise located(str(error)) from None
    check(record)
    return record


def check(record: Record) -> None:
    """What the types alone do not say."""
    if record.id.endswith(WITHDRAWN) and type(record) is not Correction:
        raise contradiction(
            f"only the id of a correction ends in {WITHDRAWN}", f"只有更正记录的编号以 {WITHDRAWN} 结尾", "/id"
        )
    rule = _RULES.get(type(record))
    if rule is not None:
        rule(record)


def _check_event(record: EpcisEvent) -> None:
    event = record.event
    name = event.event_id if event.error_declaration is None else record_id(event.event_id, declared=True)
    if record.id != name or record.occurred_at != event.event_time:
        raise contradiction(
            "id and occurred_at must repeat eventID and eventTime",
            "id 与 occurred_at 须与 eventID、eventTime 一致",
            "/id",
        )
    try:
        check_event(event)
    except LedgerError as error:
        raise at_event(error, "/event") from None


_RULES: Final[dict[type, Callable[[Any], None]]] = {
    Pcf: check_pcf,
    PcfGrant: check_pcf_grant,
    TransportLeg: check_leg,
    EnergyUse: check_energy,
    ProductFootprint: check_footprint,
    BillOfMaterials: check_bill,
    EpcisEvent: _check_event,
    LabelPrint: check_print,
    Claim: check_claim,
    TransportPlan: check_transport_plan,
    RoutePlan: check_route_plan,
    VehicleRound: check_round,
    TransportOperation: check_operation,
    VehicleModel: check_vehicle,
    SiteRefrigerant: check_refrigerant,
    EnergyCertificate: check_certificate,
    Correction: check_correction,
    InventoryBoundary: check_boundary,
    WasteTransfer: check_waste,
    Target: check_target,
    TargetActual: check_actual,
    Scenario: check_scenario,
    EtsQuarter: check_quarter,
    EnergyMeasure: check_measure,
    EvidenceFile: check_evidence,
    PcfRequest: check_request,
    PcfAnswer: check_answer,
    PcfReview: check_review,
    ShipmentGrant: check_grant,
    TransportActivity: check_activity,
    SupplierCertificate: check_supplier_certificate,
    CertificateStatus: check_status,
    Audit: check_audit,
    AssessmentScheme: check_scheme,
    Assessment: check_assessment,
    AssessmentStep: check_step,
    Pledge: check_pledge,
    PledgeValue: check_pledge_value,
    Contract: check_contract,
    SealingKey: check_sealing_key,
    SealedBid: check_sealed_bid,
    KeyRelease: check_release,
    PcfShare: check_share,
    CatalogueRules: check_catalogue_rules,
    IncentiveRules: check_incentive_rules,
    VerificationPlan: check_plan,
    VerificationStep: check_verification_step,
    LogisticsFootprint: check_logistics,
    PackagingBill: check_packaging_bill,
    PackagingRules: check_packaging_rules,
    ConsortiumChange: check_change,
    WarehouseSite: check_site,
    SiteMeter: check_meter,
    CertificateUse: check_use,
    IndexScheme: check_index_scheme,
    SiteStatement: check_statement,
}


def microseconds(moment: datetime) -> int:
    """Microseconds from the Unix epoch to an aware moment, exact."""
    return (moment - _epoch(moment.tzinfo)) // _MICROSECOND


@lru_cache(maxsize=256)
def _epoch(zone: tzinfo | None) -> datetime:
    """The epoch as a zone of fixed offset states it: moments of one zone are told apart in half the time."""
    return _EPOCH.astimezone(zone) if isinstance(zone, timezone) else _EPOCH


_Form = TypeVar("_Form")


class _Body(msgspec.Struct, Generic[_Form]):
    record: _Form


_BODIES: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    kind: msgspec.json.Decoder(_Body[form])  # type: ignore[valid-type]
    for kind, form in KINDS
}


def decode_body(body: bytes, kind: str) -> Record:
    """The record inside an entry's body; it was checked when it was captured."""
    record: Record = _BODIES[kind].decode(body).record
    return record


def identities(record: Record) -> list[str]:
    """Every identity the record names, as written."""
    match record:
        case EpcisEvent():
            event = record.event
            return [*event.epcs(), *(amount.epc_class for amount in event.quantities())]
        case (
            TransportLeg()
            | HubOperation()
            | ProductFootprint()
            | Contract()
            | CatalogueProduct()
            | Pcf()
            | FieldCommitment()
        ) if record.product is not None:
            return [record.product]
        case BillOfMaterials():
            return [record.product, *(line.product for line in record.inputs if line.product is not None)]
        case PackagingBill():
            return [record.product, *(one.returnable for one in record.components if one.returnable is not None)]
        case LabelPrint():
            return list(record.codes)
        case _:
            return []
