"""Time stamps in the one-file verifier: what OpenSSL made holds under a pin; where the product refuses, so does it."""

from __future__ import annotations

import random
import runpy
import subprocess
import sys
from base64 import b64decode
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.adapters.time_stamp import certificates, checked, query, signer
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import inclusion_proof, root
from ledger.log.sealed import SealedProof
from ledger.ports.time_stamps import TimeStampFalse
from tests.builders import note_key
from tests.unit.services.test_time_stamp import Own, own

FILE = Path(str(files("ledger.data") / "court" / "verify.py"))
COURT = runpy.run_path(str(FILE))
KEY = note_key()
LEAVES = [bytes([at]) * 32 for at in range(9)]
NOTE = KEY.sign(Checkpoint(KEY.name, 9, root(LEAVES)).text)
PROOF = SealedProof(4, LEAVES[4], tuple(inclusion_proof(LEAVES, 4)), NOTE, "").to_bytes()
KINDS = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
}


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Own]:
    folder = tmp_path_factory.mktemp("authorities")
    return {name: own(folder / name, made()) for name, made in KINDS.items()}


def judged(token: bytes, pin: str | bytes | None) -> dict[str, Any]:
    trust = COURT["Trust"](COURT["Key"].read(str(KEY.verifier)), [], None, stamp=COURT["Stamp"](token, pin))
    said: dict[str, Any] = COURT["judge"](PROOF, trust)
    return said


def ours(token: bytes, tsa: Own, message: bytes = NOTE.encode()) -> datetime | None:
    """The time by ``ledger stamp`` with the authority's root; None when it does not hold."""
    try:
        return checked(token, message, certificates(tsa.folder / "ca.pem"))
    except TimeStampFalse:
        return None


@pytest.mark.parametrize("kind", [*KINDS])
def test_a_stamp_under_a_pin(kind: str, authorities: dict[str, Own]) -> None:
    """By the certificate (PEM, DER) or its hash it holds and says what was not checked; without, it is not checked."""
    tsa = authorities[kind]
    token = tsa.answer(query(NOTE.encode())[0])
    time, pem = ours(token, tsa), (tsa.folder / "tsa.pem").read_bytes()
    assert time is not None
    pins = [pem, b64decode(b"".join(pem.splitlines()[1:-1])), signer(token), signer(token).upper()]
    for said in [judged(token, pin) for pin in pins]:
        assert said["verdict"] == "holds", said
        assert said["stamped"] == f"{time:%Y-%m-%d %H:%M:%S} UTC"
        assert "chain and revocation were not" in said["en"]
        assert "未核对证书链与吊销状态" in said["zh"]
    bare = judged(token, None)
    assert bare["verdict"] == "holds"
    assert "stamped" not in bare
    assert "PRESENT, NOT CHECKED" in bare["en"]
    assert "openssl ts -verify" in bare["en"]
    assert signer(token) in bare["en"]
    assert "未核对" in bare["zh"]


def test_what_is_no_stamp_of_it(authorities: dict[str, Own]) -> None:
    """Other bytes, a stranger, a root for a pin, a certificate that ran out, cut off, refused: false."""
    tsa, stranger = authorities["P-256"], authorities["RSA"]
    token, pin = tsa.answer(query(NOTE.encode())[0]), (tsa.folder / "tsa.pem").read_bytes()
    other = tsa.answer(query(NOTE.encode() + b"\n")[0])
    folder = tsa.folder.parent
    late = own(folder / "late", KINDS["P-256"](), days=-40)
    by_late = late.answer(query(NOTE.encode())[0])
    refused = bytes.fromhex("30053003020102")
    for given, trusted, of in (
        (other, pin, tsa),
        (other, None, tsa),
        (token, (stranger.folder / "tsa.pem").read_bytes(), stranger),
        (token, (tsa.folder / "ca.pem").read_bytes(), None),
        (token, "00" * 32, stranger),
        (token[:-1], pin, tsa),
        (token + b"\0", pin, tsa),
        (b"", pin, tsa),
        (b"0" * 70_000, pin, tsa),
        (refused, pin, tsa),
        (by_late, (late.folder / "tsa.pem").read_bytes(), late),
    ):
        said = judged(given, trusted)
        assert (said["verdict"], said["what"]) == ("stamp-false", "stamp"), said
        assert of is None or ours(given, of) is None
    root_of_ours = COURT["Stamp"](token, (tsa.folder / "ca.pem").read_bytes())
    with pytest.raises(COURT["Verdict"], match="not for time stamping"):
        root_of_ours._facts(root_of_ours.held[0])
    for wrong in ("", "00", "zz" * 32, b"none", pin * 2):
        with pytest.raises((COURT["Verdict"], ValueError)):
            COURT["Stamp"](token, wrong)


