"""Letters and the calendar they follow, for the admin; and the one-time links in reminders."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.audit import done, note
from api.deps import RuntimeDep, ScopeDep, locale_for
from api.downloads import download
from api.faults import ParameterRefused
from api.pages.catalogue import translator
from api.pages.shell import page
from api.pages.words import at, segment
from api.signing_in import opened, same_origin
from ledger.adapters.files.letters import FolderPost
from ledger.desk.calendar import WorkCalendar, made_calendar
from ledger.desk.errors import LetterAbsent
from ledger.ports.letters import Letter
from ledger.services.people import Person
from ledger.services.reminders import MOST_LISTED, calendar_for, follow, linked, send_again

router = APIRouter(include_in_schema=False)
LONGEST: Final = 20_000


class LetterRow(NamedTuple):
    """A letter with its reader's name."""

    letter: Letter
    name: str
    at: datetime
    filed: bool
    """Whether it lies in the folder, to be handed on."""


class LettersView(NamedTuple):
    """The letters, and the calendar."""

    rows: list[LetterRow]
    by_folder: bool
    calendar: WorkCalendar
    weekdays: range


class LinkView(NamedTuple):
    """Who a link is for, and what it opens."""

    token: str
    person: Person


@router.get("/letters")
def letters(request: Request, scope: ScopeDep) -> Response:
    """The newest letters, and the calendar they follow."""
    t, ledger = translator(locale_for(request)), scope.ledger
    names = {one.id: one.name for one in ledger.people.of_tenant(scope.tenant)}
    post = ledger.letter_post
    rows = [
        LetterRow(one, names.get(one.person, one.person), at(one.next_at), _filed(post, one))
        for one in ledger.letters.listed(scope.tenant, MOST_LISTED)
    ]
    view = LettersView(rows, not post.private, calendar_for(ledger, scope.tenant), range(1, 8))
    return page(request, "letters.html", view, crumbs=((t("nav.letters"), ""),))


@router.post("/letters/again")
async def again(request: Request, scope: ScopeDep) -> Response:
    """Send one that was refused, or is in doubt, once more."""
    letter = str((await request.form()).get("letter", ""))[:400]
    await run_in_threadpool(send_again, scope.ledger, scope.tenant, letter)
    return RedirectResponse("/letters", 303)


@router.get("/letters/file")
def letter_file(scope: ScopeDep, letter: str) -> Response:
    """A letter from the folder."""
    post = scope.ledger.letter_post
    found = next((one for one in scope.ledger.letters.listed(scope.tenant, MOST_LISTED) if one.id == letter), None)
    if found is None or not isinstance(post, FolderPost) or not _filed(post, found):
        raise LetterAbsent
    return download(post.path(found.id).read_bytes(), "message/rfc822", "letter.eml")


@router.post("/letters/calendar")
async def set_calendar(request: Request, scope: ScopeDep) -> Response:
    """Another calendar, from now on."""
    form = await request.form()
    said = {key: str(form.get(key, ""))[:LONGEST] for key in ("zone", "off", "on", "hour")}
    rest = [int(day) for day in map(str, form.getlist("rest")) if day in set("1234567")]
    if not said["hour"].isascii() or not said["hour"].isdigit():
        raise ParameterRefused(name="hour", why="0 - 23")
    days = {key: [day for day in re.split(r"[\s,;，；、]+", said[key]) if day] for key in ("off", "on")}
    made = made_calendar({"zone": said["zone"].strip(), "rest": rest, "hour": int(said["hour"][:3]), **days})
    text = msgspec.json.encode(made).decode()
    await run_in_threadpool(scope.ledger.letters.set, scope.tenant, "calendar", text)
    return RedirectResponse("/letters#calendar", 303)


@router.get("/remind/{token}")
def show_link(request: Request, token: str, runtime: RuntimeDep) -> Response:
    """What a link opens, and for whom. Mail programs open links: looking at it uses nothing up."""
    _, person = linked(runtime.ledger, token[:100])
    t = translator(locale_for(request))
    answer = page(request, "remind.html", LinkView(token[:100], person), crumbs=((t("desk.request"), ""),))
    answer.headers.update({"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
    return answer


@router.post("/remind/{token}")
def use_link(request: Request, token: str, runtime: RuntimeDep) -> Response:
    """Use it up: a session of its reader, and on to the request."""
    same_origin(request, runtime)
    letter, person = follow(runtime.ledger, token[:100])
    stored = runtime.gate.known(person.id)
    note(request, done("sign_in", stored.principal))
    return opened(runtime, stored, f"/desk/requests/{segment(letter.request)}")


def _filed(post: object, letter: Letter) -> bool:
    return isinstance(post, FolderPost) and letter.state == "sent" and post.path(letter.id).exists()
