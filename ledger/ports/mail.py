"""Sending a letter to a person."""

from __future__ import annotations

from typing import Protocol

from ledger.errors import AccessError


class MailNotSent(AccessError):
    """The mail server did not take a letter. Nothing else is lost: what it was about can be handed over otherwise."""

    code = "access.mail-not-sent"
    retryable = True
    reason: str
    en = "the mail was not sent: {reason}"
    zh = "邮件未发送：{reason}"
    fix_en = "Check ONECODE_SMTP_URL and the mail server, or hand the link over yourself"
    fix_zh = "请检查 ONECODE_SMTP_URL 和邮件服务器，或自行转交链接"


class Post(Protocol):
    """Where letters are posted."""

    def send(self, to: str, subject: str, text: str) -> None:
        """Hand a plain letter to the mail server. Raises ``MailNotSent``."""
        ...
