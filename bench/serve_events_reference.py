"""
The usual way to take an event, for comparison: a FastAPI route, a pydantic model, one ORM transaction per request.

``python bench/serve_events_reference.py PORT``. SQLite, WAL, synchronous=FULL, uvloop and httptools, one core.
"""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field
from sqlalchemy import String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from ledger.adapters.sqlite import sqlite_module


class Base(DeclarativeBase):
    """The one table."""


class Stored(Base):
    """An event as a row."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(200), unique=True)
    event_time: Mapped[datetime]
    body: Mapped[str]


class Submitted(BaseModel):
    """An event as it comes in."""

    type: str
    eventID: str = Field(min_length=1, max_length=200)  # noqa: N815 - EPCIS's own names
    action: str
    eventTime: datetime  # noqa: N815
    eventTimeZoneOffset: str = Field(pattern=r"^[+-][0-9]{2}:[0-9]{2}$")  # noqa: N815
    epcList: list[str]  # noqa: N815
    bizStep: str | None = None  # noqa: N815


def application(home: Path) -> FastAPI:
    """One route."""
    engine = create_engine(f"sqlite:///{home / 'reference.db'}", module=sqlite_module())

    @event.listens_for(engine, "connect")
    def pragmas(connection: object, _: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    Base.metadata.create_all(engine)
    app = FastAPI()

    @app.post("/events", status_code=201)
    def post_event(submitted: Submitted) -> dict[str, object]:
        with Session(engine) as session:
            text = submitted.model_dump_json()
            stored = Stored(event_id=submitted.eventID, event_time=submitted.eventTime, body=text)
            session.add(stored)
            session.commit()
            return {"eventID": stored.event_id, "index": stored.id, "state": "sequenced"}

    return app


if __name__ == "__main__":
    with suppress(OSError, AttributeError):
        os.sched_setaffinity(0, {0})
    uvicorn.run(
        application(Path(tempfile.mkdtemp(prefix="onecode-bench-"))),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="error",
    )
