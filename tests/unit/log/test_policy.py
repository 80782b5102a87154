"""Policies k of n: the product's reading and the one-file verifier's are one; a false cosignature is tampering."""

from __future__ import annotations

import random
import runpy
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.log.checkpoint import Checkpoint, Note
from ledger.log.cosignature import CosigningKey, OpenNote, WitnessKey
from ledger.log.errors import PolicyMalformed, PolicyUnmet, ProofMalformed, SignatureMismatch
from ledger.log.pin import pin_text, read_pin
from ledger.log.policy import Policy
from tests.builders import ORIGIN, note_key

LOG = note_key()
KEYS = {
    name: CosigningKey(f"{name.lower()}.example/w", Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32))
    for at, name in enumerate(("X1", "X2", "X3", "Y1", "Y2", "Y3"), 1)
}
WITNESSES = "".join(f"witness {name} {key.public} https://{key.name}\n" for name, key in KEYS.items())
# sigsum-go doc/policy.md, "Example policy": the quorum with two levels of groups, with keys in place of the gaps
TWO_LEVELS = f"""# a comment
log {LOG.verifier}
{WITNESSES}
group X-witnesses 2 X1 X2 X3
group\tY-witnesses  any Y1 Y2 Y3
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""
NOTE = LOG.sign(Checkpoint(ORIGIN, 7, bytes(32)).text)
COURT = runpy.run_path(str(Path(str(files("ledger.data") / "court" / "verify.py"))))


def lines(names: Any) -> str:
    return "".join(KEYS[name].line(OpenNote.parse(NOTE), 1_000 + at) for at, name in enumerate(names))


def test_the_published_example_of_two_levels() -> None:
    """Two of X and one of Y: 28 of the 64 sets of witnesses are enough, in both verifiers; the fewest are three."""
    policy, court = Policy.parse(TWO_LEVELS), COURT["Policy"](TWO_LEVELS)
    assert [len(policy.witnesses), policy.least, len(policy.logs)] == [6, 3, 1]
    enough = 0
    for bits in range(64):
        names = {name for at, name in enumerate(KEYS) if bits >> at & 1}
        said = len(names & {"X1", "X2", "X3"}) >= 2 and len(names & {"Y1", "Y2", "Y3"}) >= 1
        assert policy.met(names) is said is court.met(court.quorum, dict.fromkeys(names, 0))
        enough += said
    assert enough == 28


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("", 1),
        ("quorum nobody\n", 1),
        ("quorum none\nquorum none\n", 2),
        (WITNESSES + "group g 4 X1 X2 X3\nquorum g\n", 7),
        (WITNESSES + "group g 0 X1\nquorum g\n", 7),
        (WITNESSES + "group g 1 X1 X1\nquorum g\n", 7),
        (WITNESSES + "group g any X1\ngroup h any X1 X2\nquorum h\n", 8),
        (WITNESSES + "group X1 any X2\nquorum X1\n", 7),
        (WITNESSES + "group none any X2\nquorum none\n", 7),
        (WITNESSES + f"witness Z {KEYS['X1'].public}\nquorum Z\n", 7),
        (f"witness a {LOG.verifier}\nquorum a\n", 1),
        (f"log {KEYS['X1'].public}\nquorum none\n", 1),
        (f"log {LOG.verifier}\nlog {LOG.verifier}\nquorum none\n", 2),
        ("quorum none\r\n", 0),
        ("monitor x\nquorum none\n", 1),
        ("group g any g\nquorum g\n", 1),
    ],
)
def test_what_is_no_policy(text: str, row: int) -> None:
    """Refused by both, ours with the line."""
    with pytest.raises(PolicyMalformed) as refused:
        Policy.parse(text)
    assert refused.value.place.row == row
    with pytest.raises(COURT["Verdict"]):
        COURT["Policy"](text)


def test_both_verifiers_count_alike_on_100_seeded_policies() -> None:
    """Random groups and signers; the same sets do and do not; a line of a stranger changes nothing."""
    stranger = CosigningKey("stranger.example/w", Ed25519PrivateKey.from_private_bytes(bytes([99]) * 32))
    more, seen = stranger.line(OpenNote.parse(NOTE), 5), set()
    for seed in range(100):
        chance = random.Random(seed)
        names = chance.sample([*KEYS], chance.randrange(2, 7))
        cut = chance.randrange(1, len(names))
        left, right = names[:cut], names[cut:]
        text = WITNESSES + (
            f"group a {chance.randint(1, len(left))} {' '.join(left)}\n"
            f"group b {chance.randint(1, len(right))} {' '.join(right)}\n"
            f"group c {chance.choice(['any', 'all', '1', '2'])} a b\nquorum {chance.choice('abc')}\n"
        )
        signed = chance.sample([*KEYS], chance.randrange(7))
        policy, given = Policy.parse(text), lines(signed) + more
        enough = policy.met(signed)
        seen.add(enough)
        if not enough:
            with pytest.raises(PolicyUnmet) as unmet:
                policy.require(NOTE, given)
            assert unmet.value.cosigned == len(signed)
            with pytest.raises(COURT["Verdict"]) as refused:
                COURT["Policy"](text).require(Note.parse(NOTE).text, given)
            assert refused.value.verdict == "unwitnessed"
        else:
            found = policy.require(NOTE, given)
            assert {one.witness.name for one in found if one.time is not None} == {*signed}
            assert COURT["Policy"](text).require(Note.parse(NOTE).text, given).startswith(f"{len(signed)} / 6 (")
    assert seen == {True, False}


def test_a_false_line_under_a_witness_of_the_policy_is_tampering() -> None:
    """Another time, another checkpoint's line, one bit: refused by both, even where enough others signed."""
    text = WITNESSES + "group g 1 X1 X2\nquorum g\n"
    good, other = lines(["X1", "X2"]), OpenNote.parse(LOG.sign(Checkpoint(ORIGIN, 8, bytes(32)).text))
    elsewhere = KEYS["X2"].line(other, 5)
    line = OpenNote.parse(NOTE + good).lines[2]
    changed = line._replace(signature=bytes([line.signature[0] ^ 1]) + line.signature[1:])
    for wrong in (lines(["X1"]) + elsewhere, lines(["X1"]) + str(changed)):
        with pytest.raises(SignatureMismatch):
            Policy.parse(text).require(NOTE, wrong)
        with pytest.raises(COURT["Verdict"]) as refused:
            COURT["Policy"](text).require(Note.parse(NOTE).text, wrong)
        assert (refused.value.verdict, refused.value.what) == ("tampered", "cosignature")
    assert len(Policy.parse(text).require(NOTE, good)) == 6


