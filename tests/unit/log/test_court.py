"""The one-file verifier: it says what the product's own says, and what was done to a file, a chain or a log."""

from __future__ import annotations

import ast
import json
import random
import runpy
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.errors import ProofError
from ledger.log.checkpoint import Checkpoint, NoteKey
from ledger.log.cosignature import CosigningKey, OpenNote
from ledger.log.errors import CannotTell
from ledger.log.key_history import KeyHistory, KeyPeriod
from ledger.log.merkle import (
    consistency_proof,
    inclusion_proof,
    is_whole,
    leaf_hash,
    root,
    roots_from_consistency,
)
from ledger.log.pin import pin_text, read_pin
from ledger.log.policy import Policy
from ledger.log.proof import AnchorReceipt, Note, Proof
from ledger.log.sealed import SealedProof, verify_file
from ledger.services.field_disclosure import disclose
from ledger.services.hold_pin import hold_to_pin
from ledger.services.prove import prove
from ledger.services.witness import Offer
from tests.builders import TENANT, note_key
from tests.rig import Rig
from tests.unit.log.test_disclosure import held as held  # noqa: PLC0414 - a fixture

FILE = Path(str(files("ledger.data") / "court" / "verify.py"))
COURT = runpy.run_path(str(FILE))
KEY = note_key()
Judge = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(f"sqlite:///{tmp_path_factory.mktemp('court') / 'ledger.db'}")))
    for count in (6, 5):
        rig.take(count)
        for _ in range(2):
            rig.round()
    yield rig
    rig.database.engine.dispose()


