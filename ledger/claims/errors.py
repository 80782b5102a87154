"""
What the claims desk refuses. Leaves of ``ClaimError``.

::

    ClaimError
    ├── FigureUnreadable      a figure that is not a printed number
    ├── FigureUnitUnknown     a unit that is unknown, or can be read two ways
    ├── FigureMissing         a rule or formula needs a figure that is not stated
    ├── FormulaUnreadable     a formula that is not plain arithmetic
    ├── FormulaUndefined      a formula that divides by zero, or by what may be zero
    ├── UnitsDisagree         figures of different dimension added, or a result of another dimension than stated
    ├── PlanContradicts       a plan that says too little, or compares what cannot be compared
    ├── BaselineNotFrozen     a baseline recorded after the change it is compared with
    ├── NotAClaim             a record of another kind among claims and plans
    └── TooManyClaims         more claims at once than one request takes
"""

from __future__ import annotations

from ledger.errors import ClaimError


class FigureUnreadable(ClaimError):
    """A figure that is not a printed number."""

    code = "claim.figure"
    text: str
    en = "{text!r} is not a printed number"
    zh = "{text!r} 不是印刷数字"
    fix_en = "Copy the number as printed, such as 57万, 1,009 or 超过5.7亿, and put its unit beside it"
    fix_zh = "请按原文抄录数字，例如 57万、1,009 或 超过5.7亿，单位另填"


class FigureUnitUnknown(ClaimError):
    """A unit that is unknown, or can be read in two ways."""

    code = "claim.unit"
    unit: str
    en = "{unit!r} is not a known unit"
    zh = "{unit!r} 不是已知单位"
    fix_en = "度, kWh, MWh, 吨标准煤; kg, t (Mt is a million tonnes); t km, 万吨公里; ratios such as kg/kWh"
    fix_zh = "电量：度、kWh、MWh、吨标准煤；质量：千克、吨（Mt 为百万吨）；周转量：吨公里、万吨公里；比值：千克/度"


class FigureMissing(ClaimError):
    """A rule or a formula needs a figure that is not stated."""

    code = "claim.figure-missing"
    name: str
    stated: str
    en = "the figure {name!r} is needed; stated are: {stated}"
    zh = "缺少数字 {name!r}；已填写：{stated}"
    fix_en = "State the figure under that name, or correct the formula"
    fix_zh = "请以该名称填写数字，或更正公式"


class FormulaUnreadable(ClaimError):
    """A formula that is not plain arithmetic over the names of figures."""

    code = "claim.formula"
    formula: str
    character: int
    """Where reading stopped, counted from 1."""
    en = "the formula {formula!r} cannot be read from character {character} on"
    zh = "公式 {formula!r} 从第 {character} 个字符起无法读取"
    fix_en = "Use names of figures, numbers, + - * / ( ) and whole powers such as (1 - yearly)^5"
    fix_zh = "请使用数字名称、数值、+ - * / ( ) 和整数次幂，例如 (1 - yearly)^5"


class FormulaUndefined(ClaimError):
    """A formula that divides by zero, or by a figure whose rounding leaves zero open."""

    code = "claim.formula-undefined"
    formula: str
    en = "the formula {formula!r} divides by a figure that may be zero"
    zh = "公式 {formula!r} 的除数可能为零"
    fix_en = "State the divisor with more digits, or leave it out"
    fix_zh = "请以更多位数填写除数，或不使用该除数"


class UnitsDisagree(ClaimError):
    """Figures of different dimensions added, or a result of another dimension than stated."""

    code = "claim.units"
    left: str
    right: str
    en = "{left} and {right} cannot be compared or added"
    zh = "{left} 与 {right} 不能比较或相加"
    fix_en = "Correct the unit, or state the conversion as a figure with its source, such as 0.1229 kgce/kWh"
    fix_zh = "请更正单位，或将换算系数作为一个数字并注明来源，例如 0.1229 千克标准煤/度"


class PlanContradicts(ClaimError):
    """A plan that says too little, or two plans that cannot be compared."""

    code = "claim.plan"
    problem: str
    problem_zh: str
    en = "the plans cannot be compared: {problem}"
    zh = "方案无法比较：{problem_zh}"
    fix_en = "A saving compares the same goods, period and factor set under two plans"
    fix_zh = "节约量须在货物、时期和因子集相同的前提下比较两个方案"


class BaselineNotFrozen(ClaimError):
    """A baseline that was recorded after the change it is compared with had begun."""

    code = "claim.baseline-late"
    baseline: str
    recorded_at: str
    started_at: str
    en = "the baseline {baseline} was recorded at {recorded_at}, after the change began at {started_at}"
    zh = "基准方案 {baseline} 记录于 {recorded_at}，晚于变更开始时间 {started_at}"
    fix_en = "Record the baseline before the change; a baseline chosen afterwards proves no saving"
    fix_zh = "请在变更之前记录基准；事后选定的基准不能证明节约量"


class NotAClaim(ClaimError):
    """A record of another kind among claims and plans."""

    code = "claim.kind"
    kind: str
    en = "a {kind} is neither a claim nor a plan"
    zh = "{kind} 既不是声明也不是方案"
    fix_en = "Import other records with: ledger import"
    fix_zh = "其他记录请用 ledger import 导入"


class TooManyClaims(ClaimError):
    """More claims at once than one request takes."""

    code = "claim.too-many"
    count: int
    limit: int
    en = "{count} claims were handed in at once; at most {limit} are taken"
    zh = "一次提交了 {count} 条声明，上限为 {limit} 条"
    fix_en = "Hand them in by parts, or as a file with: ledger claims check"
    fix_zh = "请分批提交，或用 ledger claims check 提交文件"
