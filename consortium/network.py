"""The network in a folder: made once, started again as often as one likes."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from consortium.genesis import Identity, make_key, new_chain_id, write_genesis
from consortium.validator import PATIENCE, Validator, ValidatorFailed

NAMES = ("huadong", "zhongtie", "yuntai", "jinling", "beihai", "xiling", "qinhuai")
"""Organisations that might run one validator each."""
LEAST = 4
"""Validators of which one may fail."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one validator."""

    number: int
    hash: str


class Network:
    """``validators`` in the order of their names; ``senders`` are the accounts whose transactions they take."""

    def __init__(self, directory: Path, validators: list[Validator], chain_id: int, senders: list[str]) -> None:
        self.directory, self.validators, self.chain_id, self.senders = directory, validators, chain_id, senders
        self._highest = 0

    @classmethod
    def make(cls, directory: Path, *, senders: Iterable[str], validators: int = LEAST, period: int = 2) -> Self:
        """A new network; ``period`` in seconds between blocks. Nothing is started."""
        identities = [make_key(directory / name / "key", name) for name in NAMES[:validators]]
        chain_id = new_chain_id()
        write_genesis(directory / "genesis.json", chain_id, period, [one.address for one in identities])
        described = {
            "chain_id": chain_id,
            "period": period,
            "validators": [asdict(one) for one in identities],
            "senders": list(senders),
        }
        _write(directory / "network.json", described)
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path, senders: Iterable[str] = ()) -> Self:
        """The network of a folder, with further senders; every validator gets the ports it had, where they are free."""
        path = directory / "network.json"
        described = json.loads(path.read_text(encoding="utf-8"))
        identities = [Identity(**one) for one in described["validators"]]
        listed = list(dict.fromkeys([*described["senders"], *senders]))
        had = described.get("ports") or [0] * 2 * len(identities)
        ports = free_ports(had)
        _write(path, described | {"senders": listed, "ports": ports})
        made = [
            Validator(one, directory / one.name, ports[2 * n], ports[2 * n + 1]) for n, one in enumerate(identities)
        ]
        return cls(directory, made, described["chain_id"], listed)

    @property
    def urls(self) -> list[str]:
        """JSON-RPC addresses of all validators."""
        return [one.url for one in self.validators]

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Everything started and of one mind; everything that was started has ended afterwards."""
        with ExitStack() as ends:
            for one in self.validators:
                ends.callback(one.stop)
            self.start(*self.validators)
            self.agree()
            yield self

    def start(self, *validators: Validator) -> None:
        """Start these, and wait until they serve."""
        for one in validators:
            others = [other for other in self.validators if other is not one]
            one.launch(self.directory / "genesis.json", others, self.senders)
        for one in validators:
            one.ready()

    def partition(self, *sides: list[Validator]) -> None:
        """Cut every connection between sides; one side with everyone joins them again."""
        for side in sides:
            foreign = [one.identity.node_id for other in sides if other is not side for one in other]
            for one in side:
                if one.running:
                    one.order("cut", peers=foreign)

    def join(self) -> None:
        """Mend every partition, and let nobody seal with less than half of the others."""
        for one in self.validators:
            if one.running:
                one.order("cut", peers=[])
                one.order("gate", peers=None)

    def rewrite(self, depth: int) -> None:
        """
        A reorganisation: everyone who runs gives up the last blocks and seals others in their place.

        It never reaches deeper than ``depth`` below the highest block there ever was, also when it is repeated.
        Raises ``ValidatorFailed`` when nobody runs.
        """
        running = [one for one in self.validators if one.running]
        if not running:
            raise ValidatorFailed("nobody runs whose blocks could be rewritten")
        try:
            for one in running:
                one.order("hold", held=True)
            with suppress(ValidatorFailed):  # who has not heard of the last block would keep it
                self.agree(patience=3)
            highest = max(_head(one.order("status")).number for one in running)
            self._highest = max(self._highest, highest)
            for one in running:
                one.order("forget", above=max(1, self._highest - depth))
        finally:
            for one in running:
                with suppress(ValidatorFailed):
                    one.order("hold", held=False)

    def heads(self) -> dict[str, Head]:
        """The head of every validator that runs."""
        return {one.identity.name: _head(one.order("status")) for one in self.validators if one.running}

    def agree(self, patience: float = PATIENCE, above: int = 0) -> tuple[Head, float]:
        """Wait until everyone who runs has one head, above a number; that head, and the seconds it took."""
        began = time.monotonic()
        while (waited := time.monotonic() - began) < patience:
            heads = set(self.heads().values())
            if len(heads) == 1 and next(iter(heads)).number > above:
                return heads.pop(), waited
            time.sleep(0.1)
        raise ValidatorFailed(f"heads differ after {patience} s: {self.heads()}")


def free_ports(wanted: list[int]) -> list[int]:
    """Ports of 127.0.0.1 that nobody has, the wanted ones where possible; 0 takes any."""
    with ExitStack() as held:
        found = []
        for port in wanted:
            for attempt in (port, 0):
                listener = held.enter_context(socket.socket())
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    listener.bind(("127.0.0.1", attempt))
                except OSError:
                    continue
                found.append(listener.getsockname()[1])
                break
    return found


def _head(said: dict[str, Any]) -> Head:
    return Head(said["number"], said["hash"])


def _write(path: Path, what: dict[str, Any]) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(what, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
