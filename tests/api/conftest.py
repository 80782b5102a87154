"""One served ledger per test module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.house import House, served


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger behind a server, with keys of every kind."""
    with served(tmp_path_factory.mktemp("home")) as house:
        yield house
