"""
What scoring refuses, and why a bid is set aside. Leaves of ``ScoringError``.

::

    ScoringError
    ├── FormUnreadable     a record that does not describe a scheme, a bid or a sheet
    ├── SchemeRefused      a scheme with faults; carries all of them
    ├── SchemeFault        one fault of a scheme, with its place
    ├── BidFault           a bid that cannot be scored as stated
    ├── GateNotPassed      a bid set aside before anything is compared
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


# ---------------------------------------------------------------- schemes


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


# ---------------------------------------------------------------- bids


class BidFault(ScoringError):
    """A bid that cannot be scored as stated."""

    code = "scoring.bid"


class BidderUnnamed(BidFault):
    """A bid without a bidder."""

    code = "scoring.bidder-unnamed"
    en = "the bid names no bidder"
    zh = "投标未写明投标人"
    fix_en = "State the bidder's identifier"
    fix_zh = "请填写投标人标识"


class BidAmountWrong(BidFault):
    """A price, a footprint or a share outside the range it can have."""

    code = "scoring.bid-amount"
    bidder: str
    field: str
    value: str
    wanted: str
    wanted_zh: str
    en = "bid of {bidder}: {field} is {value}; wanted {wanted}"
    zh = "投标人 {bidder}：{field} 为 {value}；要求 {wanted_zh}"
    fix_en = "Return the bid for correction before closing"
    fix_zh = "请在截止前退回更正"


class FootprintContradicts(BidFault):
    """A footprint whose status and figures do not go together."""

    code = "scoring.footprint-contradicts"
    status: str
    problem: str
    problem_zh: str
    en = "a footprint stated as {status!r} {problem}"
    zh = "状态为“{status}”的碳足迹{problem_zh}"
    fix_en = "Correct the status, or hand in what it needs (value, verifier, last day of validity)"
    fix_zh = "请更正状态，或补充所需内容（数值、核查机构、有效期止）"


class BidderRepeated(BidFault):
    """Two bids of one bidder."""

    code = "scoring.bidder-repeated"
    bidder: str
    en = "{bidder} has more than one bid"
    zh = "投标人 {bidder} 有多份投标"
    fix_en = "Score the last bid sealed before closing, or refuse both, as the tender says"
    fix_zh = "请按招标文件仅评审截止前最后一份，或全部拒绝"


class InputAbsent(BidFault):
    """A criterion reads something the bid does not state."""

    code = "scoring.input-absent"
    bidder: str
    criterion: str
    name: str
    en = "bid of {bidder} has no {name!r}, which criterion {criterion!r} scores"
    zh = "投标人 {bidder} 未提供“{name}”，评分项“{criterion}”需要该项"
    fix_en = "Record the test result or the mark before scoring; it is never assumed"
    fix_zh = "请在评分前录入测试结果或评分；系统不作推定"


class FormulaUndefined(BidFault):
    """A value for which the formula has no answer, such as a ratio to zero."""

    code = "scoring.formula-undefined"
    bidder: str
    criterion: str
    formula: str
    value: str
    en = "criterion {criterion!r}: formula {formula!r} is not defined for {value} (bid of {bidder})"
    zh = "评分项“{criterion}”：公式“{formula}”对数值 {value} 无定义（投标人 {bidder}）"
    fix_en = "Correct the value, or use a formula with preset bounds in the next scheme"
    fix_zh = "请更正数值，或在后续方案中采用预设区间的公式"


class RulingUnfounded(BidFault):
    """A ruling on a bidder who did not bid, or two rulings on one question."""

    code = "scoring.ruling"
    bidder: str
    subject: str
    en = "the ruling on the {subject} of {bidder} has no bid, or is not the only one"
    zh = "关于 {bidder} 的{subject}裁定没有对应投标，或不唯一"
    fix_en = "Record one ruling per bidder and subject"
    fix_zh = "每个投标人、每个事项只能有一条裁定"


# ---------------------------------------------------------------- gates


class GateNotPassed(ScoringError):
    """A bid set aside before anything is compared."""

    code = "scoring.gate"


class SealedLate(GateNotPassed):
    """The bid was sealed after closing."""

    code = "scoring.gate.sealed-late"
    sealed: str
    closes: str
    en = "sealed at {sealed}, after closing at {closes}"
    zh = "封标时间 {sealed} 晚于截止时间 {closes}"


class SignatureAbsent(GateNotPassed):
    """No checked signature goes with the bid."""

    code = "scoring.gate.signature"
    en = "no checked signature goes with the bid"
    zh = "投标未附经校验的签名"


class PledgeAbsent(GateNotPassed):
    """A pledge the tender asks for was not signed."""

    code = "scoring.gate.pledge"
    pledge: str
    en = "the pledge {pledge!r} is not signed"
    zh = "未签署承诺书“{pledge}”"


class CertificateAbsent(GateNotPassed):
    """A mandatory certificate was not handed in."""

    code = "scoring.gate.certificate-absent"
    certificate: str
    en = "the mandatory certificate {certificate!r} was not handed in"
    zh = "未提交强制性证书“{certificate}”"


class CertificateNotValid(GateNotPassed):
    """A mandatory certificate was not valid on the day of closing."""

    code = "scoring.gate.certificate-not-valid"
    certificate: str
    number: str
    day: str
    valid_from: str
    valid_to: str
    revoked_on: str
    en = (
        "certificate {certificate!r} no. {number} was not valid on the day of closing, {day} "
        "(valid {valid_from} to {valid_to}, revoked: {revoked_on})"
    )
    zh = (
        "证书“{certificate}”（编号 {number}）在截止日 {day} 无效"
        "（有效期 {valid_from} 至 {valid_to}，撤销：{revoked_on}）"
    )


class CertificateNotInForce(GateNotPassed):
    """No certificate of the bidder in the registry was in force at closing."""

    code = "scoring.gate.certificate-not-in-force"
    certificate: str
    number: str
    closes: str
    state: str
    entry: int
    en = (
        "no certificate for {certificate!r} was in force in the registry at closing, {closes}: "
        "no. {number} (entry {entry}) was {state}"
    )
    zh = "截止时（{closes}）登记簿中没有有效的“{certificate}”证书：编号 {number}（第 {entry} 条记录）状态为 {state}"


class FootprintNotComparable(GateNotPassed):
    """A footprint on another declared unit or another boundary than the scheme's."""

    code = "scoring.gate.footprint-not-comparable"
    unit: str
    boundary: str
    wanted_unit: str
    wanted_boundary: str
    en = (
        "the footprint is per {unit!r} with boundary {boundary!r}; "
        "the scheme compares per {wanted_unit!r} with boundary {wanted_boundary!r}"
    )
    zh = (
        "碳足迹的声明单位为“{unit}”、系统边界为“{boundary}”；"
        "方案仅比较声明单位“{wanted_unit}”、系统边界“{wanted_boundary}”"
    )
    fix_en = "State the footprint on the declared unit and boundary of the scheme, or hand in none"
    fix_zh = "请按方案的声明单位与系统边界提供碳足迹，或不提供"


