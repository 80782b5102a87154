"""People: invited, signing in, locked, signed out everywhere, revoked; and letters that a real mail server takes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import httpx
import pytest

from ledger.errors import AccessError
from ledger.ports import Receipt
from ledger.records.record import microseconds
from ledger.services import people
from ledger.services.organisations import add_organisation
from ledger.services.passwords import PasswordTooWeak, hashed, matches
from ledger.services.pcf_requests import Party, Wanted, ask
from ledger.services.people import invite, token_hash
from tests.api.house import OTHER, SUPPLIER, House, served

GOOD = "four gray horses by the lake"
PAGE = {"Accept": "text/html", "Accept-Language": "en"}


def _invited(house: House, email: str, role: str = "supplier", organisation: str = SUPPLIER) -> str:
    tenant = house.ledger.settings.tenant
    return invite(house.ledger, tenant=tenant, email=email, name="Li Na", role=role, organisation=organisation)[1]


@contextmanager
def _entered(house: House, email: str, **terms: str) -> Iterator[httpx.Client]:
    """Somebody who took an invitation, signed in."""
    with house.client() as client:
        assert client.post(f"/welcome/{_invited(house, email, **terms)}", data={"password": GOOD}).status_code == 303
        yield client


def _sign_in(house: House, email: str, password: str = GOOD) -> httpx.Response:
    with house.client() as client:
        return client.post("/login", data={"email": email, "password": password})


def _token(house: House, client: httpx.Client) -> dict[str, str]:
    sessions = house.app.state.runtime.sessions
    return {"csrf_token": str(sessions.read(client.cookies[sessions.cookie_name]).form_token)}


def test_an_invited_supplier_sets_a_password_and_acts_for_its_organisation(house: House) -> None:
    """The link opens as often as it is looked at, is used once, and leads to the supplier's start page."""
    secret = _invited(house, "Li.Na@Example.com ")
    with house.client() as client:
        for _ in range(2):
            assert "First Supplier" in client.get(f"/welcome/{secret}", headers=PAGE).text
        weak = client.post(f"/welcome/{secret}", data={"password": "short"}, headers=PAGE)
        assert (weak.status_code, "5 characters" in weak.text) == (422, True)
        done = client.post(f"/welcome/{secret}", data={"password": GOOD})
        assert (done.status_code, done.headers["location"]) == (303, "/supplier")
        assert client.get("/supplier", headers=PAGE).status_code == 200
        assert client.get("/api/v1/session").json()["role"] == "supplier"
        assert client.get("/people").status_code == 403
        again = client.post(f"/welcome/{secret}", data={"password": GOOD})
        assert (again.status_code, again.json()["code"]) == (404, "access.invitation-absent")
    assert _sign_in(house, "LI.NA@example.com").headers["location"] == "/supplier"


@pytest.mark.parametrize("how", ["never", "withdrawn", "expired", "replaced"])
def test_a_link_that_opens_nothing_says_nothing_more(house: House, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown link, one that was withdrawn, one out of date, one that another replaced: the same 404."""
    email = f"{how}@example.com"
    if how == "expired":
        monkeypatch.setattr(people, "INVITED_FOR", timedelta(seconds=-1))
    secret = "x" * 43 if how == "never" else _invited(house, email)
    if how == "withdrawn":
        (made,) = house.ledger.people.invited(email)
        assert not house.ledger.people.revoke_invitation(OTHER, made.id)
        assert house.ledger.people.revoke_invitation(made.tenant, made.id)
    if how == "replaced":
        _invited(house, email)
    with house.client() as client:
        for answer in (client.get(f"/welcome/{secret}"), client.post(f"/welcome/{secret}", data={"password": GOOD})):
            assert (answer.status_code, answer.json()["code"]) == (404, "access.invitation-absent")


def test_wrong_passwords_pause_the_account_and_say_nothing(house: House) -> None:
    """Five wrong ones in a row close it to the right one too; the answer never differs from an unknown address's."""
    with _entered(house, "lock@example.com"):
        pass
    answers = [_sign_in(house, "lock@example.com", "wrong password here") for _ in range(5)]
    answers += [_sign_in(house, "lock@example.com"), _sign_in(house, "nobody@example.com")]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["detail"] for answer in answers}) == 1
    stored = house.ledger.people.by_email("lock@example.com")
    assert stored is not None
    left = stored.locked_until - microseconds(house.ledger.clock.now())
    assert 14 * 60_000_000 < left <= 15 * 60_000_000
    house.ledger.people.set_password(stored.person.id, stored.password, b"x" * 32)
    assert _sign_in(house, "lock@example.com").status_code == 303


