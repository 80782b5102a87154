"""
How often a principal may ask for what costs much, as data: every costly (method, path) with its subject, and limits.

Addresses of one subject share its limit. What nobody signed in for is counted by the network address it comes from.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from api.operations import TOKEN_PATH
from ledger.services.attempts import Limit

Subject = Literal["uploads", "exports", "computing", "tokens", "letters"]

LIMITS: Final[Mapping[str, Limit]] = {
    # A file is read, checked and kept; its parts are not counted.
    "uploads": Limit(60, 60),
    # A whole pack, report or table is made for it.
    "exports": Limit(60, 60),
    # Everything in the log is read, and summed again.
    "computing": Limit(20, 60),
    # A token lives a quarter of an hour: so many machines behind one address, and more only if they keep none.
    "tokens": Limit(300, 60),
    # A letter goes out of the house.
    "letters": Limit(30, 60),
}

COSTLY: Final[Mapping[tuple[str, str], Subject]] = {
    ("POST", TOKEN_PATH): "tokens",
    ("POST", "/api/v1/uploads"): "uploads",
    ("POST", "/api/v1/evidence"): "uploads",
    ("POST", "/intake"): "uploads",
    ("POST", "/evidence"): "uploads",
    ("POST", "/warehouses/{site_name:path}/statement"): "uploads",
    ("GET", "/api/v1/audit"): "exports",
    ("GET", "/api/v1/segments"): "exports",
    ("GET", "/api/v1/segments/{segment}/{file}"): "exports",
    ("GET", "/api/v1/runs/{run_id}/evidence"): "exports",
    ("GET", "/reports/products/{product_id:path}"): "exports",
    ("GET", "/reports/routes/{route_id:path}"): "exports",
    ("POST", "/labels/jobs"): "exports",
    ("POST", "/api/v1/runs"): "computing",
    ("POST", "/runs"): "computing",
    ("POST", "/api/v1/runs/{run_id}/replay"): "computing",
    ("POST", "/runs/{run_id}/replay"): "computing",
    ("GET", "/api/v1/runs/{run_id}/changes"): "computing",
    ("POST", "/people/invitations"): "letters",
}
"""Rows are of ``operations.TABLE``; an address without a row here has no limit of its own."""
