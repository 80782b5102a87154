"""Why a bid is set aside before anything is compared."""

from __future__ import annotations

from ledger.errors import ScoringError


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


class NotInCatalogue(GateNotPassed):
    """The offered product was not in the green catalogue when bids closed."""

    code = "scoring.gate.not-in-catalogue"
    category: str
    day: str
    en = (
        "no product that the bid names by its recorded footprint was in the green catalogue on {day}, "
        "category {category!r}"
    )
    zh = "投标所列碳足迹对应的产品在 {day} 未列入绿色目录“{category}”类别"


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
