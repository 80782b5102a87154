"""The verb that explains a code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main

TAG = "3066C4409047E140075BCD15"
LINK = "https://id.gs1.org/01/09506000134352/21/123456789"


def test_a_code_is_shown_in_every_form(capsys: Any, tmp_path: Path) -> None:
    """From a tag to the link and back; no ledger is opened, nothing is written."""
    assert main(["--home", str(tmp_path / "none"), "code", TAG]) == 0
    shown = capsys.readouterr().out
    for part in (LINK, "(01)09506000134352(21)123456789", "urn:epc:tag:sgtin-96:3.95060001343.05.123456789", TAG):
        assert part in shown
    assert "one object" in shown
    assert not (tmp_path / "none").exists()


def test_it_is_one_json_object_for_programs(capsys: Any) -> None:
    """The same shape as over HTTP."""
    assert main(["--json", "code", LINK, "--gcp-length", "11", "--filter", "3"]) == 0
    found = json.loads(capsys.readouterr().out)
    forms = {form["name"]: form["text"] for form in found["forms"]}
    assert (found["key"], forms["SGTIN-96"], forms["epc_uri"]) == (
        "SGTIN",
        TAG,
        "urn:epc:id:sgtin:95060001343.05.123456789",
    )


def test_it_speaks_chinese(capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of forms and refusals alike."""
    monkeypatch.setenv("ONECODE_LANG", "zh")
    assert main(["code", LINK]) == 0
    shown = capsys.readouterr().out
    assert "单元数据串" in shown
    assert "厂商识别代码的位数未知" in shown


def test_what_is_no_key_is_shown_raw_and_refused(capsys: Any) -> None:
    """Exit code 1, the digits and the reason."""
    assert main(["code", "E2801160600002000000000A"]) == 1
    said = capsys.readouterr()
    assert "urn:epc:raw:96.xE2801160600002000000000A" in said.out
    assert "TID" in said.err
    assert main(["code", "(01)09506000134353"]) == 1
    assert "check digit" in capsys.readouterr().err


def test_classes_and_own_addresses_have_fewer_forms(capsys: Any) -> None:
    """A product has no tag, a supplier's own address no GS1 form."""
    assert main(["--json", "code", "https://id.gs1.org/01/09506000134352"]) == 0
    product = json.loads(capsys.readouterr().out)
    assert [form["name"] for form in product["forms"]] == [
        "digital_link",
        "element_string",
        "raw_element_string",
        "epc_uri",
    ]
    assert main(["--json", "code", "https://supplier.example.com/asset/1"]) == 0
    assert json.loads(capsys.readouterr().out)["forms"] == []
