"""
Signing in by an OpenID provider (OpenID Connect Core 1.0, 3.1): authorization code with PKCE (RFC 7636, S256).

``begin`` gives the address to send the browser to and a ticket for its cookie; ``finish`` takes what came back. Nonce
and verifier are made from the ticket's random part and a key of this server, so nothing is stored and nothing secret is
in the cookie; the ticket ties the answer to the browser that asked. A provider says who somebody is and no more: only
people who were invited, by an address the provider has verified, come in.
"""

from __future__ import annotations

import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ledger.errors import AccessError
from ledger.ports import Clock, Random
from ledger.records.record import microseconds
from ledger.services.gate import Gate
from ledger.services.people import Inviting, PeopleStore, taken

ALGORITHMS: Final = ("RS256", "ES256")
"""What ID tokens may be signed with: asymmetric alone."""
TICKET_SECONDS: Final = 600
LEEWAY: Final = 30
LONGEST: Final = 16_384
_TICKET: Final = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{43})\.([0-9a-f]{64})", re.ASCII)


class ProviderRefused(AccessError):
    """An answer of the OpenID provider that cannot be used. Nobody is signed in."""

    code = "access.openid-refused"
    why: str
    en = "signing in by the provider failed: {why}"
    zh = "通过身份提供方登录失败：{why}"
    fix_en = "Begin again at /login; if it stays so, tell the ledger's administrator"
    fix_zh = "请从 /login 重新开始；若仍失败，请联系管理员"


class ProviderUnreachable(AccessError):
    """The OpenID provider does not answer."""

    code = "access.openid-unreachable"
    retryable = True
    why: str
    en = "the OpenID provider does not answer: {why}"
    zh = "身份提供方无应答：{why}"
    fix_en = "Try again later, or sign in with e-mail and password"
    fix_zh = "请稍后再试，或使用邮箱和密码登录"


class NotInvited(AccessError):
    """Somebody the provider knows and this ledger does not."""

    code = "access.openid-not-invited"
    en = "nobody of this address was invited here"
    zh = "该邮箱未被邀请"
    fix_en = "Ask the ledger's administrator for an invitation to the address you have at the provider"
    fix_zh = "请管理员向您在身份提供方登记的邮箱发送邀请"


