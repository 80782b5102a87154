"""
Where the next page begins, as a token only this ledger can have made.

It is signed together with the reader's tenant and a hash of the whole query, so it opens no other query and nobody
else's events, and it holds the end of the log as the first page saw it: pages neither skip nor repeat an event while
new ones come in.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import msgspec

from ledger.services.event_query.errors import PageTokenRefused

LIFETIME: Final = 3_600
"""Seconds that a token is good for."""
_MAC: Final = 32
_LONGEST: Final = 4_096


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a walk through the pages stands."""

    below: int
    """Entries from here on are not part of it."""
    after: str
    """The last thing of the page before; for events ``entry time``."""
    left: int | None
    """How many more are wanted, where the asker set a limit."""
    expires: int
    """Seconds since the Unix epoch."""


@dataclass(frozen=True, slots=True)
class PageTokens:
    """Signs and reads them."""

    key: bytes

    def write(self, place: Place, tenant: str, given: Mapping[str, Any]) -> str:
        """The token for a place in the answer to what was given."""
        body = msgspec.json.encode(place)
        return urlsafe_b64encode(self._mac(body, tenant, given) + body).decode().rstrip("=")

    def read(self, token: str, tenant: str, given: Mapping[str, Any], now: int) -> Place:
        """Where it leads. Raises ``PageTokenRefused``."""
        try:
            raw = urlsafe_b64decode(token[:_LONGEST] + "=" * (-len(token[:_LONGEST]) % 4))
        except (NotBase64, ValueError) as error:
            raise PageTokenRefused from error
        mac, body = raw[:_MAC], raw[_MAC:]
        if len(token) > _LONGEST or not hmac.compare_digest(mac, self._mac(body, tenant, given)):
            raise PageTokenRefused
        place = msgspec.json.decode(body, type=Place)
        if place.expires <= now:
            raise PageTokenRefused
        return place

    def _mac(self, body: bytes, tenant: str, given: Mapping[str, Any]) -> bytes:
        asked = sha256(msgspec.json.encode([tenant, sorted(given.items())])).digest()
        return hmac.digest(self.key, b"onecode/page-token/1\n" + asked + body, "sha256")
