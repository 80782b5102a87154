"""What a printer read back from the tags that it wrote, compared with what they should hold."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from labels.errors import ReadBackUnreadable

_ANSWER = re.compile(rb"EPC\[([0-9A-Fa-f]*)\]", re.ASCII)
LONGEST_ANSWER = 300
"""Bytes; an EPC of 31 words has 124 digits."""


class TagAnswer(NamedTuple):
    """One label's tag: what it should hold, what was read, and whether the label may be used."""

    number: int
    expected: str
    read: str
    verdict: Literal["match", "mismatch", "unread"]


def epc_in(answer: bytes) -> str:
    """The EPC in one answer line, upper case. Raises ``ReadBackUnreadable``."""
    match = _ANSWER.fullmatch(answer.strip())
    if match is None or len(answer) > LONGEST_ANSWER:
        raise ReadBackUnreadable(answer=answer[:80].decode("ascii", "replace"))
    return match[1].decode().upper()


def compared(number: int, expected: str, answer: bytes | None) -> TagAnswer:
    """The verdict on label ``number`` (from 1); ``None`` when the printer did not answer in time."""
    if answer is None:
        return TagAnswer(number, expected, "", "unread")
    read = epc_in(answer)
    if not read:
        return TagAnswer(number, expected, "", "unread")
    return TagAnswer(number, expected, read, "match" if read == expected.upper() else "mismatch")
