"""An operator's own data over HTTP: handed in, taken before defaults, explained on the page, and nobody else's."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.api.house import House
from tests.builders import leg
from tests.ports.test_transport_data import statement

ROUTE = "own fleet"


def _posted(house: House, *records: dict[str, Any]) -> dict[str, Any]:
    data = "\n".join(json.dumps(record) for record in records)
    with house.client("owner") as client:
        answer = client.post("/api/v1/records", content=data, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 200, answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def test_a_statement_is_taken_and_its_working_shown(house: House) -> None:
    """The route's page names the level, the working and the figure: 2 kWh per t km over 10 t km of the grid."""
    import msgspec

    one = leg("own-1", vehicle="battery lorry", route=ROUTE, mass_g=1_000_000, distance_m=10_000)
    outcome = _posted(house, msgspec.to_builtins(one), statement())
    assert outcome["recorded"] == 2
    house.settled()
    address = f"/routes/{quote(ROUTE)}"
    with house.client("owner", Accept_Language="en") as client:
        page = client.get(address)
    assert page.status_code == 200
    for words in ("The operator’s measured energy", "transport_energy", "energy.electricity", "1,000 kWh", "11.646"):
        assert words in page.text
    with house.client("other") as client:
        assert client.get(address).status_code == 404


def test_a_wrong_statement_comes_back_at_its_field(house: House) -> None:
    """With the pointer to what is wrong; nothing is kept."""
    bad = statement(id="bad", energy=[{"amount": "1", "carrier": "electricity", "unit": "kWh"}])
    outcome = _posted(house, bad)
    assert (outcome["recorded"], outcome["refused"]) == (0, 1)
    assert outcome["rows"][0]["problem"]["pointer"] == "/energy/0/region"
