"""Letters over TLS and with a login: by a server that proves itself alone, and never a password in the open."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.adapters.smtp import Smtp
from ledger.ports.mail import MailNotSent
from tests.mail_server import MailServer, mail_server
from tests.pact.certificate import written

AWAY = "127.0.0.2"
"""This machine by an address that does not say so, as any other server's."""
LOGIN = "ledger:pass%40word"
PASSWORD = "pass@word"


@pytest.fixture(params=["from the start", "begun"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MailServer]:
    """A server away from here with a certificate, which wants a login."""
    certificate, key = written(tmp_path, AWAY)
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(certificate, key)
    with mail_server(MailServer(AWAY, trust, begins=request.param == "begun", login=f"ledger:{PASSWORD}")) as made:
        yield made


def address(server: MailServer, login: str = LOGIN) -> str:
    return server.url.replace(server.login, login)


@pytest.fixture
def trusted(tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its certificate is among those that this process trusts, as an operator's own authority is."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))


@pytest.mark.usefixtures("trusted")
def test_a_letter_goes_under_tls_after_the_login(server: MailServer) -> None:
    """Nothing but the greeting and the wish for TLS is in the open."""
    Smtp(address(server), "ledger@example.com", 5).send("wang@example.com", "提醒", "请提交碳足迹\n.\n")
    letter = server.letters.get(timeout=5)
    assert (letter["To"], letter["Subject"]) == ("wang@example.com", "提醒")
    assert letter.get_content().replace("\r", "") == "请提交碳足迹\n.\n"
    assert server.logins == [f"ledger:{PASSWORD}"]
    assert [word for word, hidden in server.heard if not hidden] == (["EHLO", "STAR"] if server.begins else [])
    assert {"AUTH", "MAIL", "RCPT", "DATA"} <= {word for word, hidden in server.heard if hidden}


def test_a_server_that_does_not_prove_itself_gets_nothing(server: MailServer) -> None:
    """Its certificate is nobody's: no login, no letter; to be tried again, because it may be mended."""
    with pytest.raises(MailNotSent) as told:
        Smtp(address(server), "ledger@example.com", 5).send("wang@example.com", "s", "t")
    assert "Verification" in told.value.reason
    assert (server.logins, server.handed_over) == ([], 0)


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_told_without_it(server: MailServer) -> None:
    with pytest.raises(MailNotSent) as told:
        Smtp(address(server, "ledger:wrong-secret"), "ledger@example.com", 5).send("wang@example.com", "s", "t")
    assert "wrong-secret" not in f"{told.value} {told.value.reason}"
    assert server.handed_over == 0


def test_without_tls_no_login_and_no_letter_leave_this_machine() -> None:
    """A server elsewhere that offers no TLS: the link in the letter and the password would travel in the open."""
    with mail_server(MailServer(AWAY, login=f"ledger:{PASSWORD}")) as server:
        with pytest.raises(MailNotSent):
            Smtp(address(server), "ledger@example.com", 5).send("wang@example.com", "s", "t")
        assert (server.logins, server.handed_over) == ([], 0)
        assert {word for word, _ in server.heard} <= {"EHLO", "QUIT"}
