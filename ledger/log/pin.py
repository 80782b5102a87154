"""
What a reader keeps of a log: a pin file (the log's key, an empty line, a checkpoint's note), or the note alone.

The same text is printed on paper as a QR code; scanners hand it on with other line ends, or without the last one.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.cosignature import OpenNote
from ledger.log.errors import ProofMalformed, SignatureMismatch


class Pin(NamedTuple):
    """A checkpoint that was kept, and the key that signed it where it was kept too."""

    key: VerifierKey | None
    checkpoint: Checkpoint


def pin_text(key: VerifierKey, note: str) -> str:
    """A pin file."""
    return f"{key}\n\n{note}"


def read_pin(text: str, key: VerifierKey | None = None) -> Pin:
    """
    What was kept, from its text; witnesses' lines in it are left out.

    A note alone needs ``key`` to be checked, and without one is taken as it stands: then its reader trusts where it
    came from. Raises ``ProofMalformed``, and ``SignatureMismatch`` where a key there is did not sign it.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").rstrip("\n") + "\n"
    first, _, rest = text.partition("\n\n")
    if "\n" not in first:
        kept = VerifierKey.parse(first)
        if key is not None and key != kept:
            raise ProofMalformed(why="the pin is of another log's key than the one given")
        key, text = kept, rest
    note = OpenNote.parse(text)
    if key is not None and not note.signed_by(key):
        raise SignatureMismatch(name=key.name)
    if key is not None and note.checkpoint.origin != key.name:
        raise ProofMalformed(why="the pin's checkpoint is of another log than its key")
    return Pin(key, note.checkpoint)
