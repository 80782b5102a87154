"""Errors on the wire: one table, one shape, two languages, and nothing of the inside."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, get_args

import pytest
from pydantic_core.core_schema import ErrorType

import api
import ledger as ledger_package
from api.errors import STATUS, status_of
from api.language import locale_of
from api.parameter_words import WORDS, wrong
from api.problem import problem_of
from ledger.adapters.sql.entries import SqlEntries
from ledger.errors import LedgerError, Place
from ledger.ports import ChainUnavailable, StoreUnavailable
from ledger.records.errors import FieldMissing
from tests.api.house import House, event, served

CHINESE = re.compile("[\u4e00-\u9fff]")


def _tree(kind: type[LedgerError]) -> Iterator[type[LedgerError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _tree(child)


@pytest.fixture(scope="module")
def leaves() -> set[type[LedgerError]]:
    """Every error class that the ledger, the labels and the API have."""
    for package in (ledger_package, api):
        for module in walk_packages(package.__path__, package.__name__ + "."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                import_module(module.name)
    return {kind for kind in _tree(LedgerError) if kind.__module__.startswith(("ledger.", "labels.", "api."))}


def test_every_area_of_the_tree_has_a_status(leaves: set[type[LedgerError]]) -> None:
    """Each direct child of the root has a row of its own, and every leaf finds one."""
    areas = {kind for kind in LedgerError.__subclasses__() if kind in leaves}
    assert areas <= set(STATUS)
    assert {status_of(kind) for kind in leaves} <= {
        400,
        401,
        403,
        404,
        405,
        406,
        409,
        413,
        414,
        415,
        422,
        429,
        500,
        503,
    }


def test_the_most_specific_row_decides() -> None:
    """A leaf with a row of its own does not take its area's."""
    kinds = {kind.__name__: kind for kind in STATUS}
    assert status_of(kinds["RecordConflict"]) == 409
    assert status_of(kinds["LogError"]) == 500
    assert status_of(FieldMissing) == status_of(kinds["RecordError"]) == 400


def test_what_is_retryable_is_not_the_senders_fault(leaves: set[type[LedgerError]]) -> None:
    """Whatever a repeat may cure is answered with 409, 429 or 503."""
    assert {status_of(kind) for kind in leaves if kind.retryable} <= {409, 429, 503}


def test_a_problem_has_its_place_and_both_languages() -> None:
    """Row, column and pointer are fields; title, detail and fix are in the reader's language."""
    error = FieldMissing(field="mass_g").at(Place(file="legs.csv", row=7, column="mass", pointer="/mass_g"))
    english, chinese = problem_of(error, "en", "id"), problem_of(error, "zh-CN", "id")
    assert (english.row, english.column, english.pointer, english.file) == (7, "mass", "/mass_g", "legs.csv")
    assert english.type == "/problems/record.missing"
    assert english.values == {"field": "mass_g"}
    for text in (chinese.title, chinese.detail, chinese.fix):
        assert CHINESE.search(text)
    for text in (english.title, english.detail, english.fix):
        assert not CHINESE.search(text)


@pytest.mark.parametrize(
    "error", [StoreUnavailable(reason="/var/lib/x.db: SELECT 1"), ChainUnavailable(url="http://10.0.0.1", reason="x")]
)
def test_what_is_inside_stays_inside(error: LedgerError) -> None:
    """A 5xx names its code and what to do, never reasons, addresses, paths or SQL."""
    problem = problem_of(error, "en", "id")
    assert problem.status == 503
    assert problem.values == {}
    assert not re.search(r"SELECT|/var|10\.0", problem.title + problem.detail + problem.fix)
    assert problem.fix