def test_another_password_ends_every_session(house: House) -> None:
    """The old one opens nothing, other sessions are over, the one that changed it goes on; the old one is asked."""
    new, address = "seven brown bears at noon", "two@example.com"
    with _entered(house, address) as first, house.client() as second:
        second.post("/login", data={"email": address, "password": GOOD})
        bad = first.post("/account/password", data={"old": "not the old one", "password": new} | _token(house, first))
        assert bad.status_code == 422
        assert first.post("/account/password", data={"old": GOOD, "password": new}).status_code == 403
        done = first.post("/account/password", data={"old": GOOD, "password": new} | _token(house, first))
        assert done.status_code == 303
        assert first.get("/api/v1/session").status_code == 200
        assert second.get("/api/v1/session").status_code == 401
        assert [_sign_in(house, address, each).status_code for each in (GOOD, new)] == [401, 303]
        assert first.post("/account/sessions/end", data=_token(house, first)).status_code == 303
        assert first.get("/api/v1/session").status_code == 401


def test_revoking_a_person_ends_its_sessions_and_its_password(house: House) -> None:
    """At once, and the address can be invited again: as somebody new, who is not who handed in before."""
    with _entered(house, "gone@example.com") as client, house.client("owner") as owner, house.client("other") as other:
        before = house.ledger.people.by_email("gone@example.com")
        assert before is not None
        assert other.post(f"/people/{before.person.id}/revoke").status_code == 404
        assert client.get("/api/v1/session").status_code == 200
        assert owner.post(f"/people/{before.person.id}/revoke").status_code == 303
        assert client.get("/api/v1/session").status_code == 401
        assert _sign_in(house, "gone@example.com").status_code == 401
        assert before.person.id not in owner.get("/api/v1/keys").text
        assert owner.post(f"/api/v1/keys/{before.person.id}/successor").status_code == 404
    with _entered(house, "gone@example.com", role="warehouse", organisation=""):
        after = house.ledger.people.by_email("gone@example.com")
    assert after is not None
    assert after.person.id != before.person.id
    assert (after.person.role, after.person.organisation) == ("warehouse", "")


def test_a_link_for_someone_who_is_here_is_a_new_password(house: House) -> None:
    """The person keeps its id; sessions of the old password end."""
    with _entered(house, "lost@example.com") as client:
        before = house.ledger.people.by_email("lost@example.com")
        with house.client() as fresh:
            answer = fresh.post(f"/welcome/{_invited(house, 'lost@example.com')}", data={"password": "a" + GOOD})
            assert answer.status_code == 303
        after = house.ledger.people.by_email("lost@example.com")
        assert before is not None
        assert after is not None
        assert before.person.id == after.person.id
        assert client.get("/api/v1/session").status_code == 401


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "no address"}, "access.invitation-terms"),
        ({"email": "a@b"}, "access.invitation-terms"),
        ({"name": " "}, "access.invitation-terms"),
        ({"role": "public"}, "access.invitation-terms"),
        ({"role": "supplier", "organisation": ""}, "access.invitation-terms"),
        ({"role": "admin", "organisation": SUPPLIER}, "access.invitation-terms"),
        ({"role": "auditor", "organisation": SUPPLIER}, "access.invitation-terms"),
        ({"organisation": "nobody"}, "access.organisation-absent"),
    ],
)
def test_whom_an_invitation_fits(house: House, changes: dict[str, str], code: str) -> None:
    """An address, a name, a role; a supplier's organisation for a supplier and for nobody else."""
    terms = {"email": "x@example.com", "name": "X", "role": "supplier", "organisation": SUPPLIER} | changes
    with pytest.raises(AccessError) as refused:
        invite(house.ledger, tenant=house.ledger.settings.tenant, **terms)
    assert refused.value.code == code
    assert house.ledger.people.invited("x@example.com") == []


