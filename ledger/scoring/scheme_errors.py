"""Faults of a scheme, each with its place, and the refusal that carries all of them."""

from __future__ import annotations

from ledger.errors import ScoringError


class SchemeRefused(ScoringError):
    """A scheme that may not be published. ``faults`` holds every fault, each with its place."""

    code = "scoring.scheme"
    scheme: str
    count: int
    first: str
    first_zh: str
    faults: tuple[SchemeFault, ...]
    en = "scheme {scheme} has {count} fault(s); the first: {first}"
    zh = "评分方案 {scheme} 有 {count} 处问题；第一处：{first_zh}"
    fix_en = "Correct every fault listed before the scheme is locked"
    fix_zh = "请在锁定方案前逐条更正"


class SchemeFault(ScoringError):
    """One fault of a scheme."""

    code = "scoring.scheme-fault"


class TextAbsent(SchemeFault):
    """A text that must be said, in both languages, is empty."""

    code = "scoring.text-absent"
    field: str
    en = "{field} is empty"
    zh = "{field} 为空"
    fix_en = "Fill it in; titles are needed in Chinese and in English"
    fix_zh = "请填写；标题须同时有中文和英文"


class AmountNotPositive(SchemeFault):
    """A weight, a quantity or a total that must be above zero."""

    code = "scoring.scheme-amount"
    field: str
    value: str
    en = "{field} is {value}; it must be above zero"
    zh = "{field} 为 {value}，必须大于零"
    fix_en = "State an amount above zero"
    fix_zh = "请填写大于零的数值"


class WeightsDoNotSum(SchemeFault):
    """The weights do not sum to the points of the scheme."""

    code = "scoring.weights"
    total: str
    expected: str
    en = "the weights sum to {total}, the scheme gives {expected} points"
    zh = "各项权重之和为 {total}，方案总分为 {expected}"
    fix_en = "Change the weights so that they sum to {expected}"
    fix_zh = "请调整权重，使其之和等于 {expected}"


class KeyRepeated(SchemeFault):
    """Two criteria, rules or tie-breaks under one key."""

    code = "scoring.key-repeated"
    key: str
    en = "{key!r} is used twice"
    zh = "“{key}”重复出现"
    fix_en = "Give each its own key"
    fix_zh = "请为每一项使用不同的键"


class FormulaUnknown(SchemeFault):
    """A formula key that names no formula."""

    code = "scoring.formula-unknown"
    formula: str
    known: str
    en = "there is no formula {formula!r}; there are {known}"
    zh = "没有公式“{formula}”；可用公式：{known}"
    fix_en = "Choose one of the formulas listed"
    fix_zh = "请从所列公式中选择"


class DirectionNotAllowed(SchemeFault):
    """A formula asked to reward the direction it has no meaning for."""

    code = "scoring.direction"
    formula: str
    direction: str
    en = "formula {formula!r} cannot score {direction!r} as better"
    zh = "公式“{formula}”不能按“{direction} 更优”计分"
    fix_en = "Choose another formula, or correct the direction"
    fix_zh = "请更换公式或更正方向"


class ParametersWrong(SchemeFault):
    """The parameters given are not those the formula takes."""

    code = "scoring.parameters"
    formula: str
    expected: str
    got: str
    en = "formula {formula!r} takes [{expected}], the scheme gives [{got}]"
    zh = "公式“{formula}”需要参数 [{expected}]，方案给出 [{got}]"
    fix_en = "Give exactly the parameters the formula takes"
    fix_zh = "请准确给出该公式所需的参数"


class AmountInputsWrong(SchemeFault):
    """An amount that does not say what each of its rule's roles reads, or reads an amount that comes after it."""

    code = "scoring.amount-inputs"
    amount: str
    expected: str
    got: str
    en = "amount {amount!r} must say what [{expected}] read, earlier amounts only; the scheme gives [{got}]"
    zh = "计算量“{amount}”须写明 [{expected}] 各自取值，且只能引用在前的计算量；方案给出 [{got}]"
    fix_en = "Name for each role a figure of the bid or an earlier amount"
    fix_zh = "请为每项写明投标数据或在前的计算量"


