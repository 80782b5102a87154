"""
Which checkpoint keys organisations have on record, for which sizes: a file that a reader keeps, one line a key.

::

    onecode/keys/1
    chain 1981
    contract 0x...
    block 105
    key ORGANISATION KEY FROM UNTIL [lost]

ORGANISATION is SHA-256 of its public name, KEY an Ed25519 public key, both in hexadecimal digits; it is in force for
FROM <= size < UNTIL, ``-`` while nothing ended it; ``lost``: it was reported lost or stolen. The file says how it was
after the block, the last with a change; a later change is not in it. Equal histories are equal files, so that
organisations can compare them by hash. It is as true as whoever it is from: nothing in it is signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from ledger.log.errors import CannotTell, KeyNotInForce, ProofMalformed

KEYS_FORMAT: Final = "onecode/keys/1"
LARGEST: Final = 1_000_000
_NUMBER: Final = "(0|[1-9][0-9]{0,19})"
_HEAD: Final = re.compile(rf"{KEYS_FORMAT}\nchain {_NUMBER}\ncontract (0x[0-9a-fA-F]{{40}})\nblock {_NUMBER}\n")
_LINE: Final = re.compile(rf"key ([0-9a-f]{{64}}) ([0-9a-f]{{64}}) {_NUMBER} (-|{_NUMBER})( lost)?\n")


class KeyPeriod(NamedTuple):
    """A key of an organisation and the sizes it is in force for; ``until_size`` None: nothing ended it."""

    organisation: bytes
    key: bytes
    from_size: int
    until_size: int | None
    lost: bool

    def covers(self, size: int) -> bool:
        """Whether it is in force for checkpoints of this size."""
        return self.from_size <= size and (self.until_size is None or size < self.until_size)


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """Every key that was ever registered at a contract, as of a block."""

    chain: int
    contract: str
    block: int
    periods: tuple[KeyPeriod, ...]

    @property
    def text(self) -> str:
        """The file."""
        head = f"{KEYS_FORMAT}\nchain {self.chain}\ncontract {self.contract}\nblock {self.block}\n"
        return head + "".join(map(_line, self.periods))

    @classmethod
    def of(cls, chain: int, contract: str, block: int, periods: Iterable[KeyPeriod]) -> Self:
        """From what is on record, in the one order of a file."""
        return cls(chain, contract, block, tuple(sorted(periods, key=lambda one: one[:3])))

    @classmethod
    def parse(cls, text: str) -> Self:
        """From its file. Raises ``ProofMalformed``."""
        head = _HEAD.match(text)
        if head is None or len(text) > LARGEST:
            raise ProofMalformed(why="a key history begins with format, chain, contract and block")
        rows = text[head.end() :].splitlines(keepends=True)
        lines = [_LINE.fullmatch(row) for row in rows]
        periods = tuple(_period(line) for line in lines if line)
        keys = {one.key for one in periods}
        if len(periods) < len(rows) or len(keys) < len(periods):
            raise ProofMalformed(why="a line of a key history is 'key ORGANISATION KEY FROM UNTIL', each key once")
        return cls(int(head[1]), head[2], int(head[3]), periods)

    def of_key(self, key: bytes) -> KeyPeriod | None:
        """Where a key is on record."""
        return next((one for one in self.periods if one.key == key), None)

    def vouches(self, key: bytes, size: int) -> bool:
        """Whether a witness's key counts for a size: it is in force and was not lost, or nobody has it on record."""
        found = self.of_key(key)
        return found is None or (found.covers(size) and not found.lost)

    def require(self, key: bytes, size: int, *, kept: bool) -> KeyPeriod:
        """
        Where the log's key is on record. Raises ``KeyNotInForce``, and ``CannotTell`` when it is not, or was lost.

        Whoever has a lost key can sign any size: what it signed counts where a checkpoint that was ``kept`` covers it.
        """
        found = self.of_key(key)
        if found is None:
            raise CannotTell(why=f"the key history, as of block {self.block}, does not have this log's key")
        if not found.covers(size):
            raise KeyNotInForce(
                size=size,
                from_size=found.from_size,
                until_size="-" if found.until_size is None else str(found.until_size),
                block=self.block,
            )
        if found.lost and not kept:
            raise CannotTell(why="the log's key was reported lost: give a checkpoint that you kept and that covers it")
        return found


def _line(one: KeyPeriod) -> str:
    until = "-" if one.until_size is None else str(one.until_size)
    return f"key {one.organisation.hex()} {one.key.hex()} {one.from_size} {until}{' lost' * one.lost}\n"


def _period(line: re.Match[str]) -> KeyPeriod:
    organisation, key, start, until, _, lost = line.groups()
    stop = None if until == "-" else int(until)
    return KeyPeriod(bytes.fromhex(organisation), bytes.fromhex(key), int(start), stop, bool(lost))
