"""Reminders by mail: planned from entries, sent once, in the reader's language; why not, where they did not arrive."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from api.pages.letters import reminder_letter
from ledger.adapters.files.letters import FolderPost
from ledger.adapters.smtp import Smtp
from ledger.desk.errors import LinkAbsent
from ledger.ports.letters import Letter
from ledger.records.record import microseconds
from ledger.services.gate import Gate
from ledger.services.organisations import add_organisation
from ledger.services.pcf_requests import Party, Wanted, ask, keep_calendar, take_step
from ledger.services.people import accept, invite
from ledger.services.reminders import Reminders, follow, linked, send_again
from ledger.wiring import Ledger
from tests.builders import PRODUCT, TENANT, opened
from tests.mail_server import MailServer, mail_server

HOUSE = Party(TENANT, "house")
DOMAIN = "https://ledger.example"


@dataclass
class Moved:
    """A clock that a test moves."""

    moment: datetime

    def now(self) -> datetime:
        """Its time."""
        return self.moment


@dataclass
class Post:
    """A ledger with a request due in seven days, a supplier's person, and a mail server."""

    ledger: Ledger
    clock: Moved
    server: MailServer
    request: str
    person: str

    def turn(self) -> list[Letter]:
        """A fresh process plans and sends; the letters as they stand then."""
        Reminders(self.ledger, [TENANT], lambda one: reminder_letter(one, DOMAIN)).work(lambda: False)
        return self.ledger.letters.listed(TENANT, 99)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    """Everything in place, the reminder of seven days entered."""
    with opened(tmp_path) as plain, mail_server() as server:
        clock: Any = Moved(datetime.now(UTC).replace(hour=12))
        ledger = dataclasses.replace(plain, clock=clock, letter_post=Smtp(server.url, "ledger@example.com", 5))
        parts = (ledger.organisations, clock, ledger.random)
        made = add_organisation(*parts, tenant=TENANT, name="华东电缆", kind="supplier")
        terms = {"tenant": TENANT, "email": "wang@example.com", "name": "王芳", "role": "supplier"}
        _, secret = invite(ledger, **terms, organisation=made.id)
        person = accept(ledger, Gate(ledger.principals, clock), secret, "四匹灰马站在湖边吃青草呢")
        due = clock.now().date() + timedelta(days=7)
        ask(ledger, HOUSE, Wanted([made.id], [(PRODUCT, "铜线")], due))
        ((_, step),) = keep_calendar(ledger, [TENANT])
        assert step.days == 7
        yield Post(ledger, clock, server, step.request, person)


def test_a_reminder_is_one_letter_with_a_link_that_opens_once(post: Post) -> None:
    """However often it is planned and by however many; both languages, then the reader's; the link is used by one."""
    ((letter),) = post.turn()
    assert letter.state == "sent"
    assert post.turn() == [letter]
    written = post.server.letters.get(timeout=5)
    assert post.server.letters.empty()
    text = written.get_content()
    assert ("王芳，您好" in text, "Dear 王芳" in text) == (True, True)
    assert "铜线" in written["Subject"]
    links = set(re.findall(rf"{DOMAIN}/remind/(\S+)", text))
    (secret,) = links
    assert secret not in repr(post.ledger.letters.listed(TENANT, 9))
    assert linked(post.ledger, secret)[1].id == post.person
    assert follow(post.ledger, secret)[0].request == post.request
    for again in (linked, follow):
        with pytest.raises(LinkAbsent):
            again(post.ledger, secret)
    post.ledger.letters.set(TENANT, f"language {post.person}", "zh-CN")
    post.clock.moment += timedelta(days=6)
    assert [step.days for _, step in keep_calendar(post.ledger, [TENANT])] == [1]
    assert sorted(one.days for one in post.turn()) == [1, 7]
    second = post.server.letters.get(timeout=5)
    assert "Dear" not in second.get_content()
    assert "剩余 1 天" in second.get_content()
    assert second["Message-ID"] != written["Message-ID"]


def test_what_was_answered_or_closed_is_not_reminded_of(post: Post) -> None:
    """A letter that still waits is dropped, and a link that was sent opens nothing any more."""
    post.turn()
    text = post.server.letters.get(timeout=5).get_content()
    secret = re.findall(rf"{DOMAIN}/remind/(\S+)", text)[0]
    post.clock.moment += timedelta(days=6)
    keep_calendar(post.ledger, [TENANT])
    post.server.mood = "puts-off"
    assert sorted(one.state for one in post.turn()) == ["sent", "waiting"]
    take_step(post.ledger, HOUSE, post.request, "withdrawn", reason="误发")
    post.server.mood = "takes"
    post.clock.moment += timedelta(hours=9)
    assert sorted(one.state for one in post.turn()) == ["dropped", "sent"]
    assert post.server.letters.empty()
    with pytest.raises(LinkAbsent):
        linked(post.ledger, secret)


def test_a_server_that_refuses_puts_off_or_hangs_up(post: Post) -> None:
    """Refused: told, and again when a person says so. Put off: tried later. Hung up: in doubt, not sent again."""
    post.server.mood = "puts-off"
    ((letter),) = post.turn()
    assert (letter.state, letter.trouble) == ("waiting", "451 4.7.1 come again later")
    assert post.turn() == [letter], "not before its time"
    post.server.mood = "refuses"
    post.clock.moment += timedelta(minutes=2)
    ((letter),) = post.turn()
    assert (letter.state, letter.trouble, letter.attempts) == ("refused", "550 5.1.1 no such person here", 2)
    send_again(post.ledger, TENANT, letter.id)
    post.server.mood = "hangs-up"
    ((letter),) = post.turn()
    assert (letter.state, post.server.handed_over) == ("doubtful", 1)
    post.server.mood = "takes"
    post.clock.moment += timedelta(days=1)
    assert post.turn() == [letter]
    assert post.server.letters.empty()


def test_whoever_dies_while_sending_leaves_it_in_doubt(post: Post) -> None:
    """Killed after the letter was marked: another process sends what waits, and not this one a second time."""
    post.ledger.letters.put([])
    Reminders(post.ledger, [TENANT], lambda one: reminder_letter(one, DOMAIN)).work(lambda: True)
    now = microseconds(post.clock.now())
    taken = post.ledger.letters.claim(now, now + 60_000_000)
    assert taken is not None
    assert post.ledger.letters.claim(now, now + 60_000_000) is None, "one process each"
    assert [one.state for one in post.turn()] == ["sending"]
    post.clock.moment += timedelta(minutes=6)
    assert [one.state for one in post.turn()] == ["doubtful"]
    assert post.server.letters.empty()


def test_without_a_mail_server_letters_are_files(post: Post, tmp_path: Path) -> None:
    """One each, without a link that signs anybody in; killed and written again it is the same file."""
    folder = FolderPost(tmp_path / "letters")
    ledger = dataclasses.replace(post.ledger, letter_post=folder)
    here = dataclasses.replace(post, ledger=ledger)
    ((letter),) = here.turn()
    assert letter.state == "sent"
    ledger.letters.moved(letter._replace(state="sending", claimed_until=1))
    assert [one.state for one in here.turn()] == ["sent"]
    (path,) = (tmp_path / "letters").iterdir()
    assert path == folder.path(letter.id)
    written: Any = message_from_bytes(path.read_bytes(), policy=policy.default)  # type: ignore[arg-type]
    assert written["To"] == "wang@example.com"
    assert "/remind/" not in written.get_content()
    assert f"{DOMAIN}/desk/requests/" in written.get_content()
    assert path.stat().st_mode & 0o077 == 0