def test_a_key_of_a_witness_has_one_spelling() -> None:
    """It is read as it is written; another type, hash or a space is refused."""
    key = KEYS["X1"].public
    assert WitnessKey.parse(f"{key}\n") == key
    for wrong in (str(LOG.verifier), str(key).replace("x1", "x2"), str(key)[:-4], f"a {key}", ""):
        with pytest.raises(ProofMalformed):
            WitnessKey.parse(wrong)


def test_a_pin_as_scanners_hand_it_on() -> None:
    """A pin file, the note alone, with witnesses' lines, a mark at the front, other line ends, no last one."""
    kept, cosigned = pin_text(LOG.verifier, NOTE), pin_text(LOG.verifier, NOTE + lines(["X1"]))
    for text in (kept, cosigned, NOTE, "\ufeff" + kept.replace("\n", "\r\n"), kept.rstrip("\n"), kept + "\n"):
        pin = read_pin(text, LOG.verifier)
        assert (pin.key, pin.checkpoint) == (LOG.verifier, Checkpoint(ORIGIN, 7, bytes(32)))
    assert read_pin(NOTE).key is None
    other = note_key(seed=2).verifier
    with pytest.raises(SignatureMismatch):
        read_pin(NOTE, other)
    with pytest.raises(ProofMalformed):
        read_pin(kept, other)
    with pytest.raises(ProofMalformed):
        read_pin(pin_text(replace(LOG, name="x.example").verifier, replace(LOG, name="x.example").sign(NOTE[:-105])))
