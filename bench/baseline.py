"""
The obvious way to do the same work, written as one would write it first, for comparison in the same run.

pydantic validates each line, ``json.dumps`` makes it canonical, SQLAlchemy's ORM looks each record up by its id and
adds it, a thousand to a commit; pymerkle keeps the tree; the footprint is a loop over ORM objects with ``Decimal``. It
neither anchors, nor hashes again what it stored, nor salts, nor keeps the state of things: it does less than what it is
compared with.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator
from pymerkle import InmemoryTree
from sqlalchemy import BigInteger, DateTime, Engine, LargeBinary, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from ledger.adapters.factor_tables import FactorTables
from ledger.adapters.sqlite import sqlite_module
from ledger.identity import canonical

COMMIT = 1_000
Name = Annotated[str, Field(min_length=1, max_length=200)]
Uri = Annotated[str, Field(min_length=1, max_length=2048)]
Positive = Annotated[int, Field(ge=1, le=2**53 - 1)]
known_product = lru_cache(maxsize=65_536)(canonical)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Leg(Strict):
    carrier: Name
    consignment: Name
    destination: Name
    distance_basis: Literal["sfd", "gcd"]
    distance_m: Positive
    driven_m: Positive | None = None
    id: Name
    kind: Literal["transport_leg"]
    mass_g: Positive
    mode: Literal["air", "inland_waterway", "rail", "road", "sea"]
    occurred_at: datetime
    origin: Name
    product: Name
    quantity: Positive
    route: Name
    vehicle: Name
    version: Literal[1]

    @field_validator("product")
    @classmethod
    def _product(cls, value: str) -> str:
        return known_product(value)


class Place(Strict):
    id: Uri


class BizTransaction(Strict):
    bizTransaction: Uri  # noqa: N815 - EPCIS's names
    type: Uri | None = None


class Event(Strict):
    action: Literal["ADD", "DELETE", "OBSERVE"]
    bizLocation: Place | None = None  # noqa: N815
    bizStep: Uri | None = None  # noqa: N815
    bizTransactionList: list[BizTransaction] | None = None  # noqa: N815
    disposition: Uri | None = None
    epcList: list[Uri]  # noqa: N815
    eventID: Uri  # noqa: N815
    eventTime: datetime  # noqa: N815
    eventTimeZoneOffset: Annotated[str, Field(pattern=r"^[+-][0-9]{2}:[0-9]{2}$")]  # noqa: N815
    readPoint: Place | None = None  # noqa: N815
    type: Literal["ObjectEvent"]

    @field_validator("epcList")
    @classmethod
    def _things(cls, value: list[str]) -> list[str]:
        return [canonical(epc) for epc in value]


class Scan(Strict):
    event: Event
    id: Name
    kind: Literal["epcis_event"]
    occurred_at: datetime
    version: Literal[1]


FORM: TypeAdapter[Leg | Scan] = TypeAdapter(Annotated[Leg | Scan, Field(discriminator="kind")])


class Base(DeclarativeBase):
    pass


class RecordRow(Base):
    """One wide row a record; of a scan, the thing that was scanned."""

    __tablename__ = "record"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    thing: Mapped[str | None] = mapped_column(index=True)
    step: Mapped[str | None]
    place: Mapped[str | None]
    product: Mapped[str | None]
    route: Mapped[str | None]
    vehicle: Mapped[str | None]
    mass_g: Mapped[int | None] = mapped_column(BigInteger)
    distance_m: Mapped[int | None] = mapped_column(BigInteger)


def open_engine(url: str) -> Engine:
    """With the same durability as the ledger: WAL and FULL on SQLite, PostgreSQL's default there."""
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, module=sqlite_module())

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def run(path: Path, url: str) -> dict[str, float]:
    """Seconds of the whole, for the lines of a file."""
    engine = open_engine(url)
    Base.metadata.drop_all(engine)
    Base.metadata.create_all(engine)
    tree = InmemoryTree(algorithm="sha256")
    started, count = perf_counter(), 0
    with path.open("rb") as lines, Session(engine, autoflush=False) as session:
        for line in lines:
            record = FORM.validate_json(line)
            data = record.model_dump(mode="json", exclude_none=True)
            body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
            if session.get(RecordRow, record.id) is None:
                session.add(_row(record, body))
                tree.append_entry(body)
            count += 1
            if count % COMMIT == 0:
                session.commit()
        session.commit()
        root = tree.get_root()
        stored = perf_counter()
        products, _ = _footprints(session)
    engine.dispose()
    assert root
    assert sum(products.values()) > 0
    return {"records": count, "seconds": perf_counter() - started, "store_seconds": stored - started}


def _row(record: Leg | Scan, body: bytes) -> RecordRow:
    row = RecordRow(
        id=record.id,
        kind=record.kind,
        occurred_at=record.occurred_at,
        body=body,
        digest=hashlib.sha256(body).digest(),
    )
    if isinstance(record, Leg):
        row.product, row.route, row.vehicle = record.product, record.route, record.vehicle
        row.mass_g, row.distance_m = record.mass_g, record.distance_m
    else:
        row.thing, row.step = record.event.epcList[0], record.event.bizStep
        row.place = record.event.bizLocation.id if record.event.bizLocation else None
    return row


def _footprints(session: Session) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """kg CO2e of every product and of every route."""
    factors = FactorTables().current()
    rates = {name: factors.factor(found.factor).wtw for name, found in factors.classes.items()}
    legs = select(RecordRow).where(RecordRow.kind == "transport_leg").execution_options(yield_per=1_000)
    products: dict[str, Decimal] = defaultdict(Decimal)
    routes: dict[str, Decimal] = defaultdict(Decimal)
    for leg in session.scalars(legs):
        tonne_km = Decimal(leg.mass_g) / 1_000_000 * Decimal(leg.distance_m) / 1_000
        emitted = tonne_km * rates[leg.vehicle]
        products[leg.product] += emitted
        routes[leg.route] += emitted
    return products, routes


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), sys.argv[2])))
