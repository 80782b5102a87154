"""Why a tag cannot be read as an EPC, or an identity not be written on one."""

from __future__ import annotations

from ledger.errors import IdentityError


class NotHexadecimal(IdentityError):
    """Something else than hexadecimal digits where the memory of a tag is expected."""

    code = "identity.tag-hex"
    text: str
    en = "{text!r} is not the hexadecimal memory of a tag"
    zh = "{text!r} 不是标签存储区的十六进制数据"
    fix_en = "Pass on what the reader sent: digits 0-9 and A-F, 124 at most"
    fix_zh = "请原样传递读写器的数据：仅含 0-9 与 A-F，最多 124 位"


class TagUnknown(IdentityError):
    """Memory that begins with no EPC header of ours: unprogrammed, another numbering, or the tag's own TID."""

    code = "identity.tag-unknown"
    header: str
    meaning: str
    meaning_zh: str
    en = "the tag holds no GS1 key: its header {header} is {meaning}"
    zh = "标签中没有 GS1 编码：首字节 {header}（{meaning_zh}）"
    fix_en = "Encode the tag, or bind its raw number to an asset"
    fix_zh = "请写入编码，或将该标签的原始号码绑定到资产"


class TagTooShort(IdentityError):
    """Fewer bits than the header promises."""

    code = "identity.tag-short"
    missing: int
    en = "the tag's memory ends {missing} bits too early for its header"
    zh = "标签数据比首字节所示少 {missing} 比特"
    fix_en = "Read the tag again, with the whole EPC memory"
    fix_zh = "请重新读取标签，并读取完整的 EPC 存储区"


class TrailingData(IdentityError):
    """Bits other than zero where the EPC has ended (TDS 2.3, 14.4) or has reserved bits."""

    code = "identity.tag-trailing"
    scheme: str
    bits: int
    en = "data follows the {scheme}, within the last {bits} bits; they must be zero"
    zh = "{scheme} 之后仍有数据：最后 {bits} 比特应为零"
    fix_en = "Check the length in the tag's PC word and how the tag was encoded"
    fix_zh = "请检查标签 PC 字中的长度及写入方式"


class PartitionUnknown(IdentityError):
    """Partition 7, which no length of a company prefix has."""

    code = "identity.tag-partition"
    scheme: str
    partition: int
    en = "the {scheme} has partition {partition}; only 0 to 6 exist"
    zh = "{scheme} 的分区值为 {partition}，只有 0 至 6 有定义"
    fix_en = "The tag was encoded wrongly, or read wrongly: read it again, then encode it anew"
    fix_zh = "标签写入有误或读取有误：请重读，仍如此则重新写入"


class FieldOverflow(IdentityError):
    """A number on the tag with more digits than its field has."""

    code = "identity.tag-overflow"
    scheme: str
    field: str
    value: int
    digits: int
    en = "{field} of the {scheme} is {value}, which has more than {digits} digits"
    zh = "{scheme} 的 {field} 为 {value}，超过 {digits} 位"
    fix_en = "The tag was encoded wrongly, or read wrongly: read it again, then encode it anew"
    fix_zh = "标签写入有误或读取有误：请重读，仍如此则重新写入"


class TagTextBroken(IdentityError):
    """Bits that stand for no character, for none at all, or go on after the text has ended."""

    code = "identity.tag-text"
    scheme: str
    field: str
    en = "{field} of the {scheme} holds bits that are no text"
    zh = "{scheme} 的 {field} 含有无法解读为文本的比特"
    fix_en = "The tag was encoded wrongly, or read wrongly: read it again, then encode it anew"
    fix_zh = "标签写入有误或读取有误：请重读，仍如此则重新写入"


class SchemeUnknown(IdentityError):
    """A scheme nobody has defined, or that the ledger does not write."""

    code = "identity.scheme"
    scheme: str
    known: str
    en = "{scheme!r} is not an EPC scheme the ledger knows: {known}"
    zh = "{scheme!r} 不是可用的 EPC 编码方案：{known}"
    fix_en = "Write one of the names exactly"
    fix_zh = "请准确填写其中一个名称"


class SchemeOfAnotherKey(IdentityError):
    """A scheme for another kind of key."""

    code = "identity.scheme-key"
    scheme: str
    key: str
    en = "{scheme} cannot hold a {key}"
    zh = "{scheme} 不能承载 {key}"
    fix_en = "Use a scheme of the key's own name; products, batches, parties and document types have none"
    fix_zh = "请用与主键同名的方案；产品、批次、参与方、单据类型没有标签形式"


class FilterMissing(IdentityError):
    """A tag needs a filter value, and nobody has said which."""

    code = "identity.filter-missing"
    scheme: str
    en = "a tag needs a filter value from 0 to 7, none was given"
    zh = "写入标签需要 0 至 7 的过滤值，尚未指定"
    fix_en = "Say which: 0 all others, 1 point of sale item, 2 full case ... (TDS, section 10)"
    fix_zh = "请指定：0 其他，1 零售单品，2 整箱……（见 TDS 第 10 章）"


class FilterUnfit(IdentityError):
    """A filter value that three bits cannot hold."""

    code = "identity.filter"
    got: int
    en = "the filter value {got} is not from 0 to 7"
    zh = "过滤值 {got} 不在 0 至 7 之间"
    fix_en = "Use 0 to 7 (TDS, section 10)"
    fix_zh = "请使用 0 至 7（见 TDS 第 10 章）"


class TooLargeForScheme(IdentityError):
    """A serial or reference that the scheme cannot hold: not a number, too large, or too long."""

    code = "identity.scheme-room"
    scheme: str
    field: str
    text: str
    en = "{field} {text!r} does not fit into {scheme}"
    zh = "{field} {text!r} 无法放入 {scheme}"
    fix_en = "Use the long scheme of the key, or its '+' scheme, and a tag with enough memory"
    fix_zh = "请改用该主键的长方案或“+”方案，并选用存储足够的标签"


class HostnameMissing(IdentityError):
    """A '++' scheme without the hostname that makes it one."""

    code = "identity.hostname-missing"
    scheme: str
    en = "{scheme} carries the name of a resolver, none was given"
    zh = "{scheme} 需带解析服务的主机名，尚未指定"
    fix_en = "Give the host name, or use the '+' scheme"
    fix_zh = "请给出主机名，或改用“+”方案"


class DateMissing(IdentityError):
    """A DSGTIN without the one date that makes it one."""

    code = "identity.date-missing"
    scheme: str
    en = "{scheme} carries one date: (11) (13) (15) (16) (17) (7006) or (7007); the code has none"
    zh = "{scheme} 需带一个日期：(11) (13) (15) (16) (17) (7006) 或 (7007)，编码中没有"
    fix_en = "Add the date to the element string, or use the SGTIN scheme"
    fix_zh = "请在单元数据串中加入日期，或改用 SGTIN 方案"


class NoTagUri(IdentityError):
    """A '+' or '++' scheme, for which TDS defines no tag URI."""

    code = "identity.no-tag-uri"
    scheme: str
    en = "{scheme} has no EPC Tag URI"
    zh = "{scheme} 没有 EPC Tag URI 形式"
    fix_en = "Use the Digital Link"
    fix_zh = "请使用 Digital Link"
