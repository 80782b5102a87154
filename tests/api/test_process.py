"""A server process as a person starts it, and what is left of it when it is killed."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx

from tests.api.house import event
from tests.builders import opened


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
