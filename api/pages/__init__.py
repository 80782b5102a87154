"""
The pages: server-rendered, in Chinese and English, with small islands of TypeScript.

``router`` has every page. The API mounts it, resolves a Digital Link with ``passport.render_passport`` and shows an
error to a browser with ``entrance.problem_page``. What a reader needs for each address is in ``api.permissions.PAGES``.
"""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    account,
    assessments,
    assets,
    audit,
    bids,
    certificates,
    claims,
    commitments,
    contracts,
    correspondence,
    desk,
    disclosures,
    distances,
    entrance,
    evidence,
    explorer,
    factors,
    footprints,
    green_catalogue,
    incentives,
    intake,
    inventory,
    labels,
    partners,
    passport,
    pcf_file,
    pcf_form,
    pcf_shares,
    people,
    readers,
    record_form,
    reports,
    run_changes,
    runs,
    scanner,
    statics,
    supplier,
    targets,
    tenders,
    verifier,
)

router = APIRouter(include_in_schema=False)
for part in (
    account,
    assessments,
    assets,
    audit,
    bids,
    certificates,
    claims,
    commitments,
    contracts,
    correspondence,
    disclosures,
    pcf_file,  # before the desk, whose footprints' addresses take any word
    pcf_form,
    pcf_shares,
    desk,
    distances,
    entrance,
    evidence,
    explorer,
    factors,
    footprints,
    green_catalogue,
    incentives,
    intake,
    inventory,
    labels,
    partners,
    passport,
    people,
    readers,
    record_form,
    reports,
    run_changes,
    runs,
    scanner,
    statics,
    supplier,
    targets,
    tenders,
    verifier,
):
    router.include_router(part.router)