@pytest.fixture(scope="module")
def proof(rig: Rig) -> Proof:
    return prove(rig.entries, rig.checkpoints, 4, size=11)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Verdicts on files, by an interpreter that has the standard library and nothing else."""

    def run(
        *proofs: bytes,
        key: str | None = str(KEY.verifier),
        pinned: tuple[Any, ...] = (),
        joined: str = "",
        keys: str = "",
    ) -> Any:
        names, line = [], [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), "--json"]
        (tmp_path / "verify.py").write_bytes(FILE.read_bytes())
        for number, data in enumerate(proofs):
            names.append(f"{number}.json")
            (tmp_path / names[-1]).write_bytes(data)
        for number, kept in enumerate(pinned):
            (tmp_path / f"kept-{number}").write_bytes(kept if isinstance(kept, bytes) else kept.encode())
            line += ["--pinned", f"kept-{number}"]
        if joined:
            (tmp_path / "joined").write_text(joined, encoding="utf-8")
            line += ["--consistency", "joined"]
        if keys:
            (tmp_path / "keys").write_text(keys, encoding="utf-8")
            line += ["--keys", "keys"]
        line += ["--key", key] if key else []
        done = subprocess.run([*line, *names], cwd=tmp_path, check=False, capture_output=True, timeout=120)
        said = [json.loads(row) for row in done.stdout.splitlines()]
        assert [row["file"] for row in said] == names, done.stderr
        codes = {row["code"] for row in said}
        assert done.returncode == (1 if 1 in codes else max(codes))
        assert all(row["en"] and row["zh"] for row in said)
        return said

    return run


def ours(data: bytes, pinned: Checkpoint | None = None) -> int:
    """What ``ledger verify`` makes of the same file."""
    try:
        verify_file(data, key=KEY.verifier, pinned=pinned)
    except CannotTell:
        return 2
    except ProofError:
        return 1
    return 0


def signed(receipt: AnchorReceipt) -> str:
    return KEY.sign(receipt.text)


# ---------------------------------------------------------------- alone


def test_it_imports_the_standard_library_alone() -> None:
    """Every import is of a module that comes with Python."""
    tree = ast.parse(FILE.read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_its_signatures_are_those_of_rfc_8032() -> None:
    """RFC 8032, 7.1, tests 1 to 3: public key, message, signature; and none of them for another message."""
    verified = COURT["signed_by"]
    vectors = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ]
    order = 2**252 + 27742317777372353535851937790883648493
    for public, message, signature in (tuple(map(bytes.fromhex, one)) for one in vectors):
        assert verified(public, message, signature)
        assert not verified(public, message + b"\0", signature)
        again = int.from_bytes(signature[32:], "little") + order  # 5.1.7: S must be below the order
        assert not verified(public, message, signature[:32] + again.to_bytes(32, "little"))


def test_its_signatures_are_those_of_the_library() -> None:
    """20 seeded keys and messages: what the library signs holds, and with one bit changed anywhere it does not."""
    verified, chance = COURT["signed_by"], random.Random(8032)
    for _ in range(20):
        key, message = (
            Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)),
            chance.randbytes(chance.randrange(200)),
        )
        parts = [key.public_key().public_bytes_raw(), message + b"!", key.sign(message + b"!")]
        assert verified(*parts)
        which = chance.randrange(3)
        changed = bytearray(parts[which])
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        parts[which] = bytes(changed)
        assert not verified(*parts)


def test_what_a_file_says_cannot_move_the_cursor() -> None:
    """Escapes, line feeds and marks that turn writing round are shown as question marks; words stay."""
    legible = COURT["legible"]
    assert legible("a\x1b[2J\nb\x9b\u202ec\u2066 中文 é") == "a?[2J?b??c? 中文 é"


# ---------------------------------------------------------------- what holds


def test_what_holds(judge: Judge, proof: Proof, rig: Rig, held: Any) -> None:
    """Whole and sealed, with receipt and without, by key, by a pin file, by a bare checkpoint."""
    sealed, bare = SealedProof.of(proof), replace(proof, receipt_note="")
    whole = [proof.to_bytes(), sealed.to_bytes(), bare.to_bytes()]
    pin = f"{KEY.verifier}\n\n{proof.checkpoint_note}"
    for said in (
        *judge(*whole),
        *judge(*whole, key=None, pinned=(pin,)),
        *judge(*whole, key=None, pinned=(proof.checkpoint_note,)),
        *judge(*whole, pinned=(proof.to_bytes(), proof.receipt_note)),
    ):
        assert (said["verdict"], said["code"], said["entry"], said["size"]) == ("holds", 0, 4, 11), said
    cosigned = CosigningKey("witness.example/w1", KEY.private).line(Note.parse(proof.checkpoint_note), 1)
    assert judge(whole[0], pinned=(proof.checkpoint_note + cosigned,))[0]["verdict"] == "holds"
    assert [ours(data, proof.checkpoint) for data in whole] == [0, 0, 0]
    ledger, _, opening = held
    shown = disclose(ledger, TENANT, opening, ["/inputs/0"]).to_bytes()
    (said,) = judge(shown, key=str(ledger.note_key.verifier))
    assert (said["verdict"], said["fields"]) == ("holds", {"/inputs/0/amount_kg": "3.25", "/inputs/0/name": "copper"})
    changed = shown.replace(b'"value":"copper"', b'"value":"silver"')
    assert judge(changed, key=str(ledger.note_key.verifier))[0]["what"] == "fields"


def test_what_it_cannot_tell(judge: Judge, proof: Proof) -> None:
    """Nothing trusted, a checkpoint of another size, a pin that is not signed by the key, a key that is none."""
    data, other = proof.to_bytes(), KEY.sign(replace(proof.checkpoint, size=12, root=bytes(32)).text)
    stranger = note_key(seed=2).sign(proof.checkpoint.text)
    for said in (
        *judge(data, key=None),
        *judge(data, pinned=(other,)),
        *judge(data, key=None, pinned=(other,)),
        *judge(data, pinned=(stranger,)),
        *judge(data, key="nonsense"),
    ):
        assert (said["verdict"], said["code"]) == ("cannot-tell", 2), said


# ---------------------------------------------------------------- tampering


def tamperings(data: bytes, chance: random.Random, each: int) -> Iterator[tuple[str, bytes]]:
    """Every field changed so many times: a character of its text, a digit, an item; the file in its one form again."""
    for name in json.loads(data):
        for _ in range(each):
            said = json.loads(data)
            value = said[name]
            if isinstance(value, int):
                said[name] = chance.choice([value + 1, value - 1, value ^ 1 << chance.randrange(8), -value - 1, 2**64])
            elif isinstance(value, list):
                at = chance.randrange(len(value))
                changes = [
                    value[:at] + value[at + 1 :],
                    [*value, value[at]],
                    [*value[:at], _other(value[at], chance), *value[at + 1 :]],
                    value[::-1],
                ]
                said[name] = chance.choice(changes)
            elif name == "body":
                body = bytearray(b64decode(value))
                body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
                said[name] = b64encode(body).decode()
            else:
                said[name] = _other(value, chance)
            yield name, json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _other(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice([c for c in "0123456789abcdefXYZ+/ =\n" if c != text[at]]) + text[at + 1 :]


def test_a_hundred_tamperings_and_more_of_every_field(judge: Judge, proof: Proof) -> None:
    """12 seeded changes of each of the 15 fields of a whole and a sealed proof: refused by both, never undecided."""
    chance = random.Random(20260727)
    made = [*tamperings(proof.to_bytes(), chance, 12), *tamperings(SealedProof.of(proof).to_bytes(), chance, 12)]
    assert len(made) == 15 * 12
    said = judge(*(data for _, data in made))
    assert [(name, row["code"], row["verdict"]) for (name, _), row in zip(made, said, strict=True)] == [
        (name, 1, "tampered") for name, _ in made
    ]
    assert [ours(data) for _, data in made] == [1] * len(made)


def test_bytes_changed_left_out_and_put_in(judge: Judge, proof: Proof) -> None:
    """150 seeded changes of bytes: what is said is what the product's verifier says."""
    data, chance = proof.to_bytes(), random.Random(6962)
    made = [data + b"\n", data[:-1], b" " + data, b"", b"\n", b"{}\n", b"[]\n", b"[" * 9_000 + b"\n"]
    for _ in range(50):
        at = chance.randrange(len(data))
        made += [
            data[:at] + data[at + 1 :],
            data[:at] + b" " + data[at:],
            data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :],
        ]
    assert [row["code"] for row in judge(*made)] == [ours(one) for one in made] == [1] * len(made)


