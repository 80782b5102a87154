"""Leaves of RecordError: what is wrong with an EPCIS event or the document it came in."""

from __future__ import annotations

from ledger.errors import RecordError


class FieldOfOtherType(RecordError):
    """A field that the event type does not have."""

    code = "epcis.field-of-other-type"
    field: str
    type: str
    en = "{type} has no {field}"
    zh = "{type} 没有 {field} 字段"
    fix_en = "Leave the field out, or choose the event type that fits what happened"
    fix_zh = "请删除该字段，或改用符合实际的事件类型"


class WordUnknown(RecordError):
    """A bare word, or a URI under GS1's own address, that the Core Business Vocabulary does not have."""

    code = "epcis.vocabulary"
    field: str
    word: str
    en = "{word!r} is not a {field} of the Core Business Vocabulary, nor a URI of another vocabulary"
    zh = "{word!r} 不是核心业务词汇（CBV）中的 {field}，也不是其他词汇表的 URI"
    fix_en = "Choose a word of CBV 2.0, or write the full URI of your own word"
    fix_zh = "请使用 CBV 2.0 的词，或写出自有词汇的完整 URI"


class NotAUri(RecordError):
    """A bare word where EPCIS wants a URI."""

    code = "epcis.uri"
    field: str
    text: str
    en = "{field} is {text!r}, which is not a URI"
    zh = "{field} 的值 {text!r} 不是 URI"
    fix_en = "Write a URI, for example urn:uuid:…, a GS1 Digital Link or an https address"
    fix_zh = "请填写 URI，例如 urn:uuid:…、GS1 Digital Link 或 https 地址"


class ZoneUnfit(RecordError):
    """An ``eventTimeZoneOffset`` outside -14:00 to +14:00."""

    code = "epcis.zone"
    text: str
    en = "{text!r} is not an offset from UTC between -14:00 and +14:00"
    zh = "{text!r} 不是 -14:00 至 +14:00 之间的时区偏移"
    fix_en = "Write the offset with sign, two digits, colon and two digits: +08:00"
    fix_zh = "请按正负号、两位数、冒号、两位数的格式填写，如 +08:00"


class AmountUnfit(RecordError):
    """A quantity below zero, or a number that is none."""

    code = "epcis.quantity"
    field: str
    got: str
    en = "{field} is {got}; it must be a plain number, and an amount of things not below zero"
    zh = "{field} 为 {got}；必须是普通数字，物品数量不得小于零"
    fix_en = "Correct the amount at its source; a return or a loss is an event of its own"
    fix_zh = "请在来源处更正；退货或损耗应另记事件"


class UnitWithoutQuantity(RecordError):
    """A unit of measure with nothing it measures."""

    code = "epcis.unit-without-quantity"
    unit: str
    en = "the unit {unit} stands without a quantity"
    zh = "有计量单位 {unit} 而没有数量"
    fix_en = "Add the quantity, or leave the unit out"
    fix_zh = "请补上数量，或删除单位"


class UnitUnknown(RecordError):
    """A unit of measure that UN/ECE Recommendation 20 does not list."""

    code = "epcis.unit"
    unit: str
    en = "{unit!r} is not a unit code of UN/ECE Recommendation 20"
    zh = "{unit!r} 不是 UN/ECE 第 20 号建议书中的计量单位代码"
    fix_en = "Common codes: MTR metre, KMT kilometre, KGM kilogram, TNE tonne, LTR litre, KWH kilowatt hour, H87 piece"
    fix_zh = "常用代码：MTR 米、KMT 千米、KGM 千克、TNE 吨、LTR 升、KWH 千瓦时、H87 件"


class ExtensionWithoutNamespace(RecordError):
    """A field that EPCIS does not have, and that no prefix places in another vocabulary."""

    code = "epcis.extension"
    name: str
    en = "EPCIS has no field {name!r} here, and it has no namespace to be an extension"
    zh = "EPCIS 在此处没有字段 {name!r}，且其没有命名空间，不能作为扩展"
    fix_en = "Check the spelling; an extension is written prefix:name, its prefix declared in @context"
    fix_zh = "请检查拼写；扩展字段写作 前缀:名称，前缀须在 @context 中声明"


class PrefixUndeclared(RecordError):
    """An extension whose prefix stands in no ``@context``."""

    code = "epcis.prefix"
    name: str
    prefix: str
    en = "the prefix {prefix!r} of {name!r} is declared in no @context"
    zh = "{name!r} 的前缀 {prefix!r} 未在 @context 中声明"
    fix_en = 'Add {{"{prefix}": "https://…"}} to @context'
    fix_zh = '请在 @context 中加入 {{"{prefix}": "https://…"}}'


