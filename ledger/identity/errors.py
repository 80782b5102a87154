"""Why a code cannot be read or written. Every leaf says which part of the code is at fault."""

from __future__ import annotations

from ledger.errors import IdentityError


class FormUnknown(IdentityError):
    """Text that is none of the forms a GS1 key or a web address is written in."""

    code = "identity.form"
    text: str
    en = "{text!r} is not a GS1 Digital Link, element string, EPC URI, EPC in hexadecimal or https address"
    zh = "{text!r} 不是 GS1 Digital Link、单元数据串、EPC URI、十六进制 EPC 或 https 地址"
    fix_en = "Scan the code again, or type it in half width with its brackets, for example (8004)95211415678"
    fix_zh = "请重新扫描，或用半角连同括号一起输入，例如 (8004)95211415678"


class CodeTooLong(IdentityError):
    """More text than any identity has; nothing of it is read."""

    code = "identity.too-long"
    length: int
    limit: int
    en = "the code has {length} characters, the limit is {limit}"
    zh = "编码有 {length} 个字符，上限为 {limit}"
    fix_en = "Scan one code at a time"
    fix_zh = "请一次只扫描一个编码"


class SchemeCase(IdentityError):
    """A web address whose scheme is neither all lower nor all upper case."""

    code = "identity.scheme-case"
    scheme: str
    en = "the scheme {scheme!r} mixes upper and lower case"
    zh = "网址协议 {scheme!r} 大小写混用"
    fix_en = "Write https:// or HTTPS://"
    fix_zh = "请写成 https:// 或 HTTPS://"


class UriUnfit(IdentityError):
    """A web address that cannot name a thing for life."""

    code = "identity.uri"
    uri: str
    reason: str
    reason_zh: str
    en = "{uri!r} cannot be used as an identity: {reason}"
    zh = "{uri!r} 不能作为标识：{reason_zh}"
    fix_en = "Use a plain https address without credentials, blanks or unescaped characters"
    fix_zh = "请使用普通 https 地址，不含口令、空格或未转义字符"


class EscapeBroken(IdentityError):
    """A percent sign that is not followed by two hexadecimal digits, or that hides a non-ASCII character."""

    code = "identity.escape"
    text: str
    en = "{text!r} has a percent escape that cannot be read"
    zh = "{text!r} 中的百分号转义无法解读"
    fix_en = "Write %2F for a slash, %25 for a percent sign, and so on"
    fix_zh = "斜杠写作 %2F，百分号写作 %25，其余类推"


class KeyMissing(IdentityError):
    """A well-formed code that carries no GS1 key the ledger identifies things by."""

    code = "identity.key-missing"
    text: str
    en = "{text!r} carries no key that identifies a thing"
    zh = "{text!r} 中没有可用于标识对象的 GS1 主键"
    fix_en = "Keys are (00) (01) (253) (414) (417) (8003) (8004) (8006) (8010) (8017) (8018)"
    fix_zh = "可用的主键有 (00) (01) (253) (414) (417) (8003) (8004) (8006) (8010) (8017) (8018)"


class SeveralKeys(IdentityError):
    """A code that names two things at once."""

    code = "identity.several-keys"
    first: str
    second: str
    en = "the code carries two keys, ({first}) and ({second})"
    zh = "编码中有两个主键：({first}) 与 ({second})"
    fix_en = "Scan one object at a time"
    fix_zh = "请一次只扫描一个对象"


class ApplicationIdentifierUnknown(IdentityError):
    """Digits where a GS1 application identifier must stand, but none begins so."""

    code = "identity.ai-unknown"
    ai: str
    en = "({ai}) is not a GS1 application identifier"
    zh = "({ai}) 不是 GS1 应用标识符"
    fix_en = "Check that the scanner sends the group separator between the elements"
    fix_zh = "请检查扫描枪是否在各单元之间发送了分隔符（GS）"


class ApplicationIdentifierRepeated(IdentityError):
    """The same application identifier twice in one code."""

    code = "identity.ai-repeated"
    ai: str
    en = "({ai}) stands twice in the code"
    zh = "({ai}) 在编码中出现两次"
    fix_en = "Scan one object at a time"
    fix_zh = "请一次只扫描一个对象"


class QualifierMisplaced(IdentityError):
    """A key qualifier in the wrong order, or one that does not belong to the key."""

    code = "identity.qualifier"
    ai: str
    key: str
    allowed: str
    en = "({ai}) cannot stand there after ({key}); allowed, in this order: {allowed}"
    zh = "({key}) 之后该处不能是 ({ai})；允许的顺序为：{allowed}"
    fix_en = "Write the qualifiers in their order and all other elements behind a question mark"
    fix_zh = "限定符请按规定顺序书写，其他单元写在问号之后"


class NotPlainDigits(IdentityError):
    """A numeric field with something that is not 0-9 in ASCII; full-width digits are not folded."""

    code = "identity.digits"
    field: str
    text: str
    en = "{field} must be plain digits 0-9, found {text!r}"
    zh = "{field} 只能是半角数字 0-9，实际为 {text!r}"
    fix_en = "Switch the input method to English and scan or type again"
    fix_zh = "请把输入法切换为英文半角后重新扫描或输入"


