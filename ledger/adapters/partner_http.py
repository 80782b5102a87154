"""Requests to partners' servers by the rules of ``webhook``: resolved once, public addresses alone, no redirects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final
from urllib.parse import urlsplit

from ledger.adapters.webhook import Webhook
from ledger.ports.exchange import Answer, PartnerUnreachable
from ledger.ports.subscriptions import DeliveryFailed

SECONDS: Final = 10.0
LARGEST: Final = 20 * 1024 * 1024
"""Bytes of an answer that are read; a longer one is refused."""


@dataclass(frozen=True, slots=True)
class PartnerHttp:
    """``ports.Caller`` over HTTP. Which hosts may be called, its caller knows: they are its registered partners'."""

    loopback: bool = False
    """Whether this machine itself may be a partner, by http too, for trials."""

    def check(self, address: str) -> None:
        """See ``Caller.check``."""
        self._webhook(address).check(address)

    def call(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """See ``Caller.call``."""
        try:
            connection, target, host = self._webhook(address).opened(address)
        except DeliveryFailed as error:
            raise PartnerUnreachable(reason=error.reason) from error
        try:
            connection.request(method, target, body or None, {"Host": host, **headers})
            response = connection.getresponse()
            read = response.read(LARGEST + 1)
            said = {name.lower(): value for name, value in response.getheaders()}
        except (OSError, HTTPException) as error:
            raise PartnerUnreachable(reason=type(error).__name__) from error
        finally:
            connection.close()
        if len(read) > LARGEST:
            raise PartnerUnreachable(reason=f"more than {LARGEST} bytes")
        return Answer(response.status, said, read)

    def _webhook(self, address: str) -> Webhook:
        try:
            host = (urlsplit(address).hostname or "").lower()
        except ValueError:
            host = ""
        return Webhook(frozenset({host} - {""}), self.loopback, SECONDS)
