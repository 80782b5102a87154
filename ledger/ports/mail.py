"""Sending a letter to a person."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from hashlib import sha256
from typing import Final, Protocol

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


class MailRefused(AccessError):
    """The mail server refuses a letter for good: it answered with a code of 500 and more (RFC 5321, 4.2.1)."""

    code = "access.mail-refused"
    reason: str
    en = "the mail server refuses the letter: {reason}"
    zh = "邮件服务器拒收：{reason}"
    fix_en = "Compare the address with the person's, and ask another way"
    fix_zh = "请核对收件地址，并以其他方式联系"


class MailDoubtful(AccessError):
    """The connection ended when the letter was handed over: whether it was taken is not known."""

    code = "access.mail-doubtful"
    reason: str
    en = "whether the mail was sent is not known: {reason}"
    zh = "无法确定邮件是否已发送：{reason}"
    fix_en = "Ask whether it arrived before sending it again"
    fix_zh = "重新发送前请先确认对方是否收到"


MAIL_TROUBLE: Final = (MailNotSent, MailRefused, MailDoubtful)


class Post(Protocol):
    """Where letters are posted."""

    @property
    def private(self) -> bool:
        """Whether nobody but its reader reads a letter: only then may it hold a link that opens an account."""
        ...

    def send(self, to: str, subject: str, text: str, name: str = "") -> None:
        """
        Hand a plain letter to the mail server; ``name`` is the same for the same letter.

        Raises ``MailNotSent``, ``MailRefused``, ``MailDoubtful``.
        """
        ...


def letter_name(name: str) -> str:
    """A letter's name as it stands in its Message-ID and its file."""
    return sha256(name.encode()).hexdigest()[:32]


def letter_bytes(sender: str, to: str, subject: str, text: str, name: str) -> bytes:
    """A plain letter (RFC 5322). By the same name it has the same Message-ID, so that mail programs show it once."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Date"] = formatdate()
    letter["Message-ID"] = f"<{letter_name(name or text)}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter.as_bytes()
