"""
What the transport calculation refuses, beside the leaves of ``ledger.footprint.errors``.

::

    FootprintError
    ├── DistanceMissing          a leg without a distance
    ├── CoordinateOutside        a place that is not on the globe
    ├── MassNotPositive          goods that weigh nothing, or less
    ├── EnergyUnitMismatch       an amount of energy in another unit than its factor
    ├── ActivityUnitMismatch     an intensity per another activity than the goods are measured in
    ├── AmountNegative           an amount that cannot be below zero
    ├── SharesIncomplete         shares that do not add up to one
    ├── RoundTripMissing         operations without their empty running
    ├── NoActivity               emissions that nothing was moved for
    ├── OperationsDoNotCover     an operator's statements leave out some of the time goods were moved
    ├── OperationsOverlap        two statements of one operation cover the same time
    ├── LoadImpossible           a load or an empty running that no vehicle can have
    ├── FactorAmbiguous          several factors for one carrier, none of them nearer than the others
    ├── EvidenceMissing          a figure other than the default, without the measurement behind it
    ├── CertificateUnusable      green power without a cancelled certificate, or one counted twice
    └── CertificatesExceedUse    more green power than was used
"""

from __future__ import annotations

from ledger.errors import FootprintError


class DistanceMissing(FootprintError):
    """A leg without a distance. It is never replaced by a guess."""

    code = "footprint.distance-missing"
    what: str
    en = "{what} has no distance"
    zh = "{what}缺少距离"
    fix_en = "State the shortest feasible or great-circle distance and how it was found"
    fix_zh = "请填写最短可行距离或大圆距离，并说明其来源"


class CoordinateOutside(FootprintError):
    """A place that is not on the globe."""

    code = "footprint.coordinate"
    latitude: str
    longitude: str
    en = "latitude {latitude}, longitude {longitude} is not a place on Earth"
    zh = "纬度 {latitude}、经度 {longitude} 不是地球上的地点"
    fix_en = "Latitude lies between -90 and 90, longitude between -180 and 180 degrees; do not swap them"
    fix_zh = "纬度应在 -90 至 90 度之间，经度应在 -180 至 180 度之间；请勿颠倒"


class MassNotPositive(FootprintError):
    """Goods that weigh nothing, or less."""

    code = "footprint.mass"
    what: str
    mass: str
    en = "{what} has the mass {mass}; it must be above zero"
    zh = "{what}的质量为 {mass}，必须大于零"
    fix_en = "State the actual mass of the goods with the shipper's packaging"
    fix_zh = "请填写货物连同发货人包装的实际质量"


class EnergyUnitMismatch(FootprintError):
    """An amount of energy in another unit than its factor."""

    code = "footprint.energy-unit"
    carrier: str
    expected: str
    got: str
    en = "{carrier} is stated in {got}, its factor is per {expected}"
    zh = "{carrier} 的计量单位为 {got}，而其因子单位为每 {expected}"
    fix_en = "State the amount in the factor's unit, or convert the factor by a sourced density or heating value"
    fix_zh = "请以因子的单位填写用量，或用有来源的密度、热值换算因子"


class ActivityUnitMismatch(FootprintError):
    """An intensity per another activity than the goods are measured in."""

    code = "footprint.activity-unit"
    expected: str
    got: str
    en = "the intensity is per {expected}, the activity is in {got}"
    zh = "排放强度按 {expected} 计，而活动量单位为 {got}"
    fix_en = "Use an intensity of the same unit; t and TEU convert only by the stated mass per TEU"
    fix_zh = "请使用单位一致的强度；吨与 TEU 只能按注明的每 TEU 质量换算"


class AmountNegative(FootprintError):
    """An amount that cannot be below zero."""

    code = "footprint.amount-negative"
    what: str
    amount: str
    en = "{what} is {amount}; it cannot be below zero"
    zh = "{what}为 {amount}，不能小于零"
    fix_en = "Correct the amount at its source"
    fix_zh = "请在来源处更正该数量"


class SharesIncomplete(FootprintError):
    """Shares that do not add up to one."""

    code = "footprint.shares"
    what: str
    total: str
    en = "the shares of {what} add up to {total}, not to 1"
    zh = "{what}的各份额之和为 {total}，不等于 1"
    fix_en = "State every share, as exact decimals or fractions"
    fix_zh = "请列全所有份额，并以精确小数或分数填写"


