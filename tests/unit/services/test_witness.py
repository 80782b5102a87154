"""A witness: the answers of C2SP tlog-witness one by one, and no log that forks, lies or goes back is ever cosigned."""

from __future__ import annotations

import random
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.adapters.witness_store import WitnessFile
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import CosigningKey, OpenNote, cosigned_message
from ledger.log.errors import ProofMalformed, SignatureMismatch
from ledger.log.merkle import EMPTY_ROOT, consistency_proof, leaf_hash, root
from ledger.log.tiles import Growth, Place, TileReader
from ledger.services.witness import LARGEST_REQUEST, SIZE_TYPE, Answer, Offer, Witness, WitnessedHead
from tests.builders import ORIGIN, SteppingClock, note_key

LOG, OTHER = note_key(), note_key("other.example/log", 3)
KEY = CosigningKey("witness.example/w1", Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x07"))
LEAVES = [leaf_hash(f"entry {n}".encode()) for n in range(64)]
FORKED = [*LEAVES[:5], *(leaf_hash(f"another {n}".encode()) for n in range(5, 64))]

# c2sp.org/tlog-cosignature: the published example; its key is not published, its framing and message are
COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501
# c2sp.org/tlog-witness: the published request
REQUEST = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501


@pytest.fixture
def store(tmp_path: Path) -> WitnessFile:
    return WitnessFile(tmp_path / "witness.db")


@pytest.fixture
def witness(store: WitnessFile) -> Witness:
    return Witness(KEY, {ORIGIN: LOG.verifier}, store, SteppingClock())


def note(size: int, leaves: list[bytes] = LEAVES, extension: str = "") -> str:
    return LOG.sign(Checkpoint(ORIGIN, size, root(leaves[:size])).text + extension)


def offer(old: int, size: int, leaves: list[bytes] = LEAVES) -> str:
    path = consistency_proof(leaves[:size], old) if 0 < old <= size else []
    return Offer.body(old, path, note(size, leaves))


# ---------------------------------------------------------------- published examples


def test_the_published_cosignature_is_read() -> None:
    """Lines of two types; the second has a key hash, the published time and 64 bytes; the message is as published."""
    found = OpenNote.parse(COSIGNED)
    assert [len(line.signature) for line in found.lines] == [64, 72]
    line = found.lines[1]
    assert (line.name, line.key_hash.hex()) == ("witness.example.com/w1", "8d66cf3f")
    assert int.from_bytes(line.signature[:8]) == 1679315147
    assert found.checkpoint.size == 20852163
    assert cosigned_message(found.text, 1679315147).decode() == (
        "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


def test_the_published_request_is_read(witness: Witness) -> None:
    """Its size, its four hashes, its checkpoint; the log is not one of this witness's."""
    read = Offer.parse(REQUEST)
    assert (read.old, len(read.path), read.note.checkpoint.origin) == (20852014, 4, "example.com/behind-the-sofa")
    assert Offer.body(read.old, read.path, read.text) == REQUEST
    assert witness.add_checkpoint(REQUEST) == Answer(404)


# ---------------------------------------------------------------- what is signed


def test_a_cosignature_is_what_the_specification_says(witness: Witness) -> None:
    """The line taken apart by hand: key hash over type 4, time, a signature over the message with the whole text."""
    shown = note(3, extension="an extension line\n")
    answer = witness.add_checkpoint(Offer.body(0, [], shown))
    assert (answer.status, answer.body[-1]) == (200, "\n")
    dash, name, encoded = answer.body[:-1].split(" ")
    raw, public = b64decode(encoded), KEY.private.public_key().public_bytes_raw()
    assert (dash, name, len(raw)) == ("\u2014", KEY.name, 4 + 8 + 64)
    assert raw[:4] == sha256(KEY.name.encode() + b"\n\x04" + public).digest()[:4]
    time, text = int.from_bytes(raw[4:12]), shown.rpartition("\n\n")[0] + "\n"
    message = f"cosignature/v1\ntime {time}\n{text}".encode()
    Ed25519PublicKey.from_public_bytes(public).verify(raw[12:], message)
    both = OpenNote.parse(shown + answer.body)
    assert KEY.public.time_of(both) == time == int(SteppingClock().now().timestamp())
    assert both.signed_by(LOG.verifier)
    with pytest.raises(SignatureMismatch):
        KEY.public.time_of(OpenNote.parse(shown))
    with pytest.raises(SignatureMismatch):
        KEY.public.time_of(OpenNote.parse((shown + answer.body).replace("an extension", "no extension")))
    assert str(KEY.public).startswith(f"{KEY.name}+{raw[:4].hex()}+B")
    assert "07" not in repr(KEY)


# ---------------------------------------------------------------- the answers


def test_a_log_that_grows_is_cosigned(witness: Witness, store: WitnessFile) -> None:
    """From nothing, step by step, the same again; every pair of sizes up to 24."""
    for size in range(1, 25):
        for again in (size - 1, size):
            assert witness.add_checkpoint(offer(again, size)).status == 200
        assert store.head(ORIGIN) == WitnessedHead(size, root(LEAVES[:size]))
    for old in range(1, 24):
        fresh = Witness(KEY, witness.logs, WitnessFile(store.path.with_name(f"{old}.db")), witness.clock)
        assert fresh.add_checkpoint(offer(0, old)).status == 200
        assert fresh.add_checkpoint(offer(old, 24)).status == 200


def test_the_answers_of_the_specification(witness: Witness, store: WitnessFile) -> None:
    """400, 403, 404, 409 and 422, each for its reason; none of them moves the head."""
    assert witness.add_checkpoint(offer(0, 8)).status == 200
    text = Checkpoint(ORIGIN, 9, root(LEAVES[:9])).text
    proof = consistency_proof(LEAVES[:9], 8)
    stranger, foreign = note_key(seed=9).sign(text), OTHER.sign(Checkpoint(OTHER.name, 9, root(LEAVES[:9])).text)
    size_8 = Answer(409, "8\n", SIZE_TYPE)
    cases: list[tuple[str, Answer]] = [
        (Offer.body(8, proof, stranger), Answer(403)),
        (Offer.body(8, proof, foreign), Answer(404)),
        (Offer.body(9, [], note(8)), Answer(400)),  # the old size above the new
        (Offer.body(0, [], note(9)), size_8),  # not where the witness is
        (Offer.body(7, consistency_proof(LEAVES[:9], 7), note(9)), size_8),
        (Offer.body(7, [], note(7)), size_8),  # back
        (Offer.body(8, [], note(8, FORKED)), size_8),  # the same size, another root
        (Offer.body(8, [], note(9)), Answer(422)),
        (Offer.body(8, [*proof, proof[0]], note(9)), Answer(422)),
        (Offer.body(8, proof, note(8)), Answer(422)),  # the same size needs no proof
        (Offer.body(8, consistency_proof(FORKED[:9], 8), note(9, FORKED)), Answer(422)),
        (offer(8, 9).replace("old 8", "old 08"), Answer(400)),
        (offer(8, 9).replace("old 8", "old -8"), Answer(400)),
        (offer(8, 9).replace("old 8", f"old {2**64}"), Answer(400)),
        (offer(8, 9).replace("old 8\n", "old 8\r\n"), Answer(400)),
        (offer(8, 9)[4:], Answer(400)),
        (Offer.body(8, [bytes(31)], note(9)), Answer(400)),
        (Offer.body(8, [bytes(32)] * 64, note(9)), Answer(400)),
        (offer(8, 9).rstrip("\n"), Answer(400)),
        ("", Answer(400)),
        ("old 0\n\n", Answer(400)),
        (offer(8, 9) + "x" * LARGEST_REQUEST, Answer(400)),
    ]
    for body, answer in cases:
        assert witness.add_checkpoint(body) == answer, body[:200]
        assert store.head(ORIGIN).size == 8
    assert len(store.refused(ORIGIN)) == 4  # of 8: the fork, and the true one with a proof; of 9: the same
    assert witness.add_checkpoint(offer(8, 9)).status == 200


def test_signatures_of_others_count_for_nothing(witness: Witness) -> None:
    """A witness's line, a line of an unknown type and a false line of the log's name beside the log's own."""
    shown = note(2)
    more = KEY.line(OpenNote.parse(shown), 5) + f"\u2014 some.example/x {b64encode(bytes(2432)).decode()}\n"
    false = note_key(seed=9).sign(Checkpoint(ORIGIN, 2, root(LEAVES[:2])).text).rpartition("\n\n")[2]
    assert witness.add_checkpoint(Offer.body(0, [], shown + more + false)).status == 200
    assert witness.add_checkpoint(Offer.body(2, [], shown.rpartition("\n\n")[0] + "\n\n" + more + false)).status == 403
    for wrong in ("\u2014 a+b AAAAAAAA\n", "\u2014 a AAAA\n", "\u2014 a AAAAAAA\n", "- a AAAAAAAA\n", "\n"):
        with pytest.raises(ProofMalformed):
            OpenNote.parse(shown + wrong)


# ---------------------------------------------------------------- forks, lies, races


def test_no_fork_and_no_way_back_is_cosigned_in_100_seeded_tries(tmp_path: Path) -> None:
    """After a true head: another history from any place on, with any proof; a smaller tree; a proof with a lie."""
    caught = 0
    for seed in range(100):
        chance = random.Random(seed)
        witness = Witness(KEY, {ORIGIN: LOG.verifier}, WitnessFile(tmp_path / f"{seed}.db"), SteppingClock())
        held = chance.randrange(2, 40)
        assert witness.add_checkpoint(offer(0, held)).status == 200
        at, size = chance.randrange(held), chance.randrange(held + 1, 64)
        fork = [*LEAVES[:at], *(leaf_hash(chance.randbytes(8)) for _ in range(at, 64))]
        honest = consistency_proof(LEAVES[:size], held)
        lie = [*honest]
        lie[chance.randrange(len(lie))] = chance.randbytes(32)
        tries = [
            Offer.body(held, consistency_proof(fork[:size], held), note(size, fork)),
            Offer.body(held, honest, note(size, fork)),
            Offer.body(held, [], note(held, fork)),
            Offer.body(at, consistency_proof(fork[:size], at) if at else [], note(size, fork)),
            Offer.body(held, lie, note(size)),
            Offer.body(held - 1, [], note(held - 1)),
        ]
        caught += all(witness.add_checkpoint(body).status in {409, 422} for body in tries)
        assert witness.store.head(ORIGIN) == WitnessedHead(held, root(LEAVES[:held]))
    assert caught == 100


def test_a_race_cannot_bring_the_head_back(witness: Witness, store: WitnessFile) -> None:
    """The race that the specification tells: both were checked against the same head, the larger was first."""
    assert witness.add_checkpoint(offer(0, 4)).status == 200

    class Late(WitnessFile):
        def head(self, origin: str) -> WitnessedHead:
            found = WitnessFile.head(self, origin)
            if found.size == 4:
                assert witness.add_checkpoint(offer(4, 20)).status == 200
            return found

    late = Witness(KEY, witness.logs, Late(store.path), witness.clock)
    assert late.add_checkpoint(offer(4, 6)) == Answer(409, "20\n", SIZE_TYPE)
    assert store.head(ORIGIN) == WitnessedHead(20, root(LEAVES[:20]))


def test_of_many_at_once_one_is_cosigned(witness: Witness, store: WitnessFile) -> None:
    """Sixteen requests from the same head to sixteen sizes, in threads: one 200, and the head is that one's."""
    assert witness.add_checkpoint(offer(0, 4)).status == 200
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda size: witness.add_checkpoint(offer(4, size)).status, range(10, 26)))
    assert sorted(answers) == [200] + [409] * 15
    assert store.head(ORIGIN).size == 10 + answers.index(200)


