"""
Where the interface says what was done that concerns security: to the log of entries, and to the operator's own.

The operator's has one JSON line per deed, in UTC, on the logger ``onecode.audit``, with the network address it came
from; that address is in no entry. Keys are in neither.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import msgspec
from fastapi import Request
from starlette.types import Message, Scope

from api.origin import address_of, request_id_of
from api.runtime import Runtime
from ledger.errors import LedgerError
from ledger.records.audit import Act
from ledger.services.access import Principal
from ledger.services.attempts import TooManyAttempts, TooManyRequests
from ledger.services.audit import Deed
from ledger.services.keys import Keys

_LOG = logging.getLogger("onecode.audit")
NOTHING_OF_ANYONE: Final = frozenset(
    {
        "/api/v1/entries/{index}/proof",
        "/entries/{index}/proof",
        "/intake/template/{kind}",
        "/labels/calibration",
        "/proofs/{index}",
        "/records/template/{kind}",
        "/verify/offline",
        "/verify/verify.py",
    }
)
"""Addresses whose files are no export: empty forms, and proofs, which are made to be handed on."""


def note(request: Request, deed: Deed, *, claimed: str = "") -> None:
    """Have a deed recorded soon; the request does not wait for it, and does not fail for it."""
    runtime = _runtime(request)
    runtime.gathering.note(deed, claimed=claimed, request=request_id_of(request))
    _line(request, deed)


@contextmanager
def recorded(request: Request) -> Iterator[Callable[[Deed], None]]:
    """What is done in the block is recorded in one transaction with it, or not done. Hand it the deeds."""
    runtime, deeds = _runtime(request), list[Deed]()
    with runtime.ledger.recording.together():
        yield deeds.append
        runtime.ledger.recording.record(*deeds, request=request_id_of(request))
    for deed in deeds:
        _line(request, deed)


def keys_of(request: Request, who: Principal, tell: Callable[[Deed], object]) -> Keys:
    """The keys of somebody's tenant, changed in its name."""
    runtime = _runtime(request)
    ledger = runtime.ledger
    return Keys(ledger.principals, runtime.gate, ledger.clock, ledger.random, who.tenant, who.id, tell)


def note_export(runtime: Runtime, scope: Scope, start: Message) -> None:
    """Whatever is handed out as a file to somebody who was let in is an export, but for ``NOTHING_OF_ANYONE``."""
    if not any(name == b"content-disposition" and text.startswith(b"attachment") for name, text in start["headers"]):
        return
    state = scope["state"]
    who: Principal | None = state.get("principal")
    if who is not None and who.tenant and scope["route"].path not in NOTHING_OF_ANYONE:
        runtime.gathering.note(done("export", who, scope["path"]), request=state["request_id"])


def done(act: Act, who: Principal, about: str = "", *, role: str = "") -> Deed:
    """A deed of somebody who was let in."""
    return Deed(act, who.tenant, who.id, about, role=role)


def refused(request: Request, act: Act, error: LedgerError, about: str = "") -> Deed:
    """A deed of somebody who was not known: whose it would have been is told by what is claimed."""
    outcome: Final = "locked" if isinstance(error, TooManyAttempts) else "refused"
    return Deed(act, _runtime(request).ledger.settings.tenant, object=about, outcome=outcome, reason=error.code)


def forbidden(who: Principal, house: str, address: str, error: LedgerError) -> Deed:
    """Somebody asked for what its role or its key's scope does not include, or too often."""
    outcome: Final = "locked" if isinstance(error, TooManyRequests) else "refused"
    return Deed("authorise", who.tenant or house, who.id, address, outcome, error.code)


def _runtime(request: Request) -> Runtime:
    found: Runtime = request.app.state.runtime
    return found


def _line(request: Request, deed: Deed) -> None:
    """Write the line; JSON escapes whatever could break it."""
    at = _runtime(request).ledger.clock.now()
    where = {"at": at.isoformat(), "place": address_of(request), "request_id": request_id_of(request)}
    _LOG.info("%s", msgspec.json.encode(where | deed._asdict()).decode())
