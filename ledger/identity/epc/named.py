"""
Classic schemes of keys whose reference is free text behind the company prefix: GIAI and CPI.

Source: TDS 2.3, coding tables of 14.6 (GIAI-96, GIAI-202, CPI-96, CPI-var) and annex G (six-bit characters).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ledger.identity.checks import checked
from ledger.identity.company import parted
from ledger.identity.epc.bits import Reader, Writer
from ledger.identity.epc.content import Content
from ledger.identity.epc.errors import TagTextBroken
from ledger.identity.epc.scheme import PREFIX_BITS, begun, number, padded, put_prefix, put_text, take_front, take_text
from ledger.identity.keys import CPI, GIAI, Key

_SIX = {ord(character) & 63: character for character in "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """
    ``span`` bits for company prefix and reference together (0: the reference ends itself), then ``serial_bits``.

    Text of ``text6`` ends with six zero bits, text of ``text7`` with the field.
    """

    name: str
    header: int
    key: Key
    span: int
    reference: Literal["number", "text7", "text6"]
    serial_bits: int = 0

    def read(self, bits: Reader) -> Content:
        """See ``Scheme``."""
        key = self.key
        filter_, partition = take_front(self, bits)
        used = PREFIX_BITS[partition]
        company = padded(self, "GCP", bits.take(used), 12 - partition)
        if self.reference == "text6":
            reference = self._six(bits)
        elif self.reference == "text7":
            reference = take_text(self, key.field, bits, self.span - used)
        else:
            reference = str(bits.take(self.span - used))
        code = company + reference
        serial = checked(key, code, str(bits.take(self.serial_bits)) if self.serial_bits else "", 12 - partition)
        return Content(key, code, serial, 12 - partition, (), filter_)

    def write(self, content: Content) -> Writer:
        """See ``Scheme``."""
        key, writer = self.key, begun(self, content)
        company, reference = parted(key, content.code, content.gcp_length or 0)
        used = put_prefix(writer, content, company)
        if self.reference == "text6":
            for character in reference:
                writer.put(ord(character) & 63, 6)
            writer.put(0, 6)
        elif self.reference == "text7":
            put_text(self, key.field, writer, reference, self.span - used)
        else:
            writer.put(number(self, key.field, reference, self.span - used), self.span - used)
        if self.serial_bits:
            writer.put(number(self, key.serial_field, content.serial, self.serial_bits), self.serial_bits)
        return writer

    def _six(self, bits: Reader) -> str:
        found = ""
        while character := bits.take(6):
            if character not in _SIX or len(found) == self.key.longest:
                raise TagTextBroken(scheme=self.name, field=self.key.field)
            found += _SIX[character]
        return found


NAMED = (
    Named("GIAI-96", 0x34, GIAI, 82, "number"),
    Named("GIAI-202", 0x38, GIAI, 188, "text7"),
    Named("CPI-96", 0x3C, CPI, 51, "number", 31),
    Named("CPI-var", 0x3D, CPI, 0, "text6", 40),
)
