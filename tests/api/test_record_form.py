"""One record by a form: what a file's row would give, faults at their field, roles kept."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from ledger.adapters.files.forms import FORMS
from ledger.log.proof import record_of
from tests.api.house import House

LEG = {
    "waybill": "YD-1",
    "carrier": "示例物流",
    "origin": "武汉",
    "destination": "溧水",
    "product": "(01)09506000134352",
    "quantity": "40",
    "gross_mass": "12.5",
    "distance": "560",
    "distance_basis": "sfd",
    "mode": "road",
    "vehicle": "road.hgv.artic-over-33t.diesel.avg",
    "route": "武汉-溧水",
    "occurred_at": "2025-05-03T08:30",
}
CLAIM = {
    "claim": "E1",
    "words": "通信站点节能超过 5.7 亿度，减少二氧化碳排放 32.5 万吨",
    "source": "可持续发展报告 2023",
    "rule": "electricity",
    "figures": "energy = 超过5.7亿 度; avoided = 32.5万 吨",
    "stated_at": "2024-03-21T00:00",
}


def fill(house: House, kind: str, said: dict[str, str], role: str = "owner", **more: str) -> tuple[int, str]:
    """Send the form; the status, and the page or the address it leads to."""
    with house.client(role, accept="text/html") as client:
        answer = client.post(f"/records/new/{kind}", data=said | more)
    return answer.status_code, answer.headers.get("location") or answer.text


def test_a_filled_form_is_the_record_of_its_row(house: House) -> None:
    """Tonnes become grams, kilometres metres, the time is China's; the same again is the same entry."""
    status, at = fill(house, "transport_leg", LEG, act="record")
    assert status == 303
    index = int(at.rpartition("/")[2])
    record = record_of(house.ledger.entries.entry(index))
    assert (record["mass_g"], record["distance_m"]) == (12_500_000, 560_000)
    assert str(record["occurred_at"]).startswith("2025-05-03T08:30:00+08:00")
    assert record["id"] == "waybill:示例物流:YD-1:1"
    assert fill(house, "transport_leg", LEG, act="record") == (303, at)
    status, page = fill(house, "transport_leg", LEG | {"gross_mass": "13"}, act="record")
    assert status == 422
    assert 'role="alert"' in page


def test_every_fault_stands_at_its_field_and_nothing_is_recorded(house: House) -> None:
    """A missing distance, an unknown vehicle and a bad code, at once; what was typed is still there."""
    before = house.ledger.entries.size()
    wrong = LEG | {"distance": "", "vehicle": "马车", "product": "(01)09506000134353", "waybill": '"><b>'}
    status, page = fill(house, "transport_leg", wrong, act="record")
    assert status == 422
    assert re.findall(r'class="fault" id="e-([a-z_]+)"', page) == ["product", "distance", "vehicle"]
    assert "<b>" not in page
    assert 'value="马车"' in page
    assert house.ledger.entries.size() == before


def test_a_claim_is_checked_before_it_is_recorded(house: House) -> None:
    """The verdict is shown and nothing stored; recorded, it leads to its page."""
    before = house.ledger.entries.size()
    status, page = fill(house, "claim", CLAIM, act="check")
    assert (status, house.ledger.entries.size()) == (200, before)
    assert 'class="state holds"' in page
    status, at = fill(house, "claim", CLAIM, act="record")
    assert status == 303
    assert at.startswith("/claims/")


def test_roles_see_and_write_their_own_kinds(house: House) -> None:
    """Procurement states claims and no waybills; an auditor hands in nothing."""
    with house.client("procurement", accept="text/html") as client:
        listed = re.findall(r'href="/records/new/([a-z_]+)"', client.get("/records/new").text)
    assert "claim" in listed
    assert "transport_leg" not in listed
    assert fill(house, "transport_leg", LEG, role="procurement", act="record")[0] == 403
    with house.client("auditor", accept="text/html") as client:
        assert client.get("/records/new").status_code == 403


@pytest.mark.parametrize("kind", [form.kind for form in FORMS if not form.files_only])
def test_every_form_opens_in_both_languages_and_as_a_template(house: House, kind: str) -> None:
    """Every column is a field with its name; the template has the same columns."""
    form = next(form for form in FORMS if form.kind == kind)
    for locale in ("zh-CN", "en"):
        with house.client("owner", accept="text/html", accept_language=locale) as client:
            page = client.get(f"/records/new/{kind}").text
            book = load_workbook(BytesIO(client.get(f"/records/template/{kind}").content))
        assert re.findall(r'<label for="f-([a-z0-9_]+)"', page) == [column.key for column in form.columns]
        keys = [cell.value for cell in book.worksheets[0][3]]
        assert keys == [column.key for column in form.columns]
