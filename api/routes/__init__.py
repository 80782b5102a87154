"""The routes, one module per subject; ``ROUTERS`` is all of them, in the order they are tried."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter

from api import pages
from api.routes import (
    assets,
    checkpoints,
    claims,
    codes,
    distances,
    entries,
    epcis,
    epcis_events,
    epcis_queries,
    epcis_root,
    epcis_subscriptions,
    factors,
    footprints,
    health,
    ileap,
    inventory,
    keys,
    pact,
    passports,
    pcf,
    reads,
    records,
    resolver,
    runs,
    scans,
    session,
    targets,
    tenders,
    tokens,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    epcis.router,
    epcis_events.router,
    epcis_queries.router,
    epcis_subscriptions.router,
    epcis_root.router,
    records.router,
    scans.router,
    reads.router,
    entries.router,
    checkpoints.router,
    assets.router,
    codes.router,
    factors.router,
    distances.router,
    footprints.router,
    inventory.router,
    ileap.router,
    runs.router,
    targets.router,
    claims.router,
    pcf.router,
    tenders.router,
    keys.router,
    tokens.router,
    session.router,
    health.router,
    resolver.router,
    passports.router,
    pact.router,
    pages.router,
    resolver.compressed_router,
)
