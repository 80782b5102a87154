"""What a code says, over HTTP: every form, bounded, public."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.house import House

TAG = "3066C4409047E140075BCD15"
LINK = "https://id.gs1.org/01/09506000134352/21/123456789"


def _explained(house: House, language: str = "en", **parameters: Any) -> Any:
    with house.client(**{"Accept-Language": language}) as client:
        answer = client.get("/api/v1/codes", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_tag_is_explained_in_every_form(house: House) -> None:
    """The published SGTIN-96 of TDS 2.3, annex E.3, with the forms printed there."""
    found = _explained(house, text=TAG)
    assert (found["text"], found["key"], found["level"], found["gcp_length"]) == (LINK, "SGTIN", "instance", 11)
    assert (found["tag"]["scheme"], found["tag"]["filter"], found["tag"]["refusal"]) == ("SGTIN-96", 3, None)
    forms = {form["name"]: form["text"] for form in found["forms"]}
    assert forms["digital_link"] == LINK
    assert forms["element_string"] == "(01)09506000134352(21)123456789"
    assert forms["epc_uri"] == "urn:epc:id:sgtin:95060001343.05.123456789"
    assert forms["tag_uri"] == "urn:epc:tag:sgtin-96:3.95060001343.05.123456789"
    assert forms["SGTIN-96"] == TAG
    assert forms["SGTIN++"] is None


def test_what_cannot_be_written_says_why(house: House) -> None:
    """Without the length of the company prefix there is no EPC URI; with it there is."""
    forms = {form["name"]: form for form in _explained(house, "zh-CN", text=LINK)["forms"]}
    assert forms["epc_uri"]["refusal"]["code"] == "identity.company-prefix-unknown"
    assert "厂商识别代码" in forms["epc_uri"]["refusal"]["message"]
    known = _explained(house, text=LINK, gcp_length=11, filter=1, hostname="id.example.com")
    forms = {form["name"]: form["text"] for form in known["forms"]}
    assert forms["tag_uri"] == "urn:epc:tag:sgtin-96:1.95060001343.05.123456789"
    assert all(forms[name] for name in forms if not name.startswith("DSGTIN"))


def test_a_tag_without_a_key_comes_back_raw(house: House) -> None:
    """A maker's TID is no identity; its digits and the reason are there."""
    found = _explained(house, "zh-CN", text="E2801160600002000000000A")
    assert (found["text"], found["key"], found["forms"]) == (None, None, [])
    assert found["tag"]["raw_uri"] == "urn:epc:raw:96.xE2801160600002000000000A"
    assert found["tag"]["refusal"]["code"] == "identity.tag-unknown"
    assert "TID" in found["tag"]["refusal"]["message"]


def test_a_plain_serial_needs_a_prefix(house: House) -> None:
    """With one's own company prefix, zeros are kept."""
    assert _explained(house, text="00012345", own_prefix="9521141")["text"].endswith("/8004/952114100012345")


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "request.parameter"),
        ({"text": ""}, "request.parameter"),
        ({"text": "x" * 513}, "request.parameter"),
        ({"text": LINK, "filter": 8}, "request.parameter"),
        ({"text": LINK, "gcp_length": 5}, "request.parameter"),
        ({"text": "1", "own_prefix": "１２３４５６"}, "request.parameter"),
        ({"text": "（01）09506000134352"}, "identity.form"),
        ({"text": "０1"}, "identity.digits"),
        ({"text": "(01)09506000134353"}, "identity.check-digit"),
    ],
)
def test_what_cannot_be_read_is_a_problem(house: House, parameters: dict[str, Any], code: str) -> None:
    """Bounded input, and the codec's own reason in both languages."""
    with house.client() as client:
        answers = [
            client.get("/api/v1/codes", params=parameters, headers={"Accept-Language": language})
            for language in ("en", "zh-CN")
        ]
    for answer in answers:
        assert 400 <= answer.status_code < 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == code, answer.text
    assert answers[0].json()["detail"] != answers[1].json()["detail"] or code == "request.parameter"


def test_a_code_says_nothing_of_the_ledger(house: House) -> None:
    """Known or not, the answer is the same for everybody."""
    with house.client("owner") as owner, house.client() as public:
        answers = [client.get("/api/v1/codes", params={"text": LINK}).json() for client in (owner, public)]
    assert answers[0] == answers[1]
