"""Every calculation method, in the order of its stages. A new method is one file and one line here."""

from __future__ import annotations

from typing import Final

from ledger.footprint.methods.base import Method
from ledger.footprint.methods.hub_energy import HubEnergy
from ledger.footprint.methods.product_bill import ProductBill
from ledger.footprint.methods.product_declared import ProductDeclared
from ledger.footprint.methods.tonne_km import TonneKm
from ledger.footprint.methods.transport_energy import TransportEnergy
from ledger.footprint.methods.transport_model import TransportModel

METHODS: Final[tuple[Method, ...]] = (
    ProductBill(),
    ProductDeclared(),
    TransportEnergy(),
    TransportModel(),
    TonneKm(),
    HubEnergy(),
)
