"""What is wrong with a bid that cannot be scored as stated."""

from __future__ import annotations

from ledger.errors import ScoringError


class BidFault(ScoringError):
    """A bid that cannot be scored as stated."""

    code = "scoring.bid"


class BidderUnnamed(BidFault):
    """A bid without a bidder."""

    code = "scoring.bidder-unnamed"
    en = "the bid names no bidder"
    zh = "投标未写明投标人"
    fix_en = "State the bidder's identifier"
    fix_zh = "请填写投标人标识"


class BidAmountWrong(BidFault):
    """A price, a footprint or a share outside the range it can have."""

    code = "scoring.bid-amount"
    bidder: str
    field: str
    value: str
    wanted: str
    wanted_zh: str
    en = "bid of {bidder}: {field} is {value}; wanted {wanted}"
    zh = "投标人 {bidder}：{field} 为 {value}；要求 {wanted_zh}"
    fix_en = "Return the bid for correction before closing"
    fix_zh = "请在截止前退回更正"


class FootprintContradicts(BidFault):
    """A footprint whose status and figures do not go together."""

    code = "scoring.footprint-contradicts"
    status: str
    problem: str
    problem_zh: str
    en = "a footprint stated as {status!r} {problem}"
    zh = "状态为“{status}”的碳足迹{problem_zh}"
    fix_en = "Correct the status, or hand in what it needs (value, verifier, last day of validity)"
    fix_zh = "请更正状态，或补充所需内容（数值、核查机构、有效期止）"


class BidderRepeated(BidFault):
    """Two bids of one bidder."""

    code = "scoring.bidder-repeated"
    bidder: str
    en = "{bidder} has more than one bid"
    zh = "投标人 {bidder} 有多份投标"
    fix_en = "Score the last bid sealed before closing, or refuse both, as the tender says"
    fix_zh = "请按招标文件仅评审截止前最后一份，或全部拒绝"


class InputAbsent(BidFault):
    """A criterion reads something the bid does not state."""

    code = "scoring.input-absent"
    bidder: str
    criterion: str
    name: str
    en = "bid of {bidder} has no {name!r}, which criterion {criterion!r} scores"
    zh = "投标人 {bidder} 未提供“{name}”，评分项“{criterion}”需要该项"
    fix_en = "Record the test result or the mark before scoring; it is never assumed"
    fix_zh = "请在评分前录入测试结果或评分；系统不作推定"


class FormulaUndefined(BidFault):
    """A value for which the formula has no answer, such as a ratio to zero."""

    code = "scoring.formula-undefined"
    bidder: str
    criterion: str
    formula: str
    value: str
    en = "criterion {criterion!r}: formula {formula!r} is not defined for {value} (bid of {bidder})"
    zh = "评分项“{criterion}”：公式“{formula}”对数值 {value} 无定义（投标人 {bidder}）"
    fix_en = "Correct the value, or use a formula with preset bounds in the next scheme"
    fix_zh = "请更正数值，或在后续方案中采用预设区间的公式"


class RulingUnfounded(BidFault):
    """A ruling on a bidder who did not bid, or two rulings on one question."""

    code = "scoring.ruling"
    bidder: str
    subject: str
    en = "the ruling on the {subject} of {bidder} has no bid, or is not the only one"
    zh = "关于 {bidder} 的{subject}裁定没有对应投标，或不唯一"
    fix_en = "Record one ruling per bidder and subject"
    fix_zh = "每个投标人、每个事项只能有一条裁定"
