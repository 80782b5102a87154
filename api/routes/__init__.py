"""The routes, one module per subject; ``ROUTERS`` is all of them, in the order they are tried."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api import pages
from api.routes import checkpoints, entries, epcis, footprints, health, keys, records, resolver, session, tenders

ROUTERS: Final[tuple[APIRouter, ...]] = (
    epcis.router,
    records.router,
    entries.router,
    checkpoints.router,
    footprints.router,
    tenders.router,
    keys.router,
    session.router,
    health.router,
    resolver.router,
    pages.router,
)
