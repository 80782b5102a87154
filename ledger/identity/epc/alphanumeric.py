"""
Text in as few bits as its characters allow: three bits say which of six ways, then the length, then the text.

Source: TDS 2.3, 14.5.6 and its table E; Code 40 is 14.5.6.5.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from ledger.identity.epc.bits import Reader, Writer

_BASE_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
CODE_40 = "\x00ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789"
"""Index 0 fills the last group of three."""


def digits_size(length: int) -> int:
    """Bits for ``length`` decimal digits."""
    return int(10**length - 1).bit_length()


def code_40_size(length: int) -> int:
    """Bits for ``length`` characters, 16 for three."""
    return -(-length // 3) * 16


def to_code_40(text: str) -> int:
    """Three characters to a group of 16 bits."""
    value = 0
    for at in range(0, len(text), 3):
        first, second, third = (CODE_40.index(character) for character in text[at : at + 3].ljust(3, "\x00"))
        value = value << 16 | 1600 * first + 40 * second + third + 1
    return value


def from_code_40(value: int, length: int) -> str:
    """``length`` characters; empty text when a group is none, or does not end where it should."""
    found = ""
    for shift in range(code_40_size(length) - 16, -1, -16):
        group = (value >> shift & 0xFFFF) - 1
        if not 0 <= group < 64_000:
            return ""
        found += CODE_40[group // 1600] + CODE_40[group // 40 % 40] + CODE_40[group % 40]
    text, filling = found[:length], found[length:]
    return "" if "\x00" in text or filling.strip("\x00") else text


def _spread(alphabet: str, bits: int) -> tuple[Callable[[str], int], Callable[[int, int], str]]:
    index = {character: number for number, character in enumerate(alphabet)}

    def pack(text: str) -> int:
        value = 0
        for character in text:
            value = value << bits | index[character]
        return value

    def unpack(value: int, length: int) -> str:
        mask = (1 << bits) - 1
        return "".join(alphabet[value >> bits * (length - 1 - n) & mask] for n in range(length))

    return pack, unpack


@dataclass(frozen=True, slots=True, eq=False)
class _Method:
    characters: re.Pattern[str]
    size: Callable[[int], int]
    pack: Callable[[str], int]
    unpack: Callable[[int, int], str]


_METHODS = (
    _Method(re.compile(r"[0-9]+"), digits_size, int, lambda value, n: f"{value:0{n}d}"),
    _Method(re.compile(r"[0-9A-F]+"), lambda n: 4 * n, lambda text: int(text, 16), lambda value, n: f"{value:0{n}X}"),
    _Method(re.compile(r"[0-9a-f]+"), lambda n: 4 * n, lambda text: int(text, 16), lambda value, n: f"{value:0{n}x}"),
    _Method(re.compile(r"[0-9A-Za-z_-]+"), lambda n: 6 * n, *_spread(_BASE_64, 6)),
    _Method(re.compile(r"[!-~]+"), lambda n: 7 * n, *_spread("".join(map(chr, range(128))), 7)),
    _Method(re.compile(r"[0-9A-Z.:-]+"), code_40_size, to_code_40, from_code_40),
)
"""At the place of its encoding indicator."""


def put_shortest(writer: Writer, text: str, length_bits: int) -> None:
    """Add indicator, length and ``text``, in the way that takes the fewest bits."""
    able = [(method.size(len(text)), n) for n, method in enumerate(_METHODS) if method.characters.fullmatch(text)]
    size, indicator = min(able)
    writer.put(indicator, 3).put(len(text), length_bits).put(_METHODS[indicator].pack(text), size)


def take_any(bits: Reader, length_bits: int) -> str:
    """The text, whichever way it was written; empty when the bits are none of the six ways, or hold no text."""
    indicator, length = bits.take(3), bits.take(length_bits)
    if indicator >= len(_METHODS) or not length:
        return ""
    method = _METHODS[indicator]
    text = method.unpack(bits.take(method.size(length)), length)
    return text if len(text) == length else ""
