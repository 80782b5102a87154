"""
Reminders by mail: planned from the entries of the calendar, sent once each, or told why not.

A reminder is an entry; its letters are rows whose names follow from it, so that planning twice plans nothing new. One
is marked before it is handed over. Whoever dies in between leaves it in doubt, and what is in doubt is not sent again
by itself: a second letter helps nobody, and the next reminder comes.
"""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final, NamedTuple, Protocol

from ledger.desk.calendar import WorkCalendar, calendar_of
from ledger.desk.errors import LetterAbsent, LinkAbsent, RequestAbsent
from ledger.desk.requests import REMINDERS, RequestState
from ledger.errors import Locale
from ledger.ports.letters import Letter, LetterStore
from ledger.ports.mail import MailDoubtful, MailNotSent, MailRefused, Post
from ledger.records.record import microseconds
from ledger.services.pcf_requests import CALENDAR, Asking, Party, open_until, request_named
from ledger.services.people import PeopleStore, Person, token_hash

_LOG: Final = logging.getLogger("onecode.letters")
PLAN_EVERY: Final = timedelta(minutes=1)
CLAIM: Final = timedelta(minutes=5)
"""How long a process may take over one letter."""
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=4)
DEAD_WORKER: Final = "the process that was sending it ended; ask before sending it again"


class Mailing(Asking, Protocol):
    """What reminders by mail need of a ledger; ``ledger.wiring.Ledger`` has it."""

    @property
    def letters(self) -> LetterStore: ...
    @property
    def people(self) -> PeopleStore: ...
    @property
    def letter_post(self) -> Post: ...


class Reminder(NamedTuple):
    """What a letter says: to whom, about which request, and the secret of its link (empty: a plain address)."""

    person: Person
    state: RequestState
    days: int
    secret: str
    locale: Locale | None
    """The reader's language; ``None`` where it is not known."""


class Written(NamedTuple):
    """A letter in words."""

    subject: str
    text: str


class Reminders:
    """Plans and sends the reminders of some tenants. ``write`` puts one into words."""

    def __init__(self, ledger: Mailing, tenants: Iterable[str], write: Callable[[Reminder], Written]) -> None:
        self._ledger, self._tenants, self._write = ledger, tuple(tenants), write
        self._planned_at = 0

    def work(self, stopped: Callable[[], bool]) -> bool:
        """One turn: plan what is new, send what is due. Whether there was anything."""
        ledger, now = self._ledger, microseconds(self._ledger.clock.now())
        if not 0 <= now - self._planned_at < _span(PLAN_EVERY):
            for tenant in self._tenants:
                plan(ledger, tenant)
            self._planned_at = now
        # What goes into a folder by its name is the same file again; what went to a server is not.
        ledger.letters.lapsed(now, "doubtful" if ledger.letter_post.private else "waiting", DEAD_WORKER)
        done = 0
        while not stopped():
            now = microseconds(ledger.clock.now())
            letter = ledger.letters.claim(now, now + _span(CLAIM))
            if letter is None:
                break
            self._deliver(letter)
            done += 1
        return done > 0

    def _deliver(self, letter: Letter) -> None:
        ledger = self._ledger
        stored = ledger.people.by_id(letter.person)
        state = _still_open(ledger, letter)
        if stored is None or stored.person.revoked or state is None:
            ledger.letters.moved(letter._replace(state="dropped", trouble="it was answered, moved on or ended before"))
            return
        secret = ""
        if ledger.letter_post.private:
            secret = urlsafe_b64encode(ledger.random.token(32)).decode().rstrip("=")
        tried = letter._replace(
            attempts=letter.attempts + 1, token_hash=token_hash(secret) if secret else b"", used_at=0
        )
        ledger.letters.moved(tried)
        written = self._write(Reminder(stored.person, state, letter.days, secret, language_of(ledger, letter)))
        try:
            ledger.letter_post.send(stored.person.email, written.subject, written.text, letter.id)
        except MailRefused as error:
            after = tried._replace(state="refused", trouble=error.reason)
        except MailDoubtful as error:
            after = tried._replace(state="doubtful", trouble=error.reason)
        except MailNotSent as error:
            wait = min(FIRST_WAIT * 2 ** min(tried.attempts - 1, 10), LONGEST_WAIT)
            again = microseconds(ledger.clock.now() + wait)
            after = tried._replace(state="waiting", next_at=again, trouble=error.reason)
        except Exception:  # noqa: BLE001 - one letter that nobody foresaw must not keep all others waiting
            _LOG.exception("a letter could not be sent")
            after = tried._replace(state="doubtful", trouble="an unforeseen fault; see the log")
        else:
            after = tried._replace(state="sent", trouble="")
        ledger.letters.moved(after)


