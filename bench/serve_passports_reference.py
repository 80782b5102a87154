"""
The usual way to serve a record of a thing, for comparison: FastAPI, an ORM, pydantic models for the answer.

``python -m bench.serve_passports_reference PORT HOME URL``. The same things with four events and a stored proof each;
nothing is computed, nothing is cut to its reader. uvloop and httptools; one core.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import uvicorn
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, String, Text, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, selectinload

from bench.serve_events_reference import opened
from bench.serve_passports import STEPS, THINGS, product


class Base(DeclarativeBase):
    """The two tables."""


class Thing(Base):
    """A thing, what it is, its figures and its proof, ready to be read."""

    __tablename__ = "thing"
    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    footprint: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text)
    events: Mapped[list[Event]] = relationship(order_by="Event.at")


class Event(Base):
    """One event of a thing."""

    __tablename__ = "event"
    number: Mapped[int] = mapped_column(primary_key=True)
    thing: Mapped[str] = mapped_column(ForeignKey("thing.id"), index=True)
    step: Mapped[str] = mapped_column(String(60))
    disposition: Mapped[str] = mapped_column(String(60))
    at: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20))


class EventOut(BaseModel):
    """An event as it is answered."""

    model_config = ConfigDict(from_attributes=True)
    number: int
    step: str
    disposition: str
    at: str
    state: str


class ThingOut(BaseModel):
    """A thing as it is answered."""

    model_config = ConfigDict(from_attributes=True)
    id: str
    name: str
    footprint: str
    proof: str
    events: list[EventOut]


def application(home: Path, url: str) -> FastAPI:
    """One route over filled tables."""
    engine = opened(url) if url.startswith("sqlite") else create_engine(url)
    Base.metadata.create_all(engine)
    paths = [f"{product(n)}/21/{n}".removeprefix("https://id.gs1.org") for n in range(THINGS)]
    with Session(engine) as session:
        for path in paths:
            events = [
                Event(step=step, disposition="active", at=f"2026-01-0{n + 1}T00:00:00Z", state="confirmed")
                for n, step in enumerate(STEPS)
            ]
            session.add(Thing(id=path, name="Product", footprint="x" * 1200, proof="y" * 1500, events=events))
        session.commit()
    (home / "usual.txt").write_text("\n".join(f"/things{path}" for path in paths))
    app = FastAPI()

    @app.get("/things/{rest:path}", response_model=ThingOut)
    def get_thing(rest: str) -> Thing:
        with Session(engine) as session:
            found = session.scalars(
                select(Thing).where(Thing.id == f"/{rest}").options(selectinload(Thing.events))
            ).first()
            if found is None:
                raise HTTPException(404)
            return found

    return app


if __name__ == "__main__":
    app = application(Path(sys.argv[2]), sys.argv[3])
    with suppress(OSError, AttributeError):
        os.sched_setaffinity(0, {0})
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False,
        log_level="error",
    )  # fmt: skip
