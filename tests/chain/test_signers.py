"""Chain keys: published vectors, files that others can read, signers that lie."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from ledger.adapters.chain.errors import KeystoreExposed, KeystoreUnreadable, SignerUnavailable
from ledger.adapters.chain.signers import ExternalSigner, KeystoreSigner, create_keystore, keystore_signer

# EIP-155, "Example": key 0x46 x 32, chain 1.
EIP155_KEY = b"\x46" * 32
EIP155_FIELDS: dict[str, object] = {
    "chainId": 1,
    "nonce": 9,
    "gasPrice": 20 * 10**9,
    "gas": 21000,
    "to": "0x" + "35" * 20,
    "value": 10**18,
    "data": "0x",
}
EIP155_RAW = bytes.fromhex(
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
    "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a0"
    "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83"
)
# Web3 Secret Storage Definition (ethereum.org), test vector "Scrypt".
SECRET_STORAGE = {
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": {"iv": "83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
        "kdf": "scrypt",
        "kdfparams": {
            "dklen": 32,
            "n": 262144,
            "p": 8,
            "r": 1,
            "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
        },
        "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
    },
    "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    "version": 3,
}
SECRET_KEY = bytes.fromhex("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d")


def private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


def test_signs_the_published_example() -> None:
    """The transaction of EIP-155 comes out byte for byte."""
    assert KeystoreSigner(EIP155_KEY).sign_transaction(EIP155_FIELDS) == EIP155_RAW


def test_opens_the_published_keystore(tmp_path: Path) -> None:
    """The scrypt vector of the Web3 Secret Storage Definition opens to its key."""
    keystore = private(tmp_path / "key.json", json.dumps(SECRET_STORAGE))
    signer = keystore_signer(keystore, private(tmp_path / "pass", "testpassword\n"))
    assert signer.address == KeystoreSigner(SECRET_KEY).address


def test_makes_a_key_once(tmp_path: Path) -> None:
    """A new keystore and its passphrase are private, hold no plain key, and open to the same account ever after."""
    keystore, passphrase = tmp_path / "keys" / "key.json", tmp_path / "keys" / "pass"
    signer = create_keystore(keystore, passphrase)
    assert [path.stat().st_mode & 0o777 for path in (keystore, passphrase)] == [0o600, 0o600]
    assert json.loads(keystore.read_text())["version"] == 3
    assert create_keystore(keystore, passphrase).address == signer.address
    assert sorted(path.name for path in keystore.parent.iterdir()) == ["key.json", "pass"]


def test_makes_one_key_for_all_who_start_at_once(tmp_path: Path) -> None:
    """Eight starts on an empty directory at the same time end up with one account."""
    with ThreadPoolExecutor(8) as pool:
        signers = pool.map(lambda _: create_keystore(tmp_path / "key.json", tmp_path / "pass"), range(8))
        assert len({signer.address for signer in signers}) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.json", "pass"]


def test_refuses_a_wrong_passphrase(tmp_path: Path) -> None:
    """A keystore with another's passphrase, or none, is refused, and no new key takes its place."""
    keystore, passphrase = tmp_path / "key.json", tmp_path / "pass"
    create_keystore(keystore, passphrase)
    before = keystore.read_bytes()
    private(passphrase, "another")
    with pytest.raises(KeystoreUnreadable):
        create_keystore(keystore, passphrase)
    passphrase.unlink()
    with pytest.raises(KeystoreUnreadable):
        create_keystore(keystore, passphrase)
    assert keystore.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{}", "[]", "not JSON", '{"version": 3, "crypto": {}}'])
def test_refuses_what_is_no_keystore(tmp_path: Path, text: str) -> None:
    """Anything that is not a keystore is refused by its type."""
    with pytest.raises(KeystoreUnreadable):
        keystore_signer(private(tmp_path / "key.json", text), private(tmp_path / "pass", "x"))


@pytest.mark.parametrize("exposed", ["key.json", "pass"])
def test_refuses_files_others_can_read(tmp_path: Path, exposed: str) -> None:
    """A keystore or passphrase readable by the group or the world is not used."""
    create_keystore(tmp_path / "key.json", tmp_path / "pass")
    (tmp_path / exposed).chmod(0o640)
    with pytest.raises(KeystoreExposed) as caught:
        keystore_signer(tmp_path / "key.json", tmp_path / "pass")
    assert caught.value.mode == "640"


@contextmanager
def signing_server(answer: Callable[[dict[str, object]], object]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert request["method"] == "eth_signTransaction"
            body = json.dumps({"jsonrpc": "2.0", "id": request["id"]} | answer(request["params"][0])).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def signed_by(key: bytes, **changed: object) -> Callable[[dict[str, object]], object]:
    """What Web3Signer does with the request, with some fields changed first."""

    def answer(asked: dict[str, object]) -> object:
        fields = {
            name: int(value, 16) if name not in {"to", "data"} else value
            for name, value in asked.items()
            if name != "from"
        }
        return {"result": "0x" + KeystoreSigner(key).sign_transaction(fields | changed).hex()}

    return answer


def test_external_signer_signs() -> None:
    """An eth_signTransaction endpoint signs the published transaction."""
    with signing_server(signed_by(EIP155_KEY)) as url:
        signer = ExternalSigner(url, KeystoreSigner(EIP155_KEY).address)
        assert signer.sign_transaction(EIP155_FIELDS) == EIP155_RAW


@pytest.mark.parametrize(
    "answer",
    [
        signed_by(b"\x47" * 32),
        signed_by(EIP155_KEY, nonce=10),
        signed_by(EIP155_KEY, to="0x" + "36" * 20),
        signed_by(EIP155_KEY, value=1),
        signed_by(EIP155_KEY, data="0x00"),
        lambda _: {"result": "0x1234"},
        lambda _: {"result": None},
        lambda _: {"error": {"code": -32000, "message": "no such key"}},
    ],
    ids=["other key", "other nonce", "other target", "other value", "other data", "garbage", "nothing", "error"],
)
def test_external_signer_is_not_trusted(answer: Callable[[dict[str, object]], object]) -> None:
    """Another key, another transaction or no transaction is refused, and may be asked again."""
    with signing_server(answer) as url, pytest.raises(SignerUnavailable) as caught:
        ExternalSigner(url, KeystoreSigner(EIP155_KEY).address).sign_transaction(EIP155_FIELDS)
    assert caught.value.retryable


def test_external_signer_down() -> None:
    """A signer that does not answer is unavailable."""
    with pytest.raises(SignerUnavailable):
        ExternalSigner("http://127.0.0.1:9", KeystoreSigner(EIP155_KEY).address).sign_transaction(EIP155_FIELDS)