def test_it_says_what_was_tampered_with(judge: Judge, proof: Proof) -> None:
    """The record, the place, the path, the checkpoint, who signed it, the receipt, the form."""
    receipt = proof.receipt
    assert receipt is not None
    body = proof.entry.body.replace(b"leg-4", b"leg-5")
    stranger = note_key(seed=2)
    other = replace(proof.checkpoint, root=bytes(32))
    zeros = b64encode(bytes(32)).decode()
    root_text = proof.checkpoint.text.split("\n")[2]
    cases = {
        "record": replace(proof, entry=replace(proof.entry, body=body)),
        "place": replace(proof, entry=replace(proof.entry, index=11)),
        "path": replace(proof, path=proof.path[1:]),
        "checkpoint": replace(proof, checkpoint_note=proof.checkpoint_note.replace(root_text, zeros)),
        "signature": replace(proof, checkpoint_note=stranger.sign(proof.checkpoint.text)),
        "receipt": replace(proof, receipt_note=signed(replace(receipt, checkpoint=other))),
        "form": replace(proof, entry=replace(proof.entry, salt=proof.entry.salt[1:])),
    }
    said = judge(*(one.to_bytes() for one in cases.values()))
    assert [row["what"] for row in said] == [*cases]
    assert {row["verdict"] for row in said} == {"tampered"}


# ---------------------------------------------------------------- a chain rewritten, a log forked


