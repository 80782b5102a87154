"""
Classic schemes of numeric keys: company prefix and reference are numbers, the serial a number or text.

Source: TDS 2.3, coding tables of 14.6 (SGTIN, SSCC, SGLN, GRAI, GSRN, GSRNP, GDTI, ITIP).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ledger.identity.checks import checked_pieces, checked_serial
from ledger.identity.company import parted, whole
from ledger.identity.epc.bits import Reader, Writer
from ledger.identity.epc.content import Content
from ledger.identity.epc.errors import TrailingData
from ledger.identity.epc.scheme import PREFIX_BITS, begun, number, padded, put_prefix, put_text, take_front, take_text
from ledger.identity.keys import GDTI, GRAI, GSRN, GSRNP, ITIP, SGLN, SGTIN, SSCC, Key


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    """
    ``span`` bits for company prefix and reference together, then ``serial_bits``.

    ``reserved`` bits are zero: the key has no serial.
    """

    name: str
    header: int
    key: Key
    span: int
    serial: Literal["number", "text", "reserved"]
    serial_bits: int

    def read(self, bits: Reader) -> Content:
        """See ``Scheme``. The check digit is computed: a tag has none."""
        key = self.key
        filter_, partition = take_front(self, bits)
        both, size, n = bits.take(self.span), self.span - PREFIX_BITS[partition], 12 - partition
        company = padded(self, "GCP", both >> size, n)
        reference = padded(self, "reference", both & (1 << size) - 1, key.digits - key.others - n)
        pieces = checked_pieces(key, f"{self._piece(bits)}{self._piece(bits)}") if key.pieces else ""
        return Content(key, whole(key, company, reference, pieces), self._serial(bits), n, (), filter_)

    def _piece(self, bits: Reader) -> str:
        return padded(self, "piece", bits.take(7), 2)

    def _serial(self, bits: Reader) -> str:
        if self.serial == "text":
            return checked_serial(self.key, take_text(self, self.key.serial_field, bits, self.serial_bits))
        value = bits.take(self.serial_bits)
        if self.serial == "number":  # of at most 13 digits, which every key's serial can be
            return str(value) if value or self.key.serial == "needed" else ""
        if value:
            raise TrailingData(scheme=self.name, bits=self.serial_bits)
        return ""

    def write(self, content: Content) -> Writer:
        """See ``Scheme``."""
        key, writer = self.key, begun(self, content)
        company, reference = parted(key, content.code, content.gcp_length or 0)
        used = put_prefix(writer, content, company)
        writer.put(int(reference or "0"), self.span - used)
        for piece in (content.code[-4:-2], content.code[-2:]) if key.pieces else ():
            writer.put(int(piece), 7)
        serial, field = content.serial or key.urn_without_serial, key.serial_field
        if self.serial == "text":
            put_text(self, field, writer, serial, self.serial_bits)
        else:
            value = number(self, field, serial, self.serial_bits) if self.serial == "number" else 0
            writer.put(value, self.serial_bits)
        return writer


NUMBERED = (
    Numbered("SGTIN-96", 0x30, SGTIN, 44, "number", 38),
    Numbered("SGTIN-198", 0x36, SGTIN, 44, "text", 140),
    Numbered("SSCC-96", 0x31, SSCC, 58, "reserved", 24),
    Numbered("SGLN-96", 0x32, SGLN, 41, "number", 41),
    Numbered("SGLN-195", 0x39, SGLN, 41, "text", 140),
    Numbered("GRAI-96", 0x33, GRAI, 44, "number", 38),
    Numbered("GRAI-170", 0x37, GRAI, 44, "text", 112),
    Numbered("GSRN-96", 0x2D, GSRN, 58, "reserved", 24),
    Numbered("GSRNP-96", 0x2E, GSRNP, 58, "reserved", 24),
    Numbered("GDTI-96", 0x2C, GDTI, 41, "number", 41),
    Numbered("GDTI-174", 0x3E, GDTI, 41, "text", 119),
    Numbered("ITIP-110", 0x40, ITIP, 44, "number", 38),
    Numbered("ITIP-212", 0x41, ITIP, 44, "text", 140),
)
