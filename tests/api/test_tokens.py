"""Access tokens of machines: RFC 6749, 6750, 7517, 7519, 8414 and 9068 as a client and an attacker meet them."""

from __future__ import annotations

import dataclasses
import hmac
import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey

from ledger.adapters.clock import SystemClock
from ledger.services.keys import renew_owner
from ledger.services.tokens import TOKEN_SECONDS
from tests.api.house import TLS, House, event, served

GRANT = {"grant_type": "client_credentials"}
FORM = "application/x-www-form-urlencoded"


class Ahead(SystemClock):
    """A clock that can be put forward."""

    by = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.by


def _pair(house: House, holder: str) -> tuple[str, str]:
    _, client, secret = house.keys[holder].split("_", 2)
    return client, secret


def _ask(house: House, holder: str = "supplier", **changes: Any) -> httpx.Response:
    return httpx.post(
        f"{house.url}/auth/token", **{"auth": _pair(house, holder), "data": GRANT, "verify": TLS} | changes
    )


def _token(house: House, holder: str = "supplier") -> str:
    answer = _ask(house, holder)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def _get(house: House, token: str, path: str = "/api/v1/entries") -> httpx.Response:
    return httpx.get(house.url + path, headers={"Authorization": f"Bearer {token}"}, verify=TLS)


def _raw(part: str) -> bytes:
    return b64decode(part.replace("-", "+").replace("_", "/") + "=" * (-len(part) % 4))


def test_a_client_gets_a_token_that_opens_what_its_key_opens(house: House) -> None:
    """RFC 6749, 5.1: the fields and headers of the answer; then the token is let in exactly as the key's role is."""
    answer = _ask(house)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access_token", "token_type", "expires_in"}
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", TOKEN_SECONDS)
    assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
    token = answer.json()["access_token"]
    assert _get(house, token).status_code == 200
    assert _get(house, token, "/api/v1/keys").status_code == 403
    sent = httpx.post(
        f"{house.url}/events", json=event("urn:uuid:token"), headers={"Authorization": f"bearer {token}"}, verify=TLS
    )
    assert sent.status_code == 201
    assert _get(house, _token(house, "owner"), "/api/v1/keys").status_code == 200


