"""
From the fields of a draft to the scheme, or to everything that keeps it from being one, each fault at its field.

A number that cannot be read is a fault of its own field; the rest is checked all the same, by the scheme's own rules
and no others, so that what passes here can be published.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple

from ledger.errors import ScoringError
from ledger.scoring.abnormally_low import AbnormallyLow
from ledger.scoring.amount import Amount
from ledger.scoring.amounts import amount_rule
from ledger.scoring.criterion import PRICE, Criterion
from ledger.scoring.data_quality import FootprintRule, Markup
from ledger.scoring.draft.rows import Said, numbers, row
from ledger.scoring.formulas import formula
from ledger.scoring.gate import Gate
from ledger.scoring.own_records import ASSESSMENT, BONUS, SECOND_LIFE
from ledger.scoring.rational import parse_rational
from ledger.scoring.scheme import Scheme
from ledger.scoring.scheme_errors import MomentUnreadable, NumberUnreadable, SchemeFault, SchemeRefused
from ledger.scoring.tie_break import TIE_BREAKS

SIMPLE: Final = (
    "id",
    "title_zh",
    "title_en",
    "basis",
    "currency",
    "declared_unit",
    "boundary",
    "category_rule",
)
"""Fields of the scheme that are plain text."""
MARK: Final = "mark"
"""A criterion that reads a test result or a mark of the bid, by name."""
PANEL: Final = "panel"
"""A criterion that reads a mark of the panel, given before prices are displayed, by name."""
NAMED: Final = (MARK, PANEL)
OWN: Final = (ASSESSMENT, BONUS, SECOND_LIFE)
"""What criteria read from our own records."""
PLACES: Final = len(TIE_BREAKS)
LOW: Final = ("price", "footprint")
_STAND_IN: Final = Fraction(1)
"""For a number that cannot be read, while the rest is checked; it never comes out."""


class Located(NamedTuple):
    """A fault, and the key of the field or row it is at."""

    at: str
    fault: ScoringError


class Read(NamedTuple):
    """The scheme where nothing is wrong, else every fault; the weights' sum so far, and the points it must be."""

    scheme: Scheme | None
    faults: tuple[Located, ...]
    weights: Fraction
    points: Fraction


def read(said: Said, version: int = 1) -> Read:
    """What a draft says."""
    reading = _Reading(said, version)
    scheme = reading.scheme()
    return Read(scheme, tuple(reading.faults), reading.weights, reading.points)


