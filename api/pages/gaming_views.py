"""The gaming desk in words: each finding with what it means, what to ask, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from api.pages.catalogue import Translate
from api.pages.tender_views import title_of
from api.pages.words import Figure, figure
from ledger.errors import Locale
from ledger.scoring.evaluation import Evaluation
from ledger.scoring.gaming import CHECKS, Finding


class FindingView(NamedTuple):
    """Something to look into."""

    kind: str
    bidders: tuple[str, ...]
    text: str
    figures: list[tuple[str, Figure]]


class GroupView(NamedTuple):
    """Findings of one kind: what such a finding means, and the question to the bidder."""

    title: str
    means: str
    ask: str
    findings: list[FindingView]


class GamingView(NamedTuple):
    """The desk of one tender."""

    id: str
    title: str
    bids: int
    checks: int
    groups: list[GroupView]
    found: int


def gaming_view(e: Evaluation, found: Sequence[Finding], t: Translate, locale: Locale) -> GamingView:
    """The findings by kind, in the order of the checks."""
    kinds = list(dict.fromkeys(finding.kind for finding in found))
    groups = [
        GroupView(
            title=t(f"gaming.kind.{kind}"),
            means=t(f"gaming.means.{kind}"),
            ask=t(f"gaming.ask.{kind}"),
            findings=[_finding(one, t, locale) for one in found if one.kind == kind],
        )
        for kind in kinds
    ]
    return GamingView(e.scheme.id, title_of(e.scheme, locale), len(e.bids), len(CHECKS), groups, len(found))


def _finding(one: Finding, t: Translate, locale: Locale) -> FindingView:
    figures = [(t(f"gaming.figure.{name}"), figure(value)) for name, value in one.figures.items()]
    return FindingView(one.kind, one.bidders, one.zh if locale == "zh-CN" else one.en, figures)
