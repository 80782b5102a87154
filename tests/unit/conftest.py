from __future__ import annotations

import pytest

from ledger.adapters.factor_tables import FactorTables
from ledger.footprint.factor import FactorSet


@pytest.fixture(scope="session")
def bundled() -> FactorSet:
    return FactorTables().current()
