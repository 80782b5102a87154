"""The verbs of the command line, in the order in which help lists them."""

from __future__ import annotations

from ledger.commands import (
    anchoring,
    audit,
    bulk,
    claims,
    codes,
    corrections,
    disclosures,
    distances,
    factors,
    footprints,
    ileap,
    intake,
    inventory,
    keys,
    labels,
    people,
    readers,
    runs,
    segments,
    serving,
    targets,
    tenders,
)
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb

VERBS: tuple[Verb, ...] = (
    *serving.VERBS,
    *intake.VERBS,
    *bulk.VERBS,
    *corrections.VERBS,
    *labels.VERBS,
    *codes.VERBS,
    *anchoring.VERBS,
    *audit.VERBS,
    *segments.VERBS,
    *footprints.VERBS,
    *runs.VERBS,
    *inventory.VERBS,
    *targets.VERBS,
    *ileap.VERBS,
    *claims.VERBS,
    *disclosures.VERBS,
    *factors.VERBS,
    *distances.VERBS,
    *tenders.VERBS,
    *keys.VERBS,
    *people.VERBS,
    *readers.VERBS,
)

__all__ = ["VERBS", "Terminal", "Verb"]