@pytest.mark.parametrize(
    ("cookie", "accept", "expected"),
    [
        (None, None, "en"),
        (None, "zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        (None, "en-US,en;q=0.9,zh;q=0.8", "en"),
        (None, "zh;q=0.1, en;q=0.2", "en"),
        (None, "fr, zh-TW;q=0.5", "zh-CN"),
        (None, "fr", "en"),
        (None, "zh;q=x", "en"),
        (None, "zh;q=0", "en"),
        ("zh-CN", "en", "zh-CN"),
        ("en", "zh", "en"),
        ("<script>", "zh", "en"),
    ],
)
def test_the_readers_language(cookie: str | None, accept: str | None, expected: str) -> None:
    """The cookie decides, then the weights of Accept-Language, then English."""
    assert locale_of(cookie, accept) == expected


def test_both_ways_in_speak_the_readers_language(house: House) -> None:
    """The hot path and the ordinary one give the same problem in the language asked for."""
    bad = event("urn:uuid:1", epcList=["?"])
    for kind in ("application/json", "application/ld+json"):
        with house.client("warehouse", accept_language="zh-CN", content_type=kind) as client:
            client.get("/api/v1/entries?limit=1")
            answer = client.post("/events", json=bad)
        assert CHINESE.search(answer.json()["detail"])
        assert answer.headers["content-language"] == "zh-CN"
        assert answer.headers["x-request-id"] in answer.json()["instance"]


def test_a_parameter_is_refused_in_the_readers_language(house: House) -> None:
    """Words for kinds of faults that the framework has, told of a real one; its own English stays in English."""
    assert sorted(set(WORDS) - set(get_args(ErrorType))) == []
    assert wrong({"type": "no such kind", "msg": "Input"}, "zh-CN") == "不符合要求的格式"
    for locale, said in (("zh-CN", "参数 filter 不可用：不得大于 7"), ("en", "less than or equal to 7")):
        with house.client("owner", accept_language=locale) as client:
            refused = client.get("/api/v1/codes", params={"text": "1", "filter": 8}).json()
        assert said in refused["detail"]


def test_a_problem_type_can_be_looked_up(house: House) -> None:
    """The type's address says what it means and what to do."""
    with house.client() as client:
        problem = client.get("/api/v1/entries").json()
        assert "Authorization" in client.get(problem["type"]).text
        assert CHINESE.search(client.get(problem["type"], headers={"Accept-Language": "zh"}).text)
        assert client.get("/problems/none").status_code == 404


class Broken(SqlEntries):
    """An entry store with a programming fault."""

    def size(self) -> int:
        raise RuntimeError("SELECT secret FROM /home/operator/ledger.db")

    def append(self, *_: Any) -> Any:
        raise RuntimeError("SELECT secret FROM /home/operator/ledger.db")


def test_an_unforeseen_fault_is_generic_outside_and_whole_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """500 with a request id and no inner text; the log has the text under that id. Both ways in."""
    caplog.set_level(logging.INFO)
    with served(tmp_path, entries=Broken(None)) as house, house.client("owner") as client:  # type: ignore[arg-type]
        answers = [client.get("/api/v1/entries"), client.post("/events", json=event("urn:uuid:1"))]
        ready = client.get("/readyz")
    for answer in answers:
        assert answer.status_code == 500
        assert answer.json()["code"] == "request.unforeseen"
        assert not re.search("SELECT|secret|/home|Traceback|\\.py", answer.text)
        assert answer.headers["x-request-id"] in caplog.text
    assert ready.status_code == 500


class Full(SqlEntries):
    """An entry store whose disk is full."""

    def append(self, *_: Any) -> Any:
        raise StoreUnavailable(reason="disk full at /var/lib")

    def size(self) -> int:
        raise StoreUnavailable(reason="disk full at /var/lib")


def test_a_full_disk_is_a_503_that_says_when_to_come_back(tmp_path: Path) -> None:
    """Capture answers 503 with Retry-After, readiness 503, liveness 200."""
    with served(tmp_path, entries=Full(None)) as house, house.client("owner") as client:  # type: ignore[arg-type]
        for body in (event("urn:uuid:1"), event("urn:uuid:2")):
            answer = client.post("/events", json=body)
            assert (answer.status_code, answer.json()["code"]) == (503, "store.unavailable")
            assert answer.headers["retry-after"] == "1"
            assert answer.json()["retryable"] is True
            assert "/var/lib" not in answer.text
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
