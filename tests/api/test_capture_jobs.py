"""Capture jobs: durable, each tenant's own, and finished whatever happened to the process that took them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.capture_work import AT_ONCE, CLAIM, accepted, opened, work
from ledger.adapters.sql.capture_jobs import SqlCaptureJobs
from ledger.adapters.sql.database import Database
from ledger.ports import CaptureJob
from ledger.services.access import Principal
from tests.api.house import House, event
from tests.builders import SteppingClock
from tests.builders import opened as ledger_in


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with house.client("owner") as client:
        yield client


def document(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-01T08:00:00Z",
        "epcisBody": {"eventList": list(events)},
    }


def large(name: str, count: int = 1_200) -> dict[str, Any]:
    return document(*(event(f"urn:uuid:{name}-{number}", disposition="in_transit") for number in range(count)))


def finished(client: httpx.Client, address: str) -> dict[str, Any]:
    for _ in range(600):
        job: dict[str, Any] = client.get(address).json()
        if not job["running"]:
            return job
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_a_small_document_is_done_when_it_is_answered(client: httpx.Client) -> None:
    """202 with its job's address and the limits; the events are found at once."""
    answer = client.post("/capture", json=document(event("urn:uuid:small-1"), event("urn:uuid:small-2")))
    assert answer.status_code == 202
    assert int(answer.headers["gs1-epcis-capture-limit"]) >= 500
    job = client.get(answer.headers["location"]).json()
    assert (job["running"], job["success"], job["events"], job["errors"]) == (False, True, 2, [])
    found = client.get("/events?EQ_eventID=urn:uuid:small-1%7Curn:uuid:small-2").json()
    assert len(found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == 2


def test_a_large_document_runs_behind_its_answer(client: httpx.Client) -> None:
    """The answer does not wait; when the job says it has finished, queries find all of it; again adds nothing."""
    body = large("large", 1_200)
    answer = client.post("/capture", json=body)
    assert answer.status_code == 202
    job = finished(client, answer.headers["location"])
    assert (job["success"], job["events"]) == (True, 1_200)
    found = client.get("/events?EQ_eventID=urn:uuid:large-1199").json()
    assert len(found["epcisBody"]["queryResults"]["resultsBody"]["eventList"]) == 1
    again = finished(client, client.post("/capture", json=body).headers["location"])
    assert (again["success"], again["events"]) == (True, 1_200)


@pytest.mark.parametrize(("behaviour", "kept"), [("rollback", 0), ("proceed", 2)])
def test_a_bad_event_keeps_all_out_or_itself_alone(client: httpx.Client, behaviour: str, kept: int) -> None:
    """The sender's rule; what was refused comes back with its place, in the sender's language."""
    names = [f"urn:uuid:{behaviour}-{number}" for number in range(3)]
    events = [event(names[0]), event(names[1], epcList=["no code"]), event(names[2])]
    headers = {"GS1-Capture-Error-Behaviour": behaviour, "Accept-Language": "zh"}
    answer = client.post("/capture", json=document(*events), headers=headers)
    assert answer.headers["gs1-capture-error-behaviour"] == behaviour
    job = client.get(answer.headers["location"]).json()
    assert (job["success"], job["events"], job["captureErrorBehaviour"]) == (False, kept, behaviour)
    assert [fault["type"] for fault in job["errors"]] == ["epcisException:ValidationException"]
    assert job["errors"][0]["pointer"].startswith("/epcisBody/eventList/1")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in job["errors"][0]["detail"])
    assert sum(client.get(f"/events/{name}").status_code == 200 for name in names) == kept


def test_too_many_events_are_refused_at_once(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """413 with the standard's name, and no job."""
    monkeypatch.setattr("api.capture_work.CAPTURE_LIMIT", 2)
    answer = client.post("/capture", json=large("many", 3))
    assert answer.status_code == 413
    assert answer.json()["type"] == "epcisException:CaptureLimitExceededException"


def test_jobs_are_listed_by_pages_to_their_tenant_alone(house: House, client: httpx.Client) -> None:
    """Oldest first, page by page; another tenant's jobs are absent."""
    made = [client.post("/capture", json=document(event(f"urn:uuid:list-{n}"))).headers["location"] for n in range(5)]
    found: list[str] = []
    step: str | None = "/capture?perPage=2"
    while step:
        answer = client.get(step)
        found += [f"/capture/{job['captureID']}" for job in answer.json()]
        step = answer.links.get("next", {}).get("url")
    assert [address for address in found if address in made] == made
    assert len(set(found)) == len(found)
    with house.client("other") as other:
        assert other.get(made[0]).json()["type"] == "epcisException:NoSuchResourceException"
        assert other.get("/capture").json() == []


def test_a_job_outlives_the_process_that_took_it(tmp_path: Path, database_url: str) -> None:
    """A process that dies between accepting and finishing leaves a job that the next one finishes, once."""
    who = Principal("sender", "demo", "sender", "admin", 0, 2**62)
    data = httpx.Request("POST", "http://x", json=large("crash")).content
    assert len(data) > AT_ONCE
    clock = SteppingClock(datetime.now(UTC))
    with ledger_in(tmp_path / "home", database_url=database_url) as opened_ledger:
        ledger = replace(opened_ledger, clock=clock)
        job = accepted(ledger, who, data, "rollback", "en")
        assert job.running
        claimed = ledger.capture_jobs.claim(job.created_at, job.created_at + CLAIM)  # a process takes it up and dies
        assert claimed is not None
        assert not work(ledger, lambda: False)  # while it may still be at work, nobody else is
    clock.forward(CLAIM / 1_000_000)
    with ledger_in(tmp_path / "home", database_url=database_url) as opened_ledger:
        ledger = replace(opened_ledger, clock=clock)
        assert work(ledger, lambda: False)
        done = ledger.capture_jobs.get("demo", job.id)
        assert done is not None
        assert (done.running, done.success, done.events) == (False, True, 1_200)
        assert ledger.entries.size() == 1_200
        assert not work(ledger, lambda: False)
        assert ledger.capture_jobs.get("other", job.id) is None


def test_a_document_is_let_go_of_when_its_job_is_finished(database: Database) -> None:
    """What is in the log is not kept a second time."""
    jobs = SqlCaptureJobs(database)
    job = CaptureJob("1", "demo", "sender", "proceed", "en", 1)
    jobs.accept(job, b"document")
    assert jobs.claim(1, 2) == (job, b"document")
    jobs.finish(job._replace(finished_at=2, success=True, events=1))
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT length(document) FROM capture_job").scalar() == 0
    assert opened(httpx.Request("POST", "http://x", json=large("x", 1)).content).pointer
