"""A server process as a person starts it, and what is left of it when it is killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
from msgspec.structs import replace

from ledger.records.record import KIND_NUMBERS
from ledger.services.keys import ensure_owner
from tests.api.house import event
from tests.api.test_uploads import settled
from tests.builders import opened
from tests.unit.files.tables import row, text


@contextmanager
def _server(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, Path]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = home.parent / f"server-{port}.log"
    command = [sys.executable, "-m", "ledger", "--home", str(home), "serve", "--port", str(port)]
    environment = os.environ | {"ONECODE_PORT": str(port)}
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        url = f"http://127.0.0.1:{port}"
        try:
            _wait(process, url, log)
            yield process, url, log
        finally:
            process.kill()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            httpx.get(f"{url}/healthz")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """Four clients post until the process is killed: every 201 is in the log afterwards, once, as sent."""
    home = tmp_path / "home"
    with opened(home):
        pass
    acknowledged: dict[str, int] = {}
    with _server(home) as (process, url, log):
        key = re.search(r"ocl_owner_[A-Za-z0-9_-]{43}", log.read_text())
        assert key is not None

        def post(number: int) -> None:
            with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key[0]}"}) as client:
                for count in range(100_000):
                    name = f"urn:uuid:{number}-{count}"
                    try:
                        answer = client.post("/events", json=event(name))
                    except httpx.TransportError:
                        return
                    assert answer.status_code == 201
                    acknowledged[name] = answer.json()["index"]

        threads = [Thread(target=post, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 200:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        for thread in threads:
            thread.join()
    with opened(home) as ledger:
        for name, index in acknowledged.items():
            found = ledger.entries.find("demo", name)
            assert found is not None
            assert found.index == index
        assert len(set(acknowledged.values())) == len(acknowledged) <= ledger.entries.size()


ROWS = 12_000


def _killed_amid(home: Path, key: str, stage: str, begin: Callable[[httpx.Client], str]) -> str:
    """The server is killed while it works on the job that was begun; its claim of half a minute then runs out."""
    with _server(home) as (process, url, _), _client(url, key) as client:
        job = begin(client)
        while not _amid(client.get(f"/api/v1/uploads/{job}").json(), stage):
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    with opened(home) as ledger:
        ledger.intake.change("demo", job, lambda old: replace(old, claimed_until=0))
    return job


def _amid(seen: dict[str, Any], stage: str) -> bool:
    done = int(seen["read"] if stage == "checking" else seen["done"])
    assert seen["stage"] == stage, "it was done before the server could be killed"
    return 0 < done < ROWS - 1


def _client(url: str, key: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30)


def test_a_file_is_checked_and_submitted_though_the_server_is_killed_amid_both(tmp_path: Path) -> None:
    """Every row has one outcome, every good one is one entry, the bad one comes back with its place."""
    home = tmp_path / "home"
    with opened(home) as ledger:
        key = ensure_owner(ledger.principals, ledger.clock, ledger.random, "demo")
    assert key is not None
    rows = [row(waybill=f"K-{number}") for number in range(ROWS)]
    rows[ROWS // 2] = row(waybill="B-1", distance="")
    data = text(rows).encode()

    def sent(client: httpx.Client) -> str:
        name = str(client.post("/api/v1/uploads", json={"name": "a.csv", "size": len(data)}).json()["id"])
        for at in range(0, len(data), 1 << 20):
            part = data[at : at + (1 << 20)]
            client.put(f"/api/v1/uploads/{name}/content?offset={at}", content=part).raise_for_status()
        return name

    job = _killed_amid(home, key, "checking", sent)

    def submitted(client: httpx.Client) -> str:
        checked = settled(client, {"id": job})
        assert (checked["stage"], checked["read"], checked["good"], checked["refused"]) == (
            "checked",
            ROWS,
            ROWS - 1,
            1,
        )
        (bad,) = client.get(f"/api/v1/uploads/{job}/errors").json()["rows"]
        assert bad["row"] == ROWS // 2 + 2
        assert client.post(f"/api/v1/uploads/{job}/submit").status_code in {200, 202}
        return job

    _killed_amid(home, key, "submitting", submitted)
    with _server(home) as (_, url, _), _client(url, key) as client:
        done = settled(client, {"id": job})
    assert (done["stage"], done["fresh"] + done["already"], done["conflicts"]) == ("submitted", ROWS - 1, 0)
    with opened(home) as ledger:
        kinds = [entry.kind for some in ledger.entries.rows(0, ledger.entries.size()) for entry in some]
        assert kinds.count(KIND_NUMBERS["transport_leg"]) == ROWS - 1


def test_the_owners_key_is_shown_at_the_first_start_alone(tmp_path: Path) -> None:
    """The first start prints it; the second does not, and a polite stop ends with exit code 0."""
    home = tmp_path / "home"
    with _server(home) as (process, _, log):
        assert log.read_text().count("ocl_owner_") == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) in {0, -signal.SIGTERM}
    with _server(home) as (_, url, log):
        assert "ocl_owner_" not in log.read_text()
        assert httpx.get(f"{url}/readyz").status_code == 200
