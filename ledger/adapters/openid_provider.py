"""An OpenID provider over HTTPS: discovery (OpenID Connect Discovery 1.0, 4), keys, the token endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from ledger.services.openid import ProviderRefused, ProviderUnreachable

SECONDS: Final = 10.0
LONGEST: Final = 262_144
KEPT_SECONDS: Final = 3600.0
FRESH_SECONDS: Final = 10.0
"""Keys are not asked for anew more often: forged tokens must not make this server knock at the provider's door."""
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(slots=True)
class OpenIdProvider:
    """``services.openid.Provider`` by the configured issuer; safe in any thread."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _metadata: tuple[float, Mapping[str, Any]] | None = None
    _keys: tuple[float, Mapping[str, Any]] | None = None

    def metadata(self) -> Mapping[str, Any]:
        """See ``Provider.metadata``."""
        with self._lock:
            if self._metadata is None or monotonic() - self._metadata[0] > KEPT_SECONDS:
                found = self._asked("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if found.get("issuer") != self.issuer:
                    raise ProviderRefused(why="issuer")
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    self._reachable(str(found.get(name, "")), name)
                self._metadata = monotonic(), found
            return self._metadata[1]

    def keys(self, *, fresh: bool) -> Mapping[str, Any]:
        """See ``Provider.keys``."""
        address = str(self.metadata()["jwks_uri"])
        with self._lock:
            age = FRESH_SECONDS if fresh else KEPT_SECONDS
            if self._keys is None or monotonic() - self._keys[0] > age:
                self._keys = monotonic(), self._asked("GET", address)
            return self._keys[1]

    def redeem(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """See ``Provider.redeem``."""
        pair = (self.client_id, self.client_secret) if self.client_secret else None
        return self._asked("POST", str(self.metadata()["token_endpoint"]), data=dict(form), auth=pair)

    def _reachable(self, address: str, name: str) -> None:
        """https, or http on this machine where the issuer itself is there."""
        parts = urlsplit(address)
        near = urlsplit(self.issuer).hostname in _LOOPBACK and parts.hostname in _LOOPBACK
        if parts.scheme != "https" and not (parts.scheme == "http" and near):
            raise ProviderRefused(why=name)

    @staticmethod
    def _asked(method: str, address: str, **more: Any) -> Mapping[str, Any]:
        try:
            with requests.request(
                method, address, timeout=SECONDS, allow_redirects=False, stream=True, headers=_WANTED, **more
            ) as answer:
                if answer.status_code >= 500:
                    raise ProviderUnreachable(why=f"HTTP {answer.status_code}")
                if answer.status_code != 200:
                    raise ProviderRefused(why=f"HTTP {answer.status_code}")
                data = answer.raw.read(LONGEST + 1, decode_content=True)
                if len(data) > LONGEST:
                    raise ProviderRefused(why="too long an answer")
        except requests.RequestException as error:
            raise ProviderUnreachable(why=type(error).__name__) from None
        try:
            found = json.loads(data)
        except ValueError:
            raise ProviderRefused(why="no JSON") from None
        if not isinstance(found, dict):
            raise ProviderRefused(why="no JSON object")
        return found


_WANTED: Final = {"Accept": "application/json"}
