"""Shapes of recorded deeds, ``/api/v1/audit``. Moments are RFC 3339 UTC."""

from __future__ import annotations

from msgspec import Struct


class DeedView(Struct, frozen=True, kw_only=True):
    """
    A recorded deed: ``principal`` did ``act`` to ``object``, ``times`` times from ``first_at`` to ``last_at``.

    ``entry`` is the index of the entry that says so; its proof is at ``/api/v1/entries/{entry}/proof``. ``reason`` is
    the code of the error that refused it, ``role`` the role that was given; both are empty where there is none.
    """

    entry: int
    act: str
    outcome: str
    principal: str
    object: str
    reason: str
    role: str
    request: str
    times: int
    first_at: str
    last_at: str


class DeedPage(Struct, frozen=True, kw_only=True):
    """Deeds, newest first; ask again with ``before`` = ``next_before`` until it is null."""

    deeds: list[DeedView]
    next_before: int | None
