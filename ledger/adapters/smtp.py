"""Letters by SMTP (RFC 5321): ``smtps://`` speaks TLS from the start, ``smtp://`` begins it (RFC 3207)."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

from ledger.ports.mail import MailNotSent

SECONDS: Final = 10.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Smtp:
    """``ports.mail.Post`` through one mail server. ``url`` is ``smtp[s]://[user:password@]host[:port]``."""

    url: str = field(repr=False)
    sender: str
    seconds: float = SECONDS

    def send(self, to: str, subject: str, text: str) -> None:
        """See ``Post.send``."""
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, to, subject
        letter["Date"], letter["Message-ID"] = formatdate(), make_msgid(domain=self.sender.rpartition("@")[2])
        letter.set_content(text)
        try:
            with self._connected() as server:
                server.send_message(letter)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailNotSent(reason=type(error).__name__) from error

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
