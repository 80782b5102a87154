"""One JSON line per decision about access, in UTC, on the logger ``onecode.audit``. Keys are never among its values."""

from __future__ import annotations

import logging
from datetime import datetime

import msgspec

_LOG = logging.getLogger("onecode.audit")


def audit(what: str, at: datetime, *, who: str = "", place: str = "", request_id: str = "", **more: str) -> None:
    """Write the line; JSON escapes whatever could break it."""
    line = {"at": at.isoformat(), "what": what, "who": who, "place": place, "request": request_id, **more}
    _LOG.info("%s", msgspec.json.encode(line).decode())
