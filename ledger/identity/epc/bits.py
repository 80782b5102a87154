"""Bits in and out, most significant first: a whole number and how many bits of it count."""

from __future__ import annotations

from ledger.identity.epc.errors import TagTooShort

WORD = 16
"""Bits of a word of Gen2 memory."""


class Reader:
    """Takes fields off the front. ``left`` bits are still to come."""

    __slots__ = ("left", "value")

    def __init__(self, digits: str) -> None:
        self.value = int(digits, 16)
        self.left = 4 * len(digits)

    def take(self, bits: int) -> int:
        """The next field. Raises ``TagTooShort`` when there are fewer bits."""
        self.left -= bits
        if self.left < 0:
            raise TagTooShort(missing=-self.left)
        return self.value >> self.left & (1 << bits) - 1

    def rest(self) -> int:
        """All that is left, as one number; it stays."""
        return self.value & (1 << self.left) - 1


class Writer:
    """Puts fields behind each other."""

    __slots__ = ("length", "value")

    def __init__(self, value: int = 0, length: int = 0) -> None:
        self.value, self.length = value, length

    def put(self, value: int, bits: int) -> Writer:
        """Add a field; the caller has seen to it that the value fits."""
        self.value = self.value << bits | value
        self.length += bits
        return self

    def hex(self) -> str:
        """All of it in upper case, filled with zero bits to whole words of memory (TDS 2.3, 15.1.1)."""
        words = -(-self.length // WORD)
        return f"{self.value << words * WORD - self.length:0{words * 4}X}"
