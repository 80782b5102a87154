"""Keys in files that only their owner reads: the log's note key with its public half, and the interface's secret."""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ledger.errors import SettingsError
from ledger.log.checkpoint import NoteKey, VerifierKey
from ledger.log.cosignature import CosigningKey

PRIVATE = "note.key"
PUBLIC = "note.pub"
INTERFACE = "interface.key"
WITNESS = "witness.key"
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
        _create(path)
    require_unexposed(path)
    key = NoteKey(name, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip())))
    public = home / PUBLIC
    if not public.exists() or public.read_text().strip() != str(key.verifier):
        public.write_text(f"{key.verifier}\n", encoding="utf-8")
    return key


def cosigning_key(home: Path, name: str) -> CosigningKey:
    """A witness's key under its name, created at first use; never the log's. Raises ``KeyExposed``."""
    path = home / WITNESS
    if not path.exists():
        _create(path)
    require_unexposed(path)
    return CosigningKey(name, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip())))


def verifier_key(home: Path) -> VerifierKey | None:
    """The public half kept in ``home``, if this machine has one."""
    public = home / PUBLIC
    return VerifierKey.parse(public.read_text(encoding="utf-8")) if public.exists() else None


def interface_key(home: Path) -> bytes:
    """The secret that page tokens and subscribers' keys depend on, created at first use. Raises ``KeyExposed``."""
    path = home / INTERFACE
    if not path.exists():
        place_once(path, secrets.token_hex(32))
    require_unexposed(path)
    return bytes.fromhex(path.read_text().strip())


def derived(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose alone (HMAC as a key derivation, RFC 5869 with one block)."""
    return hmac.digest(secret, f"onecode/{purpose}/1".encode(), "sha256")


def require_unexposed(path: Path) -> None:
    """Raise ``KeyExposed`` when others can read the file."""
    if os.name == "posix" and path.stat().st_mode & LOOSER:
        raise KeyExposed(path=str(path))


def place_once(path: Path, text: str) -> None:
    """A file that only its owner reads, whole at once; the first of several starters wins."""
    draft = _draft(path, text)
    try:
        os.link(draft, path)  # link never replaces
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def place_anew(path: Path, text: str) -> None:
    """The same in the place of an older one; the last of several wins, and a reader sees one of them whole."""
    _draft(path, text).replace(path)


def _create(path: Path) -> None:
    secret = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    place_once(path, secret.hex())


def _draft(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return draft
