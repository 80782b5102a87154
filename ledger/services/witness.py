"""
A witness: what it cosigns, and what it refuses (C2SP tlog-witness, ``add-checkpoint``).

It keeps one head per log: the largest tree it has cosigned. A new one is cosigned only when it extends that head, and
the head moves in the same step that compares it, so that two requests at once cannot bring it back.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from ledger.errors import ProofError
from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.cosignature import CosigningKey, OpenNote
from ledger.log.errors import ProofMalformed, SizesRefused
from ledger.log.merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE, verify_consistency
from ledger.log.tiles import TileReader, Tree
from ledger.ports import Clock

MOST_HASHES: Final = 63
LARGEST_REQUEST: Final = 64 * 1024
SIZE_TYPE: Final = "text/x.tlog.size"
_OLD: Final = re.compile("old (0|[1-9][0-9]{0,19})")


class WitnessedHead(NamedTuple):
    """The largest tree of a log that was cosigned."""

    size: int
    root: bytes


NOTHING: Final = WitnessedHead(0, EMPTY_ROOT)


class WitnessStore(Protocol):
    """What a witness must not forget."""

    def head(self, origin: str) -> WitnessedHead:
        """The head of a log; ``NOTHING`` when none of its checkpoints was cosigned."""
        ...

    def move(self, origin: str, old: WitnessedHead, new: WitnessedHead, note: str) -> bool:
        """Durably replace ``old`` by ``new``, in one step with comparing it; False when the head is not ``old``."""
        ...

    def keep(self, origin: str, time: int, note: str) -> None:
        """Keep a signed checkpoint that was refused: it may show that the log forked."""
        ...


class Answer(NamedTuple):
    """An answer as HTTP has it."""

    status: int
    body: str = ""
    media_type: str = "text/plain; charset=utf-8"


class Offer(NamedTuple):
    """A checkpoint that is to be cosigned, with the proof that it extends the tree of ``old`` leaves."""

    old: int
    path: Sequence[bytes]
    note: OpenNote
    text: str

    @classmethod
    def parse(cls, body: str) -> Offer:
        """The request from its body. Raises ``ProofMalformed``."""
        if len(body) > LARGEST_REQUEST:
            raise ProofMalformed(why=f"a request has at most {LARGEST_REQUEST} characters")
        head, _, text = body.partition("\n\n")
        first, *lines = head.split("\n")
        old = _OLD.fullmatch(first)
        if old is None or int(old[1]) > MAX_SIZE or len(lines) > MOST_HASHES:
            raise ProofMalformed(why="a request begins with 'old SIZE' and at most 63 hashes")
        try:
            path = [b64decode(line, validate=True) for line in lines]
        except (Base64Error, ValueError) as error:
            raise ProofMalformed(why="a hash is not base64") from error
        if any(len(one) != HASH_SIZE or b64encode(one).decode() != line for one, line in zip(path, lines, strict=True)):
            raise ProofMalformed(why="a hash is not 32 bytes in their one base64 form")
        return cls(int(old[1]), path, OpenNote.parse(text), text)

    @staticmethod
    def body(old: int, path: Sequence[bytes], note: str) -> str:
        """The body of a request."""
        return "".join([f"old {old}\n", *(b64encode(one).decode() + "\n" for one in path), "\n", note])


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness of the logs whose keys it was given, by origin."""

    key: CosigningKey
    logs: Mapping[str, VerifierKey]
    store: WitnessStore
    clock: Clock

    def add_checkpoint(self, body: str) -> Answer:
        """200 with a cosignature line, or the refusal that the specification names."""
        try:
            offer = Offer.parse(body)
            checkpoint = offer.note.checkpoint
        except ProofMalformed:
            return Answer(400)
        held = self.store.head(checkpoint.origin)
        return self._refused_unread(offer, checkpoint) or self._judged(offer, checkpoint, held)

    def _refused_unread(self, offer: Offer, checkpoint: Checkpoint) -> Answer | None:
        """Refused whatever was cosigned before: nobody's log, not its signature, sizes the wrong way round."""
        log = self.logs.get(checkpoint.origin)
        if log is None:
            return Answer(404)
        if not offer.note.signed_by(log):
            return Answer(403)
        return Answer(400) if offer.old > checkpoint.size else None

    def _judged(self, offer: Offer, checkpoint: Checkpoint, held: WitnessedHead) -> Answer:
        if offer.old != held.size:
            return _conflict(held)
        new, now = WitnessedHead(checkpoint.size, checkpoint.root), int(self.clock.now().timestamp())
        forked = new.size == held.size and new.root != held.root
        if forked or not _extends(held, new, offer.path):
            self.store.keep(checkpoint.origin, now, offer.text)
            return _conflict(held) if forked else Answer(422)
        if not self.store.move(checkpoint.origin, held, new, offer.text):
            return _conflict(self.store.head(checkpoint.origin))
        return Answer(200, self.key.line(offer.note, now))

    def look(self, note: str, read: Callable[[int], TileReader]) -> Answer:
        """
        Fetch instead of wait: judge the checkpoint that a log shows, with a proof made of the log's own tiles.

        ``read`` gives a reader of the tiles of a tree of that size. The answers are those of ``add_checkpoint``; a log
        that shows fewer entries than were cosigned gets 409, one whose tiles do not reach its checkpoint 422.
        """
        try:
            checkpoint = OpenNote.parse(note).checkpoint
        except ProofMalformed:
            return Answer(400)
        held = self.store.head(checkpoint.origin)
        old = min(held.size, checkpoint.size)
        try:
            path = Tree(checkpoint.size, read(checkpoint.size)).consistency_proof(old) if old < checkpoint.size else []
        except SizesRefused:
            path = [EMPTY_ROOT]  # leads nowhere
        return self.add_checkpoint(Offer.body(old, path, note))


def _conflict(held: WitnessedHead) -> Answer:
    return Answer(409, f"{held.size}\n", SIZE_TYPE)


def _extends(held: WitnessedHead, new: WitnessedHead, path: Sequence[bytes]) -> bool:
    if held.size == 0:
        return not path and (new.size > 0 or new.root == EMPTY_ROOT)
    try:
        verify_consistency(held.size, held.root, new.size, new.root, path)
    except ProofError:
        return False
    return True