def test_a_forked_log(judge: Judge, proof: Proof) -> None:
    """Two checkpoints of one size, both signed: shown to whoever kept the other one, whichever way it was kept."""
    other = KEY.sign(replace(proof.checkpoint, root=bytes(32)).text)
    pin = f"{KEY.verifier}\n\n{other}"
    for data in (proof.to_bytes(), SealedProof.of(proof).to_bytes()):
        assert [judge(data, pinned=(one,))[0]["verdict"] for one in (other, pin)] == ["forked", "forked"]
        assert judge(data, key=None, pinned=(pin,))[0]["code"] == 1
        assert ours(data, Checkpoint.parse(Note.parse(other).text)) == 1
    (said,) = judge(proof.to_bytes(), key=None, pinned=(other,))
    assert (said["verdict"], said["what"]) == ("tampered", "checkpoint")


def test_a_forking_operator_is_caught_in_100_of_100_tries(judge: Judge, proof: Proof) -> None:
    """100 seeded other histories of the same size, whole in themselves and signed: each holds for who kept nothing."""
    files_of_forks = []
    for seed in range(100):
        chance = random.Random(seed)
        leaves = [chance.randbytes(32) for _ in range(11)]
        index = chance.randrange(11)
        note = KEY.sign(replace(proof.checkpoint, root=root(leaves)).text)
        path = tuple(inclusion_proof(leaves, index))
        files_of_forks.append(SealedProof(index, leaves[index], path, note, "").to_bytes())
    assert [row["verdict"] for row in judge(*files_of_forks)] == ["holds"] * 100
    assert [row["verdict"] for row in judge(*files_of_forks, pinned=(proof.checkpoint_note,))] == ["forked"] * 100


def test_a_rewritten_chain(judge: Judge, proof: Proof, rig: Rig) -> None:
    """A receipt that was kept and one that is shown cannot both be of one chain: 100 seeded pairs, none passes."""
    receipt = proof.receipt
    assert receipt is not None
    root, chance = bytes(32), random.Random(7)
    rewritten: list[Proof] = []
    for _ in range(20):
        a_hash = "0x" + chance.randbytes(32).hex()
        rewritten += [
            replace(proof, receipt_note=signed(one))
            for one in (
                replace(receipt, block_hash=a_hash),
                replace(receipt, transaction=a_hash),
                replace(receipt, block_number=receipt.block_number + chance.randrange(1, 99)),
                replace(receipt, block_time=receipt.block_time - chance.randrange(1, 99)),
                replace(receipt, contract="0x" + chance.randbytes(20).hex()),
            )
        ]
    files = [one.to_bytes() for one in rewritten]
    assert {row["verdict"] for row in judge(*files[:5])} == {"holds"}
    assert [row["verdict"] for row in judge(*files, pinned=(proof.receipt_note,))] == ["rewritten"] * 100
    assert {row["verdict"] for row in judge(*files[:5], pinned=(SealedProof.of(proof).to_bytes(),))} == {"rewritten"}
    # another root at the same size, on the same contract, which holds one root a size
    forked = signed(replace(receipt, checkpoint=replace(proof.checkpoint, root=root), block_hash="0x" + "ab" * 32))
    assert judge(proof.to_bytes(), pinned=(forked,))[0]["verdict"] == "rewritten"
    # a smaller size that was anchored later than a larger one
    early = prove(rig.entries, rig.checkpoints, 4, size=6)
    assert early.receipt is not None
    late = replace(early, receipt_note=signed(replace(early.receipt, block_number=receipt.block_number + 1)))
    assert judge(late.to_bytes(), pinned=(proof.receipt_note,))[0]["verdict"] == "rewritten"


# ---------------------------------------------------------------- two sizes


def leaves_from(seed: int, shared: int = 0) -> list[bytes]:
    """13 leaves; histories of two seeds have the first ``shared`` in common."""
    common, own = random.Random(0), random.Random(seed)
    return [(common if at < shared else own).randbytes(32) for at in range(13)]


def note_of(leaves: list[bytes], size: int, key: NoteKey = KEY) -> str:
    return key.sign(Checkpoint(key.name, size, root(leaves[:size])).text)