def test_a_stranger_can_check_a_token_by_what_is_published(house: House) -> None:
    """Discovery leads to the keys (RFC 8414, 7517); ES256 by another library holds over the token's bytes."""
    found = httpx.get(f"{house.url}/.well-known/openid-configuration", verify=TLS).json()
    assert found == httpx.get(f"{house.url}/.well-known/oauth-authorization-server", verify=TLS).json()
    assert found["issuer"] == house.url
    token = httpx.post(found["token_endpoint"], auth=_pair(house, "supplier"), data=GRANT, verify=TLS).json()[
        "access_token"
    ]
    head, claims, signature = token.split(".")
    header = json.loads(_raw(head))
    assert (header["alg"], header["typ"]) == ("ES256", "at+jwt")
    keys = httpx.get(found["jwks_uri"], verify=TLS).json()["keys"]
    assert all(set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"} for key in keys)
    (key,) = (key for key in keys if key["kid"] == header["kid"])
    x, y = (int.from_bytes(_raw(key[name])) for name in ("x", "y"))
    r, s = (int.from_bytes(_raw(signature)[at : at + 32]) for at in (0, 32))
    public = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    public.verify(encode_dss_signature(r, s), f"{head}.{claims}".encode(), ECDSA(SHA256()))
    said = json.loads(_raw(claims))
    assert (said["iss"], said["aud"], said["sub"]) == (house.url, house.url, _pair(house, "supplier")[0])
    assert said["exp"] - said["iat"] == TOKEN_SECONDS


def test_credentials_may_be_percent_encoded(house: House) -> None:
    """RFC 6749, 2.3.1 wants them encoded, the PACT clients send them raw: both are the same client."""
    client, secret = _pair(house, "supplier")
    coded = "".join(f"%{ord(letter):02x}" for letter in secret)
    assert _ask(house, auth=(quote(client), coded)).status_code == 200


def _basic(text: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        _basic("nobody:wrong"),
        _basic("owner:wrong"),
        _basic("owner"),
        _basic(":"),
        _basic("é:é"),
        {"Authorization": "Basic !!"},
        {"Authorization": "Bearer x"},
    ],
)
def test_a_client_that_is_none_gets_no_token(house: House, headers: dict[str, str]) -> None:
    """401 invalid_client with a Basic challenge (RFC 6749, 5.2), the same for every fault."""
    answer = _ask(house, auth=None, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["www-authenticate"].startswith("Basic ")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("holder", ["expired", "revoked"])
def test_a_key_that_ended_gets_no_token(house: House, holder: str) -> None:
    """Neither an expired nor a revoked key is a client."""
    assert _ask(house, holder).status_code == 401


def test_credentials_in_the_body_are_not_taken(house: House) -> None:
    """They would stand in logs of forms; Basic is what is offered."""
    client, secret = _pair(house, "supplier")
    assert _ask(house, auth=None, data=GRANT | {"client_id": client, "client_secret": secret}).status_code == 401


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"data": {}}, "invalid_request"),
        ({"data": {"grant_type": ""}}, "invalid_request"),
        ({"data": {"grant_type": "password"}}, "unsupported_grant_type"),
        ({"data": {"grant_type": ["client_credentials", "client_credentials"]}}, "invalid_request"),
        ({"data": None, "json": GRANT}, "invalid_request"),
        ({"data": None, "content": b"grant_type=\xff", "headers": {"Content-Type": FORM}}, "invalid_request"),
        ({"data": {"a": "b" * 20_000}}, "invalid_request"),
        ({"data": {f"a{n}": "b" for n in range(30)}}, "invalid_request"),
    ],
)
def test_a_request_that_says_too_little_or_else_is_refused(house: House, sent: dict[str, Any], error: str) -> None:
    """400 with the name that RFC 6749, 5.2, gives it."""
    answer = _ask(house, **sent)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_wrong_secrets_have_to_wait(tmp_path: Path) -> None:
    """After ten wrong secrets of one client 429 with Retry-After; other clients go on."""
    with served(tmp_path, patience=10) as house:
        statuses = [_ask(house, auth=("owner", "wrong")).status_code for _ in range(11)]
        assert statuses == [401] * 10 + [429]
        assert int(_ask(house, auth=("owner", "wrong")).headers["retry-after"]) > 0
        assert _ask(house).status_code == 200


def _forgeries() -> dict[str, Callable[[dict[str, Any], dict[str, Any], ECKey], str]]:
    """Tokens that say what a good one says, and are signed or dressed otherwise."""

    def plain(header: dict[str, Any], claims: dict[str, Any]) -> str:
        parts = (urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
        return ".".join(parts)

    mine = ECKey.generate_key("P-256", private=True, auto_kid=True)

    def signed(header: dict[str, Any], claims: dict[str, Any], key: Any = mine) -> str:
        return jwt.encode(header, claims, key, algorithms=[header["alg"]])

    def by_public_key(header: dict[str, Any], claims: dict[str, Any], public: ECKey) -> str:
        text = plain(header | {"alg": "HS256"}, claims)
        code = hmac.digest(public.as_pem(private=False), text.encode(), "sha256")
        return text + "." + urlsafe_b64encode(code).decode().rstrip("=")

    return {
        "no algorithm": lambda h, c, _: plain(h | {"alg": "none"}, c) + ".AA",
        "no signature": lambda h, c, _: plain(h, c) + "." + "A" * 86,
        "zeroes as signature": lambda h, c, _: plain(h, c) + "." + urlsafe_b64encode(bytes(64)).decode().rstrip("="),
        "the public key as a shared secret": by_public_key,
        "another key under our id": lambda h, c, _: signed(h, c),
        "its own key in the header": lambda h, c, _: signed(h | {"jwk": mine.as_dict(private=False)}, c),
        "its own key's id": lambda h, c, _: signed(h | {"kid": mine.kid}, c),
        "a path as id": lambda h, c, _: signed(h | {"kid": "../../dev/null"}, c),
        "no id": lambda h, c, _: signed({n: v for n, v in h.items() if n != "kid"}, c),
    }


@pytest.mark.parametrize("name", _forgeries())
def test_a_forged_token_is_refused(house: House, name: str) -> None:
    """401 invalid_token (RFC 6750, 3.1) for each way that libraries have been led astray."""
    head, claims, _ = _token(house).split(".")
    (key,) = httpx.get(f"{house.url}/auth/keys", verify=TLS).json()["keys"]
    forged = _forgeries()[name](json.loads(_raw(head)), json.loads(_raw(claims)), ECKey.import_key(key))
    answer = _get(house, forged)
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token-refused")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"exp": 1}, "access.token-expired"),
        ({"exp": "never"}, "access.token-refused"),
        ({"nbf": 4_000_000_000}, "access.token-refused"),
        ({"iss": "https://other.example"}, "access.token-refused"),
        ({"aud": "https://other.example"}, "access.token-refused"),
        ({"aud": ["https://other.example"]}, "access.token-refused"),
        ({"sub": "owner"}, "access.token-refused"),
        ({"sub": None}, "access.token-refused"),
        ({"secret": ""}, "access.token-refused"),
        ({"exp": None}, "access.token-refused"),
    ],
)
def test_what_a_token_says_is_checked_even_when_we_signed_it(house: House, change: dict[str, Any], code: str) -> None:
    """Issuer, audience, times, client: each must fit; expired is told apart from the rest."""
    head, claims, _ = _token(house).split(".")
    key = house.ledger.token_keys.signing()
    text = jwt.encode(json.loads(_raw(head)), json.loads(_raw(claims)) | change, key, algorithms=["ES256"])
    answer = _get(house, text)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_every_changed_character_is_noticed(house: House) -> None:
    """Any one character of the token replaced by another: refused, as is a token cut short."""
    token = _token(house)
    for at in range(0, len(token), 7):
        other = "A" if token[at] != "A" else "B"
        assert _get(house, token[:at] + other + token[at + 1 :]).status_code == 401
    assert _get(house, token[:-5]).status_code == 401