class WrongLength(IdentityError):
    """A field that is too short or too long."""

    code = "identity.length"
    field: str
    got: int
    expected: str
    en = "{field} has {got} characters, expected {expected}"
    zh = "{field} 有 {got} 个字符，应为 {expected}"
    fix_en = "Compare with the label; a GTIN of 8, 12 or 13 digits is filled with zeros on the left to 14"
    fix_zh = "请与标签核对；8、12、13 位 GTIN 需在左侧补零至 14 位"


class CheckDigitMismatch(IdentityError):
    """The check digit does not follow from the other digits (GS1 General Specifications, 7.9.1)."""

    code = "identity.check-digit"
    field: str
    digits: str
    expected: str
    got: str
    en = "{field} {digits} has the check digit {got}, its digits give {expected}"
    zh = "{field} {digits} 的校验位是 {got}，按其余数字应为 {expected}"
    fix_en = "Compare the code with the label and type it again"
    fix_zh = "请与标签核对后重新输入"


class FillerMismatch(IdentityError):
    """A GRAI in (8003) that does not begin with the filler digit 0."""

    code = "identity.filler"
    field: str
    got: str
    en = "{field} must begin with the filler digit 0, found {got!r}"
    zh = "{field} 必须以填充位 0 开头，实际为 {got!r}"
    fix_en = "Write a zero in front of the 13 digits of the asset type"
    fix_zh = "请在 13 位资产类型代码前加一个 0"


class PiecesContradict(IdentityError):
    """A piece of a product whose number is 00 or above the number of pieces (General Specifications, 3.9.6)."""

    code = "identity.pieces"
    field: str
    piece: str
    total: str
    en = "{field} names piece {piece} of {total}"
    zh = "{field} 表示第 {piece} 件，共 {total} 件"
    fix_en = "Number the pieces from 01 to their total"
    fix_zh = "请从 01 起编号，不超过总件数"


class LeadingZero(IdentityError):
    """A serial number that must not begin with zero, because forms of it are numbers and would lose the zero."""

    code = "identity.leading-zero"
    field: str
    text: str
    en = "{field} {text} begins with a zero, which a number does not keep"
    zh = "{field} {text} 以 0 开头，数值形式无法保留"
    fix_en = "Check the label; a serial with leading zeros needs a scheme for text, such as SGTIN-198 or a '+' scheme"
    fix_zh = "请核对标签；带前导零的序列号需用文本编码方案，如 SGTIN-198 或“+”方案"


class CharacterNotAllowed(IdentityError):
    """A character outside the GS1 alphabet of the field (General Specifications, figures 7.11-1 and 7.11-2)."""

    code = "identity.character"
    field: str
    character: str
    alphabet: str
    en = "{field} must not contain {character!r}"
    zh = "{field} 不允许出现字符 {character!r}"
    fix_en = "Allowed, in half width only: {alphabet}"
    fix_zh = "只能用半角字符：{alphabet}"


class CompanyPrefixUnknown(IdentityError):
    """An EPC URI was asked for, and nobody has said how long the GS1 company prefix is."""

    code = "identity.company-prefix-unknown"
    text: str
    en = "the length of the GS1 company prefix in {text} is not known"
    zh = "{text} 中 GS1 厂商识别代码的位数未知"
    fix_en = "Record the company prefix of the party that issued the code; it is never guessed"
    fix_zh = "请先登记发码方的厂商识别代码；系统不会猜测"


class CompanyPrefixConflict(IdentityError):
    """Two different lengths of the company prefix for one code."""

    code = "identity.company-prefix-conflict"
    text: str
    known: int
    given: int
    en = "the company prefix in {text} was read with {known} digits, now {given} are claimed"
    zh = "{text} 的厂商识别代码读入时为 {known} 位，现称 {given} 位"
    fix_en = "Correct the registered company prefix of the party that issued the code"
    fix_zh = "请更正发码方登记的厂商识别代码"


class CompanyPrefixLength(IdentityError):
    """A company prefix that EPC URIs cannot carry: 6 to 12 digits."""

    code = "identity.company-prefix-length"
    got: int
    en = "a GS1 company prefix in an EPC URI has 6 to 12 digits, not {got}"
    zh = "EPC URI 中的厂商识别代码为 6 至 12 位，不能是 {got} 位"
    fix_en = "Use the GS1 Digital Link form, which needs no prefix length"
    fix_zh = "请使用 GS1 Digital Link 形式，该形式不需要位数"


class NotAGs1Key(IdentityError):
    """A GS1 form was asked of a thing that is named by its maker's own web address."""

    code = "identity.not-gs1"
    uri: str
    form: str
    en = "{uri} is not a GS1 key and has no {form}"
    zh = "{uri} 不是 GS1 编码，没有 {form} 形式"
    fix_en = "Use the address itself"
    fix_zh = "请直接使用该网址"


class DomainUnfit(IdentityError):
    """A resolver domain that cannot stand in a web address."""

    code = "identity.domain"
    domain: str
    en = "{domain!r} cannot be the domain of a Digital Link"
    zh = "{domain!r} 不能作为 Digital Link 的域名"
    fix_en = "Write a host such as id.example.com, or an address such as https://example.com/id without a final slash"
    fix_zh = "请写主机名，如 id.example.com，或结尾不带斜杠的地址，如 https://example.com/id"
