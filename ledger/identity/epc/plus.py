"""
The '+' schemes, which need no company prefix length, and the '++' schemes, which carry the resolver's host name too.

Source: TDS 2.3, 14.5 and the coding tables of 14.6. A bit behind the header says that further data follow the EPC;
that data is not taken apart here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.identity.checks import checked
from ledger.identity.epc.alphanumeric import digits_size, put_shortest, take_any
from ledger.identity.epc.bits import Reader, Writer
from ledger.identity.epc.content import Content
from ledger.identity.epc.errors import DateMissing, HostnameMissing, TagTextBroken
from ledger.identity.epc.hostname import put_hostname, take_hostname
from ledger.identity.epc.scheme import begun
from ledger.identity.keys import CPI, GDTI, GIAI, GRAI, GSRN, GSRNP, ITIP, SGLN, SGTIN, SSCC, Key

_DELIMITER, _TERMINATOR = 14, 15
_TEXT_LENGTH_BITS = 5
_DIGITS_LENGTH_BITS = 4
_DATES = ("11", "13", "15", "16", "17", "7006", "7007")
"""Prioritised dates, at the place of their type indicator (14.5.3)."""
_LEADING_DIGITS = re.compile("[0-9]*")
_SIX_DIGITS = re.compile("[0-9]{6}", re.ASCII)
_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True, eq=False)
class Plus:
    """``key`` as digits of four bits and text in the fewest; a host name and a date when the scheme has them."""

    name: str
    header: int
    key: Key
    hostname: bool = False
    dated: bool = False

    def read(self, bits: Reader) -> Content:
        """See ``Scheme``."""
        key = self.key
        bits.take(1)  # whether data follow: whoever reads on sees that
        filter_ = bits.take(3)
        attributes = (self._take_date(bits),) if self.dated else ()
        code = self._take_digits(bits, key.digits) if key.digits else self._take_delimited(bits)
        serial = ""
        if key.serial_alphabet == "10":
            length = bits.take(_DIGITS_LENGTH_BITS)
            serial = self._exact(f"{bits.take(digits_size(length)):0{length}d}", length)
        elif key.serial != "none":
            serial = self._exact(take_any(bits, _TEXT_LENGTH_BITS))
        hostname = take_hostname(self, bits) if self.hostname else ""
        return Content(key, code, checked(key, code, serial, None), None, attributes, filter_, hostname)

    def write(self, content: Content) -> Writer:
        """See ``Scheme``. The bit that announces further data is 0."""
        key, writer = self.key, begun(self, content)
        writer.put(content.filter or 0, 4)
        if self.dated:
            self._put_date(writer, content)
        if key.digits:
            writer.put(int(content.code, 16), 4 * key.digits)
        else:
            _put_delimited(writer, content.code)
        if key.serial_alphabet == "10":
            length = len(content.serial)
            writer.put(length, _DIGITS_LENGTH_BITS).put(int(content.serial), digits_size(length))
        elif key.serial != "none":
            put_shortest(writer, content.serial or key.urn_without_serial, _TEXT_LENGTH_BITS)
        if self.hostname:
            if not content.hostname:
                raise HostnameMissing(scheme=self.name)
            put_hostname(self, writer, content.hostname)
        return writer

    def _take_digits(self, bits: Reader, count: int) -> str:
        """Decimal digits of four bits (14.5.4)."""
        found = f"{bits.take(4 * count):0{count}x}"
        return self._exact(found if found.isdecimal() else "")

    def _take_delimited(self, bits: Reader) -> str:
        """Digits of four bits up to a terminator, or up to a delimiter with text behind it (14.5.5)."""
        found = ""
        while (digit := bits.take(4)) < 10:
            found += str(digit)
        if digit == _DELIMITER:
            return found + self._exact(take_any(bits, _TEXT_LENGTH_BITS))
        return self._exact(found if digit == _TERMINATOR else "")

    def _take_date(self, bits: Reader) -> tuple[str, str]:
        kind, year, month, day = bits.take(4), bits.take(7), bits.take(4), bits.take(5)
        if kind >= len(_DATES) or not _is_date(year, month, day):
            raise TagTextBroken(scheme=self.name, field="date")
        return _DATES[kind], f"{year:02d}{month:02d}{day:02d}"

    def _put_date(self, writer: Writer, content: Content) -> None:
        given = [(ai, value) for ai, value in content.attributes if ai in _DATES]
        dates = [(_DATES.index(ai), value) for ai, value in given if _SIX_DIGITS.fullmatch(value)]
        if len(dates) != 1:
            raise DateMissing(scheme=self.name)
        kind, date = dates[0]
        year, month, day = int(date[:2]), int(date[2:4]), int(date[4:])
        if not _is_date(year, month, day):
            raise DateMissing(scheme=self.name)
        writer.put(kind, 4).put(year, 7).put(month, 4).put(day, 5)

    def _exact(self, text: str, length: int | None = None) -> str:
        if not text or (length is not None and len(text) != length):
            raise TagTextBroken(scheme=self.name, field=self.key.field)
        return text


def _is_date(year: int, month: int, day: int) -> bool:
    """Whether there is such a date in some century; day 0 stands for the whole month (General Specifications, 3.4)."""
    return year <= 99 and 1 <= month <= 12 and day <= _MONTHS[month - 1]


def _put_delimited(writer: Writer, code: str) -> None:
    digits = (_LEADING_DIGITS.match(code) or [""])[0]
    writer.put(int(digits, 16), 4 * len(digits))
    text = code[len(digits) :]
    writer.put(_DELIMITER if text else _TERMINATOR, 4)
    if text:
        put_shortest(writer, text, _TEXT_LENGTH_BITS)


PLUS = (
    Plus("SGTIN+", 0xF7, SGTIN),
    Plus("DSGTIN+", 0xFB, SGTIN, dated=True),
    Plus("SSCC+", 0xF9, SSCC),
    Plus("SGLN+", 0xF2, SGLN),
    Plus("GRAI+", 0xF1, GRAI),
    Plus("GIAI+", 0xFA, GIAI),
    Plus("GSRN+", 0xF4, GSRN),
    Plus("GSRNP+", 0xF5, GSRNP),
    Plus("GDTI+", 0xF6, GDTI),
    Plus("CPI+", 0xF0, CPI),
    Plus("ITIP+", 0xF3, ITIP),
    Plus("SGTIN++", 0xFD, SGTIN, hostname=True),
    Plus("DSGTIN++", 0xFC, SGTIN, hostname=True, dated=True),
    Plus("SSCC++", 0xEF, SSCC, hostname=True),
    Plus("SGLN++", 0xE9, SGLN, hostname=True),
    Plus("GRAI++", 0xEB, GRAI, hostname=True),
    Plus("GIAI++", 0xEE, GIAI, hostname=True),
    Plus("GSRN++", 0xE7, GSRN, hostname=True),
    Plus("GSRNP++", 0xE8, GSRNP, hostname=True),
    Plus("GDTI++", 0xEA, GDTI, hostname=True),
    Plus("CPI++", 0xE6, CPI, hostname=True),
    Plus("ITIP++", 0xED, ITIP, hostname=True),
)
