"""
Browser sessions: a signed cookie, nothing stored.

The signature is made with the server's session key and the hash of the principal's secret, so a new secret ends
every session of the old one. A session that was left is remembered by this process until it would have expired.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from ledger.ports import Clock
from ledger.services.access import Principal, StoredPrincipal
from ledger.services.gate import Gate, KeyRefused

SESSION_SECONDS: Final = 12 * 3600
SESSION_KEY_FILE: Final = "session.key"
_COOKIE = re.compile(r"([a-z0-9]{1,60})\.([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([0-9a-f]{64})", re.ASCII)


def session_key(home: Path) -> bytes:
    """The key that signs sessions, made at the first start, readable by the server's user alone."""
    path = home / SESSION_KEY_FILE
    home.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in person, with the token that this session's forms must carry."""

    principal: Principal
    nonce: str
    form_token: str


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens, reads and ends sessions."""

    key: bytes
    gate: Gate
    clock: Clock
    secure: bool
    """Whether the server is reached by https; then the cookie has the ``__Host-`` prefix and is sent nowhere else."""
    _left: dict[str, int] = field(default_factory=dict)

    @property
    def cookie_name(self) -> str:
        """Name of the cookie."""
        return "__Host-session" if self.secure else "session"

    def open(self, stored: StoredPrincipal) -> str:
        """The cookie value of a new session."""
        head = f"{stored.principal.id}.{self._now()}.{secrets.token_urlsafe(16)}"
        return f"{head}.{self._sign(head, stored)}"

    def read(self, cookie: str, stored: StoredPrincipal | None = None) -> Session:
        """The session of a cookie; ``stored`` saves the look-up. Raises ``KeyRefused``."""
        match = _COOKIE.fullmatch(cookie)
        if match is None:
            raise KeyRefused
        principal_id, opened, nonce, signature = match.groups()
        stored = stored or self.gate.known(principal_id)
        head = cookie[: match.start(4) - 1]
        if not hmac.compare_digest(self._sign(head, stored), signature):
            raise KeyRefused
        if not 0 <= self._now() - int(opened) < SESSION_SECONDS or nonce in self._left:
            raise KeyRefused
        token = hmac.new(self.key, b"form\n" + head.encode() + stored.secret_hash, sha256).hexdigest()
        return Session(stored.principal, nonce, token)

    def leave(self, session: Session) -> None:
        """End a session at once in this process."""
        now = self._now()
        for nonce in [nonce for nonce, until in self._left.items() if until < now]:
            del self._left[nonce]
        self._left[session.nonce] = now + SESSION_SECONDS

    def set_cookie(self, value: str) -> str:
        """The Set-Cookie header that gives a session to the browser, or takes it back when ``value`` is empty."""
        age = SESSION_SECONDS if value else 0
        secure = "; Secure" if self.secure else ""
        return f"{self.cookie_name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"

    def _sign(self, head: str, stored: StoredPrincipal) -> str:
        return hmac.new(self.key, b"session\n" + head.encode() + stored.secret_hash, sha256).hexdigest()

    def _now(self) -> int:
        return int(self.clock.now().timestamp())
