"""Letters to people, in both languages: whoever opens one may read either."""

from __future__ import annotations

from typing import NamedTuple

from api.pages.catalogue import translator
from ledger.services.people import Invitation


class Letter(NamedTuple):
    """A plain letter."""

    subject: str
    text: str


def invitation_letter(invitation: Invitation, link: str, until: str) -> Letter:
    """What an invited person gets: what it is, the link, how long it is good for."""
    zh, en = translator("zh-CN"), translator("en")
    parts = [t("letter.invitation", name=invitation.name, link=link, until=until) for t in (zh, en)]
    subject = " / ".join(t("letter.invitation.subject") for t in (zh, en))
    return Letter(subject, "\n\n".join(parts) + "\n")
