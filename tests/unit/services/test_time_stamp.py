"""RFC 3161: stamps of an authority of ours, made by OpenSSL; tampered, foreign and mistaken ones are refused."""

from __future__ import annotations

import random
import runpy
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ledger.__main__ import main
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.adapters.sql.time_stamps import SqlTimeStamps
from ledger.adapters.time_stamp import CertificateUnreadable, HttpAuthority, certificates, checked, query, signer
from ledger.ports.time_stamps import TimeStampFalse, TimeStampSilent
from ledger.ports.witnesses import WitnessSilent
from ledger.services.prove import prove
from ledger.services.stamp_checkpoints import PAUSE, Stamping
from tests.rig import Rig

MESSAGE = b"log.example\n7\nAAAA\n"
URL = "http://tsa.example/tsr"
CONFIG = """[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Own:
    """An authority in a folder: its root, its signer, and OpenSSL to answer queries."""

    folder: Path

    def answer(self, asked: bytes) -> bytes:
        (self.folder / "q.tsq").write_bytes(asked)
        words = "-reply -config tsa.cnf -queryfile q.tsq -signer tsa.pem -inkey tsa.key -out r.tsr"
        self._openssl(*words.split())
        return (self.folder / "r.tsr").read_bytes()

    def openssl_verifies(self, response: bytes, message: bytes) -> bool:
        (self.folder / "r.tsr").write_bytes(response)
        (self.folder / "m").write_bytes(message)
        return self._openssl("-verify", "-in", "r.tsr", "-data", "m", "-CAfile", "ca.pem", check=False) == 0

    def _openssl(self, *words: str, check: bool = True) -> int:
        line = ["openssl", "ts", *words]
        done = subprocess.run(line, cwd=self.folder, check=check, capture_output=True, timeout=60)
        return done.returncode


def own(folder: Path, key: Any = None, *, critical: bool = True, days: int = -1) -> Own:
    """An authority whose signer has this key; its certificate began so many days from now and lasts 30."""
    folder.mkdir()
    root_key = ec.generate_private_key(ec.SECP256R1())
    key = key or ec.generate_private_key(ec.SECP256R1())
    names = [
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, said)]) for said in ("Root of ours", "TSA of ours")
    ]
    today = datetime.now(UTC) + timedelta(days=days)

    def certified(subject: int, public: Any, *, authority: bool) -> x509.CertificateBuilder:
        made = x509.CertificateBuilder().subject_name(names[subject]).issuer_name(names[0]).public_key(public)
        made = made.serial_number(x509.random_serial_number()).not_valid_before(today)
        made = made.not_valid_after(today + timedelta(days=30))
        return made.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)

    root = certified(0, root_key.public_key(), authority=True).sign(root_key, hashes.SHA256())
    leaf = certified(1, key.public_key(), authority=False).add_extension(
        x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=critical
    )
    tsa = leaf.sign(root_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "ca.pem").write_bytes(root.public_bytes(pem))
    (folder / "tsa.pem").write_bytes(tsa.public_bytes(pem))
    (folder / "tsa.key").write_bytes(key.private_bytes(pem, *plain))
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
    return Own(folder)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Own:
    return own(tmp_path_factory.mktemp("tsa") / "own")


def test_a_stamp_holds_and_openssl_says_so_too(tsa: Own) -> None:
    """Asked, answered, checked offline with the root alone; another message, root or nonce does not."""
    asked, nonce = query(MESSAGE)
    response, trusted = tsa.answer(asked), certificates(tsa.folder / "ca.pem")
    assert abs(checked(response, MESSAGE, trusted, nonce) - datetime.now(UTC)) < timedelta(minutes=10)
    assert tsa.openssl_verifies(response, MESSAGE)
    assert not tsa.openssl_verifies(response, MESSAGE + b"!")
    stranger = own(tsa.folder.parent / "stranger")
    for wrong in (
        lambda: checked(response, MESSAGE + b"!", trusted),
        lambda: checked(response, MESSAGE, certificates(stranger.folder / "ca.pem")),
        lambda: checked(stranger.answer(asked), MESSAGE, trusted),
        lambda: checked(response, MESSAGE, trusted, (nonce or 0) + 1),
        lambda: checked(response[:-1], MESSAGE, trusted),
        lambda: checked(b"", MESSAGE, trusted),
        lambda: checked(b"0" * 70_000, MESSAGE, trusted),
    ):
        with pytest.raises(TimeStampFalse):
            wrong()


def test_no_changed_byte_makes_it_say_something_else(tsa: Own) -> None:
    """400 seeded changes of a token: refused, or it says the very same of the same bytes; most are refused."""
    response, trusted = tsa.answer(query(MESSAGE)[0]), certificates(tsa.folder / "ca.pem")
    said, chance, refused = checked(response, MESSAGE, trusted), random.Random(3161), 0
    for _ in range(400):
        at = chance.randrange(len(response))
        changed = response[:at] + bytes([response[at] ^ 1 << chance.randrange(8)]) + response[at + 1 :]
        try:
            assert checked(changed, MESSAGE, trusted) == said
        except TimeStampFalse:
            refused += 1
    assert refused > 300


@pytest.fixture
def rig(sqlite_url: str) -> Iterator[Rig]:
    rig = Rig(Database(open_engine(sqlite_url)))
    yield rig
    rig.database.engine.dispose()


def test_checkpoints_are_stamped_now_and_then(
    rig: Rig, tsa: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest, once; again after a pause; a silent, a refusing and a lying authority leave nothing behind."""
    answers = {"how": "well"}

    def post(url: str, body: bytes, headers: dict[str, str], seconds: float, most: int) -> tuple[int, bytes]:
        assert (url, headers) == (URL, {"Content-Type": "application/timestamp-query"})
        if answers["how"] == "silent":
            raise WitnessSilent(witness=url, reason="away")
        asked = query(b"something else")[0] if answers["how"] == "lying" else body
        return (503 if answers["how"] == "busy" else 200), tsa.answer(asked)

    monkeypatch.setattr("ledger.adapters.time_stamp.post", post)
    kept = SqlTimeStamps(rig.database)
    authority = HttpAuthority(URL, tuple(certificates(tsa.folder / "ca.pem")))
    stamping = Stamping(authority, rig.checkpoints, kept, rig.leases, rig.clock, "one")
    assert stamping.work(lambda: False) is False
    rig.close(3)
    for how, error in (("silent", TimeStampSilent), ("busy", TimeStampSilent), ("lying", TimeStampFalse)):
        answers["how"] = how
        with pytest.raises(error):
            stamping.work(lambda: False)
        assert kept.of(3) == []
    answers["how"] = "well"
    assert [stamping.work(lambda: False) for _ in range(2)] == [True, False]
    rig.close(2)
    rig.clock.forward(PAUSE // 2)
    beside = replace(stamping, holder="two")  # another worker, whose turn it is: the pause is everybody's
    assert [one.work(lambda: False) for one in (stamping, beside)] == [False, False]
    rig.clock.forward(PAUSE // 2 + 1)
    assert stamping.work(lambda: False) is True
    (stamp,) = kept.of(5)
    assert stamping.stamp() == (rig.newest(), stamp)
    note, token = tmp_path / "note.txt", tmp_path / "token.tsr"
    note.write_bytes(rig.newest().note.encode())
    token.write_bytes(stamp.response)
    line = ["--home", str(tmp_path), "stamp", str(note), "--token", str(token), "--tsa", str(tsa.folder / "ca.pem")]
    assert main(line) == 0
    court, pin = runpy.run_path(str(files("ledger.data") / "court" / "verify.py")), signer(stamp.response)
    key, kept = court["Key"].read(str(rig.key.verifier)), court["Stamp"](stamp.response, pin)
    for size, verdict in ((5, "holds"), (3, "stamp-false")):  # by a proof at the stamped size, and at another
        proof = prove(rig.entries, rig.checkpoints, 1, size=size)
        assert court["judge"](proof.to_bytes(), court["Trust"](key, [], None, stamp=kept))["verdict"] == verdict
    note.write_bytes(note.read_bytes()[:-1])
    assert main(line) == 1
    assert main([*line[:-4], "--token", str(tmp_path / "absent"), "--tsa", line[-1]]) == 2
    with pytest.raises(CertificateUnreadable):
        certificates(note)