def calendar_for(ledger: Asking, tenant: str) -> WorkCalendar:
    """A tenant's calendar."""
    return calendar_of(ledger.letters.setting(tenant, "calendar"))


def language_of(ledger: Mailing, letter: Letter) -> Locale | None:
    """The language in which a letter's reader was last here."""
    said = ledger.letters.setting(letter.tenant, f"language {letter.person}")
    return "zh-CN" if said == "zh-CN" else "en" if said == "en" else None


def plan(ledger: Mailing, tenant: str) -> None:
    """Put down the letters of the last reminder of every open request; those that are there stay as they are."""
    people: list[Person] | None = None
    calendar, now = calendar_for(ledger, tenant), microseconds(ledger.clock.now())
    letters: list[Letter] = []
    near = calendar.today(ledger.clock.now()) + timedelta(days=max(REMINDERS))
    for state in open_until(ledger, tenant, near):
        made = [step for _, step in state.steps if step.step == "reminded" and step.due == state.due]
        if not state.is_open or not made:
            continue
        if people is None:
            people = [one for one in ledger.people.of_tenant(tenant) if not one.revoked]
        last, days = made[-1], made[-1].days or 0
        at = microseconds(calendar.letter_at(state.due - timedelta(days=days), state.due))
        letters += [
            Letter(tenant, f"{last.id} {one.id}", one.id, state.request.id, state.due.isoformat(), days, now, at)
            for one in people
            if one.organisation == state.holder and state.person in {None, one.id}
        ]
    ledger.letters.put(letters)


def send_again(ledger: Mailing, tenant: str, letter_id: str) -> None:
    """Have a letter that was refused or is in doubt sent once more: a person decides that. Raises ``LetterAbsent``."""
    found = next((one for one in ledger.letters.listed(tenant, MOST_LISTED) if one.id == letter_id), None)
    if found is None or found.state not in {"refused", "doubtful"}:
        raise LetterAbsent
    ledger.letters.moved(found._replace(state="waiting", next_at=microseconds(ledger.clock.now())))


MOST_LISTED: Final = 500


def linked(ledger: Mailing, secret: str) -> tuple[Letter, Person]:
    """
    The letter of a one-time link, and its reader. Raises ``LinkAbsent`` for one that was used, or is not good any more.

    It is good while its request is open, for the person it was sent to, as long as that person is let in.
    """
    letter = ledger.letters.by_token(token_hash(secret))
    stored = ledger.people.by_id(letter.person) if letter else None
    if letter is None or letter.used_at or stored is None or stored.person.revoked:
        raise LinkAbsent
    if _still_open(ledger, letter) is None:
        raise LinkAbsent
    return letter, stored.person


def follow(ledger: Mailing, secret: str) -> tuple[Letter, Person]:
    """The same, and the link is used up. Raises ``LinkAbsent``."""
    letter, person = linked(ledger, secret)
    if not ledger.letters.use(letter, microseconds(ledger.clock.now())):
        raise LinkAbsent
    return letter, person


def _still_open(ledger: Mailing, letter: Letter) -> RequestState | None:
    try:
        state = request_named(ledger, Party(letter.tenant, CALENDAR), letter.request)
    except RequestAbsent:
        return None
    same = state.is_open and state.due.isoformat() == letter.due and state.person in {None, letter.person}
    stored = ledger.people.by_id(letter.person)
    return state if same and stored is not None and stored.person.organisation == state.holder else None


def _span(time: timedelta) -> int:
    return time // timedelta(microseconds=1)
