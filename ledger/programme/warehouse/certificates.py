"""
What is left of a certificate: its MWh less the uses that stand, in the order of the log. No use goes below nothing.

A certificate that says itself what it was cancelled for is used whole by that. One that was sold on, or whose number
another entry of this ledger has, serves nothing. Own generation serves no use at its own site: the meter counts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ledger.errors import Place
from ledger.footprint.amount import exact_text
from ledger.programme.warehouse.errors import CertificateNotUsable, CertificateOverdrawn
from ledger.records.certificate_use import CertificateUse
from ledger.records.energy_certificate import EnergyCertificate


class Use(NamedTuple):
    """``mwh`` used for a site between two days, by an entry; the certificate's own when that says so itself."""

    entry: int
    certificate: str
    site: str
    start: date
    end: date
    mwh: Fraction


class Held(NamedTuple):
    """A certificate with the uses that count; ``taken`` where its number was recorded before in this ledger."""

    entry: int
    record: EnergyCertificate
    uses: tuple[Use, ...]
    taken: bool

    @property
    def mwh(self) -> Fraction:
        """MWh of it in all."""
        return Fraction(self.record.mwh)

    @property
    def left(self) -> Fraction:
        """MWh that no use has yet; nothing of one that serves none."""
        if self.taken or self.record.transferred_to is not None:
            return Fraction(0)
        return self.mwh - sum((one.mwh for one in self.uses), Fraction(0))


def held(entry: int, record: EnergyCertificate, stated: Iterable[tuple[int, CertificateUse]], *, taken: bool) -> Held:
    """A certificate with its standing uses, in the order of the log; one that would overdraw it does not count."""
    if taken or record.transferred_to is not None:
        return Held(entry, record, (), taken)
    left, uses, own = Fraction(record.mwh), list[Use](), record.retired_for
    if own is not None:
        uses.append(Use(entry, record.id, own.site, own.period_start, own.period_end, left))
        return Held(entry, record, tuple(uses), taken)
    for at, one in stated:
        mwh = Fraction(one.mwh)
        if mwh <= left and one.site != record.generated_at:
            left -= mwh
            uses.append(Use(at, record.id, one.site, one.period_start, one.period_end, mwh))
    return Held(entry, record, tuple(uses), taken)


def ensure_usable(one: Held, use: CertificateUse) -> None:
    """Raise ``CertificateNotUsable`` or ``CertificateOverdrawn`` unless a certificate can serve a further use."""
    record = one.record
    for holds, why, why_zh in (
        (one.taken, "its number was recorded before in this ledger", "其编号在本账本中已被先行登记"),
        (record.transferred_to is not None, "it was sold on", "已转让"),
        (record.retired_for is not None, "it is cancelled for a use already", "已核销于其他用途"),
        (
            record.generated_at == use.site,
            "the site's own generation counts at its meter",
            "站点自发电量已按表计计入",
        ),
        (
            record.generated_to < use.period_start or record.generated_from > use.period_end,
            "its power was generated outside the period",
            "其电量不在使用期间内生产",
        ),
    ):
        if holds:
            raise CertificateNotUsable(certificate=record.id, why=why, why_zh=why_zh).at(Place(pointer="/certificate"))
    if Fraction(use.mwh) > one.left:
        raise CertificateOverdrawn(certificate=record.id, asked=use.mwh, left=exact_text(one.left)).at(
            Place(pointer="/mwh")
        )
