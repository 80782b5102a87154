"""
Marks that a panel gives to opened bids before any price is displayed to it.

A scheme names them (``Scheme.panel``). They are recorded once, for every bid that opened and every name, and scored in
place of whatever a bid says under these names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fractions import Fraction

import msgspec

from ledger.errors import ScoringError
from ledger.scoring.bid import Bid
from ledger.scoring.form import Value
from ledger.scoring.rational import plain
from ledger.scoring.scheme import Scheme

HIGHEST = 1000


class PanelMark(Value, frozen=True, kw_only=True):
    """One mark: of whom, under which name of the scheme, how much, and why."""

    bidder: str
    name: str
    mark: Fraction
    reason: str = ""


class PanelMarks(Value, frozen=True, kw_only=True):
    """All marks of one tender, for the scheme of that digest."""

    scheme: str
    marks: tuple[PanelMark, ...]


class PanelMarksWrong(ScoringError):
    """Marks that are not exactly one for each opened bid and name, or out of range."""

    code = "scoring.panel-marks"
    tender: str
    bidder: str
    name: str
    why: str
    why_zh: str
    en = "tender {tender}, {bidder}, {name}: {why}"
    zh = "招标 {tender}，{bidder}，{name}：{why_zh}"
    fix_en = "Give each opened bid one mark from 0 to 1000 under each name that the scheme leaves to the panel"
    fix_zh = "请对每份已开启的投标，就方案交由评委评定的每一项给出一个 0 至 1000 的分数"


class PanelMarksMissing(ScoringError):
    """A price was asked for before the panel's marks were recorded."""

    code = "scoring.panel-first"
    tender: str
    en = "tender {tender}: prices are displayed once the panel's marks are recorded"
    zh = "招标 {tender}：评委分数登记后方可显示报价"
    fix_en = "Record the marks on the tender's panel page first"
    fix_zh = "请先在招标的评委页面登记分数"


class PanelMarksGiven(ScoringError):
    """Other marks are recorded already, and prices were displayed since."""

    code = "scoring.panel-given"
    tender: str
    entry: int
    en = "tender {tender}: the panel's marks are entry {entry} and prices are displayed since"
    zh = "招标 {tender}：评委分数已登记为第 {entry} 号条目，此后报价已可显示"
    fix_en = "Marks are given once, before prices; publish another tender if they were wrong"
    fix_zh = "分数只在看到报价前评定一次；如有错误，请另行发布招标"


class PanelNeedsSeal(ScoringError):
    """A tender whose panel marks before prices takes no bid in the open."""

    code = "scoring.panel-needs-seal"
    tender: str
    en = "the panel of tender {tender} marks before prices: its bids have to be sealed"
    zh = "招标 {tender} 由评委先评质量后看报价，投标必须密封"
    fix_en = "Publish the buyer's and the auditor's key of this tender, then seal bids"
    fix_zh = "请先发布该招标的采购方与审计方密钥，再密封投标"


def check_marks(scheme: Scheme, bidders: Collection[str], marks: Iterable[PanelMark]) -> None:
    """Raise ``PanelMarksWrong`` unless there is exactly one mark in range for each bidder and name."""
    names = scheme.panel_names
    wanted = {(bidder, name) for bidder in bidders for name in names}
    for one in marks:
        at = (one.bidder, one.name)
        if at not in wanted:
            raise _wrong(scheme, *at, "no such bid, no such name, or a second mark", "无此投标、无此项目或重复评分")
        if not 0 <= one.mark <= HIGHEST:
            said = plain(one.mark)
            raise _wrong(scheme, *at, f"{said} is not from 0 to {HIGHEST}", f"{said} 不在 0 至 {HIGHEST} 之间")
        wanted.remove(at)
    for bidder, name in sorted(wanted):
        raise _wrong(scheme, bidder, name, "there is no mark", "缺少分数")


def marked(bid: Bid, marks: Iterable[PanelMark]) -> Bid:
    """The bid with the panel's marks in place of its own words."""
    given = {one.name: one.mark for one in marks if one.bidder == bid.bidder}
    return msgspec.structs.replace(bid, quality={**bid.quality, **given})


def _wrong(scheme: Scheme, bidder: str, name: str, why: str, why_zh: str) -> PanelMarksWrong:
    return PanelMarksWrong(tender=scheme.id, bidder=bidder, name=name, why=why, why_zh=why_zh)
