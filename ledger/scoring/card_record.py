"""
The robustness card as it is recorded: which sheet it is of, what was drawn from which seed, and what came out.

The seed is the digest of the sheet, so that nobody chooses it and anybody who has the sheet counts the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from ledger.scoring.award import ScoreSheet, compare
from ledger.scoring.bid import FootprintStatus
from ledger.scoring.card import Card, CardTerms, robustness_card
from ledger.scoring.errors import FormUnreadable
from ledger.scoring.form import from_form, to_form
from ledger.scoring.rational import ratio
from ledger.scoring.scheme import digest

FORMAT = "onecode-robustness-card/1"
SAMPLES, VARIATIONS = 10_000, 1_000


def terms_of(sheet_digest: str, uncertainty: Mapping[FootprintStatus, Fraction]) -> CardTerms:
    """What is drawn for the sheet of that digest, with the half widths of footprints by status."""
    return CardTerms(seed=sheet_digest, samples=SAMPLES, variations=VARIATIONS, uncertainty=dict(uncertainty))


def card_form(card: Card) -> dict[str, Any]:
    """The JSON-able form of a card; ``terms.seed`` is the digest of the sheet that it is of."""
    figures: dict[str, Any] = to_form(card, ratio)
    return {"format": FORMAT, **figures, "terms": to_form(card.terms)}


def card_of(form: Mapping[str, Any]) -> Card:
    """The card that a form describes. Raises ``FormUnreadable``."""
    if form.get("format") != FORMAT:
        raise FormUnreadable(kind="Card", reason=f"its format is not {FORMAT}")
    return from_form({name: value for name, value in form.items() if name != "format"}, Card)


def read_card(data: bytes) -> dict[str, Any]:
    """The form of a card from its own bytes or from the body of its entry. Raises ``FormUnreadable``."""
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormUnreadable(kind="Card", reason=str(error)) from error
    if isinstance(found, dict) and isinstance(found.get("record"), dict):
        found = found["record"].get("content")
    if not isinstance(found, dict):
        raise FormUnreadable(kind="Card", reason="it is not an object")
    return found


def replay_card(form: Mapping[str, Any], sheet: ScoreSheet) -> Card:
    """
    The card counted again from its terms and its sheet.

    Raises ``FormUnreadable``, and ``SheetDiffers`` with the first figure that does not follow, or where the seed is not
    the sheet's digest: a seed that somebody chose can flatter.
    """
    terms = card_of(form).terms
    compare({"terms": {"seed": terms.seed}}, {"terms": {"seed": digest(sheet.to_record())}})
    working = robustness_card(sheet.evaluation, terms)
    while True:
        try:
            next(working)
        except StopIteration as end:
            card: Card | None = end.value
            break
    compare(form, {} if card is None else card_form(card))
    assert card is not None  # a form that is one never equals an empty one
    return card