class _Reading:
    """One look at a draft, collecting faults."""

    def __init__(self, said: Said, version: int) -> None:
        # as people type it with a Chinese keyboard: full-width digits, colons and points are what they show
        self._said = {key: unicodedata.normalize("NFKC", value).strip() for key, value in said.items()}
        self._version = version
        self.faults: list[Located] = []
        self.weights, self.points = Fraction(0), Fraction(100)

    def scheme(self) -> Scheme | None:
        said = self._said
        self.points = self._number("points", "100")
        quantity = self._number("quantity")
        closes = self._moment()
        rows = {group: numbers(said, group) for group in ("criteria", "amounts", "gates", "markups")}
        criteria = tuple(self._criterion(number) for number in rows["criteria"])
        self.weights = sum((one.weight for one in criteria), Fraction(0))
        amounts = tuple(self._amount(number) for number in rows["amounts"])
        low = tuple(self._low(subject) for subject in LOW if said.get(f"low.{subject}.on"))
        rule = self._rule(rows["markups"])
        gates = tuple(
            Gate(kind=said.get(f"gates.{number}.kind", ""), name=said.get(f"gates.{number}.name", ""))
            for number in rows["gates"]
        )
        order = tuple(name for place in range(PLACES) if (name := said.get(f"tie.{place}", "")))
        values: dict[str, Any] = {name: said.get(name, "") for name in SIMPLE if name != "category_rule"}
        if said.get("category_rule"):
            values["category_rule"] = said["category_rule"]
        marks = [row(said, "criteria", number) for number in rows["criteria"]]
        panel = [one.get("reads", "") for one in marks if one.get("source") == PANEL]
        panel += said.get("panel", "").splitlines()
        if panel:
            values["panel"] = tuple(dict.fromkeys(panel))
        try:
            made = Scheme(
                **values,
                version=self._version,
                quantity=quantity,
                closes_at=closes,
                criteria=criteria,
                amounts=amounts,
                gates=gates,
                footprint_rule=rule,
                abnormally_low=low,
                tie_break=order,
                points=self.points,
            )
        except SchemeRefused as refused:
            taken = {one.at for one in self.faults}
            found = (Located(_key(fault, rows, low), fault) for fault in refused.faults)
            # a row whose number cannot be read has that said of it already
            self.faults += [one for one in found if not any(at.startswith(f"{one.at}.") for at in taken)]
            return None
        return None if self.faults else made

    def _criterion(self, number: int) -> Criterion:
        held = row(self._said, "criteria", number)
        at = f"criteria.{number}"
        source = held.get("source", PRICE)
        known = formula(held.get("formula", ""))
        names = [one.name for one in known.parameters] if known else []
        return Criterion(
            key=held.get("key", ""),
            title_en=held.get("title_en", ""),
            title_zh=held.get("title_zh", ""),
            reads=held.get("reads", "") if source in NAMED else source,
            unit=held.get("unit", ""),
            direction="higher" if held.get("direction") == "higher" else "lower",
            weight=self._number(f"{at}.weight", stand_in=Fraction(0)),
            formula=held.get("formula", ""),
            parameters={name: self._number(f"{at}.p.{name}") for name in names},
        )

    def _amount(self, number: int) -> Amount:
        held = row(self._said, "amounts", number)
        known = amount_rule(held.get("rule", ""))
        return Amount(
            key=held.get("key", ""),
            title_en=held.get("title_en", ""),
            title_zh=held.get("title_zh", ""),
            rule=held.get("rule", ""),
            unit=held.get("unit", ""),
            inputs={role.name: held.get(f"i.{role.name}", "") for role in (known.roles if known else ())},
            parameters={
                one.name: self._number(f"amounts.{number}.p.{one.name}") for one in (known.parameters if known else ())
            },
        )

    def _low(self, subject: Any) -> AbnormallyLow:
        stem = f"low.{subject}"
        return AbnormallyLow(
            subject=subject,
            below_mean=self._number(f"{stem}.below_mean") / 100,
            proximity=self._number(f"{stem}.proximity") / 100,
            margin_min=self._number(f"{stem}.margin_min"),
            margin_max=self._number(f"{stem}.margin_max"),
            consequence="exclude-unless-accepted" if self._said.get(f"{stem}.exclude") else "flag",
        )

    def _rule(self, years: list[int]) -> FootprintRule | None:
        said = self._said
        if not (said.get("rule.default") or said.get("rule.default_source")):
            return None
        markups = []
        for number in years:
            year, share = (self._number(f"markups.{number}.{name}") for name in ("year", "share"))
            if year.denominator != 1:
                self._fault(f"markups.{number}.year", NumberUnreadable(value=said[f"markups.{number}.year"]))
            markups.append(Markup(year=int(year), share=share / 100))
        return FootprintRule(
            default=self._number("rule.default"),
            default_source=said.get("rule.default_source", ""),
            markups=tuple(markups),
        )

    def _number(self, key: str, start: str = "", stand_in: Fraction = _STAND_IN) -> Fraction:
        text = self._said.get(key, "") or start
        try:
            return parse_rational(text.replace(",", "").replace(" ", ""))
        except ValueError:
            self._fault(key, NumberUnreadable(value=text[:60]))
            return stand_in

    def _moment(self) -> datetime:
        text = self._said.get("closes_at", "")
        offset = self._said.get("offset", "") or "+08:00"
        try:
            return datetime.fromisoformat(f"{text}{offset}" if len(text) <= len("2026-12-31T17:00:00") else text)
        except ValueError:
            self._fault("closes_at", MomentUnreadable(value=text[:60]))
            return datetime.fromisoformat("9999-01-01T00:00:00+08:00")

    def _fault(self, at: str, fault: SchemeFault) -> None:
        self.faults.append(Located(at, fault))


def _key(fault: SchemeFault, rows: Mapping[str, list[int]], low: tuple[AbnormallyLow, ...]) -> str:
    """The draft's key for a scheme's pointer."""
    parts = fault.place.pointer.split("/")[1:] if fault.place and fault.place.pointer else [""]
    name, index = parts[0], int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else None
    if name == "abnormally_low" and index is not None:
        return f"low.{low[index].subject}"
    if name == "tie_break":
        return f"tie.{index}" if index is not None else "tie"
    if name in {"footprint_rule", "panel"}:
        return "rule" if name == "footprint_rule" else "criteria"
    if index is not None and name in rows:
        return f"{name}.{rows[name][index]}"
    return name
