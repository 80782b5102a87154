"""Letters to people, in both languages: whoever opens one may read either."""

from __future__ import annotations

from html import unescape
from typing import NamedTuple

from api.names import readable
from api.pages.catalogue import translator
from api.pages.words import segment
from ledger.errors import Locale
from ledger.services.people import Invitation
from ledger.services.reminders import Reminder, Written


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


def reminder_letter(reminder: Reminder, domain: str) -> Written:
    """A reminder in its reader's language, or in both where it is not known: what is asked, by when, and the link."""
    languages: tuple[Locale, ...] = (reminder.locale,) if reminder.locale else ("zh-CN", "en")
    asked = reminder.state.request
    plain = f"{domain}/desk/requests/{segment(asked.id)}"
    values = {
        "name": reminder.person.name,
        "product": asked.product_name or readable(asked.product),
        "due": reminder.state.due.isoformat(),
        "days": reminder.days,
        "link": f"{domain}/remind/{reminder.secret}" if reminder.secret else plain,
    }
    key = "letter.reminder.once" if reminder.secret else "letter.reminder.plain"
    told = [translator(language) for language in languages]
    parts = ["\n\n".join(unescape(t(part, **values)) for part in ("letter.reminder", key)) for t in told]
    subject = " / ".join(unescape(t("letter.reminder.subject", **values)) for t in told)
    return Written(" ".join(subject.split())[:200], "\n\n".join(parts) + "\n")