def test_an_address_has_one_account(house: House) -> None:
    """Neither another tenant nor another role takes it over."""
    with _entered(house, "one@example.com"):
        pass
    for tenant, role in ((OTHER, "admin"), (house.ledger.settings.tenant, "admin")):
        with pytest.raises(people.InvitationRefused):
            invite(house.ledger, tenant=tenant, email="one@example.com", name="X", role=role)


def test_row_security_does_not_hide_who_comes_in(tmp_path: Path, postgres_url: str) -> None:
    """PostgreSQL, another tenant's admin at the same browser: no link to a taken address, and good ones open."""
    with served(tmp_path, settings={"database_url": postgres_url}) as house, house.client() as client:
        secret = _invited(house, "one@example.com")
        client.post("/login", data={"key": house.keys["other"]})
        assert client.get(f"/welcome/{secret}", headers=PAGE).status_code == 200
        assert client.post(f"/welcome/{secret}", data={"password": GOOD}).headers["location"] == "/supplier"
        client.post("/login", data={"key": house.keys["other"]})
        form = {"name": "X", "email": "one@example.com", "role": "admin"} | _token(house, client)
        refused = client.post("/people/invitations", data=form, headers=PAGE)
        assert (refused.status_code, "has an account elsewhere" in refused.text) == (422, True)
        signed_in = client.post("/login", data={"email": "one@example.com", "password": GOOD})
        assert (signed_in.status_code, client.get("/api/v1/session").json()["role"]) == (303, "supplier")


def test_the_admins_page_invites_and_shows_the_link_once(house: House) -> None:
    """The link is in the answer to the form and on no page after; a refused form comes back as it was typed."""
    with house.client("owner", **PAGE) as owner:
        form = {"name": "Wang", "email": "wang@example.com", "role": "supplier", "organisation": SUPPLIER}
        shown = owner.post("/people/invitations", data=form).text
        link = re.search(r'id="link" class="code">(.*?)</code>', shown)
        assert link
        secret = link[1].replace("<wbr>", "").rpartition("/")[2]
        assert house.ledger.people.invitation(token_hash(secret))
        listed = owner.get("/people").text
        assert "wang@" in listed
        assert secret not in listed.replace("<wbr>", "")
        refused = owner.post("/people/invitations", data=form | {"email": "nothing"})
        assert (refused.status_code, 'value="Wang"' in refused.text) == (422, True)
        made = owner.post("/organisations", data={"name": "Lab", "kind": "verifier", "identifiers": "urn:x1:1"})
        assert made.status_code == 303
        assert "Lab" in owner.get("/organisations").text


@pytest.mark.parametrize(
    ("password", "good"),
    [
        (GOOD, True),
        ("这是一个很长很长的中文密码句子", True),
        ("elevenchars", False),
        ("aaaaaaaaaaaaaaaa", False),
        ("li.na@example.com", False),
        ("x" * 201, False),
    ],
)
def test_what_may_be_a_password(password: str, good: bool) -> None:
    """Length decides, not kinds of letters; what everyone knows of its owner is none."""
    if not good:
        with pytest.raises(PasswordTooWeak):
            hashed(password, not_in=("li.na@example.com", "li.na"))
        return
    assert matches(hashed(password), password)


def test_passwords_are_argon2id_and_width_does_not_matter() -> None:
    """argon2id with OWASP's parameters; full-width letters are the letters; no hash matches nothing."""
    stored = hashed("ｆｏｕｒ gray horses")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert matches(stored, "four gray horses")
    assert not matches(stored, "four gray horsez")
    assert not matches("", "")


