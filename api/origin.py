"""Where a request comes from, and what it is called."""

from __future__ import annotations

from fastapi import Request


def address_of(request: Request) -> str:
    """The peer's address. Forwarding headers are not believed."""
    return request.client.host if request.client else ""


def unknown_place(request: Request) -> str:
    """Where attempts with keys that nobody has are counted: made-up ids share one count, or they would fill a table."""
    return f"{address_of(request)} unknown"


def request_id_of(request: Request) -> str:
    """The id that the answer and the log carry."""
    return str(getattr(request.state, "request_id", ""))
