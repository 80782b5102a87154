"""Cartons chosen for a mix of orders: one number of cartons after the other, each told when it is there."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec

from ledger.adapters.files.carton_workbook import MixBook, read_mix
from ledger.planning.cartons.choose import Choice, choices
from ledger.planning.cartons.kept import KeptChoice, kept_choice, restored_choice
from ledger.ports.plan_drafts import PlanDraft
from ledger.services.plan_drafts import HeldPlan
from ledger.wiring import Ledger

MOST_KEPT: Final = 8
"""Cartons that are kept at most."""
_SECONDS: Final = 10
"""For each number, before the gap is stated instead of a proof."""
_KEPT: Final = msgspec.json.Decoder(tuple[KeptChoice, ...])


def choose_cartons(ledger: Ledger, held: HeldPlan) -> None:
    """The work on one draft; numbers that were not come to when it was ended are left out."""
    held.told("reading", 0, 0)
    book = mix_of(ledger, held.draft)
    most = min(MOST_KEPT, max(len(book.candidates), 1))
    held.told("choosing", 0, most)
    kept: list[KeptChoice] = []
    refused, figures = 0, dict[str, str]()
    for number, choice in choices(book.parcels, book.candidates, range(1, most + 1), seconds=_SECONDS):
        kept.append(kept_choice(number, choice, book.parcels, book.candidates))
        if choice is not None:
            refused, figures[str(number)] = len(choice.refused), str(choice.volume)
        if not held.told("choosing", number, most):
            break
    held.came(figures, refused + len(book.refused), msgspec.json.encode(kept))


def curve_of(ledger: Ledger, draft: PlanDraft, book: MixBook) -> list[tuple[int, Choice | None, bool]]:
    """The choices that came of a draft, by number of cartons, and whether each is proven best."""
    kept = _KEPT.decode(ledger.plans.result(draft.tenant, draft.id))
    return [(one.most, restored_choice(one, book.parcels, book.candidates), one.proven) for one in kept]


def mix_of(ledger: Ledger, draft: PlanDraft) -> MixBook:
    """The workbook of a draft."""
    return _read(ledger.contents.read, draft.sha256, draft.file)


@lru_cache(4)
def _read(content: Callable[[str], bytes], sha256: str, file: str) -> MixBook:
    return read_mix(content(sha256), file)