def test_what_it_does_not_know_it_cannot_tell(authorities: dict[str, Own]) -> None:
    """A curve that the file does not know: not false, and who does know is named."""
    tsa = own(authorities["RSA"].folder.parent / "P-521", ec.generate_private_key(ec.SECP521R1()))
    token = tsa.answer(query(NOTE.encode())[0])
    said = judged(token, signer(token))
    assert ours(token, tsa) is not None
    assert (said["verdict"], said["what"]) == ("cannot-tell", "stamp")
    assert "openssl ts -verify" in said["en"]


def test_no_changed_byte_makes_it_say_something_else(authorities: dict[str, Own]) -> None:
    """120 seeded changes of a token: false, or the same time of the same bytes, and then the product says so too."""
    tsa, chance = authorities["P-256"], random.Random(3161)
    token, pin = tsa.answer(query(NOTE.encode())[0]), (tsa.folder / "tsa.pem").read_bytes()
    stamped, refused = judged(token, pin)["stamped"], 0
    for _ in range(120):
        at = chance.randrange(len(token))
        changed = token[:at] + bytes([token[at] ^ 1 << chance.randrange(8)]) + token[at + 1 :]
        said = judged(changed, pin)
        assert said["verdict"] in ("holds", "stamp-false", "cannot-tell"), said
        refused += said["verdict"] != "holds"
        if said["verdict"] == "holds":
            assert said["stamped"] == stamped
            assert ours(changed, tsa) is not None, at
    assert refused > 80


def test_a_proof_that_does_not_hold_is_not_saved_by_a_stamp(authorities: dict[str, Own], tmp_path: Path) -> None:
    """As it is run: the tampered proof is tampered, the stamped one holds, the file with the pin may be missing."""
    tsa = authorities["RSA"]
    (tmp_path / "token.tsr").write_bytes(tsa.answer(query(NOTE.encode())[0]))
    (tmp_path / "good.json").write_bytes(PROOF)
    (tmp_path / "bad.json").write_bytes(PROOF.replace(b'"index":4', b'"index":5'))
    line = [sys.executable, "-I", "-S", str(FILE), "--key", str(KEY.verifier), "--stamp", "token.tsr", "--tsa"]
    for tsa_file, proof, code, word in (
        (tsa.folder / "tsa.pem", "good.json", 0, "Its checkpoint was there at"),
        (tsa.folder / "tsa.pem", "bad.json", 1, "Tampered"),
        (tsa.folder / "absent.pem", "good.json", 2, "Cannot tell"),
    ):
        command = [*line, str(tsa_file), proof]
        done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, timeout=60)
        assert (done.returncode, word in done.stdout.decode()) == (code, True), done


def test_its_signatures_are_those_of_the_library() -> None:
    """Seeded digests, three hashes, both curves and RSA: what the library signs holds, one bit changed does not."""
    chance = random.Random(186)
    for at, hashed in enumerate((hashes.SHA256(), hashes.SHA384(), hashes.SHA512())):
        message, name = chance.randbytes(90), ("sha256", "sha384", "sha512")[at]
        digest = COURT["hashlib"].new(name, message).digest()
        for curve, one in zip((ec.SECP256R1(), ec.SECP384R1()), COURT["CURVES"].values(), strict=True):
            key = ec.generate_private_key(curve)
            signature = key.sign(message, ec.ECDSA(hashed))
            point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            other = ec.generate_private_key(curve).sign(message, ec.ECDSA(hashed))
            assert COURT["ecdsa_signed"](one, point, digest, signature)
            assert not COURT["ecdsa_signed"](one, point, bytes([digest[0] ^ 1]) + digest[1:], signature)
            assert not COURT["ecdsa_signed"](one, point, digest, other)
            assert not COURT["ecdsa_signed"](one, point[:-1] + bytes([point[-1] ^ 1]), digest, signature)
        private = rsa.generate_private_key(65537, 2048 + 8 * at)
        public = private.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)
        signature = private.sign(message, padding.PKCS1v15(), hashed)
        assert COURT["rsa_signed"](public, name, digest, signature)
        for wrong in (signature[:-1], b"\0" + signature, signature[:-1] + bytes([signature[-1] ^ 1])):
            assert not COURT["rsa_signed"](public, name, digest, wrong)
        assert not COURT["rsa_signed"](public, name, digest[::-1], signature)


@pytest.mark.parametrize(
    "data",
    ["30", "3080", "308100", "30810100", "3082007f", "3000ff", "1f0100", "3084000000020500", "30020500ff", "0203"],
)
def test_what_is_no_der(data: str) -> None:
    """Lengths that are indefinite, too long or not the shortest, tags of several bytes, what is cut off."""
    with pytest.raises((ValueError, IndexError)):
        COURT["der"](bytes.fromhex(data))
