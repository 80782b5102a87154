"""Why a label job is refused. Every leaf names the character, size or label at fault."""

from __future__ import annotations

from ledger.errors import LedgerError


class LabelError(LedgerError):
    """A label that cannot be printed as asked."""

    code = "label"


class GlyphMissing(LabelError):
    """A character the label font cannot draw; it would vanish from the print."""

    code = "label.glyph-missing"
    text: str
    character: str
    codepoint: str
    en = "the label font has no {character!r} ({codepoint}), needed for {text!r}"
    zh = "标签字体中没有字符 {character!r}（{codepoint}），出现在 {text!r}"
    fix_en = "Write it another way, or add the character to the label font (labels/fonts/README.md)"
    fix_zh = "请换一种写法，或在标签字体中加入该字（见 labels/fonts/README.md）"


class ControlCharacter(LabelError):
    """A control, direction or invisible character: it could change what a reader sees without being seen."""

    code = "label.control-character"
    text: str
    codepoint: str
    en = "{text!r} contains the invisible character {codepoint}"
    zh = "{text!r} 含有不可见字符 {codepoint}"
    fix_en = "Remove it; write several lines as several lines of the label"
    fix_zh = "请删除该字符；多行内容请分成多行填写"


class SymbolTooSmall(LabelError):
    """The symbol would have modules smaller than scanners are promised (GS1 General Specifications, 5.12.3)."""

    code = "label.symbol-too-small"
    stock: str
    modules: int
    x_mm: str
    least_mm: str
    en = "on {stock} a symbol of {modules} modules gets modules of {x_mm} mm, the least is {least_mm} mm"
    zh = "在 {stock} 上，{modules} 模块的符号每模块仅 {x_mm} mm，最小为 {least_mm} mm"
    fix_en = "Use a larger label, a shorter resolver domain or a lower error correction level"
    fix_zh = "请改用更大的标签、更短的解析域名或更低的纠错等级"


class TextTooLong(LabelError):
    """The printed code would be cut or unreadably small; names may be shortened, codes never are."""

    code = "label.text-too-long"
    stock: str
    text: str
    en = "{text!r} does not fit on {stock}"
    zh = "{text!r} 在 {stock} 上放不下"
    fix_en = "Use a larger label"
    fix_zh = "请改用更大的标签"


class TooManyLines(LabelError):
    """More lines of text than the label has room for."""

    code = "label.too-many-lines"
    stock: str
    got: int
    most: int
    en = "{got} lines of text do not fit on {stock}, {most} do"
    zh = "{stock} 最多 {most} 行文字，现有 {got} 行"
    fix_en = "Leave some lines away or use a larger label"
    fix_zh = "请减少行数或改用更大的标签"


class SymbolUnfit(LabelError):
    """Content that the chosen symbol cannot hold."""

    code = "label.symbol"
    content: str
    symbology: str
    en = "{content!r} cannot be written as {symbology}"
    zh = "{content!r} 无法编码为 {symbology}"
    fix_en = "Use a QR code for it"
    fix_zh = "请改用二维码（QR）"


class PositionOutside(LabelError):
    """A start position or offset that lies off the sheet."""

    code = "label.position"
    stock: str
    wanted: str
    most: str
    en = "{wanted} is outside {stock} (up to {most})"
    zh = "{wanted} 超出 {stock} 的范围（最多 {most}）"
    fix_en = "Count the places from 1, row by row; keep offsets below 20 mm"
    fix_zh = "位置从 1 开始逐行计数；偏移请小于 20 mm"


class JobSize(LabelError):
    """No label at all, or more than one file should hold."""

    code = "label.job-size"
    got: str
    most: int
    en = "a job has 1 to {most} labels, this one has {got}"
    zh = "一个打印任务为 1 至 {most} 张标签，本任务为 {got} 张"
    fix_en = "Split the job"
    fix_zh = "请拆分任务"


class StockUnknown(LabelError):
    """A kind of label paper that is not in the table."""

    code = "label.stock-unknown"
    stock: str
    known: str
    en = "there is no label stock {stock!r}; known: {known}"
    zh = "没有标签纸 {stock!r}；可用：{known}"
    fix_en = "Choose one of these, or write your own size in mm, for example 80x25"
    fix_zh = "请选用其中之一，或填写自定义尺寸（毫米），例如 80x25"


class StockUnfit(LabelError):
    """A label of one's own size that is smaller or larger than anything that prints."""

    code = "label.stock-size"
    stock: str
    least: str
    most: str
    en = "labels may measure {least} to {most} mm, not {stock}"
    zh = "标签尺寸须在 {least} 至 {most} 毫米之间，现为 {stock}"
    fix_en = "Measure the label again; width first"
    fix_zh = "请重新测量标签，先写宽度"


class ResolutionUnknown(LabelError):
    """A printer resolution that label printers do not have."""

    code = "label.dpi"
    dpi: int
    known: str
    en = "label printers have {known} dots to the inch, not {dpi}"
    zh = "标签打印机的分辨率为 {known} dpi，不是 {dpi}"
    fix_en = "See the printer's type plate; 203 is the most common"
    fix_zh = "请查看打印机铭牌；最常见的是 203 dpi"


class NotARoll(LabelError):
    """A label printer takes single labels, not sheets."""

    code = "label.not-a-roll"
    stock: str
    en = "{stock} is a sheet; a label printer takes rolls"
    zh = "{stock} 是整页标签纸；标签打印机只能使用卷装标签"
    fix_en = "Choose a roll, a flag or your own size, or print the sheet as PDF"
    fix_zh = "请选择卷装、线缆标签或自定义尺寸，或将整页打印为 PDF"


class EpcUnfit(LabelError):
    """No EPC for a tag, or one that is not whole 16-bit words of hexadecimal."""

    code = "label.epc"
    epc: str
    en = "{epc!r} cannot be written into a tag"
    zh = "{epc!r} 无法写入电子标签"
    fix_en = "Give an EPC of whole 16-bit words, or print without encoding"
    fix_zh = "请提供由完整 16 位字组成的 EPC，或选择只打印不写入"


class ReadBackUnreadable(LabelError):
    """An answer of a printer that is not what the read-back asked for."""

    code = "label.read-back"
    answer: str
    en = "the printer answered {answer!r}, not an EPC"
    zh = "打印机的应答 {answer!r} 不是 EPC"
    fix_en = "Check that the printer has an RFID module and that nothing else talks to it"
    fix_zh = "请检查打印机是否带 RFID 模块，且没有其他程序在与其通信"
