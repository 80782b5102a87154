"""
The keys that sign access tokens, in one file that only its owner reads: a JWK set, the signing key first.

Of the keys before it the public halves are kept for ``KEPT``; the private ones are gone at once. The file is read
again when it changes, so that a rotation reaches every process that shares the home directory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import ECKey
from msgspec import Struct, json

from ledger.adapters.keys import place_anew, place_once, require_unexposed
from ledger.ports import Clock

FILE: Final = "token-keys.json"
CURVE: Final = "P-256"
KEPT: Final = timedelta(days=1)
"""How long an old key's public half is published: many times the life of a token, and of a copy in a cache."""


class _Kept(Struct, frozen=True):
    """A key as the file has it; ``retired`` is in seconds since the Unix epoch, 0 for the one that signs."""

    jwk: dict[str, Any]
    retired: int = 0


class _File(Struct, frozen=True):
    keys: list[_Kept]


@dataclass(slots=True)
class FileTokenKeys:
    """``services.tokens.TokenKeys`` in the home directory; made at first use. Reading raises ``KeyExposed``."""

    home: Path
    clock: Clock
    _seen: tuple[int, int] = (0, 0)
    _kept: list[_Kept] = field(default_factory=list)
    _found: dict[str, ECKey] = field(default_factory=dict)

    def signing(self) -> ECKey:
        """See ``TokenKeys.signing``."""
        self._look()
        return ECKey.import_key(self._kept[0].jwk)

    def find(self, kid: str) -> ECKey | None:
        """See ``TokenKeys.find``."""
        self._look()
        return self._found.get(kid)

    def published(self) -> Sequence[Mapping[str, Any]]:
        """See ``TokenKeys.published``."""
        self._look()
        return [
            {**key.as_dict(private=False), "use": "sig", "alg": "ES256", "kid": kid} for kid, key in self._found.items()
        ]

    def rotate(self) -> str:
        """See ``TokenKeys.rotate``."""
        self._look()
        now = int(self.clock.now().timestamp())
        fresh = _fresh()
        public = ECKey.import_key(self._kept[0].jwk).as_dict(private=False)
        older = [kept for kept in self._kept[1:] if now - kept.retired < KEPT.total_seconds()]
        place_anew(self._path, _text([fresh, _Kept(public, now), *older]))
        self._look()
        return str(fresh.jwk["kid"])

    @property
    def _path(self) -> Path:
        return self.home / FILE

    def _look(self) -> None:
        """Read the file if it is another than was read last."""
        if not self._path.exists():
            place_once(self._path, _text([_fresh()]))
        require_unexposed(self._path)
        about = self._path.stat()
        seen = (about.st_mtime_ns, about.st_ino)
        if seen != self._seen:
            kept = json.decode(self._path.read_bytes(), type=_File).keys
            public = [ECKey.import_key({k: v for k, v in each.jwk.items() if k != "d"}) for each in kept]
            self._kept, self._found, self._seen = kept, {str(key.kid): key for key in public}, seen


def _fresh() -> _Kept:
    return _Kept(ECKey.generate_key(CURVE, private=True, auto_kid=True).as_dict(private=True))


def _text(keys: list[_Kept]) -> str:
    return json.encode(_File(keys)).decode()