# ---------------------------------------------------------------- looking


def tiles_of(leaves: list[bytes]) -> Callable[[int], TileReader]:
    growth = Growth(0, lambda _: {})
    growth.add(leaves)
    stored = growth.finish()

    def of(_: int) -> TileReader:
        def read(places: Sequence[Place]) -> Mapping[Place, bytes]:
            return {place: stored[place] for place in places if place in stored}

        return read

    return of


def test_a_log_that_is_looked_at(witness: Witness) -> None:
    """The proof is made of its own tiles: true ones are cosigned; lies, gaps, a fork, a way back are not."""
    true, forked = tiles_of(LEAVES), tiles_of(FORKED)
    assert [witness.look(note(size), true).status for size in (3, 3, 17, 40)] == [200] * 4
    assert witness.look(note(39), true).status == 409
    assert witness.look(note(40, FORKED), forked).status == 409
    assert witness.look(note(50, FORKED), forked).status == 422
    assert witness.look(note(50, FORKED), true).status == 422
    assert witness.look(note(50), forked).status == 422
    assert witness.look(note(50), tiles_of(LEAVES[:45])).status == 422
    assert witness.look("nonsense", true).status == 400
    assert witness.look(note(50), true).status == 200
    assert witness.store.head(ORIGIN).root != EMPTY_ROOT
