"""What is printed so that paper holds the log to its word: a checkpoint, and a code that is the pin itself."""

from __future__ import annotations

from typing import Final, NamedTuple

from markupsafe import Markup

from api.pages.catalogue import Translate
from api.pages.symbol import qr_svg
from api.pages.words import number
from ledger.log.pin import pin_text
from ledger.wiring import Ledger

SHORT: Final = 16
"""Hex digits of a root hash that are printed for people to compare; the code holds all of it."""


class PinView(NamedTuple):
    """``text`` is what the code says: key and signed checkpoint, as ``ledger verify --pinned`` reads them."""

    title: str
    why: str
    rows: tuple[tuple[str, str], ...]
    text: str

    def symbol(self) -> Markup:
        """The code for a page."""
        return qr_svg(self.text, self.title)


def pin_view(ledger: Ledger, t: Translate) -> PinView | None:
    """The newest checkpoint that is final on chain, else the newest; ``None`` before the first."""
    stored = ledger.checkpoints.reached("confirmed") or ledger.checkpoints.latest()
    if stored is None:
        return None
    checkpoint = stored.checkpoint
    rows = (
        (t("log.origin"), checkpoint.origin),
        (t("checkpoint.size"), number(checkpoint.size)),
        (t("checkpoint.root"), f"{checkpoint.root.hex()[:SHORT]}…"),
    )
    return PinView(t("pin.title"), t("pin.why"), rows, pin_text(ledger.note_key.verifier, stored.note))
