"""Problem details (RFC 9457) as they go over the wire."""

from __future__ import annotations

from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    What was expected, what was found, where, and what to do; in the reader's language.

    ``pointer`` is an RFC 6901 JSON pointer; ``row`` counts from 1.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str = ""
    code: str
    fix: str = ""
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    pointer: str | None = None
    values: dict[str, str] = {}
    retryable: bool = False
