"""
The usual way to take an event, for comparison: a FastAPI route, a pydantic model, one ORM transaction per request.

``python -m bench.serve_events_reference PORT HOME URL``. WAL and synchronous=FULL on SQLite, PostgreSQL's default
there; uvloop and httptools; one core.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, Field
from sqlalchemy import Engine, String, create_engine, event
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


def opened(url: str) -> Engine:
    """As durable as the ledger's database."""
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, module=sqlite_module())

    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def application(url: str) -> FastAPI:
    """One route."""
    engine = opened(url)
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
        application(sys.argv[3]),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="error",
    )