class _Server(threading.Thread):
    """A mail server of one connection: the least of RFC 5321."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.letters: list[bytes] = []

    def run(self) -> None:
        peer, _ = self.socket.accept()
        with peer, peer.makefile("rwb") as wire:
            wire.write(b"220 test\r\n")
            wire.flush()
            for line in wire:
                word = line[:4].upper()
                if word == b"DATA":
                    wire.write(b"354 go on\r\n")
                    wire.flush()
                    self.letters.append(b"".join(iter(wire.readline, b".\r\n")))
                wire.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                wire.flush()
                if word == b"QUIT":
                    return


@contextmanager
def _posting(home: Path, url: str) -> Iterator[House]:
    with served(home, settings={"smtp_url": url, "mail_from": "ledger@example.com"}) as house:
        yield house


def test_an_invitation_is_mailed_in_both_languages(tmp_path: Path) -> None:
    """The letter's link opens the form; with the server gone the link is still shown, and why it was not sent."""
    server = _Server()
    server.start()
    with _posting(tmp_path, f"smtp://127.0.0.1:{server.port}") as house, house.client("owner", **PAGE) as owner:
        form: dict[str, Any] = {"name": "王芳", "email": "w@example.com", "role": "supplier", "organisation": SUPPLIER}
        assert "mailed to" in owner.post("/people/invitations", data=form).text
        server.join(10)
        server.socket.close()
        (letter,) = server.letters
        text = message_from_bytes(letter, policy=policy.default).get_content()  # type: ignore[attr-defined]
        links = re.findall(r"https?://\S+/welcome/\S+", text)
        assert len(links) == 2
        assert ("王芳，您好" in text, "Dear 王芳" in text) == (True, True)
        assert owner.get(links[0]).status_code == 200
        failed = owner.post("/people/invitations", data=form).text
        assert ("mail was not sent" in failed, 'id="link"' in failed) == (True, True)


def test_no_password_and_no_link_is_stored(house: House) -> None:
    """Neither is anywhere in the database files."""
    secret = _invited(house, "stored@example.com")
    with _entered(house, "stored@example.com"):
        pass
    stored = b"".join(path.read_bytes() for path in house.ledger.settings.home.glob("ledger.db*"))
    assert GOOD.encode() not in stored
    assert secret.encode() not in stored


def test_organisations_hold_no_one_of_another_tenant(house: House) -> None:
    """Another tenant's admin sees neither organisation nor person, and cannot invite into one."""
    with house.client("other", **PAGE) as other:
        assert "First Supplier" not in other.get("/organisations").text
        form = {"name": "X", "email": "t@example.com", "role": "supplier", "organisation": SUPPLIER}
        assert other.post("/people/invitations", data=form).status_code == 422
    add_organisation(
        house.ledger.organisations,
        house.ledger.clock,
        house.ledger.random,
        tenant=OTHER,
        name="Theirs",
        kind="supplier",
    )
    with house.client("owner", **PAGE) as owner:
        assert "Theirs" not in owner.get("/organisations").text


def test_what_the_house_asks_is_on_the_suppliers_first_page(house: House) -> None:
    """A request with its product, its day and its address, for the organisation asked and for no other."""
    ledger, tenant = house.ledger, house.ledger.settings.tenant
    rival = {"tenant": tenant, "name": "Rival", "kind": "supplier", "organisation_id": "rival"}
    add_organisation(ledger.organisations, ledger.clock, ledger.random, **rival)  # type: ignore[arg-type]
    due = ledger.clock.now().date() + timedelta(days=9)
    wanted = Wanted([SUPPLIER], [("https://id.gs1.org/01/09506000134352", "Switchgear")], due, 3, "")
    assert all(isinstance(outcome, Receipt) for outcome in ask(ledger, Party(tenant, "owner"), wanted))
    house.settled()
    with (
        _entered(house, "asked@example.com") as client,
        _entered(house, "r@example.com", organisation="rival") as other,
    ):
        text = client.get("/supplier", headers=PAGE).text
        assert f"due {due.isoformat()}, 9 days left" in text
        assert "State the footprint of Switchgear" in text
        link = re.search(r'href="(/desk/requests/[^"]+)"', text)
        assert link
        assert client.get(link[1], headers=PAGE).status_code == 200
        assert "Switchgear" not in other.get("/supplier", headers=PAGE).text
        assert other.get(link[1]).status_code == 404
