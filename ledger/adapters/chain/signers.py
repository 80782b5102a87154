"""
Where the chain key is: in an encrypted file of ours, or with somebody else.

A keystore is Web3 Secret Storage version 3 (scrypt, AES-128-CTR); its passphrase is read from a file of its own. Both
must be readable by their owner alone. An external signer is asked by ``eth_signTransaction``, as Web3Signer serves it,
and is not trusted: what it returns must be signed by the expected account and say what was asked.
"""

from __future__ import annotations

import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from ledger.adapters.chain.errors import KeystoreExposed, KeystoreUnreadable, SignerUnavailable
from ledger.ports import Signer

SCRYPT_COST = 2**15
"""Scrypt's N: 32 MiB and about 0.1 s to open a keystore whose passphrase is 256 random bits anyway."""
OWNER_ONLY = 0o600
LOOSER = 0o077


class KeystoreSigner:
    """Holds one decrypted key in memory."""

    def __init__(self, private_key: bytes) -> None:
        from eth_account import Account

        self._account = Account.from_key(private_key)

    @property
    def address(self) -> str:
        """Checksummed address of the key."""
        return str(self._account.address)

    def sign_transaction(self, fields: dict[str, object]) -> bytes:
        """Raw bytes; RFC 6979 nonces, so the same fields give the same bytes."""
        return bytes(self._account.sign_transaction(fields).raw_transaction)


def keystore_signer(path: Path, passphrase_file: Path) -> Signer:
    """Open a keystore. Raises KeystoreUnreadable, KeystoreExposed."""
    from eth_account import Account

    passphrase = _read_private(passphrase_file).strip()
    keystore = _read_private(path)
    try:
        return KeystoreSigner(bytes(Account.decrypt(keystore, passphrase)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # whatever the decoder trips over
        raise KeystoreUnreadable(path=str(path), reason=str(error)) from error


def create_keystore(path: Path, passphrase_file: Path) -> Signer:
    """
    Open the keystore, or make one with a new key if neither file is there.

    The passphrase file is made too when it is absent. Raises KeystoreUnreadable when only the keystore is left.
    """
    if path.exists():
        return keystore_signer(path, passphrase_file)
    from eth_account import Account

    if not passphrase_file.exists():
        _write_private(passphrase_file, secrets.token_hex(32) + "\n")
    passphrase = _read_private(passphrase_file).strip()
    encrypted = Account.encrypt(secrets.token_bytes(32), passphrase, kdf="scrypt", iterations=SCRYPT_COST)
    _write_private(path, json.dumps(encrypted) + "\n")
    return keystore_signer(path, passphrase_file)


def _read_private(path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & LOOSER:
            raise KeystoreExposed(path=str(path), mode=f"{mode & 0o777:o}")
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KeystoreUnreadable(path=str(path), reason=error.strerror or str(error)) from error


def _write_private(path: Path, text: str) -> None:
    """
    Whole or not at all, on disk, never readable by others, and never over a file that is there.

    Two processes may start on one directory at once: the first file stays, and the second process reads that one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


class ExternalSigner:
    """Asks ``url`` to sign for ``address``."""

    def __init__(self, url: str, address: str, timeout: float = 10) -> None:
        from eth_utils.address import to_checksum_address

        self._url, self._timeout = url, timeout
        self._address = str(to_checksum_address(address))
        self._ids = count(1)

    @property
    def address(self) -> str:
        """Checksummed address of the account."""
        return self._address

    def sign_transaction(self, fields: dict[str, object]) -> bytes:
        """Raw bytes from the signer. Raises SignerUnavailable for no answer, and for any other than what was asked."""
        asked = {name: hex(value) if isinstance(value, int) else value for name, value in fields.items()}
        answer = self._ask([asked | {"from": self._address}])
        raw = answer.get("raw") if isinstance(answer, dict) else answer
        if not isinstance(raw, str):
            raise self._failed("it returned no raw transaction")
        try:
            return self._checked(bytes.fromhex(raw.removeprefix("0x")), fields)
        except (ValueError, TypeError, IndexError) as error:
            raise self._failed(f"it returned something unreadable: {error}") from error

    def _ask(self, params: list[dict[str, object]]) -> Any:
        body = {"jsonrpc": "2.0", "id": next(self._ids), "method": "eth_signTransaction", "params": params}
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's setting
            self._url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as response:  # noqa: S310
                answer = json.load(response)
        except (OSError, ValueError) as error:
            raise self._failed(str(error)) from error
        if not isinstance(answer, dict) or "error" in answer:
            raise self._failed(str(answer.get("error") if isinstance(answer, dict) else answer))
        return answer.get("result")

    def _checked(self, raw: bytes, fields: dict[str, object]) -> bytes:
        from eth_account import Account

        if str(Account.recover_transaction(raw)) != self._address:
            raise self._failed("it signed with another key")
        if unsigned_fields(raw) != tuple(_wire(fields[name]) for name in LEGACY_FIELDS):
            raise self._failed("it signed another transaction than it was asked to")
        return raw

    def _failed(self, reason: str) -> SignerUnavailable:
        return SignerUnavailable(url=self._url, reason=reason)


LEGACY_FIELDS = ("nonce", "gasPrice", "gas", "to", "value", "data")


def unsigned_fields(raw: bytes) -> tuple[bytes, ...]:
    """What a signed legacy transaction says, in the order of ``LEGACY_FIELDS``, integers big-endian and minimal."""
    import rlp  # type: ignore[import-untyped]

    parts: Sequence[bytes] = rlp.decode(raw)
    return tuple(bytes(part) for part in parts[: len(LEGACY_FIELDS)])


def _wire(value: object) -> bytes:
    if isinstance(value, int):
        return value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes.fromhex(str(value).removeprefix("0x"))
