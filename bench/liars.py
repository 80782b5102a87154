"""
Liars, seeded: a lying server, a lying chain and a forking operator, each before a witness and two offline verifiers.

Every try has an honest log first, of which a witness cosigned a checkpoint and a reader kept an earlier proof and the
policy. Then somebody lies. Caught is: the witness does not cosign what is shown, ``ledger verify`` and the verifier of
one file say that it does not hold. Each try also shows the truth, which all three must take: a verifier that refuses
everything catches every liar too.
"""

from __future__ import annotations

import random
import runpy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.table import Line, show
from ledger.adapters.clock import SystemClock
from ledger.adapters.witness_store import WitnessFile
from ledger.errors import ProofError
from ledger.log.checkpoint import Checkpoint, NoteKey
from ledger.log.cosignature import CosigningKey
from ledger.log.entry import Entry
from ledger.log.errors import CannotTell
from ledger.log.merkle import consistency_proof, inclusion_proof, root
from ledger.log.policy import Policy
from ledger.log.proof import AnchorReceipt, Proof
from ledger.log.sealed import SealedProof, verify_file
from ledger.services.hold_pin import hold_to_pin
from ledger.services.witness import Offer, Witness

ORIGIN: Final = "log.example/liars"
TRIES: Final = 100
LIARS: Final = ("lying server", "lying chain", "forking operator")
COURT: Final = runpy.run_path(str(Path(str(files("ledger.data") / "court" / "verify.py"))))


@dataclass(frozen=True)
class History:
    """What somebody says the log is: its entries, and in which block each size was anchored."""

    key: NoteKey
    entries: list[Entry]
    block: int
    salt: bytes

    @property
    def leaves(self) -> list[bytes]:
        """Leaf hashes."""
        return [entry.leaf() for entry in self.entries]

    def checkpoint(self, size: int) -> Checkpoint:
        """At a size."""
        return Checkpoint(ORIGIN, size, root(self.leaves[:size]))

    def note(self, size: int) -> str:
        """The checkpoint, signed."""
        return self.key.sign(self.checkpoint(size).text)

    def proof(self, index: int, size: int, cosignatures: str = "") -> Proof:
        """Of an entry, with the anchor receipt of its checkpoint."""
        block = "0x" + (self.salt + size.to_bytes(4)).hex()
        stated = AnchorReceipt(
            self.checkpoint(size), 1337, "0x" + "c0" * 20, block, self.block + size, block, 1_700_000_000 + size
        )
        path = tuple(inclusion_proof(self.leaves[:size], index))
        return Proof(self.entries[index], path, self.note(size), self.key.sign(stated.text), cosignatures)

    def joining(self, old: int, size: int) -> str:
        """What joins two sizes, as ``ledger pin --since`` writes it; also what a witness is asked with."""
        return Offer.body(old, consistency_proof(self.leaves[:size], old) if old < size else [], self.note(size))

    def otherwise(self, first: int, chance: random.Random) -> History:
        """Another history under the same key from an entry on, anchored in other blocks."""
        changed = [replace(entry, salt=chance.randbytes(32)) for entry in self.entries[first:]]
        return replace(
            self,
            entries=self.entries[:first] + changed,
            block=self.block + chance.randrange(1, 9),
            salt=chance.randbytes(28),
        )


@dataclass(frozen=True)
class Reader:
    """What an honest outsider has: the log's key, a policy, an earlier proof of size ``kept``, and a witness beside."""

    key: NoteKey
    policy: str
    kept: Proof
    witness: Witness

    def cosigns(self, body: str) -> bool:
        """Whether the witness does."""
        return self.witness.add_checkpoint(body).status == 200

    def ours(self, data: bytes, joining: str) -> str:
        """What ``ledger verify --pinned --consistency --policy`` says: holds, or the code."""
        try:
            proof = verify_file(data, key=self.key.verifier)
            assert isinstance(proof, Proof | SealedProof)
            hold_to_pin(proof.checkpoint, self.kept.checkpoint, joining, self.key.verifier)
            Policy.parse(self.policy).require(proof.checkpoint_note, proof.cosignatures)
        except CannotTell:
            return "cannot-tell"
        except ProofError as error:
            return error.code
        return "holds"

    def court(self, data: bytes, joining: str) -> str:
        """What ``verify.py --pinned --consistency --policy`` says."""
        key = COURT["Key"].read(str(self.key.verifier))
        trust = COURT["Trust"](key, [self.kept.to_bytes()], joining, COURT["Policy"](self.policy))
        said: dict[str, Any] = COURT["judge"](data, trust)
        return str(said["verdict"])


@dataclass(frozen=True)
class Shown:
    """What is shown to the witness and to the reader, and what joins it to what the reader kept."""

    asked: str
    proof: bytes
    joining: str


