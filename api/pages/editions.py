"""What a form publishes: a record, read from its fields; and of rules the edition after the one that its reader saw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

import msgspec

from api.faults import ParameterRefused
from api.scope import Scope
from ledger.records.record import Record
from ledger.services.capture import Submission, capture_one
from ledger.services.project import catch_up


class Numbered(Protocol):
    """Rules that come in editions."""

    @property
    def edition(self) -> int:
        """From 1."""
        ...


def next_edition(said: Mapping[str, str], last: Numbered | None) -> int:
    """The number after the last edition. Raises ``ParameterRefused`` unless the form was filled with that one."""
    after = last.edition if last else 0
    if said.get("after") != str(after):  # somebody published meanwhile: nothing of theirs is passed over unseen
        raise ParameterRefused(name="after", why=f"{after}")
    return after + 1


def day_in(said: Mapping[str, str], name: str) -> date:
    """A day of the form. Raises ``ParameterRefused``."""
    try:
        return date.fromisoformat(said.get(name, ""))
    except ValueError:
        raise ParameterRefused(name=name, why="2027-01-01") from None


def converted(made: Mapping[str, Any], kind: Any, name: str) -> Any:
    """What the fields make of a kind of record or of its part. Raises ``ParameterRefused`` at the field ``name``."""
    try:
        return msgspec.convert(made, kind)
    except msgspec.ValidationError as error:
        raise ParameterRefused(name=name, why=str(error)[:200]) from None


def publish(scope: Scope, made: Record) -> None:
    """Record it, and have it read from now on. Raises why it was not taken; again the same is there already."""
    capture_one(scope.ledger, Submission.of(scope.principal), made)
    catch_up(scope.ledger.entries, scope.ledger.projections)