class BoundsWrong(SchemeFault):
    """A parameter out of its range, or bounds in the wrong order."""

    code = "scoring.bounds"
    rule: str
    given: str
    wanted: str
    wanted_zh: str
    en = "{rule}: {given}; wanted {wanted}"
    zh = "{rule}：{given}；要求 {wanted_zh}"
    fix_en = "Correct the parameter"
    fix_zh = "请更正参数"


class GateUnknown(SchemeFault):
    """A gate kind that names no gate, or a gate without the name it needs."""

    code = "scoring.gate-unknown"
    kind: str
    known: str
    en = "gate {kind!r} is unknown or lacks its name; there are {known}"
    zh = "门槛“{kind}”不存在或缺少名称；可用：{known}"
    fix_en = "Choose a gate listed; pledge and certificate gates name what they ask for"
    fix_zh = "请从所列门槛中选择；承诺书与证书门槛须写明名称"


class TieBreakUnknown(SchemeFault):
    """A tie-break key that names no tie-break, or none at all."""

    code = "scoring.tie-break"
    key: str
    known: str
    en = "tie-break {key!r} is unknown; there are {known}"
    zh = "平分规则“{key}”不存在；可用：{known}"
    fix_en = "State at least one tie-break of those listed, in order"
    fix_zh = "请按顺序写明至少一条所列平分规则"


class PanelMarkUnread(SchemeFault):
    """A mark of the panel that no criterion reads, or a figure that is not the panel's to give."""

    code = "scoring.panel-mark"
    name: str
    known: str
    en = "the panel cannot mark {name!r}; criteria read the marks {known}"
    zh = "评委无法评定“{name}”；评分项读取的分数为：{known}"
    fix_en = "Name marks that a criterion or an amount reads, and neither price nor footprint; or leave the panel out"
    fix_zh = "请列出评分项或指标读取的分数名称（不含报价与碳足迹），或不设评委评分"


class FootprintRuleAbsent(SchemeFault):
    """The scheme compares footprints and does not say how a missing one is scored or kept comparable."""

    code = "scoring.footprint-rule"
    user: str
    en = "{user} reads footprints, so the scheme needs a footprint rule and the gate 'footprint-comparable'"
    zh = "{user} 使用碳足迹，方案必须写明碳足迹规则，并设门槛 footprint-comparable"
    fix_en = "State default value, its source and the mark-ups, and add the gate"
    fix_zh = "请写明缺省值、来源与加成比例，并加入该门槛"


class MarkupYearAbsent(SchemeFault):
    """The year of closing comes before the first year of the mark-up table."""

    code = "scoring.markup-year"
    year: int
    first: int
    en = "bids close in {year}; the mark-ups begin in {first}"
    zh = "投标截止于 {year} 年，而加成比例自 {first} 年起"
    fix_en = "State the mark-up of {year}"
    fix_zh = "请写明 {year} 年的加成比例"


class NumberUnreadable(SchemeFault):
    """A field of a draft that should hold a number and does not."""

    code = "scoring.number-unreadable"
    value: str
    en = "{value!r} is not a number"
    zh = "“{value}”不是数字"
    fix_en = "Write an integer, a decimal such as 12.5, or a fraction such as 1/3"
    fix_zh = "请填写整数、小数（如 12.5）或分数（如 1/3）"


class MomentUnreadable(SchemeFault):
    """The closing time of a draft is not one."""

    code = "scoring.moment-unreadable"
    value: str
    en = "{value!r} is not a day and time"
    zh = "“{value}”不是日期时间"
    fix_en = "Choose the day and the time at which bidding closes"
    fix_zh = "请选择投标截止的日期与时间"