def server(honest: History, reader: Reader, true: Proof, chance: random.Random) -> Shown:
    """It has no key: it changes record, time, place or salt of a true proof, or signs its own tree by another key."""
    size, kept = true.checkpoint.size, reader.kept.checkpoint.size
    entry = true.entry
    how = chance.randrange(4)
    changed = (
        replace(entry, body=entry.body.replace(b"kg", b"Kg")),
        replace(entry, recorded_at=entry.recorded_at - chance.randrange(1, 10**9)),
        replace(entry, index=(entry.index + chance.randrange(1, size)) % size),
        replace(entry, salt=chance.randbytes(32)),
    )[how]
    false = replace(honest, key=NoteKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))))
    lie = replace(
        false,
        entries=[
            *honest.entries[: entry.index],
            replace(changed, index=entry.index),
            *honest.entries[entry.index + 1 :],
        ],
    )
    shown = replace(true, entry=changed) if chance.randrange(2) else lie.proof(entry.index, size, true.cosignatures)
    return Shown(lie.joining(kept, size), shown.to_bytes(), honest.joining(kept, size))


def chain(honest: History, reader: Reader, true: Proof, chance: random.Random) -> Shown:
    """Chain and log rewritten together from before what was kept: every signature and every path is in order."""
    size, kept = true.checkpoint.size, reader.kept.checkpoint.size
    rewritten = honest.otherwise(chance.randrange(kept), chance)
    shown = rewritten.proof(true.entry.index, chance.choice((kept, size)) if true.entry.index < kept else size)
    return Shown(rewritten.joining(kept, size), shown.to_bytes(), rewritten.joining(kept, size))


def operator(honest: History, reader: Reader, true: Proof, chance: random.Random) -> Shown:
    """Two histories that part after what was kept: the pin alone cannot tell them apart; the witness saw one."""
    size, kept = true.checkpoint.size, reader.kept.checkpoint.size
    assert reader.cosigns(honest.joining(kept, size))
    fork = honest.otherwise(chance.randrange(kept, size), chance)
    stolen = true.cosignatures if chance.randrange(2) else ""
    shown = fork.proof(true.entry.index, size, stolen)
    return Shown(fork.joining(size, size), shown.to_bytes(), fork.joining(kept, size))


LIES: Final[dict[str, Callable[[History, Reader, Proof, random.Random], Shown]]] = dict(
    zip(LIARS, (server, chain, operator), strict=True)
)


def attempt(liar: str, seed: int, folder: Path) -> dict[str, str]:
    """One try: what each said of the lie; raises ``AssertionError`` when somebody refuses the truth."""
    chance = random.Random(f"{liar} {seed}")
    size = chance.randrange(3, 60)
    kept = chance.randrange(2, size)
    entries = [
        Entry(at, "t", 1_700_000_000_000_000 + at, chance.randbytes(32), b'{"kg":"%d"}' % at) for at in range(size)
    ]
    honest = History(
        NoteKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))), entries, 100, chance.randbytes(28)
    )
    own = CosigningKey("witness.example/w", Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)))
    witness = Witness(own, {ORIGIN: honest.key.verifier}, WitnessFile(folder / f"{liar} {seed}.db"), SystemClock())
    policy = f"log {honest.key.verifier}\nwitness w {own.public}\nquorum w\n"
    reader = Reader(honest.key, policy, honest.proof(chance.randrange(kept), kept), witness)
    assert reader.cosigns(Offer.body(0, [], honest.note(kept)))
    twin = Witness(own, witness.logs, WitnessFile(folder / f"{liar} {seed} twin.db"), SystemClock())
    true = honest.proof(chance.randrange(size), size, twin.add_checkpoint(Offer.body(0, [], honest.note(size))).body)
    joining = honest.joining(kept, size)
    assert reader.ours(true.to_bytes(), joining) == reader.court(true.to_bytes(), joining) == "holds"
    shown = LIES[liar](honest, reader, true, chance)
    return {
        "witness": "cosigned" if reader.cosigns(shown.asked) else "refused",
        "ledger verify": reader.ours(shown.proof, shown.joining),
        "verify.py": reader.court(shown.proof, shown.joining),
    }


def campaign(tries: int = TRIES) -> dict[str, dict[str, Counter[str]]]:
    """What each said of every lie, counted."""
    found: dict[str, dict[str, Counter[str]]] = {}
    with TemporaryDirectory() as folder:
        for liar in LIARS:
            counted = found.setdefault(liar, {})
            for seed in range(tries):
                for who, said in attempt(liar, seed, Path(folder)).items():
                    counted.setdefault(who, Counter())[said] += 1
    return found


MISSED: Final = {"cosigned", "holds", "cannot-tell"}
"""What does not count as caught."""


def caught(said: Counter[str]) -> int:
    """How many lies."""
    return sum(count for word, count in said.items() if word not in MISSED)


def measure() -> list[dict[str, Any]]:
    """All of it, shown."""
    figures = []
    for liar, by in campaign().items():
        lines = [
            Line(
                who,
                caught(said),
                f"of {TRIES}",
                ", ".join(f"{word} {n}" for word, n in said.most_common()),
                caught(said) == TRIES,
            )
            for who, said in by.items()
        ]
        show(liar, lines)
        figures += [{"what": liar, "by": who, "said": dict(said)} for who, said in by.items()]
    return figures
