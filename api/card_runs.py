"""Robustness cards as people and programs ask for them: started, watched, ended; what came out, as it is recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from api.background_runs import Run
from api.bidding import desk_of
from api.faults import ParameterRefused, RequestError
from ledger.scoring.bid import FootprintStatus
from ledger.services.access import Principal
from ledger.services.project import catch_up
from ledger.services.tender_examination import USUAL_UNCERTAINTY, CardWithoutAward, compute_card
from ledger.services.tenders import sheets_of

if TYPE_CHECKING:
    from api.runtime import Runtime

MOST_CARDS: Final = 20
"""Cards that may wait to be computed."""
_PERCENT: Final = Fraction(1, 100)
_WHOLE: Final = re.compile(r"[0-9]{1,2}", re.ASCII)


class CardsBusy(RequestError):
    """Too many robustness cards wait to be computed."""

    code = "request.cards-busy"
    retryable = True
    waiting: int
    en = "{waiting} robustness cards are waiting already"
    zh = "已有 {waiting} 张稳健性卡在等待计算"
    fix_en = "Try again when one of them is done"
    fix_zh = "请待其中一张完成后再试"


def start_card(
    runtime: Runtime, principal: Principal, tender: str, uncertainty: Mapping[FootprintStatus, Fraction]
) -> Run:
    """
    Compute the card of a tender's newest sheet beside what this process answers; one on its way goes on.

    Raises ``TenderAbsent``, ``CardWithoutAward``, ``CardsBusy``.
    """
    going = runtime.cards.run(principal.tenant, tender)
    if going is not None and not going.finished:
        return going
    ledger = runtime.ledger
    desk = desk_of(ledger, principal)
    sheets = sheets_of(desk, tender)
    if not sheets or not sheets[-1][1]["winner"]:
        raise CardWithoutAward(tender=tender)

    def work(run: Run) -> None:
        compute_card(desk, tender, uncertainty, lambda told: run.step(told.part, told.done, told.of))
        catch_up(ledger.entries, ledger.projections)

    return runtime.cards.start(principal.tenant, tender, 0, work)


def end_card(runtime: Runtime, tenant: str, tender: str) -> None:
    """End a card on its way; nothing of it is recorded."""
    run = runtime.cards.run(tenant, tender)
    if run is not None:
        run.ended = True


def uncertainty_in(said: Mapping[str, str]) -> dict[FootprintStatus, Fraction]:
    """Half widths by status from whole percentages below 100. Raises ``ParameterRefused``."""
    found: dict[FootprintStatus, Fraction] = {}
    for status, usual in USUAL_UNCERTAINTY.items():
        text = said.get(status, "").strip()
        if text and not _WHOLE.fullmatch(text):
            raise ParameterRefused(name=status, why="0-99 %")
        found[status] = int(text) * _PERCENT if text else usual
    return found