class Provider(Protocol):
    """An OpenID provider, as a relying party speaks to it."""

    @property
    def issuer(self) -> str:
        """Its name, exactly."""
        ...

    def metadata(self) -> Mapping[str, Any]:
        """Its discovery document, checked to be its own. Raises ``ProviderUnreachable``, ``ProviderRefused``."""
        ...

    def keys(self, *, fresh: bool) -> Mapping[str, Any]:
        """Its JWK set; ``fresh`` asks again. Raises ``ProviderUnreachable``."""
        ...

    def redeem(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """What the token endpoint answers to a form. Raises ``ProviderUnreachable``, ``ProviderRefused``."""
        ...


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The server as a client of one provider."""

    provider: Provider
    client_id: str
    redirect_uri: str
    key: bytes
    clock: Clock
    random: Random

    def begin(self) -> tuple[str, str]:
        """Where to send the browser, and the ticket to keep in its cookie."""
        state = _text(self.random.token(32))
        ticket = f"{self._now()}.{state}"
        asked = {
            "response_type": "code",
            "scope": "openid email profile",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "state": state,
            "nonce": self._made("nonce", state),
            "code_challenge": _text(sha256(self._made("verifier", state).encode()).digest()),
            "code_challenge_method": "S256",
        }
        endpoint = str(self.provider.metadata()["authorization_endpoint"])
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", f"{ticket}.{self._signed(ticket)}"

    def finish(self, ticket: str, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """The claims of the ID token that an answer leads to. Raises ``ProviderRefused``, ``ProviderUnreachable``."""
        state = self._state(ticket)
        if not hmac.compare_digest(answer.get("state", "").encode(), state.encode()):
            raise ProviderRefused(why="state")
        if answer.get("error"):
            raise ProviderRefused(why=re.sub(r"[^a-z_]", "", answer["error"][:40]) or "error")
        # RFC 9207: a provider that names itself in the answer must be the one that was asked.
        if answer.get("iss", self.provider.issuer) != self.provider.issuer or not answer.get("code"):
            raise ProviderRefused(why="iss" if answer.get("code") else "code")
        given = self.provider.redeem(
            {
                "grant_type": "authorization_code",
                "code": answer["code"][:LONGEST],
                "redirect_uri": self.redirect_uri,
                "client_id": self.client_id,
                "code_verifier": self._made("verifier", state),
            }
        )
        claims = self._claims(str(given.get("id_token", ""))[:LONGEST])
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), self._made("nonce", state).encode()):
            raise ProviderRefused(why="nonce")
        return claims

    def _claims(self, token: str) -> dict[str, Any]:
        """The claims of an ID token of the provider for this client (OpenID Connect Core, 3.1.3.7)."""
        try:
            try:
                found = jwt.decode(token, KeySet.import_key_set(self.provider.keys(fresh=False)), [*ALGORITHMS])  # type: ignore[arg-type]
            except (JoseError, ValueError):  # a key that is new to us: asked for once more
                found = jwt.decode(token, KeySet.import_key_set(self.provider.keys(fresh=True)), [*ALGORITHMS])  # type: ignore[arg-type]
            jwt.JWTClaimsRegistry(
                now=self._now(),
                leeway=LEEWAY,
                iss={"essential": True, "value": self.provider.issuer},
                aud={"essential": True, "value": self.client_id},
                exp={"essential": True},
                iat={"essential": True},
                sub={"essential": True},
            ).validate(found.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderRefused(why=getattr(error, "claim", "") or type(error).__name__) from None
        claims: dict[str, Any] = found.claims
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", self.client_id) != self.client_id or (several and "azp" not in claims):
            raise ProviderRefused(why="azp")
        return claims

    def _state(self, ticket: str) -> str:
        match = _TICKET.fullmatch(ticket)
        if match is None or not hmac.compare_digest(self._signed(f"{match[1]}.{match[2]}"), match[3]):
            raise ProviderRefused(why="ticket")
        if not 0 <= self._now() - int(match[1]) < TICKET_SECONDS:
            raise ProviderRefused(why="ticket expired")
        return match[2]

    def _signed(self, head: str) -> str:
        return hmac.new(self.key, b"openid ticket\n" + head.encode(), sha256).hexdigest()

    def _made(self, what: str, state: str) -> str:
        return _text(hmac.new(self.key, f"openid {what}\n{state}".encode(), sha256).digest())

    def _now(self) -> int:
        return int(self.clock.now().timestamp())


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def known_as(ledger: Inviting, gate: Gate, claims: Mapping[str, Any]) -> str:
    """
    The id of the person whom a provider's claims name.

    Someone linked before, else the person or the open invitation of the address that the provider says it verified;
    from then on the provider's subject counts and the address no more. Raises ``NotInvited``.
    """
    people = ledger.people
    now = microseconds(ledger.clock.now())
    subject = f"{claims['iss']} {claims['sub']}"[:600]
    linked = people.by_subject(subject)
    if linked is not None:
        if linked.person.revoked:
            raise NotInvited
        people.signed_in(linked.person.id, now)
        return linked.person.id
    # Only the very word true: an address that is not verified is a claim of whoever opened the account.
    email = str(claims.get("email", "")).strip().lower() if claims.get("email_verified") is True else ""
    person_id = _by_address(people, email)
    if person_id is None:
        invitation = next((each for each in people.invited(email) if email and each.open(now)), None)
        if invitation is None:
            raise NotInvited
        person_id = taken(ledger, gate, invitation, "")
    if not people.link(person_id, subject):
        raise NotInvited
    people.signed_in(person_id, now)
    return person_id


def _by_address(people: PeopleStore, email: str) -> str | None:
    found = people.by_email(email) if email else None
    return found.person.id if found is not None and not found.person.revoked else None
