"""
What scoring refuses, and why a bid is set aside. Leaves of ``ScoringError``.

::

    ScoringError
    ├── FormUnreadable     a record that does not describe a scheme, a bid or a sheet
    ├── SchemeRefused      a scheme with faults; carries all of them (``scheme_errors``)
    ├── SchemeFault        one fault of a scheme, with its place (``scheme_errors``)
    ├── BidFault           a bid that cannot be scored as stated (``bid_errors``)
    ├── GateNotPassed      a bid set aside before anything is compared (``gate_errors``)
    ├── PanelMarksWrong... marks of a panel, and prices asked for before them (``panel_marks``)
    ├── SealBroken, ...    a sealed bid that does not open, or is not taken (``sealing_errors``)
    └── SheetDiffers       a score sheet that does not replay
"""

from __future__ import annotations

from ledger.errors import ScoringError


class FormUnreadable(ScoringError):
    """A record that does not have the fields of what it should be."""

    code = "scoring.form"
    kind: str
    reason: str
    en = "this is not a {kind}: {reason}"
    zh = "该记录不是有效的 {kind}：{reason}"
    fix_en = 'Write amounts as text ("12.5"), dates as YYYY-MM-DD, times with their offset; add no other fields'
    fix_zh = '金额与数值请写成文本（"12.5"），日期写成 YYYY-MM-DD，时间须带时区；不得增加其他字段'


class SheetDiffers(ScoringError):
    """A score sheet states something else than its own scheme and bids give."""

    code = "scoring.sheet-differs"
    pointer: str
    row: str
    stated: str
    recomputed: str
    en = "the score sheet states {stated} at {pointer} ({row}); its scheme and bids give {recomputed}"
    zh = "评分表在 {pointer}（{row}）写明 {stated}；按其方案与投标重算应为 {recomputed}"
    fix_en = "Do not rely on this sheet; ask for the one recorded in the log"
    fix_zh = "请勿采信该评分表；请索取账本中登记的版本"