def shown(leaves: list[bytes], size: int, index: int = 3) -> bytes:
    path = tuple(inclusion_proof(leaves[:size], index))
    return SealedProof(index, leaves[index], path, note_of(leaves, size), "").to_bytes()


def joins(leaves: list[bytes], old: int, size: int, key: NoteKey = KEY) -> str:
    return Offer.body(old, consistency_proof(leaves[:size], old), note_of(leaves, size, key))


def two_sizes(old: int, size: int) -> dict[str, tuple[bytes, str, str, str, str]]:
    """By name: what is shown, what was kept, what joins them; what this file and ``ledger verify`` must say."""
    true, false = leaves_from(1), leaves_from(2)
    good = joins(true, old, size)
    first = good.split("\n")[1]
    whole = is_whole(old)
    forked = ("forked", "proof.pin")
    parted = ("not-extended", "proof.not-extended") if whole else forked
    damaged = ("not-extended", "proof.not-extended") if whole else ("tampered", "proof.consistency")
    too_few = ("tampered", "proof.consistency")
    unknown = ("cannot-tell", "proof.cannot-tell")
    strange = joins(true, old, size, replace(note_key(seed=2), name=KEY.name))
    same = {
        "pin of the same size": (shown(true, size), note_of(true, size), "", "holds", ""),
        "pin of the same size, a joining file that is none": (shown(true, size), note_of(true, size), "x", "holds", ""),
        "forked at the same size": (shown(false, size), note_of(true, size), "", *forked),
        "pin of an empty log": (shown(true, size), note_of(true, 0), good, *unknown),
        "pin of another log": (shown(true, size), note_of(true, size, replace(KEY, name="x.example")), "", *unknown),
    }
    found = dict(same)
    for name, at, kept in (("older", size, old), ("newer", old, size)):
        proof, pin = shown(true, at), note_of(true, kept)
        by_lie, by_truth = (parted, forked) if kept == old else (forked, parted)
        lie = shown(false, at)
        found |= {
            f"pin {name}": (proof, pin, "", *unknown),
            f"pin {name}, joined": (proof, pin, good, "holds", ""),
            f"pin {name}, other sizes joined": (proof, pin, joins(true, old - 1, size), *unknown),
            f"pin {name}, a hash changed": (proof, pin, good.replace(first, b64encode(bytes(32)).decode()), *damaged),
            f"pin {name}, a hash too few": (proof, pin, good.replace(f"{first}\n", ""), *too_few),
            f"pin {name}, a short hash": (proof, pin, good.replace(first, "AAAA"), "tampered", "proof.malformed"),
            f"pin {name}, joined by a stranger": (proof, pin, strange, "tampered", "proof.signature"),
            f"pin {name}, no joining file": (proof, pin, "old 1", "tampered", "proof.malformed"),
            f"rewritten, pin {name}": (lie, pin, "", *unknown),
            f"rewritten, pin {name}, joined by the lie": (lie, pin, joins(false, old, size), *by_lie),
            f"rewritten, pin {name}, joined by the truth": (lie, pin, good, *by_truth),
        }
    return found


@pytest.mark.parametrize(("old", "size"), [(6, 11), (8, 13), (7, 8)])
def test_proof_and_pin_of_every_pair_of_sizes(old: int, size: int) -> None:
    """
    Good, rewritten, forked, damaged; the pin older, newer, of the same size: one right word each, in both verifiers.

    From 8 on, a consistency proof cannot show the beginning of the larger log: there the word leaves both open.
    """
    for name, (data, kept, joining, court, code) in two_sizes(old, size).items():
        pin = pin_text(KEY.verifier, kept) if "another log" not in name else kept
        said = in_court(data, pin, joining)
        assert said["verdict"] == court, (name, said)
        assert held_to(data, pin, joining) == code, name
        assert COURT["VERDICTS"][court][0] == {"": 0, "proof.cannot-tell": 2}.get(code, 1), name