class FootprintByAnotherRule(GateNotPassed):
    """A footprint worked out by another product category rule than the scheme's, or by none that is stated."""

    code = "scoring.gate.footprint-by-another-rule"
    rule: str
    wanted: str
    en = "the footprint follows the rule {rule!r}; the scheme compares footprints that follow {wanted!r}"
    zh = "碳足迹的核算规则为“{rule}”；方案仅比较按“{wanted}”核算的碳足迹"
    fix_en = "State a footprint worked out by the scheme's rule, and name the rule, or hand in none"
    fix_zh = "请按方案规定的核算规则提供碳足迹并写明规则，或不提供"


class PriceLinesAbsent(GateNotPassed):
    """The scheme checks the arithmetic of the price and the bid has no lines."""

    code = "scoring.gate.lines-absent"
    en = "the price comes without the lines it is made of"
    zh = "报价未附分项明细"


class LineWrong(GateNotPassed):
    """Quantity times unit price is not the amount of a line."""

    code = "scoring.gate.line"
    line: int
    item: str
    amount: str
    expected: str
    en = "price line {line} ({item}): the amount is {amount}, quantity x unit price is {expected}"
    zh = "报价明细第 {line} 行（{item}）：金额 {amount}，数量×单价应为 {expected}"


class PriceSumWrong(GateNotPassed):
    """The lines do not sum to the price."""

    code = "scoring.gate.sum"
    price: str
    total: str
    en = "the price is {price}, its lines sum to {total}"
    zh = "总价 {price}，分项合计 {total}"


class LowUnexplained(GateNotPassed):
    """Abnormally low, and no explanation was accepted."""

    code = "scoring.low-unexplained"
    subject: str
    subject_zh: str
    ruling: str
    ruling_zh: str
    en = "the {subject} is abnormally low and {ruling}"
    zh = "{subject_zh}异常偏低，{ruling_zh}"


# ---------------------------------------------------------------- sheets


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
