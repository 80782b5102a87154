"""
What the factor registry refuses. Leaves of ``FootprintError``.

::

    FootprintError
    ├── SeriesMixed            a unit of other gases than the electricity series counts
    ├── FactorAbsent           a set or a factor that somebody looks for and that is not there
    ├── FactorSetTaken         a set of this id exists; sets are never changed
    ├── FactorSetIdUnfit       an id that cannot name a set
    ├── FactorFormUnknown      a file that no importer recognises, or an importer that does not exist
    ├── FactorFileTooLong      more rows than an importer takes
    ├── NoFactorTaken          a file of which no row can be taken
    └── FactorUnitUnfit, FactorValueUnfit, FactorFieldMissing, FactorWordUnknown, FactorRowOutside,
        FactorPartMissing, FactorRowRepeated, ColumnAbsent      one row, or one column, of a file
"""

from __future__ import annotations

from ledger.errors import FootprintError


class SeriesMixed(FootprintError):
    """Electricity factors of more than one series where one is needed. Their figures answer different questions."""

    code = "factor.series-mixed"
    expected: str
    got: str
    en = "electricity factors of the series {got} cannot stand where {expected} is needed"
    zh = "此处需要 {expected} 系列的电力因子，不能使用 {got} 系列"
    fix_en = "Product footprints take product_footprint; company reporting takes its own series; keep each to itself"
    fix_zh = "产品碳足迹使用 product_footprint；企业核算使用各自的系列；各系列不得混用"


class FactorAbsent(FootprintError):
    """A set, or a factor of it, that somebody looks for and that is not there."""

    code = "factor.absent"
    asked: str
    nearest: str
    en = "there is no {asked} among the factor sets; names like it: {nearest}"
    zh = "因子库中没有 {asked}；相近名称：{nearest}"
    fix_en = "Compare the name with the list of sets, or search the set"
    fix_zh = "请与因子集列表核对，或在因子集中查找"


class FactorSetTaken(FootprintError):
    """A set of this id exists. A new edition is a new set."""

    code = "factor.set-taken"
    factor_set: str
    en = "a factor set {factor_set} exists already and is never changed"
    zh = "因子集 {factor_set} 已存在，且不得更改"
    fix_en = "Give the new edition an id of its own"
    fix_zh = "请为新版本另取编号"


class FactorSetIdUnfit(FootprintError):
    """An id that cannot name a set."""

    code = "factor.set-id"
    factor_set: str
    en = "{factor_set!r} cannot name a factor set"
    zh = "“{factor_set}”不能用作因子集编号"
    fix_en = "Use 3 to 64 small letters, digits, dots and hyphens, such as carrier-sf-2026.1"
    fix_zh = "请使用 3 至 64 个小写字母、数字、点或连字符，例如 carrier-sf-2026.1"


class FactorFormUnknown(FootprintError):
    """A file that no importer recognises, or an importer that does not exist."""

    code = "factor.form"
    known: str
    en = "the headings are those of no known factor table; importers: {known}"
    zh = "表头不属于任何已知的因子表；可用的导入器：{known}"
    fix_en = "Name the importer with --form, and columns with --map FIELD=HEADING; docs/factors.md lists both"
    fix_zh = "请用 --form 指明导入器，用 --map 字段=表头 指明各列；详见 docs/factors.md"


class FactorFileTooLong(FootprintError):
    """More rows than an importer takes."""

    code = "factor.file-too-long"
    limit: int
    en = "the table has more than {limit} rows"
    zh = "该表超过 {limit} 行"
    fix_en = "Split it into several sets"
    fix_zh = "请拆分为多个因子集"


class NoFactorTaken(FootprintError):
    """A file of which no row can be taken. No set is made of it."""

    code = "factor.none-taken"
    file: str
    en = "no row of {file} can be taken, so there is no set to keep"
    zh = "{file} 中没有可采用的行，未建立因子集"
    fix_en = "Look at the preview: each row that came back says why"
    fix_zh = "请查看预览：每个退回的行都注明了原因"


class FactorUnitUnfit(FootprintError):
    """A unit that does not convert exactly to one the registry keeps."""

    code = "factor.unit"
    unit: str
    en = "{unit!r} does not convert exactly to kg CO2e per t km, kWh, kg, l or m3"
    zh = "“{unit}”不能精确换算为每吨公里、每千瓦时、每千克、每升或每立方米的 kg CO2e"
    fix_en = "Use the source's row in one of these units; conversions by density or by a rounded mile are not made here"
    fix_zh = "请改用来源中以上述单位给出的行；此处不作密度换算或英里近似换算"


class FactorValueUnfit(FootprintError):
    """A figure that is not plain digits above or equal to zero."""

    code = "factor.value"
    text: str
    en = "{text!r} is not a plain decimal of at least zero"
    zh = "“{text}”不是不小于零的普通小数"
    fix_en = "Write plain digits such as 0.12633, without signs, exponents or thousands separators"
    fix_zh = "请填写普通数字，例如 0.12633，不带符号、指数或千分位"


class FactorFieldMissing(FootprintError):
    """Something a factor cannot do without, which neither the row nor the person importing it states."""

    code = "factor.field-missing"
    field: str
    en = "{field} is stated neither in the row nor for the file"
    zh = "该行及导入参数均未给出 {field}"
    fix_en = "Fill in the column, or state it for the whole file"
    fix_zh = "请填写该列，或为整个文件统一说明"


class FactorWordUnknown(FootprintError):
    """A word that is none of those a field takes."""

    code = "factor.word"
    field: str
    text: str
    choices: str
    en = "{field} cannot be {text!r}; it is one of: {choices}"
    zh = "{field} 不能为“{text}”；可选：{choices}"
    fix_en = "Use one of the words, as the source means it"
    fix_zh = "请按来源原意选用其中之一"


class FactorRowOutside(FootprintError):
    """A row that is sound where it was published, and is no factor of this ledger's methods."""

    code = "factor.row-outside"
    why: str
    why_zh: str
    en = "not taken: {why}"
    zh = "未采用：{why_zh}"
    fix_en = "Nothing needs doing; the row has no use in the methods of this ledger"
    fix_zh = "无需处理；本账本的方法不使用该行"


class FactorPartMissing(FootprintError):
    """A transport or fuel factor without its other half; TTW, WTT and WTW are kept all three."""

    code = "factor.part-missing"
    part: str
    en = "the {part} value that belongs to this row is not in the file"
    zh = "文件中没有与该行对应的 {part} 值"
    fix_en = "Import the file with both parts; a missing part is never taken as zero"
    fix_zh = "请导入包含两部分的文件；缺少的部分不会按零处理"


class FactorRowRepeated(FootprintError):
    """A second row for the same factor."""

    code = "factor.row-repeated"
    factor: str
    en = "{factor} stands in an earlier row already"
    zh = "{factor} 已在前面的行中出现"
    fix_en = "Keep one of the rows, or give each an id of its own"
    fix_zh = "请只保留一行，或分别编号"


class ColumnAbsent(FootprintError):
    """A mapped column that the file does not have, or a field that does not exist."""

    code = "factor.column-absent"
    field: str
    heading: str
    known: str
    en = "{field} cannot be read from the column {heading!r}; the file has: {known}"
    zh = "无法从列“{heading}”读取 {field}；文件中的列：{known}"
    fix_en = "Compare with the file's headings; docs/factors.md lists the fields"
    fix_zh = "请与文件表头核对；字段列表见 docs/factors.md"
