"""
Why a file, or a row of it, is not taken.

::

    RecordError
    └── FileError             the file as a whole; nothing of it is read
        ├── FileTooLarge, ArchiveUnsafe, WorkbookUnreadable, MacrosPresent, TextUnreadable, FormatUnknown
        ├── EvidenceUnknown
        └── HeadingsUnknown, HeadingMissing, HeadingRepeated
    └── ChoiceUnknown, NotAMoment, NotADay, OffsetMissing, TooLong, NumberLostDigits, SizeUnreadable   one cell
        PartUnreadable                                                                           one part of it
"""

from __future__ import annotations

from ledger.errors import RecordError


class FileError(RecordError):
    """A file that is refused as a whole."""

    code = "file"


class FileTooLarge(FileError):
    """More bytes than the importer takes."""

    code = "file.too-large"
    size: int
    limit: int
    en = "the file has {size} bytes; at most {limit} are taken"
    zh = "文件有 {size} 字节，上限为 {limit} 字节"
    fix_en = "Split the file; the same rows in two files give the same records"
    fix_zh = "请拆分文件；同样的行分在两个文件中，得到的记录相同"


class ArchiveUnsafe(FileError):
    """A workbook whose packed content is out of all proportion, or not what its directory says."""

    code = "file.archive-unsafe"
    why: str
    why_zh: str
    en = "the workbook was not opened: {why}"
    zh = "未打开该工作簿：{why_zh}"
    fix_en = "Open it in a spreadsheet program, copy the data into a new workbook, and save that as .xlsx"
    fix_zh = "请用电子表格软件打开，把数据复制到新工作簿，另存为 .xlsx"


class WorkbookUnreadable(FileError):
    """A workbook that is damaged, locked with a password, or of another format than .xlsx."""

    code = "file.workbook"
    why: str
    why_zh: str
    en = "the workbook cannot be read: {why}"
    zh = "工作簿无法读取：{why_zh}"
    fix_en = "Save it as .xlsx without a password"
    fix_zh = "请另存为不带密码的 .xlsx"


