"""Reasons: what each step says about a bid, in both languages, kept in the score sheet."""

from __future__ import annotations

from fractions import Fraction

from ledger.errors import LedgerError
from ledger.scoring.abnormally_low import AbnormallyLow, LowTest
from ledger.scoring.bid import Ruling
from ledger.scoring.data_quality import FootprintRule, ScoredFootprint
from ledger.scoring.form import Value
from ledger.scoring.rational import readable

_SUBJECT_ZH = {"price": "报价", "footprint": "碳足迹"}
_STATUS_ZH = {"verified": "已核查", "unverified": "未经核查", "missing": "缺失", "expired": "已过期"}


class Reason(Value, frozen=True, kw_only=True):
    """
    One thing a step found about a bid.

    ``excludes`` says whether it sets the bid aside; the others are notes. ``code`` is the same in every language.
    """

    step: str
    bidder: str
    code: str
    excludes: bool
    en: str
    zh: str

    @classmethod
    def of(cls, step: str, bidder: str, error: LedgerError, *, excludes: bool) -> Reason:
        """The reason an error states."""
        en, zh = error.message("en"), error.message("zh-CN")
        return cls(step=step, bidder=bidder, code=error.code, excludes=excludes, en=en, zh=zh)


LOW_FLAG = "scoring.note.abnormally-low"


def low_flag(bidder: str, rule: AbnormallyLow, test: LowTest, value: Fraction) -> Reason:
    """A value is abnormally low, with the figures of the test."""
    limit, lowest, margin = readable(test.limit), readable(test.lowest_qualifying), readable(test.margin)
    return _note(
        "abnormally-low",
        bidder,
        LOW_FLAG,
        f"the {rule.subject} {readable(value)} is abnormally low: below {limit} ({readable(rule.below_mean)} "
        f"of the mean without the highest, {readable(test.adjusted_mean)}) and more than {margin} below the lowest "
        f"qualifying {rule.subject}, {lowest}",
        f"{_SUBJECT_ZH[rule.subject]} {readable(value)} 异常偏低：低于 {limit}（剔除最高值后均值 "
        f"{readable(test.adjusted_mean)} 的 {readable(rule.below_mean)}），且比最低合格值 {lowest} 低出 {margin} 以上",
    )


def low_accepted(ruling: Ruling) -> Reason:
    """The panel accepted the bidder's explanation."""
    return _note(
        "abnormally-low",
        ruling.bidder,
        "scoring.note.low-accepted",
        f"the explanation of the {ruling.subject} was accepted by {ruling.decided_by}: {ruling.reason}",
        f"关于{_SUBJECT_ZH[ruling.subject]}的说明已由 {ruling.decided_by} 接受：{ruling.reason}",
    )


def low_untested(bidder: str, rule: AbnormallyLow) -> Reason:
    """A single value has nothing to be low against."""
    return _note(
        "abnormally-low",
        bidder,
        "scoring.note.low-untested",
        f"the {rule.subject} is the only one stated; the test for abnormally low values needs two",
        f"仅有一个{_SUBJECT_ZH[rule.subject]}，异常偏低检验至少需要两个",
    )


def footprint_note(footprint: ScoredFootprint, rule: FootprintRule) -> Reason | None:
    """Why another footprint than the declared one is scored; ``None`` when the declared one is."""
    if footprint.status == "verified":
        return None
    return _note(
        "data-quality",
        footprint.bidder,
        f"scoring.note.footprint-{footprint.status}",
        f"the footprint is {footprint.status} at closing; scored: {footprint.working} = {readable(footprint.scored)} "
        f"(default value from {rule.default_source})",
        f"碳足迹在截止日{_STATUS_ZH[footprint.status]}；计分值：{footprint.working} = {readable(footprint.scored)}"
        f"（缺省值来源：{rule.default_source}）",
    )


def _note(step: str, bidder: str, code: str, en: str, zh: str) -> Reason:
    return Reason(step=step, bidder=bidder, code=code, excludes=False, en=en, zh=zh)
