"""The log's note key: made once, in a file that only its owner reads, beside the public half for verifiers."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ledger.errors import SettingsError
from ledger.log.checkpoint import NoteKey, VerifierKey

PRIVATE = "note.key"
PUBLIC = "note.pub"
INTERFACE = "interface.key"
OWNER_ONLY = 0o600
LOOSER = 0o077


class KeyExposed(SettingsError):
    """A key file that others can read."""

    code = "settings.key-exposed"
    path: str
    en = "{path} can be read by others"
    zh = "{path} 可被其他用户读取"
    fix_en = "chmod 600 the file; if others had access, make a new ledger"
    fix_zh = "请将文件权限设为 600；若他人可能已读取，请新建账本"


def note_key(home: Path, name: str) -> NoteKey:
    """The log's key under its name, created at first use. Raises ``KeyExposed``."""
    path = home / PRIVATE
    if not path.exists():
        _create(home, path)
    if os.name == "posix" and path.stat().st_mode & LOOSER:
        raise KeyExposed(path=str(path))
    key = NoteKey(name, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip())))
    public = home / PUBLIC
    if not public.exists() or public.read_text().strip() != str(key.verifier):
        public.write_text(f"{key.verifier}\n", encoding="utf-8")
    return key


def verifier_key(home: Path) -> VerifierKey | None:
    """The public half kept in ``home``, if this machine has one."""
    public = home / PUBLIC
    return VerifierKey.parse(public.read_text(encoding="utf-8")) if public.exists() else None


def interface_key(home: Path) -> bytes:
    """The secret that page tokens and subscribers' keys depend on, created at first use. Raises ``KeyExposed``."""
    path = home / INTERFACE
    if not path.exists():
        _place(home, path, secrets.token_hex(32))
    if os.name == "posix" and path.stat().st_mode & LOOSER:
        raise KeyExposed(path=str(path))
    return bytes.fromhex(path.read_text().strip())


def derived(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose alone (HMAC as a key derivation, RFC 5869 with one block)."""
    return hmac.digest(secret, f"onecode/{purpose}/1".encode(), "sha256")


def _create(home: Path, path: Path) -> None:
    secret = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    _place(home, path, secret.hex())


def _place(home: Path, path: Path, text: str) -> None:
    """A file that only its owner reads, whole at once; the first of several starters wins."""
    home.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # link never replaces
    except FileExistsError:
        pass
    finally:
        draft.unlink()
