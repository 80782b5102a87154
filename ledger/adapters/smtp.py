"""Letters by SMTP (RFC 5321): ``smtps://`` speaks TLS from the start, ``smtp://`` begins it (RFC 3207)."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar, Final
from urllib.parse import unquote, urlsplit

from ledger.ports.mail import MailDoubtful, MailNotSent, MailRefused, letter_bytes

SECONDS: Final = 10.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PERMANENT: Final = 500
_DOTS: Final = re.compile(rb"^\.", re.MULTILINE)
"""A line that begins with a dot has it doubled (RFC 5321, 4.5.2)."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """``ports.mail.Post`` through one mail server. ``url`` is ``smtp[s]://[user:password@]host[:port]``."""

    url: str = field(repr=False)
    sender: str
    seconds: float = SECONDS
    private: ClassVar[bool] = True

    def send(self, to: str, subject: str, text: str, name: str = "") -> None:
        """See ``Post.send``. What a server says is repeated; what was said to it never."""
        data = letter_bytes(self.sender, to, subject, text, name)
        try:
            server = self._connected()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailNotSent(reason=type(error).__name__) from None
        try:
            self._hand_over(server, to, data)
        finally:
            with suppress(OSError, smtplib.SMTPException):  # taken is taken, however the farewell goes
                server.quit()
            server.close()

    def _hand_over(self, server: smtplib.SMTP, to: str, data: bytes) -> None:
        try:
            server.ehlo_or_helo_if_needed()
            _taken(server.mail(self.sender))
            _taken(server.rcpt(to))
            code, said = server.docmd("DATA")
            if code != 354:
                _taken((code, said))
                raise MailNotSent(reason=str(code))
        except (OSError, smtplib.SMTPException) as error:
            raise MailNotSent(reason=type(error).__name__) from None
        try:
            server.send(_DOTS.sub(b"..", data) + b".\r\n")
            answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise MailDoubtful(reason=type(error).__name__) from None
        _taken(answer)

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=self.seconds, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=self.seconds)
            # A mail server on this very machine needs no TLS; to any other the links must not travel in the open.
            if host not in _LOOPBACK:
                server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def _taken(answer: tuple[int, bytes]) -> None:
    """Raise unless the server agrees: ``MailRefused`` for good, ``MailNotSent`` for now."""
    code, said = answer
    reason = f"{code} {said.decode('utf-8', 'replace')}"[:300]
    if code >= _PERMANENT:
        raise MailRefused(reason=reason)
    if code >= 400 or code < 200:
        raise MailNotSent(reason=reason)
