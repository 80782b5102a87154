"""A finding in words that a person understands, in both languages."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from ledger.claims.check import Finding, Verdict
from ledger.claims.figure import Figure
from ledger.claims.formula import Amount
from ledger.claims.unit import Dimension, unit, unit_text
from ledger.errors import Locale
from ledger.units import shown

VERDICTS: Final[dict[Verdict, tuple[str, str]]] = {
    "reproduced": ("reproduced", "可复算"),
    "within_rounding": ("within rounding", "在修约范围内"),
    "not_reproducible": ("not reproducible", "无法复算"),
    "impossible": ("impossible", "不可能"),
    "derived": ("computed here", "由此算出"),
    "evidence_required": ("evidence required", "需要证据"),
}
_OPENING: Final[dict[Verdict, tuple[str, str]]] = {
    "reproduced": (
        "What is stated gives {computed}, which prints as stated ({stated}).",
        "由所述数字得 {computed}，按原文位数修约即为所述值（{stated}）。",
    ),
    "within_rounding": (
        (
            "What is stated gives {computed}. That prints otherwise than {stated}, but the rounding of the other "
            "figures leaves room for it."
        ),
        "由所述数字得 {computed}，与所述值（{stated}）不同，但其他数字的修约足以解释差异。",
    ),
    "not_reproducible": (
        (
            "What is stated gives {computed}, not {stated}: the difference is {residual} ({relative}), more than "
            "rounding explains."
        ),
        "由所述数字得 {computed}，而非 {stated}：相差 {residual}（{relative}），修约不能解释。",
    ),
    "impossible": ("The figure cannot be so.", "该数字不可能成立。"),
    "derived": (
        "Nothing was stated to compare with; what is stated gives {computed}. This figure is computed here.",
        "原文没有可比的数字；由所述数字得 {computed}。该值由本系统算出。",
    ),
    "evidence_required": (
        "It cannot be rebuilt from what is stated. It stands as a claim until evidence is recorded.",
        "所述内容不足以复算。在记入证据之前，仅作为声明保留。",
    ),
}


def verdict_text(verdict: Verdict, locale: Locale = "en") -> str:
    """The verdict in a word or two."""
    return VERDICTS[verdict][locale == "zh-CN"]


def sentences(finding: Finding, locale: Locale = "en") -> tuple[str, ...]:
    """What was found, the most important first."""
    zh = locale == "zh-CN"
    said = [_OPENING[finding.verdict][zh].format(**_values(finding))]
    if finding.implied is not None and finding.verdict != "reproduced":
        middle, low, high = (amount_text(end, finding.implied.dimension) for end in finding.implied[:3])
        said.append(
            f"隐含因子为 {middle}（{low} 至 {high}）。" if zh else f"The implied factor is {middle} ({low} to {high})."
        )
    if finding.bound is not None and finding.verdict == "impossible":
        said.append(_beyond(finding, zh=zh))
    for slip, large in finding.slips:
        what = slip.zh if zh else slip.en
        way = ("偏大" if large else "偏小") if zh else ("too large" if large else "too small")
        said.append(f"可能的笔误：数值{way} {what}。" if zh else f"A possible slip: {way}, {what}.")
    if finding.rate is not None and not (finding.verdict == "impossible" and finding.bound and finding.bound.factor):
        said.append(_factor(finding, zh=zh))
    elif finding.verdict == "evidence_required" and finding.implied is not None:
        said.append("请注明所用因子及其来源。" if zh else "State the factor that was used, with its source.")
    return tuple(said)


def amount_text(value: Fraction, dimension: Dimension, like: Figure | None = None) -> str:
    """A number for people: in the unit of a stated figure, else in base units; five digits, or whole."""
    scale, name = Fraction(1), unit_text(dimension)
    if like is not None:
        scale, name = unit(like.unit).scale, like.unit
    elif not dimension and 0 < abs(value) <= 2:
        scale, name = Fraction(1, 100), "%"
    number = grouped(value / scale)
    return f"{number}{'' if name in {'', '%', '％'} or name[:1] > '⺀' else ' '}{name}"


def grouped(value: Fraction, digits: int = 5) -> str:
    """At least so many significant digits where there are that many, thousands apart."""
    places, size = 0, abs(value)
    while places < 12 and value and size * 10**places < 10 ** (digits - 1):
        places += 1
    text = shown(value, places)
    whole, dot, part = text.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    part = part.rstrip("0")
    return f"{sign}{int(whole):,}{dot if part else ''}{part}"


def _values(finding: Finding) -> dict[str, str]:
    like, computed = finding.stated, finding.computed
    found: dict[str, str] = {"stated": like.printed if like else ""}
    if computed is not None:
        found["computed"] = amount_text(computed.value, computed.dimension, like)
        if finding.residual is not None:
            found["residual"] = _signed(amount_text(finding.residual, computed.dimension, like))
    relative = finding.relative
    found["relative"] = "–" if relative is None else _signed(f"{shown(relative * 100, 2)}%")
    return found


def _beyond(finding: Finding, *, zh: bool) -> str:
    bound = finding.bound
    assert bound is not None
    if finding.statement.rule == "share" and finding.computed is not None:
        found = amount_text(finding.computed.value, ())
        return f"结果为 {found}，超过 100%：部分不能大于整体。" if zh else f"It gives {found} of the whole, over 100%."
    limit = f"{grouped(bound.value)} {bound.unit}"
    if finding.statement.rule == "saving":
        return f"基准方案总共只排放 {limit}。" if zh else f"The whole baseline emits {limit}."
    most = finding.computed
    share = "" if most is None else amount_text(most.high, most.dimension, finding.stated)
    if zh:
        return (
            f"任何运输方式都达不到：因子集中最高为 {limit}（{bound.factor}，{bound.source}）；"
            f"其中运输至多可解释 {share}，其余须另有原因及其基准。"
        )
    return (
        f"It exceeds any mode of transport: {limit} is the highest of the factor set ({bound.factor}; {bound.source}). "
        f"Transport accounts for {share} of it at most; the rest needs another cause, with its own baseline."
    )


def _factor(finding: Finding, *, zh: bool) -> str:
    rate = finding.rate
    assert rate is not None
    value = f"{grouped(rate.value)} {unit_text(rate.dimension)}"
    named = bool(finding.statement.factor)
    if finding.verdict in {"not_reproducible", "impossible"} and not named:
        return (
            f"最接近的已发布因子为 {rate.id}（{value}，{rate.source}）。请注明所用因子及其来源。"
            if zh
            else f"The nearest published factor is {rate.id} ({value}; {rate.source}). State which factor was used."
        )
    told = (
        ("声明所列因子" if named else "声明未列因子，据以复算的因子")
        if zh
        else ("The claim names the factor" if named else "The claim names no factor; this one fits:")
    )
    return f"{told}：{rate.id}（{value}，{rate.source}）。" if zh else f"{told} {rate.id} ({value}; {rate.source})."


def _signed(text: str) -> str:
    return text if text.startswith("-") else f"+{text}"


def step_text(amount: Amount) -> str:
    """The outcome of a step."""
    return amount_text(amount.value, amount.dimension)
