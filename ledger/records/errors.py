"""Leaves of RecordError: what a record lacks or contradicts."""

from __future__ import annotations

from ledger.errors import Place, RecordError


class RecordUnreadable(RecordError):
    """A record that is not JSON, or whose field is missing, unknown or of the wrong type."""

    code = "record.unreadable"
    why: str
    en = "the record cannot be read: {why}"
    zh = "记录无法读取：{why}"
    fix_en = "Compare the named field with the template or the API description"
    fix_zh = "请将所指字段与模板或接口说明核对"


class KindUnknown(RecordError):
    """A record kind that the ledger does not keep."""

    code = "record.kind"
    kind: str
    en = "{kind!r} is not a kind of record"
    zh = "{kind!r} 不是可用的记录类型"
    fix_en = "See the list of record kinds in the documentation"
    fix_zh = "请参阅文档中的记录类型列表"


class FieldMissing(RecordError):
    """Something a record cannot be computed without. It is never guessed."""

    code = "record.missing"
    field: str
    en = "{field} is missing"
    zh = "缺少{field}"
    fix_en = "Fill it in from the waybill, the meter or the document that states it; the ledger never guesses it"
    fix_zh = "请依据运单、计量表或证明文件填写；账本从不估填"


class FieldContradicts(RecordError):
    """Two statements of one record cannot both hold."""

    code = "record.contradiction"
    why: str
    why_zh: str
    en = "the record contradicts itself: {why}"
    zh = "记录自相矛盾：{why_zh}"
    fix_en = "Correct the record at its source"
    fix_zh = "请在来源处更正记录"


def contradiction(why: str, why_zh: str, pointer: str | None = None) -> FieldContradicts:
    """``FieldContradicts`` in both languages, at a JSON pointer where one is given."""
    error = FieldContradicts(why=why, why_zh=why_zh)
    return error if pointer is None else error.at(Place(pointer=pointer))


class NullCharacter(RecordError):
    """A text with the character U+0000 in it, which PostgreSQL cannot keep as text."""

    code = "record.null-character"
    en = "a text holds the character U+0000"
    zh = "文本中含有字符 U+0000"
    fix_en = "Leave the character out; it usually comes from a file read in the wrong encoding"
    fix_zh = "请删除该字符；它通常源于以错误编码读取的文件"


class RecordTooLarge(RecordError):
    """A record over the size limit."""

    code = "record.too-large"
    size: int
    limit: int
    en = "the record has {size} bytes; at most {limit} are taken"
    zh = "记录有 {size} 字节，上限为 {limit} 字节"
    fix_en = "Hand in large evidence as a file and record its hash"
    fix_zh = "较大的凭证请作为文件提交，并记录其哈希"


class SharesNotOne(RecordError):
    """Shares of one whole that do not add up to it."""

    code = "record.shares"
    got: str
    en = "the shares {got} do not add up to 1"
    zh = "份额 {got} 之和不等于 1"
    fix_en = "State every share as an exact decimal; together they are 1"
    fix_zh = "请以精确小数填写每个份额，合计必须为 1"


class CutOffTooLarge(RecordError):
    """A flow, or all flows together, that is too much to be left out."""

    code = "record.cut-off"
    what: str
    got: str
    limit: int
    en = "{got} % cut off ({what}) is not below {limit} %"
    zh = "取舍的 {what} 占 {got} %，未低于 {limit} %"
    fix_en = "Count the flow: each flow left out stays below 1 %, all of one basis together below 5 %"
    fix_zh = "请计入该流：单项取舍须低于 1 %，同一口径合计须低于 5 %"


class MadeByLedger(RecordError):
    """A record handed in that only the ledger itself makes."""

    code = "record.made-by-ledger"
    kind: str
    en = "records of kind {kind} are made by the ledger itself, never handed in"
    zh = "{kind} 类记录由账本自行生成，不能提交"
    fix_en = "Hand in what it follows from: activities for a calculation run, the file itself for evidence"
    fix_zh = "请提交其依据：计算所需的活动记录，或证据文件本身"