def in_court(data: bytes, kept: str, joining: str, **more: Any) -> dict[str, Any]:
    """What the file says, in this process."""
    pins = [kept.encode()] if kept else []
    try:
        trust = COURT["Trust"](COURT["Key"].read(str(KEY.verifier)), pins, joining or None, **more)
    except COURT["Verdict"] as why:
        return {"verdict": "cannot-tell", "what": "trust", "en": str(why)}
    said: dict[str, Any] = COURT["judge"](data, trust)
    return said


def held_to(data: bytes, kept: str, joining: str) -> str:
    """The code of what ``ledger verify --pinned --consistency`` says of the same; empty when it holds."""
    try:
        pin = read_pin(kept, KEY.verifier)
    except ProofError:
        return CannotTell.code
    try:
        hold_to_pin(verify_file(data, key=KEY.verifier).checkpoint, pin.checkpoint, joining or None, KEY.verifier)
    except ProofError as error:
        return error.code
    return ""


def test_what_is_not_signed_is_tampered_and_not_forked(judge: Judge) -> None:
    """By a checkpoint alone, without the log's key, nobody can be said to have signed two histories."""
    true, false = leaves_from(1), leaves_from(2)
    for data, kept, joining in (
        (shown(false, 11), note_of(true, 11), ""),
        (shown(false, 11), note_of(true, 6), joins(false, 6, 11)),
        (shown(false, 11), note_of(true, 8), joins(false, 8, 11)),
    ):
        assert judge(data, key=None, pinned=(kept,), joined=joining)[0]["verdict"] == "tampered"


def test_its_consistency_is_that_of_the_product() -> None:
    """Every pair of sizes up to 40: its own algorithm, from the standard's text, takes the right proof and no other."""
    court = COURT
    leaves = [leaf_hash(bytes([n])) for n in range(40)]
    for size in range(2, 41):
        new = court["Checkpoint"]("o", size, root(leaves[:size]))
        for old in range(1, size):
            path = consistency_proof(leaves[:size], old)
            small = court["Checkpoint"]("o", old, root(leaves[:old]))
            both = small.root, new.root
            assert court["roots"](small, new, path) == both == roots_from_consistency(old, small.root, size, path)
            assert court["roots"](small, new, [*path, path[0]] if path else [leaves[0]]) != both
            assert court["roots"](small, new, path[:-1]) != both
            other = court["roots"](small._replace(root=leaves[-1]), new, path)
            assert (other == both) is not is_whole(old)


# ---------------------------------------------------------------- keys in force


OWNER, ELSE = bytes([1]) * 32, bytes([2]) * 32


def keys(start: int = 1, until: int | None = None, *more: KeyPeriod, lost: bool = False) -> str:
    """A history in which the log's key is in force for these sizes."""
    own = KeyPeriod(OWNER, KEY.verifier.public, start, until, lost)
    return KeyHistory.of(1981, "0x" + "c5" * 20, 105, [own, *more]).text


def by_keys(data: bytes, history: str, kept: str = "", joining: str = "", policy: str = "") -> tuple[str, str]:
    """What this file says of a proof by a history, and the code of what ``ledger verify --keys`` says."""
    court = COURT["Policy"](policy) if policy else None
    said = in_court(data, kept, joining, history=COURT["KeyHistory"](history), policy=court)
    try:
        proof = verify_file(data, key=KEY.verifier)
        assert isinstance(proof, SealedProof)
        if kept:
            hold_to_pin(proof.checkpoint, read_pin(kept, KEY.verifier).checkpoint, joining or None, KEY.verifier)
        found, size = KeyHistory.parse(history), proof.checkpoint.size
        held = bool(kept) and proof.index < read_pin(kept).checkpoint.size
        found.require(KEY.verifier.public, size, kept=held)
        if policy:
            counts = lambda public: found.vouches(public, size)  # noqa: E731
            Policy.parse(policy).require(proof.checkpoint_note, proof.cosignatures, counts)
    except ProofError as error:
        return said["verdict"], error.code
    return said["verdict"], ""


