"""A witness over HTTP: what is asked and answered on a real socket, and callers and servers that behave badly."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread

import pytest

from ledger.adapters.witness_http import WitnessHttp
from ledger.adapters.witness_server import WitnessServer
from ledger.adapters.witness_store import WitnessFile
from ledger.log.cosignature import OpenNote
from ledger.ports.witnesses import WitnessAnswer, WitnessSilent
from ledger.services.witness import LARGEST_REQUEST, SIZE_TYPE, Answer, Offer, Witness
from tests.builders import ORIGIN, SteppingClock
from tests.unit.services.test_witness import FORKED, KEY, LOG, note, offer


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, list[Answer]]]:
    told: list[Answer] = []
    witness = Witness(KEY, {ORIGIN: LOG.verifier}, WitnessFile(tmp_path / "witness.db"), SteppingClock())
    with WitnessServer(("127.0.0.1", 0), witness, told.append) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", told
        server.shutdown()
        thread.join()


def test_it_cosigns_and_refuses_as_the_specification_says(served: tuple[str, list[Answer]]) -> None:
    """A first and a larger checkpoint, the same again, a fork, nonsense; each is told to who runs it."""
    url, told = served
    ask = WitnessHttp().add_checkpoint
    status, line = ask(url + "/", offer(0, 4))
    assert status == 200
    assert KEY.public.time_of(OpenNote.parse(note(4) + line))
    assert ask(url, offer(4, 9)).status == 200
    assert ask(url, offer(4, 9)) == WitnessAnswer(409, "9\n")
    assert ask(url, Offer.body(9, [], note(12, FORKED))).status == 422
    assert ask(url, "nonsense").status == 400
    assert [one.status for one in told] == [200, 200, 409, 422, 400]
    assert told[2].media_type == SIZE_TYPE


def test_methods_addresses_and_lengths(served: tuple[str, list[Answer]]) -> None:
    """GET shows the key; other addresses 404; no length 411; too long 413, unread; a body that is no UTF-8 400."""
    url, told = served
    connection = HTTPConnection(url.removeprefix("http://"), timeout=5)

    def asked(method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    assert asked("GET", "/") == (200, f"{KEY.public}\n".encode())
    assert [asked("GET", path)[0] for path in ("/add-checkpoint", "/x")] == [405, 404]
    assert asked("POST", "/add-checkpoint", b"\xff")[0] == 400
    assert asked("POST", "/other", b"")[0] == 404
    for length, status in (("-1", 411), ("x", 411), ("9" * 30, 411), (str(LARGEST_REQUEST + 1), 413)):
        connection.close()
        connection.putrequest("POST", "/add-checkpoint")
        connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == status
    connection.close()
    assert [one.status for one in told] == [400]


def test_of_many_at_once_over_http_one_is_cosigned(served: tuple[str, list[Answer]]) -> None:
    """Eight requests from one head to eight sizes: one 200, seven are told the size."""
    url, _ = served
    ask = WitnessHttp().add_checkpoint
    assert ask(url, offer(0, 4)).status == 200
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda size: ask(url, offer(4, size)).status, range(10, 18)))
    assert sorted(answers) == [200] + [409] * 7


@contextmanager
def answering(data: bytes) -> Iterator[str]:
    """A server that sends these bytes to one caller and goes away."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def once() -> None:
            caller, _ = server.accept()
            with caller:
                caller.recv(65_536)
                caller.sendall(data)

        thread = Thread(target=once)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 20_000,
    ],
    ids=["nothing", "no http", "no text", "too much"],
)
def test_a_witness_that_answers_nonsense_is_silent(data: bytes) -> None:
    """Whatever it sends is its own affair; a redirection is an answer, and not followed."""
    with answering(data) as url, pytest.raises(WitnessSilent):
        WitnessHttp().add_checkpoint(url, "x")


def test_where_no_witness_is() -> None:
    """A closed port, other schemes, an address that is none; a redirection is not followed."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    for url in (closed, "file:///etc/passwd", "ftp://x", "http://[::1", "http://127.0.0.1:99999", ""):
        with pytest.raises(WitnessSilent):
            WitnessHttp(0.5).add_checkpoint(url, "x")
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    with answering(moved) as url:
        assert WitnessHttp().add_checkpoint(url, "x").status == 302
