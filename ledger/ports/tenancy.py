"""
Whose rows the work at hand may touch: one tenant's, or everyone's.

The door says it once for a request, and whatever runs for that request inherits it. Stores that can, hold to it
themselves, so that a query which forgot its tenant finds nothing of another's. Work for all tenants says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

EVERYONE: Final = "*"
"""No tenant's name: tenants are lower-case letters, digits and hyphens."""
_ACTING: Final[ContextVar[str]] = ContextVar("acting_tenant", default=EVERYONE)


def acting_tenant() -> str:
    """The tenant that is acted for, or ``EVERYONE``."""
    return _ACTING.get()


def act_for(tenant: str) -> None:
    """For the rest of this task, touch the rows of one tenant alone."""
    _ACTING.set(tenant)


@contextmanager
def acting_for(tenant: str) -> Iterator[None]:
    """The same for the length of a block."""
    before = _ACTING.set(tenant)
    try:
        yield
    finally:
        _ACTING.reset(before)
