"""
Who a key belongs to.

A key is ``ocl_<id>_<secret>``. Only SHA-256 of the secret is stored (it has 256 random bits, so a slow hash adds
nothing). Looking up by id and comparing hashes in constant time costs the same for a known and an unknown id.
"""

from __future__ import annotations

import hmac
from base64 import b32encode, urlsafe_b64encode
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

from ledger.errors import AccessError
from ledger.ports import Clock, Random
from ledger.services.access import Principal, PrincipalStore, StoredPrincipal

KEY_PREFIX: Final = "ocl"
CACHE_LIFE: Final = timedelta(seconds=30)
"""A revoked key is refused after this long at the latest, on every process."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECRET_BYTES: Final = 32
_NOBODY: Final = sha256(b"no such key").digest()
_MOST_CACHED: Final = 10_000


class KeyRefused(AccessError):
    """A key that is unknown, wrong, expired or revoked. Which of these it is, is not said."""

    code = "access.key-refused"
    en = "the key is not valid"
    zh = "密钥无效"
    fix_en = "Check the key for completeness; if it has expired or was revoked, ask the ledger's owner for a new one"
    fix_zh = "请检查密钥是否完整；若已过期或被吊销，请向账本所有者申请新密钥"


class Key(NamedTuple):
    """A key taken apart."""

    id: str
    secret: str

    @property
    def hash(self) -> bytes:
        """What is stored of the secret."""
        return sha256(self.secret.encode()).digest()

    @property
    def text(self) -> str:
        """The key as its holder keeps it."""
        return f"{KEY_PREFIX}_{self.id}_{self.secret}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key in ``text``. Raises ``KeyRefused``."""
        prefix, _, rest = text.strip().partition("_")
        key_id, _, secret = rest.partition("_")
        if prefix != KEY_PREFIX or not key_id or not secret or not text.isascii():
            raise KeyRefused
        return cls(key_id, secret)

    @classmethod
    def fresh(cls, random: Random, key_id: str = "") -> Key:
        """A new key; its id is random unless given."""
        name = key_id or b32encode(random.token(10)).decode().lower()
        return cls(name, urlsafe_b64encode(random.token(_SECRET_BYTES)).decode().rstrip("="))


class _Seen(NamedTuple):
    stored: StoredPrincipal
    at: datetime


class Gate:
    """
    Tells who a key belongs to. Keeps principals for ``CACHE_LIFE``, so that most requests ask no database.

    Safe to call from any thread.
    """

    def __init__(self, principals: PrincipalStore, clock: Clock) -> None:
        self._principals = principals
        self._clock = clock
        self._cache: OrderedDict[str, _Seen] = OrderedDict()

    def remembered(self, text: str) -> Principal | None:
        """The key's principal if it is in the cache. Asks no database. Raises ``KeyRefused`` for a wrong secret."""
        key = Key.parse(text)
        now = self._clock.now()
        seen = self._recent(key.id, now)
        return self._checked(seen, key.hash, now) if seen else None

    def identify(self, text: str) -> Principal:
        """The key's principal. Raises ``KeyRefused``."""
        key = Key.parse(text)
        now = self._clock.now()
        return self._checked(self._load(key.id, now), key.hash, now)

    def knows(self, principal_id: str) -> bool:
        """Whether there is or was such a principal."""
        return self._load(principal_id, self._clock.now()) is not None

    def known(self, principal_id: str) -> StoredPrincipal:
        """A principal that may act now, by id, for sessions. Raises ``KeyRefused``."""
        now = self._clock.now()
        stored = self._load(principal_id, now)
        if stored is None:
            raise KeyRefused
        self._checked(stored, stored.secret_hash, now)
        return stored

    def forget(self, principal_id: str) -> None:
        """Ask the database at the next request: the principal was changed."""
        self._cache.pop(principal_id, None)

    def _recent(self, principal_id: str, now: datetime) -> StoredPrincipal | None:
        seen = self._cache.get(principal_id)
        # A clock set back makes what was seen look like the future; then it is asked again.
        if seen is None or not timedelta(0) <= now - seen.at < CACHE_LIFE:
            return None
        return seen.stored

    def _load(self, principal_id: str, now: datetime) -> StoredPrincipal | None:
        recent = self._recent(principal_id, now)
        if recent is not None:
            return recent
        stored = self._principals.get(principal_id)
        if stored is not None:
            self._cache[principal_id] = _Seen(stored, now)
            while len(self._cache) > _MOST_CACHED:
                self._cache.popitem(last=False)
        return stored

    @staticmethod
    def _checked(stored: StoredPrincipal | None, secret_hash: bytes, now: datetime) -> Principal:
        same = hmac.compare_digest(stored.secret_hash if stored else _NOBODY, secret_hash)
        if stored is None or not same or stored.principal.revoked:
            raise KeyRefused
        if _moment(stored.principal.expires_at) <= now:
            raise KeyRefused
        return stored.principal


@lru_cache(maxsize=_MOST_CACHED)
def _moment(microsecond: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microsecond)
