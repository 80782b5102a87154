"""An assessment over HTTP, from the scheme to a closed corrective action, and who may do what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from ledger.log.entry import Entry
from ledger.log.proof import record_of
from ledger.programme.assessment import weighed
from ledger.programme.example_assessment import example
from ledger.records.assessment import assessment_id
from ledger.records.record import decode_body
from ledger.services.assessments import result_of
from ledger.services.certificates import Become, state_step
from ledger.services.keys import issue_key
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up
from tests.api.house import SUPPLIER, House, served

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
AT = datetime(2026, 1, 1, tzinfo=UTC)
"""When an edition is published decides nothing of it."""
DIGEST = hashlib.sha256(PDF).hexdigest()
CERTIFICATE: dict[str, Any] = {
    "id": "supplier-certificate:a",
    "issuer": "CQC 示例",
    "kind": "supplier_certificate",
    "number": "1",
    "occurred_at": "2026-01-10T08:00:00Z",
    "scheme": "ISO 14001",
    "scope": "环网柜的制造",
    "supplier": SUPPLIER,
    "valid_from": "2026-01-01",
    "valid_to": "2099-12-31",
    "version": 1,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a supplier, another supplier, and a verifier of the first one's own."""
    with served(tmp_path_factory.mktemp("home")) as found:
        keys, ledger = dict(found.keys), found.ledger
        for name, role, organisation in (("another", "supplier", "org-b"), ("own", "auditor", SUPPLIER)):
            terms: dict[str, Any] = {"tenant": ledger.settings.tenant, "name": name, "role": role, "days": 1}
            keys[name] = issue_key(ledger.principals, ledger.clock, ledger.random, **terms, organisation=organisation)[
                1
            ]
        yield House(found.url, ledger, keys, found.app)


@pytest.fixture(scope="module")
def address(house: House) -> str:
    """Where an assessment is that the house asked for by the example, published from the page."""
    with house.client("procurement") as client:
        assert client.post("/assessments/example").status_code == 303
        assert client.post("/assessments/example").status_code == 303
        (edition,) = client.get("/api/v1/assessment-schemes").json()["schemes"]
        asked = {
            "supplier": SUPPLIER,
            "scheme": edition["scheme"]["id"],
            "period_start": "2026-01-01",
            "period_end": "2098-12-31",
            "due": "2099-03-31",
        }
        made = client.post("/api/v1/assessments", json=asked)
        assert (made.status_code, made.json()["status"]) == (201, "open")
        assert client.post("/api/v1/assessments", json=asked).json()["entry"] == made.json()["entry"]
        assert (
            "programme.assessment-scheme-absent"
            in client.post("/api/v1/assessments", json=asked | {"scheme": "x"}).text
        )
        assert client.post("/api/v1/assessments", json=asked | {"supplier": "nobody"}).status_code == 404
    return str(made.headers["location"])


def answers_of(certificate: str = str(CERTIFICATE["id"])) -> list[dict[str, Any]]:
    """An answer to every question: one certificate, and the file wherever a file is asked for."""
    scheme = example(AT)
    return [
        {"points": 100, "question": one.key}
        | ({"evidence": [DIGEST]} if one.needs == "file" else {})
        | ({"certificates": [certificate]} if "ISO 14001" in one.certificates else {})
        for one in scheme.questions.values()
    ]


def post(client: httpx.Client, address: str, step: str, **says: Any) -> httpx.Response:
    """A step."""
    return client.post(f"{address}/steps", json={"step": step} | says)


def test_from_answers_to_a_closed_action(house: House, address: str) -> None:
    """Nothing counts without evidence; the score is that of the recorded marks, computed again from the entry."""
    name = address.rpartition("/")[2]
    marks = [
        {
            "points": 100 if one["question"] in {"iso-14001", "energy"} else 0,
            "question": one["question"],
            "reason": "看过",
        }
        for one in answers_of()
    ]
    with house.client("supplier") as supplier, house.client("auditor") as auditor:
        assert "评估" in supplier.get("/supplier", headers={"Accept-Language": "zh-CN"}).text
        refused = post(supplier, address, "answered", answers=answers_of())
        assert refused.json()["code"] == "programme.assessment-evidence"
        assert supplier.post("/api/v1/records", json=[CERTIFICATE]).status_code in {200, 201}
        kept = supplier.post(
            "/api/v1/evidence",
            params={"about": name, "name": "报告.pdf"},
            content=PDF,
            headers={"Content-Type": "application/pdf"},
        )
        assert kept.status_code in {200, 201}, kept.text
        assert post(supplier, address, "answered", answers=answers_of()[1:]).json()["code"].endswith("questions")
        first = post(supplier, address, "answered", answers=answers_of()).json()["steps"][-1]["id"]
        again = post(supplier, address, "answered", answers=answers_of()).json()
        assert again["status"] == "answered"
        seen = {"marks": marks, "judged": again["steps"][-1]["id"]}
        # the certificate is recorded, and nobody confirmed it
        assert post(auditor, address, "scored", **seen).json()["code"] == "programme.assessment-evidence"
        ledger, tenant = house.ledger, house.ledger.settings.tenant
        told = Become("confirmed", ledger.clock.now(), "与发证机构登记核对")
        state_step(ledger, Party(tenant, "somebody"), CERTIFICATE["id"], told)
        assert (
            post(auditor, address, "scored", **seen | {"judged": first}).json()["code"] == "programme.assessment-step"
        )
        scored = post(auditor, address, "scored", **seen).json()
        assert (scored["status"], scored["points"]) == ("in_force", "22")  # 40 % of 40 % and 20 % of 30 %
        entry: Entry = ledger.entries.entry(scored["scored_entry"])
        step: Any = decode_body(entry.body, "assessment_step")
        said = {one.question: one.points for one in step.marks}
        assert f"{weighed(example(AT), said)[0]:f}" == scored["points"]
        assert record_of(ledger.entries.entry(scored["scored_entry"]))["judged"] == step.judged
        catch_up(ledger.entries, ledger.projections)
        now = ledger.clock.now()
        found = result_of(ledger, tenant, SUPPLIER, now, now.date())
        assert found is not None
        assert (str(found.score.points), found.status) == ("22", "in_force")
        assert result_of(ledger, tenant, SUPPLIER, now - timedelta(hours=1), now.date()) is None
        asked = post(auditor, address, "action_asked", due="2098-01-01", question="logistics", words="说明线路").json()
        assert [(one["action"], one["status"]) for one in asked["actions"]] == [("action-1", "open")]
        assert post(auditor, address, "action_closed", action="action-1", judged=first, words="x").status_code == 409
        done = post(supplier, address, "action_answered", action="action-1", words="已改", evidence=[DIGEST]).json()
        assert done["actions"][0]["status"] == "answered"
        shown = done["steps"][-1]["id"]
        assert post(auditor, address, "action_closed", action="action-1", words="看过").status_code == 400
        ended = post(auditor, address, "action_closed", action="action-1", judged=shown, words="看过").json()
        assert ended["steps"][-1]["judged"] == shown
        assert ended["actions"][0]["status"] == "closed"
        assert [one["step"] for one in ended["steps"]][-3:] == ["action_asked", "action_answered", "action_closed"]
        for client in (supplier, auditor):
            shown = client.get(f"/assessments/{name}", headers={"Accept-Language": "en"})
            assert shown.status_code == 200
            assert "Green logistics" in shown.text
            assert "报告.pdf" in shown.text


