"""Our side of a partner's interface: tokens, single footprints, events sent. Only registered addresses are called."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import msgspec

from ledger.pact.event import MEDIA_TYPE
from ledger.ports import Clock
from ledger.ports.exchange import Answer, Caller, Partner, PartnerRefuses, PartnerUnreachable

_JSON: Final = msgspec.json.Encoder(decimal_format="number")
_DOCUMENT: Final = msgspec.json.Decoder(float_hook=str)
PASSING: Final = frozenset({401, 408, 425, 429})
"""Refusals that pass: a client may be let in again, a server may have been busy."""
USUAL_SECONDS: Final = 300
"""How long a token is used whose answer does not say."""
MOST_PAGES: Final = 10_000
"""Pages of one list that are followed."""
_NEXT: Final = re.compile(r"<([^<>]*)>[^<>,]*;\s*rel=\"?next\"?(?=\s*(?:[;,]|$))", re.IGNORECASE)
"""The link to the next page (RFC 8288)."""
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class PartnerClient:
    """Calls partners; tokens are kept while they live.

    Raises ``PartnerUnreachable``, ``PartnerRefuses`` and ``DestinationRefused``.
    """

    caller: Caller
    clock: Clock
    _tokens: dict[tuple[str, str, str], tuple[str, datetime]] = field(default_factory=dict)

    def send_event(self, partner: Partner, major: int, event: Mapping[str, Any]) -> None:
        """Post an event; anything but 2xx is trouble, and is tried again by whoever asked."""
        body = _JSON.encode(event)
        _require(self._ask(partner, "POST", f"/{major}/events", body, {"Content-Type": MEDIA_TYPE}))

    def footprint(self, partner: Partner, name: str) -> tuple[dict[str, Any], bytes]:
        """One footprint of a partner, and the bytes it came in."""
        answer = self._ask(partner, "GET", f"/{partner.wire}/footprints/{name}")
        _require(answer)
        try:
            data = _DOCUMENT.decode(answer.body)["data"]
        except (msgspec.DecodeError, KeyError, TypeError, RecursionError) as error:
            raise PartnerUnreachable(reason="its answer is not a footprint") from error
        if not isinstance(data, dict):
            raise PartnerUnreachable(reason="its answer is not a footprint")
        return data, answer.body

    def activities(self, partner: Partner, size: int) -> Iterator[bytes]:
        """
        The pages of a partner's transport activity data (iLEAP 1.0.0), as they came.

        A link to a next page is followed within the partner's registered address alone: it is called with our token.
        """
        path, seen = f"/2/ileap/tad?limit={size}", set[str]()
        while path:
            if path in seen or len(seen) == MOST_PAGES:
                raise PartnerUnreachable(reason="its pages have no end")
            seen.add(path)
            answer = self._ask(partner, "GET", path)
            _require(answer)
            yield answer.body
            path = _following(partner, path, answer)

    def try_connection(self, partner: Partner) -> int:
        """How many footprints a first page of the partner's list holds."""
        self._tokens.pop(self._key(partner), None)
        answer = self._ask(partner, "GET", f"/{partner.wire}/footprints?limit=1")
        _require(answer)
        try:
            return len(_DOCUMENT.decode(answer.body)["data"])
        except (msgspec.DecodeError, KeyError, TypeError, RecursionError) as error:
            raise PartnerUnreachable(reason="its answer is not a list of footprints") from error

    def _ask(
        self, partner: Partner, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """With a token; once more with a fresh one when it is refused: it may have ended early."""
        address = partner.base_url + path
        for fresh in (False, True):
            bearer = {"Authorization": f"Bearer {self._token(partner, fresh=fresh)}", "Accept": "application/json"}
            answer = self.caller.call(method, address, {**bearer, **(headers or {})}, body)
            if answer.status not in {400, 401} or fresh or not self._refused(answer):
                return answer
        return answer

    @staticmethod
    def _refused(answer: Answer) -> bool:
        return answer.status == 401 or b"TokenExpired" in answer.body

    def _token(self, partner: Partner, *, fresh: bool) -> str:
        key, now = self._key(partner), self.clock.now()
        known = self._tokens.get(key)
        if known is not None and not fresh and now < known[1]:
            return known[0]
        basic = b64encode(f"{partner.client_id}:{partner.client_secret}".encode()).decode()
        said = {"Authorization": f"Basic {basic}", "Content-Type": _FORM, "Accept": "application/json"}
        answer = self.caller.call("POST", self._token_address(partner), said, b"grant_type=client_credentials")
        try:
            read = _DOCUMENT.decode(answer.body) if answer.status == 200 else {}
            token, seconds = read["access_token"], int(read.get("expires_in", USUAL_SECONDS))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise PartnerUnreachable(reason=f"no token: HTTP {answer.status}") from error
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise PartnerUnreachable(reason="its token is no token")
        self._tokens[key] = (token, now + timedelta(seconds=max(0, min(seconds, 86_400) - 30)))
        return token

    def _token_address(self, partner: Partner) -> str:
        """The token endpoint that the partner's discovery names, if it is where the partner is registered."""
        usual = f"{partner.auth_base}/auth/token"
        try:
            answer = self.caller.call(
                "GET", f"{partner.auth_base}/.well-known/openid-configuration", {"Accept": "application/json"}
            )
            named = _DOCUMENT.decode(answer.body)["token_endpoint"] if answer.status == 200 else usual
        except (PartnerUnreachable, msgspec.DecodeError, KeyError, TypeError, RecursionError):
            return usual
        known = {_place(partner.auth_base), _place(partner.base_url)}
        return named if isinstance(named, str) and _place(named) in known else usual

    @staticmethod
    def _key(partner: Partner) -> tuple[str, str, str]:
        """A token belongs to a client at one place: another address never gets it."""
        return partner.auth_base, partner.base_url, partner.client_id


def _require(answer: Answer) -> None:
    """Raise for no success: ``PartnerRefuses`` when the same would be refused again, else ``PartnerUnreachable``."""
    if 200 <= answer.status < 300:
        return
    if 400 <= answer.status < 500 and answer.status not in PASSING:
        raise PartnerRefuses(status=answer.status)
    raise PartnerUnreachable(reason=f"HTTP {answer.status}")


def _following(partner: Partner, path: str, answer: Answer) -> str:
    """The path of the next page below the partner's address, or nothing. Raises ``PartnerUnreachable``."""
    found = _NEXT.search(answer.headers.get("link", ""))
    if found is None:
        return ""
    try:
        address = urljoin(partner.base_url + path, found[1])
    except ValueError:
        address = ""
    # the path is compared as it is written: dots that a server may resolve upwards are not followed
    below = f"{urlsplit(partner.base_url).path}/2/ileap/tad"
    if _place(address) != _place(partner.base_url) or urlsplit(address).path != below:
        raise PartnerUnreachable(reason="its next page is at another address")
    return f"/2/ileap/tad?{urlsplit(address).query}"


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()