def old_workbook(data: bytes) -> WorkbookUnreadable:
    """What begins like an OLE file: an old .xls, or by a stream's name ([MS-OFFCRYPTO] 2.3.4.4) a locked .xlsx."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return WorkbookUnreadable(why="it is locked with a password", why_zh="设有打开密码")
    return WorkbookUnreadable(why="it is an old .xls", why_zh="是旧版 .xls")


def damaged(part: str = "") -> WorkbookUnreadable:
    """A workbook that is not whole, and which of its parts is not."""
    where, where_zh = (f" ({part})", f"（{part}）") if part else ("", "")
    return WorkbookUnreadable(why=f"it is damaged or cut off{where}", why_zh=f"文件已损坏或不完整{where_zh}")


class MacrosPresent(FileError):
    """A workbook with macros. They would not be run, but nobody needs them for data."""

    code = "file.macros"
    en = "the workbook contains macros"
    zh = "工作簿含有宏"
    fix_en = "Save it as .xlsx (without macros)"
    fix_zh = "请另存为不含宏的 .xlsx"


class TextUnreadable(FileError):
    """Text that is neither UTF-8 nor GB18030, or whose quotes do not close."""

    code = "file.text"
    why: str
    why_zh: str
    en = "the text cannot be read: {why}"
    zh = "文本无法读取：{why_zh}"
    fix_en = "Save it as CSV UTF-8"
    fix_zh = "请另存为“CSV UTF-8”格式"


class FormatUnknown(FileError):
    """A file that is no format the importer reads."""

    code = "file.format"
    found: str
    en = "the file is not a workbook (.xlsx), a table (.csv), an EPCIS document, or records line by line: {found}"
    zh = "文件不是工作簿（.xlsx）、表格（.csv）、EPCIS 文档或逐行记录：{found}"
    fix_en = "Download a template, or export to .xlsx or .csv"
    fix_zh = "请下载模板，或导出为 .xlsx 或 .csv"


class EvidenceUnknown(FileError):
    """A file that is no kind of evidence that is kept."""

    code = "file.evidence"
    found: str
    en = "the file is not a PDF, JPEG, PNG or .xlsx: {found}"
    zh = "文件不是 PDF、JPEG、PNG 或 .xlsx：{found}"
    fix_en = "Print it to PDF, or take a picture of it"
    fix_zh = "请打印为 PDF，或拍照后提交"


class HeadingsUnknown(FileError):
    """No row of the first thirty that reads like the headings of a form."""

    code = "file.headings"
    nearest: str
    missing: str
    en = "no headings of a known form; nearest is {nearest}, without {missing}"
    zh = "未找到可识别的表头；最接近的是 {nearest}，缺少 {missing}"
    fix_en = "Download the template of that form and paste your rows below its headings"
    fix_zh = "请下载该表的模板，把数据粘贴到表头下方"


class HeadingRepeated(FileError):
    """Two columns for the same thing."""

    code = "file.heading-repeated"
    heading: str
    en = "two columns are headed {heading!r}"
    zh = "有两列都是“{heading}”"
    fix_en = "Keep one of them"
    fix_zh = "请只保留其中一列"


class UnitTwice(FileError):
    """A heading and a column that both state the unit of an amount."""

    code = "file.unit-twice"
    heading: str
    en = "the unit of {heading!r} stands in its heading and in a column of its own"
    zh = "“{heading}”的单位既写在表头中，又另有一列"
    fix_en = "Keep one of them"
    fix_zh = "请只保留其中一处"


class ChoiceUnknown(RecordError):
    """A word that is none of the choices of its column."""

    code = "cell.choice"
    text: str
    choices: str
    en = "{text!r} is none of: {choices}"
    zh = "“{text}”不在可选项中：{choices}"
    fix_en = "Choose one of the listed words"
    fix_zh = "请从所列各项中选择"


class NotAMoment(RecordError):
    """A date and time that cannot be read."""

    code = "cell.moment"
    text: str
    en = "{text!r} is not a date and time"
    zh = "“{text}”不是日期时间"
    fix_en = "Write 2023-05-03 08:30, or 2023-05-03T08:30:00+08:00"
    fix_zh = "请写成 2023-05-03 08:30，或 2023-05-03T08:30:00+08:00"


class NotADay(RecordError):
    """A date that cannot be read."""

    code = "cell.day"
    text: str
    en = "{text!r} is not a date"
    zh = "“{text}”不是日期"
    fix_en = "Write 2023-05-03"
    fix_zh = "请写成 2023-05-03"


class OffsetMissing(RecordError):
    """A local time, and nothing says of which place."""

    code = "cell.offset"
    text: str
    en = "{text!r} has no offset from UTC, and the heading names none"
    zh = "“{text}”没有时区，表头也未注明"
    fix_en = "Write the offset into the heading, for example: occurred at (+08:00)"
    fix_zh = "请在表头注明时区，例如：发运时间（北京时间）"


class UnitMissing(RecordError):
    """An amount without a unit."""

    code = "cell.unit-missing"
    text: str
    en = "{text!r} has no unit"
    zh = "“{text}”没有单位"
    fix_en = "Write the unit into the heading, for example: gross mass (kg), or fill in the unit column"
    fix_zh = "请在表头注明单位，例如：毛重（千克），或填写单位列"


class TooLong(RecordError):
    """More characters than the field holds."""

    code = "cell.too-long"
    length: int
    limit: int
    en = "the text has {length} characters; at most {limit} are kept"
    zh = "文字有 {length} 个字符，上限为 {limit} 个"
    fix_en = "Shorten it at the source"
    fix_zh = "请在来源处缩短"


class NumberLostDigits(RecordError):
    """A long code in a numeric cell: the spreadsheet keeps 15 digits and the rest is gone."""

    code = "cell.lost-digits"
    text: str
    en = "{text} stands in a numeric cell, which keeps only 15 digits"
    zh = "{text} 位于数值单元格中，表格软件只保留 15 位有效数字"
    fix_en = "Format the column as text and type the code again"
    fix_zh = "请把该列设为文本格式后重新输入"


class NotPositive(RecordError):
    """Zero where an amount above zero is needed."""

    code = "cell.not-positive"
    text: str
    en = "{text!r} must be above zero"
    zh = "“{text}”必须大于零"
    fix_en = "Fill in what was measured, or remove the row"
    fix_zh = "请填写实测值，或删除该行"


class SizeUnreadable(RecordError):
    """A size that is not three whole lengths."""

    code = "cell.size"
    text: str
    en = "{text!r} is not length x width x height in whole millimetres"
    zh = "“{text}”不是以整毫米表示的 长x宽x高"
    fix_en = "Write three lengths outside, as 520x380x260, each from 1 to 100000 mm"
    fix_zh = "请填写三个外形尺寸，例如 520x380x260，每个为 1 至 100000 毫米"


class NotWhole(RecordError):
    """A count that is not a whole number."""

    code = "cell.not-whole"
    text: str
    en = "{text!r} is not a whole number"
    zh = "“{text}”不是整数"
    fix_en = "Count pieces; amounts in kilograms or kilometres have columns of their own"
    fix_zh = "请填写件数；质量、里程另有专列"


class VehicleUnknown(RecordError):
    """A vehicle that the factor set has no factor for."""

    code = "cell.vehicle"
    text: str
    nearest: str
    en = "the factor set knows no vehicle {text!r}; nearest: {nearest}"
    zh = "因子集中没有车型“{text}”；最接近的有：{nearest}"
    fix_en = "Use one of the class names listed in the template"
    fix_zh = "请使用模板中列出的车型名称"


class RowHeldBack(RecordError):
    """A row that is right by itself, of a record that another of its rows keeps from being taken."""

    code = "file.held-back"
    row: int
    en = "the row belongs to a record whose row {row} cannot be taken"
    zh = "该行所属的记录因第 {row} 行有误而未录入"
    fix_en = "Correct that row and hand in the whole record again"
    fix_zh = "请更正该行后重新提交整条记录"


class TooManyRows(RecordError):
    """More rows of one record than are taken."""

    code = "file.too-many-rows"
    limit: int
    en = "one record has more than {limit} rows"
    zh = "一条记录超过 {limit} 行"
    fix_en = "Compare the numbers in the first column; a record of that size is several"
    fix_zh = "请核对首列编号；如此规模的记录应拆分为多条"


class PartUnreadable(RecordError):
    """One of several things listed in a cell that does not read as it should."""

    code = "cell.part"
    text: str
    example: str
    en = "{text!r} does not read like {example}"
    zh = "“{text}”的写法与“{example}”不符"
    fix_en = "Write the parts in that order, a blank between them, and ; between one thing and the next"
    fix_zh = "请按该顺序书写，各部分以空格分开，各项之间用分号"
