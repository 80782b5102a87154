"""Bids of the lab: invented for a draft, or typed on its page, and read with every fault at its field."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.errors import ScoringError
from ledger.scoring.bid import NO_FOOTPRINT, Bid, Footprint
from ledger.scoring.draft.reading import NAMED, OWN, Located
from ledger.scoring.draft.rows import Said, numbers, row
from ledger.scoring.rational import parse_rational, plain
from ledger.scoring.scheme import Scheme
from ledger.scoring.scheme_errors import KeyRepeated, NumberUnreadable

INVENTED: Final = (
    ("A", "1000000", Fraction("1.05"), "verified", Fraction("0.6")),
    ("B", "1080000", Fraction("0.80"), "verified", Fraction("0.8")),
    ("C", "940000", Fraction("1.10"), "unverified", Fraction("0.5")),
    ("D", "1250000", Fraction("0.65"), "verified", Fraction("0.9")),
)
"""Bidder, price, footprint in shares of the default, its status, and results between the worst and the best bound."""
LAB: Final = "lab"
"""Who verified the footprints of invented bids."""


class LabBids(NamedTuple):
    """The bids, and what keeps any of them from being one."""

    bids: tuple[Bid, ...]
    faults: tuple[Located, ...]


def invented(said: Said) -> dict[str, str]:
    """Four bids that differ as bids do: a cheap one that nobody verified, a dear one with a low footprint."""
    default = _number(said.get("rule.default", "")) or Fraction(100)
    made: dict[str, str] = {}
    for number, (bidder, price, share, status, result) in enumerate(INVENTED):
        stem = f"bids.{number}"
        made |= {f"{stem}.bidder": bidder, f"{stem}.price": price, f"{stem}.status": status}
        made[f"{stem}.footprint"] = plain(default * share)
        for criterion in numbers(said, "criteria"):
            held = row(said, "criteria", criterion)
            if held.get("source") in {*NAMED, *OWN}:
                worst = _number(held.get("p.worst", "")) or Fraction(0)
                best = _number(held.get("p.best", ""))
                made[f"{stem}.m.{criterion}"] = plain(worst + ((best if best is not None else 100) - worst) * result)
    return made


def read_bids(said: Said, scheme: Scheme) -> LabBids:
    """The bids as typed, by the unit, boundary and rule of the scheme."""
    faults: list[Located] = []
    bids: list[Bid] = []
    marks = {
        number: held["source"] if held["source"] in OWN else held.get("reads", "")
        for number in numbers(said, "criteria")
        if (held := row(said, "criteria", number)).get("source") in {*NAMED, *OWN}
    }
    for number in numbers(said, "bids"):
        held, stem, before = row(said, "bids", number), f"bids.{number}", len(faults)
        bidder = held.get("bidder", "").strip()
        if bidder in {one.bidder for one in bids}:
            faults.append(Located(f"{stem}.bidder", KeyRepeated(key=bidder)))
        values = {name: _number(held.get(name, "")) for name in ("price", *(f"m.{one}" for one in marks))}
        faults += [
            Located(f"{stem}.{name}", NumberUnreadable(value=held.get(name, "")[:60]))
            for name, value in values.items()
            if value is None
        ]
        value = _number(held.get("footprint", ""))
        if held.get("footprint") and value is None:
            faults.append(Located(f"{stem}.footprint", NumberUnreadable(value=held["footprint"][:60])))
        if len(faults) > before:
            continue
        quality = {name: values[f"m.{one}"] for one, name in marks.items()}
        try:
            bids.append(
                Bid(
                    bidder=bidder,
                    price=values["price"],  # type: ignore[arg-type]  # one that is none was a fault
                    sealed_at=scheme.closes_at - timedelta(hours=number + 1),
                    quality=quality,  # type: ignore[arg-type]
                    footprint=_footprint(held.get("status", ""), value, scheme),
                )
            )
        except ScoringError as error:
            faults.append(Located(stem, error))
    return LabBids(tuple(bids), tuple(faults))


def _footprint(status: str, value: Fraction | None, scheme: Scheme) -> Footprint:
    if value is None or status == "missing":
        return NO_FOOTPRINT
    terms: dict[str, Any] = {"category_rule": scheme.category_rule}
    if status == "verified":
        terms |= {"verifier": LAB, "valid_to": scheme.closing_day}
    return Footprint(
        status="verified" if status == "verified" else "unverified",
        value=value,
        declared_unit=scheme.declared_unit,
        boundary=scheme.boundary,
        **terms,
    )


def _number(text: str) -> Fraction | None:
    try:
        return parse_rational(unicodedata.normalize("NFKC", text).strip().replace(",", "").replace(" ", ""))
    except ValueError:
        return None