def test_a_pledge_is_its_suppliers_and_its_last_value_counts(house: House) -> None:
    """Handed in by the supplier alone for itself; of a year the last value counts, another's never."""
    moment = {"occurred_at": "2026-02-01T00:00:00Z", "version": 1}
    said = {"kind": "pledge", "id": "pledge:1", "commitment": "packaging", "indicator": "木箱", "unit": "m³"} | moment
    said |= {"base_value": "120", "base_year": 2022, "target_value": "30", "target_year": 2028, "supplier": SUPPLIER}
    value = {"kind": "pledge_value", "pledge": "pledge:1", "source": "台账", "unit": "m³", "year": 2025} | moment
    values = [value | {"id": f"v:{told}", "value": told, "supplier": SUPPLIER} for told in ("100", "75")]
    with house.client("another") as client:
        assert "programme.other-organisation" in client.post("/api/v1/records", json=[said]).text
    with house.client("supplier") as client:
        rows = client.post("/api/v1/records", json=[said, *values]).json()["rows"]
        assert not [row for row in rows if "problem" in row], rows
    with house.client("another") as client:
        foreign = value | {"id": "v:x", "value": "0", "supplier": "org-b"}
        assert "problem" not in client.post("/api/v1/records", json=[foreign]).json()["rows"][0]
        assert client.get("/api/v1/commitments").json() == {"pledges": [], "next_after": None}
        assert client.get("/commitments/pledge%3A1").status_code == 404
    for holder in ("supplier", "manager"):
        with house.client(holder) as client:
            (one,) = client.get("/api/v1/commitments").json()["pledges"]
            assert (one["state"], [each["value"] for each in one["values"]]) == ("on_path", ["75"])
            assert one["values"][0]["line"] == "75.000000000000"
            assert "木箱" in client.get("/commitments").text
            assert client.get("/commitments/pledge%3A1").status_code == 200
    with house.client("warehouse") as client:
        assert client.get("/commitments").status_code == 403


def test_each_side_takes_its_own_steps(house: House, address: str) -> None:
    """No supplier scores, nobody of its organisation either, no assessor answers; another supplier sees nothing."""
    marks = [{"points": 0, "question": one["question"], "reason": "x"} for one in answers_of()]
    name = address.rpartition("/")[2]
    with house.client("supplier") as client:
        assert post(client, address, "scored", marks=marks).status_code == 403
        form = {"step": "action_closed", "action": "action-1", "judged": "x", "words": "x"}
        assert client.post(f"/assessments/{name}", data=form).status_code == 403
    with house.client("own") as client:
        assert post(client, address, "scored", marks=marks).json()["code"] == "programme.own-assessment"
    with house.client("admin") as client:
        assert post(client, address, "answered", answers=answers_of()).status_code == 403
        row = {
            "kind": "assessment",
            "id": name,
            "occurred_at": "2026-01-01T00:00:00Z",
            "supplier": SUPPLIER,
            "version": 1,
        }
        row |= {"due": "2026-01-02", "period_end": "2026-01-01", "period_start": "2026-01-01", "scheme": "x"}
        row |= {"id": assessment_id(SUPPLIER, "x", date(2026, 1, 1))}
        assert "record.made-by-ledger" in client.post("/api/v1/records", json=[row]).text
    with house.client("another") as client:
        assert client.get(address).status_code == 404
        assert client.get(f"/assessments/{name}").status_code == 404
        assert client.get("/api/v1/assessments").json() == {"assessments": [], "next_after": None}
        assert post(client, address, "answered", answers=answers_of()).status_code == 404
    with house.client("warehouse") as client:
        assert client.get("/assessments").status_code == 403