class RoundTripMissing(FootprintError):
    """Transport operations without their empty running."""

    code = "footprint.round-trip"
    operation: str
    en = "the operations {operation} leave out return or empty trips"
    zh = "运输作业 {operation} 未包含返程或空驶"
    fix_en = "Include all trips of the vehicles in the period; only one-way charters and pipelines are exempt"
    fix_zh = "请计入期内车辆的全部行程；仅单程包租与管道运输例外"


class NoActivity(FootprintError):
    """Emissions that nothing was moved for; an intensity does not exist."""

    code = "footprint.no-activity"
    operation: str
    en = "{operation} has emissions and no activity to share them over"
    zh = "{operation} 有排放但没有可分摊的活动量"
    fix_en = "State the transport activity of all goods in the period, not only your own"
    fix_zh = "请填写期内全部货物（不限于本企业）的运输活动量"


class OperationsDoNotCover(FootprintError):
    """An operator's statements leave out some of the time goods were moved, and no class stands in for them."""

    code = "footprint.operations-do-not-cover"
    vehicle: str
    first: str
    last: str
    en = "{vehicle} moved goods from {first} to {last}; its operator's data do not cover all of it"
    zh = "{vehicle} 在 {first} 至 {last} 承运货物，而承运方数据未覆盖整个时期"
    fix_en = "Record the operator's data for the whole period, without a gap"
    fix_zh = "请补录承运方整个时期的数据，中间不得间断"


class OperationsOverlap(FootprintError):
    """Two statements of one operation cover the same time; their sum would count energy twice."""

    code = "footprint.operations-overlap"
    vehicle: str
    entries: tuple[int, int]
    en = "two statements of the operations {vehicle} overlap in time (entries {entries})"
    zh = "运输作业 {vehicle} 的两条记录时间重叠（条目 {entries}）"
    fix_en = "Correct one of them by a correction entry"
    fix_zh = "请用更正条目更正其中一条"


class LoadImpossible(FootprintError):
    """A load or an empty running that no vehicle can have."""

    code = "footprint.load"
    what: str
    value: str
    en = "{what} is {value}, which cannot be"
    zh = "{what}为 {value}，不可能成立"
    fix_en = "Load factor lies above 0 and up to 1, empty running from 0 to below 1; full use is not below empty use"
    fix_zh = "装载率应大于 0 且不超过 1，空驶率应不小于 0 且小于 1；满载能耗不低于空载能耗"


class FactorAmbiguous(FootprintError):
    """Several factors for one carrier, none of them nearer than the others. None is picked."""

    code = "footprint.factor-ambiguous"
    asked: str
    factors: str
    en = "several factors fit {asked}: {factors}"
    zh = "{asked} 有多个适用因子：{factors}"
    fix_en = "Name the factor's id as the carrier"
    fix_zh = "请以因子编号作为能源品种填写"


class EvidenceMissing(FootprintError):
    """A figure other than the default, without the measurement behind it."""

    code = "footprint.evidence"
    what: str
    default: str
    got: str
    en = "{what} is {got} instead of the default {default}, without evidence"
    zh = "{what}取 {got} 而非默认值 {default}，但未附依据"
    fix_en = "Name the measurement it comes from, or use the default"
    fix_zh = "请注明其测量依据，或采用默认值"


class CertificateUnusable(FootprintError):
    """Green power without a cancelled certificate, or one counted twice."""

    code = "footprint.certificate"
    certificate: str
    problem: str
    en = "the certificate {certificate} cannot be counted: {problem}"
    zh = "绿证 {certificate} 不能计入：{problem}"
    fix_en = "Name a certificate cancelled for this use and this period; each counts once"
    fix_zh = "请填写为本次用电、本时期注销的绿证；每张仅计一次"


class CertificatesExceedUse(FootprintError):
    """More green power than was used."""

    code = "footprint.certificates-exceed"
    certified: str
    used: str
    en = "certificates for {certified} kWh stand against a use of {used} kWh"
    zh = "绿证电量 {certified} kWh 超过实际用电 {used} kWh"
    fix_en = "Count certificates up to the electricity used"
    fix_zh = "绿证电量最多计至实际用电量"