class PrefixReserved(RecordError):
    """An inline prefix that would change what standard terms mean."""

    code = "epcis.prefix-reserved"
    prefix: str
    uri: str
    en = "the prefix {prefix!r} has a fixed meaning and cannot stand for {uri!r}"
    zh = "前缀 {prefix!r} 含义固定，不能指代 {uri!r}"
    fix_en = "Choose another prefix for your vocabulary"
    fix_zh = "请为自有词汇另选前缀"


class ContextUnfit(RecordError):
    """A part of ``@context`` that is neither GS1's nor a plain map of prefixes. Nothing is ever fetched."""

    code = "epcis.context"
    found: str
    en = "@context holds {found!r}; only GS1's EPCIS context and maps from prefix to URI are read, nothing is fetched"
    zh = "@context 中含有 {found!r}；只接受 GS1 的 EPCIS 上下文及 前缀到 URI 的映射，不会抓取任何地址"
    fix_en = "Use https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld and write prefixes inline"
    fix_zh = "请使用 https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld，并在文内声明前缀"


class ParentIsChild(RecordError):
    """A thing that would be inside itself."""

    code = "epcis.parent-is-child"
    epc: str
    en = "{epc} is the parent and one of its own children"
    zh = "{epc} 既是父级又是其自身的子级"
    fix_en = "Scan the label of the pallet or rack again; it is usually scanned among the goods by mistake"
    fix_zh = "请重新扫描托盘或机架标签；通常是误把它当作货物扫入"


class Repeated(RecordError):
    """The same thing twice in one list of an event."""

    code = "epcis.repeated"
    epc: str
    field: str
    en = "{epc} stands twice in {field}"
    zh = "{epc} 在 {field} 中出现两次"
    fix_en = "Name each thing once"
    fix_zh = "每件物品只列一次"


class EventRepeated(RecordError):
    """The same eventID twice in one document."""

    code = "epcis.event-repeated"
    event_id: str
    first: int
    en = "eventID {event_id} stands in the document already, as event {first}"
    zh = "eventID {event_id} 在文件中已出现，为第 {first} 个事件"
    fix_en = "Give every event an id of its own"
    fix_zh = "请为每个事件使用各自的标识"


class EventOnlyPlanned(RecordError):
    """An event out of a document of planned ones, handed in as if it had happened."""

    code = "epcis.only-planned"
    event: str
    en = "{event} is planned and has not happened"
    zh = "{event} 仅为计划，尚未发生"
    fix_en = "Capture what the scanner saw, under an id of its own"
    fix_zh = "请提交扫码设备实际记录的事件，并使用其自身标识"


class EventIdReserved(RecordError):
    """An eventID with the ending that the ledger keeps for error declarations."""

    code = "epcis.event-id-reserved"
    ending: str
    en = "an eventID must not end in {ending!r}"
    zh = "eventID 不得以 {ending!r} 结尾"
    fix_en = "The ledger names the declaration of an error so; choose another id"
    fix_zh = "账本以此命名错误声明；请使用其他标识"


class SchemaVersionUnknown(RecordError):
    """A document of another EPCIS edition."""

    code = "epcis.schema-version"
    found: str
    en = "schemaVersion is {found!r}; documents of EPCIS 2 are read"
    zh = "schemaVersion 为 {found!r}；仅读取 EPCIS 2 文件"
    fix_en = "Convert documents of EPCIS 1.x to EPCIS 2.0 in JSON first"
    fix_zh = "请先将 EPCIS 1.x 文件转换为 EPCIS 2.0 JSON"


class NumberMark(RecordError):
    """Free JSON that uses the name under which the ledger keeps exact numbers."""

    code = "epcis.number-mark"
    name: str
    en = "the name {name!r} is kept for exact numbers"
    zh = "名称 {name!r} 保留用于精确数字"
    fix_en = "Use another name"
    fix_zh = "请改用其他名称"


class TooDeep(RecordError):
    """Free JSON nested deeper than anyone reads."""

    code = "epcis.too-deep"
    limit: int
    en = "the value nests deeper than {limit}"
    zh = "嵌套超过 {limit} 层"
    fix_en = "Hand in large documents as files and record their hash"
    fix_zh = "较大的内容请作为文件提交，并记录其哈希"