def test_a_key_signs_the_sizes_it_is_in_force_for() -> None:
    """Before, within, beyond; replaced, reported lost with a checkpoint that was kept and without; not on record."""
    leaves = leaves_from(1)
    data, good = shown(leaves, 11), joins(leaves, 6, 11)
    holds, gone = ("holds", ""), ("not-in-force", "proof.key-not-in-force")
    unknown = ("cannot-tell", "proof.cannot-tell")
    later = KeyPeriod(OWNER, bytes([7]) * 32, 12, None, lost=False)
    assert by_keys(data, keys()) == by_keys(data, keys(11, 12, later)) == holds
    for start, until in ((12, None), (1, 11), (1, 1), (6, 6)):
        assert by_keys(data, keys(start, until)) == gone
        assert by_keys(data, keys(start, until, lost=True), note_of(leaves, 11)) == gone
    lost = keys(1, 12, lost=True)
    assert by_keys(data, lost) == unknown
    assert by_keys(data, lost, note_of(leaves, 11)) == holds
    assert by_keys(data, lost, note_of(leaves, 6), good) == holds
    beyond = shown(
        leaves, 11, 8
    )  # an entry that the kept checkpoint does not cover: whoever has the key may have made it
    assert by_keys(beyond, lost, note_of(leaves, 6), good) == unknown
    assert by_keys(data, keys().replace(KEY.verifier.public.hex(), "00" * 32)) == unknown


def test_a_witness_whose_key_was_replaced_or_lost_does_not_count() -> None:
    """A policy is the reader's own; the organisations' history takes away from it and adds nothing."""
    one, two = (
        CosigningKey(f"w{at}.example/w", Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32)) for at in (1, 2)
    )
    policy = f"witness a {one.public}\nwitness b {two.public}\ngroup g 2 a b\nquorum g\n"
    leaves = leaves_from(1)
    plain = SealedProof.from_bytes(shown(leaves, 11))
    note = OpenNote.parse(plain.checkpoint_note)
    data = replace(plain, cosignatures=one.line(note, 7) + two.line(note, 8)).to_bytes()
    for start, until, lost, said in (
        (1, None, False, ("holds", "")),
        (12, None, False, ("unwitnessed", "proof.policy")),
        (1, 11, False, ("unwitnessed", "proof.policy")),
        (1, 12, True, ("unwitnessed", "proof.policy")),
    ):
        period = KeyPeriod(ELSE, two.public.public, start, until, lost)
        assert by_keys(data, keys(1, None, period), policy=policy) == said
    assert by_keys(data, keys(), policy=policy) == ("holds", "")


def test_a_history_has_one_form(judge: Judge) -> None:
    """Read back as it was written; anything else is read by neither, and the command says that it cannot tell."""
    text = keys(1, 5, KeyPeriod(ELSE, bytes(32), 3, None, lost=True))
    assert KeyHistory.parse(text).text == text
    COURT["KeyHistory"](text)
    line = text.splitlines()[-1] + "\n"
    for wrong in (
        "", text[:-1], text + "\n", text + line, text.replace(" 5", " 05"), text.replace(" -", " x"), text + "key\n",
        text.replace("lost", "Lost"), text.replace("keys/1", "keys/2"), text.replace("\n", "\r\n"), text + " " * 10**6,
        text.replace("block 105\n", ""), text.replace("0x", ""), text.replace("key 01", "key  01"),
    ):  # fmt: skip
        with pytest.raises(ProofError):
            KeyHistory.parse(wrong)
        with pytest.raises(COURT["Verdict"]):
            COURT["KeyHistory"](wrong)
    data = shown(leaves_from(1), 11)
    for history, said in ((keys(), "holds"), (keys(1, 11), "not-in-force"), (text[:-1], "cannot-tell")):
        assert judge(data, keys=history)[0]["verdict"] == said