def test_tokens_end_with_their_time_their_client_and_its_secret(tmp_path: Path) -> None:
    """Expired after 15 minutes; refused once the key is revoked, and once the owner has a new one."""
    clock = Ahead()
    with served(tmp_path, clock=clock) as house:
        token = _token(house)
        clock.by = timedelta(seconds=TOKEN_SECONDS - 5)
        assert _get(house, token).status_code == 200
        clock.by = timedelta(seconds=TOKEN_SECONDS + 5)
        assert _get(house, token).json()["code"] == "access.token-expired"
        token, owners = _token(house), _token(house, "owner")
        with house.client("owner") as owner:
            assert owner.delete(f"/api/v1/keys/{_pair(house, 'supplier')[0]}").status_code == 204
        assert _get(house, token).json()["code"] == "access.token-refused"
        assert _get(house, owners).status_code == 200
        renew_owner(house.ledger.principals, house.ledger.random)
        house.app.state.runtime.gate.forget("owner")  # what half a minute does
        assert _get(house, owners).json()["code"] == "access.token-refused"


def test_a_rotated_key_stays_published_while_its_tokens_live(tmp_path: Path) -> None:
    """New tokens have the new key, old ones still hold; the old private key is in no file any more."""
    with served(tmp_path) as house:
        old = _token(house)
        secret = house.ledger.token_keys.signing().as_dict(private=True)["d"]
        assert secret in (house.ledger.settings.home / "token-keys.json").read_text()
        kid = house.ledger.token_keys.rotate()
        published = [key["kid"] for key in httpx.get(f"{house.url}/auth/keys", verify=TLS).json()["keys"]]
        assert published == [kid, json.loads(_raw(old.split(".")[0]))["kid"]]
        fresh = _token(house)
        assert json.loads(_raw(fresh.split(".")[0]))["kid"] == kid
        assert [_get(house, token).status_code for token in (old, fresh)] == [200, 200]
        files = [path.read_bytes() for path in house.ledger.settings.home.iterdir() if path.is_file()]
        assert not [content for content in files if str(secret).encode() in content]


def test_a_key_lives_a_day_after_its_last_signature(tmp_path: Path) -> None:
    """Two rotations a day apart: the first key is gone, and processes that share the home agree."""
    clock = Ahead()
    with served(tmp_path, clock=clock) as house:
        keys = dataclasses.replace(house.ledger.token_keys, clock=clock)  # type: ignore[type-var]
        kids = [keys.signing().kid]
        for _ in range(3):
            kids.append(keys.rotate())
            clock.by += timedelta(hours=23)
        assert [key["kid"] for key in house.ledger.token_keys.published()] == [kids[3], kids[2], kids[1]]
        assert house.ledger.token_keys.find(str(kids[0])) is None
