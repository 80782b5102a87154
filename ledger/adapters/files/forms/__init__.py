"""The forms. A new kind of table is one file with its columns, and one line here."""

from __future__ import annotations

from ledger.adapters.files.forms.bid import BID
from ledger.adapters.files.forms.bill_of_materials import BILL_OF_MATERIALS
from ledger.adapters.files.forms.catalogue_product import CATALOGUE_PRODUCT
from ledger.adapters.files.forms.claim import CLAIM
from ledger.adapters.files.forms.energy_certificate import ENERGY_CERTIFICATE
from ledger.adapters.files.forms.energy_measure import ENERGY_MEASURE
from ledger.adapters.files.forms.energy_use import ENERGY_USE
from ledger.adapters.files.forms.ets_quarter import ETS_QUARTER
from ledger.adapters.files.forms.form import Form
from ledger.adapters.files.forms.hub_operation import HUB_OPERATION
from ledger.adapters.files.forms.inventory_boundary import INVENTORY_BOUNDARY
from ledger.adapters.files.forms.meter_reading import METER_READING
from ledger.adapters.files.forms.packaging_bill import PACKAGING_BILL
from ledger.adapters.files.forms.pledge import PLEDGE
from ledger.adapters.files.forms.pledge_value import PLEDGE_VALUE
from ledger.adapters.files.forms.product_footprint import PRODUCT_FOOTPRINT
from ledger.adapters.files.forms.scenario import SCENARIO
from ledger.adapters.files.forms.site_meter import SITE_METER
from ledger.adapters.files.forms.site_statement import SITE_STATEMENT
from ledger.adapters.files.forms.supplier_certificate import SUPPLIER_CERTIFICATE
from ledger.adapters.files.forms.target import TARGET
from ledger.adapters.files.forms.target_actual import TARGET_ACTUAL
from ledger.adapters.files.forms.transport_leg import TRANSPORT_LEG
from ledger.adapters.files.forms.transport_operation import TRANSPORT_OPERATION
from ledger.adapters.files.forms.vehicle_model import VEHICLE_MODEL
from ledger.adapters.files.forms.vehicle_round import VEHICLE_ROUND
from ledger.adapters.files.forms.warehouse_site import WAREHOUSE_SITE
from ledger.adapters.files.forms.waste_transfer import WASTE_TRANSFER

FORMS: tuple[Form, ...] = (
    TRANSPORT_LEG,
    HUB_OPERATION,
    ENERGY_USE,
    PRODUCT_FOOTPRINT,
    BID,
    CLAIM,
    ENERGY_CERTIFICATE,
    BILL_OF_MATERIALS,
    INVENTORY_BOUNDARY,
    WASTE_TRANSFER,
    TRANSPORT_OPERATION,
    VEHICLE_MODEL,
    TARGET,
    TARGET_ACTUAL,
    SCENARIO,
    ETS_QUARTER,
    ENERGY_MEASURE,
    SUPPLIER_CERTIFICATE,
    PLEDGE,
    PLEDGE_VALUE,
    CATALOGUE_PRODUCT,
    PACKAGING_BILL,
    WAREHOUSE_SITE,
    SITE_METER,
    METER_READING,
    SITE_STATEMENT,
    VEHICLE_ROUND,
)


def form_of(kind: str) -> Form | None:
    """The form of a record kind, ``None`` for kinds that come as documents."""
    return next((form for form in FORMS if form.kind == kind), None)


__all__ = ["FORMS", "Form", "form_of"]
