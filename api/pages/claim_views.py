"""What the page of a claim shows: its words, how its figure was rebuilt, and the verdict for people."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from api.pages.catalogue import Translate
from api.pages.words import moment
from ledger.claims.check import Finding, Verdict
from ledger.claims.figure import Figure
from ledger.claims.overlap import Overlap
from ledger.claims.saving import Saving
from ledger.claims.sentence import amount_text, grouped, sentences, verdict_text
from ledger.claims.unit import unit_text
from ledger.errors import Locale
from ledger.footprint.amount import exact_text
from ledger.services.claims import Checked

LOOKS: Final[dict[Verdict, tuple[str, str]]] = {
    "reproduced": ("holds", "0"),
    "within_rounding": ("holds", "0"),
    "derived": ("unknown", "2"),
    "evidence_required": ("unknown", "2"),
    "not_reproducible": ("fails", "1"),
    "impossible": ("fails", "1"),
}
"""State and colour of each verdict; the words say which."""
BAR: Final = 1000


class ClaimRow(NamedTuple):
    """A claim in the list."""

    id: str
    words: str
    source: str
    verdict: str
    look: str
    twice: bool


class FigureRow(NamedTuple):
    """A stated figure and what it stands for, in base units."""

    name: str
    printed: str
    value: str
    interval: str


class StepRow(NamedTuple):
    """One operation of the rebuilding; ``exact`` is empty when what is shown is exact."""

    text: str
    outcome: str
    exact: str


class PartBar(NamedTuple):
    """One cause of a saving: its bar is ``width`` of 1000, in another colour when it added emissions."""

    label: str
    value: str
    exact: str
    width: int
    added: bool


class SavingView(NamedTuple):
    """A saving by cause, with its two plans."""

    baseline: str
    executed: str
    total: str
    bars: list[PartBar]
    plans: tuple[int, int] | None
    activity: str


class TwiceRow(NamedTuple):
    """Another claim that counts the same."""

    other: str
    certain: bool
    things: str


class ClaimView(NamedTuple):
    """One claim."""

    id: str
    words: str
    source: str
    rule: str
    stated_at: str
    verdict: str
    look: str
    colour: str
    said: tuple[str, ...]
    fix: str
    figures: list[FigureRow]
    formula: str
    factor_set: str
    factor: str
    factor_source: str
    also: str
    steps: list[StepRow]
    saving: SavingView | None
    twice: list[TwiceRow]
    entry: int | None


def claim_row(claim: Checked, twice: frozenset[str], t: Translate, locale: Locale) -> ClaimRow:
    """A claim in the list."""
    record = claim.record
    verdict, look, _ = _verdict(claim, t, locale)
    return ClaimRow(record.id, record.words, record.source, verdict, look, record.id in twice)


def claim_view(claim: Checked, pairs: Sequence[Overlap], t: Translate, locale: Locale) -> ClaimView:
    """A claim with its working."""
    record, finding = claim.record, claim.finding
    verdict, look, colour = _verdict(claim, t, locale)
    fault = claim.fault
    rate = None if finding is None else finding.rate
    way = None if finding is None else finding.statement.way
    also = () if finding is None else (*finding.reproduced_by, *finding.within)
    return ClaimView(
        id=record.id,
        words=record.words,
        source=record.source,
        rule=t(f"claim.rule.{record.rule}"),
        stated_at=moment(record.occurred_at),
        verdict=verdict,
        look=look,
        colour=colour,
        said=sentences(finding, locale) if finding else ((fault.message(locale),) if fault else ()),
        fix=fault.fix(locale) if fault else "",
        figures=[_figure(each, t) for each in finding.statement.figures] if finding else [],
        formula=record.formula or (way.formula if way else ""),
        factor_set=finding.factor_set if finding else "",
        factor=f"{rate.id} · {grouped(rate.value)} {unit_text(rate.dimension)}" if rate else _factors(claim.saving),
        factor_source=rate.source if rate else "",
        also=", ".join(also[1:]) if len(also) > 1 else "",
        steps=_steps(finding) if finding else [],
        saving=_saving(claim.saving, claim.plans, t) if claim.saving else None,
        twice=[_twice(pair, record.id) for pair in pairs if record.id in {pair.first, pair.second}],
        entry=claim.entry,
    )


def _factors(saving: Saving | None) -> str:
    """Every factor that the plans of a saving use."""
    lanes = () if saving is None else saving.lanes
    return ", ".join(dict.fromkeys(factor for lane in lanes for factor in lane.factors))


def _verdict(claim: Checked, t: Translate, locale: Locale) -> tuple[str, str, str]:
    if claim.finding is None:
        return t("claim.unchecked"), "unknown", "2"
    return verdict_text(claim.finding.verdict, locale), *LOOKS[claim.finding.verdict]


def _figure(figure: Figure, t: Translate) -> FigureRow:
    low, high = (amount_text(end, figure.dimension) for end in (figure.low, figure.high))
    interval = t("claim.exact") if figure.exact else t("claim.from-to", low=low, high=high)
    return FigureRow(figure.name, figure.printed, amount_text(figure.value, figure.dimension), interval)


def _steps(finding: Finding) -> list[StepRow]:
    return [
        StepRow(
            step.text,
            amount_text(step.amount.value, step.amount.dimension),
            f"{exact_text(step.amount.value)} {unit_text(step.amount.dimension)}".strip(),
        )
        for step in finding.steps
    ]


def _saving(saving: Saving, plans: tuple[int, int] | None, t: Translate) -> SavingView:
    most = max((abs(part) for part in saving.parts.values()), default=Fraction(0)) or Fraction(1)
    bars = [
        PartBar(
            t(f"claim.cause.{cause}"),
            f"{grouped(part)} kg CO₂e" + (f" · {grouped(part / saving.total * 100, 3)}%" if saving.total else ""),
            exact_text(part),
            int(abs(part) * BAR / most),
            part < 0,
        )
        for cause, part in saving.parts.items()
    ]
    return SavingView(
        baseline=f"{grouped(saving.baseline)} kg CO₂e",
        executed=f"{grouped(saving.executed)} kg CO₂e",
        total=f"{grouped(saving.total)} kg CO₂e",
        bars=bars,
        plans=plans,
        activity=f"{grouped(saving.avoided_tonne_km)} t km",
    )


def _twice(pair: Overlap, own: str) -> TwiceRow:
    other = pair.second if pair.first == own else pair.first
    return TwiceRow(other, pair.certainty == "certain", ", ".join(pair.shared))
