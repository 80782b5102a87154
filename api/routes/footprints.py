"""Footprints of the tenant's products and routes, with their trail."""

from __future__ import annotations

from fastapi import APIRouter

router = APIRouter(tags=["footprints"])
