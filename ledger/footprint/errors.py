"""
What a footprint calculation refuses. Leaves of ``FootprintError``.

::

    FootprintError
    ├── NoEmissionFactor           the factor set has no factor for what was asked
    ├── FactorFileDamaged          a table is not the one its manifest names
    ├── FactorContradicts          a factor whose own figures do not fit together
    ├── BoundaryMismatch           a factor of another boundary, series or unit than the method needs
    ├── GwpMismatch                two stated GWP sets in one sum
    ├── FactorExpired              activity outside the factor's validity
    ├── DistanceBasisMismatch      a distance on another basis than the class of transport asks for
    ├── DoubleDistanceAdjustment   a distance adjustment on top of one that is already inside
    ├── NoSiteEnergy               goods went through a hub while its energy was not metered
    ├── SiteEnergyOverlaps         two meter readings of one hub cover the same time
    ├── NoHubOutput                a hub used energy while nothing left it
    ├── DeclaredUnitMismatch       a footprint declared per something else than the goods are counted in
    ├── UnitsMissing               a footprint per unit of a product whose units were not stated
    └── UncertaintyUnusable        an uncertainty or a rating that is missing or off its scale

The leaves of the transport core are in ``ledger.footprint.iso14083.errors``.
"""

from __future__ import annotations

from ledger.errors import FootprintError


class NoEmissionFactor(FootprintError):
    """The factor set has no factor for what was asked. It is never replaced by a similar one."""

    code = "footprint.no-factor"
    asked: str
    factor_set: str
    nearest: str
    """Names like it, with commas between them, or a dash."""
    en = "the factor set {factor_set} has no factor for {asked}; names like it: {nearest}"
    zh = "因子集 {factor_set} 中没有 {asked} 的排放因子；相近名称：{nearest}"
    fix_en = "Use a name of the list of transport classes, or add a sourced factor in a new factor set"
    fix_zh = "请使用运输类别列表中的名称，或在新的因子集中加入有来源的因子"


class FactorFileDamaged(FootprintError):
    """A factor table, bundled or the operator's own, is missing, changed or unreadable."""

    code = "footprint.factor-file"
    file: str
    problem: str
    en = "the factor file {file} cannot be used: {problem}"
    zh = "因子文件 {file} 无法使用：{problem}"
    fix_en = "Install the package or restore the file again; sets are never edited in place, changes go into a new set"
    fix_zh = "请重新安装本软件或恢复该文件；因子集不得就地修改，变更请放入新的因子集"


class FactorContradicts(FootprintError):
    """A factor whose own figures do not fit together."""

    code = "footprint.factor-contradicts"
    factor: str
    problem: str
    en = "the factor {factor} contradicts itself: {problem}"
    zh = "排放因子 {factor} 自相矛盾：{problem}"
    fix_en = "Compare the factor with its source"
    fix_zh = "请将该因子与其来源核对"


class BoundaryMismatch(FootprintError):
    """A factor of another boundary, series or unit than the method needs."""

    code = "footprint.boundary"
    factor: str
    expected: str
    got: str
    en = "{factor} covers {got}; this calculation needs {expected}"
    zh = "{factor} 的边界为 {got}，本计算需要 {expected}"
    fix_en = "Choose a factor of the needed boundary; boundaries are never mixed in one sum"
    fix_zh = "请选用边界相符的因子；不同边界不得混入同一合计"


class GwpMismatch(FootprintError):
    """Two stated sets of global warming potentials in one sum."""

    code = "footprint.gwp"
    sets: tuple[str, ...]
    en = "factors with different GWP sets cannot be summed: {sets}"
    zh = "GWP 数据集不同的因子不能相加：{sets}"
    fix_en = "Use factors of one IPCC assessment report"
    fix_zh = "请使用同一版 IPCC 评估报告的因子"


class FactorExpired(FootprintError):
    """Activity outside the validity of the factor that would be used."""

    code = "footprint.factor-expired"
    factor: str
    valid_from: str
    valid_to: str
    day: str
    en = "the factor {factor} holds from {valid_from} to {valid_to}, not on {day}"
    zh = "排放因子 {factor} 的有效期为 {valid_from} 至 {valid_to}，不适用于 {day}"
    fix_en = "Calculate with a factor set that covers the period"
    fix_zh = "请使用覆盖该时期的因子集计算"


class DistanceBasisMismatch(FootprintError):
    """A distance on another basis than the class of transport asks for."""

    code = "footprint.distance-basis"
    vehicle: str
    expected: str
    got: str
    en = "{vehicle} needs distances on the basis {expected}, the legs state {got}"
    zh = "{vehicle} 要求距离口径为 {expected}，运输段填写的是 {got}"
    fix_en = "State the great-circle distance of each flight; correct the legs at their source"
    fix_zh = "请填写每个航段的大圆距离，并在来源处更正运输段"


class DoubleDistanceAdjustment(FootprintError):
    """A distance adjustment asked for on top of one that is already inside the factor."""

    code = "footprint.double-adjustment"
    vehicle: str
    factor: str
    reason: str
    en = "{vehicle} would adjust the distance twice: {reason} (factor {factor})"
    zh = "{vehicle} 将重复进行距离修正：{reason}（因子 {factor}）"
    fix_en = "Set the class's adjustment to none, or use a factor on driven distance"
    fix_zh = "请取消该类别的距离修正，或使用按实际行驶距离计算的因子"


class NoSiteEnergy(FootprintError):
    """Goods went through a hub at a time for which no energy was metered."""

    code = "footprint.no-site-energy"
    hub: str
    first: str
    last: str
    metered: str
    en = "goods left the hub {hub} from {first} to {last}, but its energy is metered for: {metered}"
    zh = "枢纽 {hub} 在 {first} 至 {last} 有货物出库，但其能耗计量仅覆盖：{metered}"
    fix_en = "Record the meter readings of the hub for the whole period"
    fix_zh = "请补录该枢纽整个时期的电表读数"


class SiteEnergyOverlaps(FootprintError):
    """Two meter readings of one hub cover the same time; their sum would count energy twice."""

    code = "footprint.site-energy-overlaps"
    hub: str
    entries: tuple[int, int]
    en = "two meter readings of the hub {hub} overlap in time (entries {entries})"
    zh = "枢纽 {hub} 的两条电表读数时间重叠（条目 {entries}）"
    fix_en = "Correct one of the readings by a correction entry"
    fix_zh = "请用更正条目更正其中一条读数"


class NoHubOutput(FootprintError):
    """A hub whose outbound goods weigh nothing; an intensity per tonne does not exist."""

    code = "footprint.no-hub-output"
    hub: str
    en = "nothing left the hub {hub}, so its energy has no tonnes to be shared over"
    zh = "枢纽 {hub} 没有出库货物，其能耗无法按吨分摊"
    fix_en = "Record the hub's outbound operations of the period"
    fix_zh = "请补录该枢纽本期的出库作业"


class DeclaredUnitMismatch(FootprintError):
    """A product footprint declared per something else than the goods are counted in."""

    code = "footprint.declared-unit"
    product: str
    declared_unit: str
    en = "the footprint of {product} is declared per {declared_unit}, the goods are counted in pieces"
    zh = "产品 {product} 的碳足迹按 {declared_unit} 声明，而货物按件计数"
    fix_en = "State how many declared units one piece holds"
    fix_zh = "请说明每件包含多少个声明单位"


class UnitsMissing(FootprintError):
    """A footprint per unit was asked for a product whose number of units was not stated."""

    code = "footprint.units-missing"
    product: str
    en = "the number of units of {product} is not stated"
    zh = "未说明产品 {product} 的数量"
    fix_en = "Count the pieces of the consignments once each and state the sum"
    fix_zh = "请将各批货物的件数各计一次并填写合计"


class UncertaintyUnusable(FootprintError):
    """An uncertainty or a data quality rating that is missing or off its scale. It is never assumed."""

    code = "footprint.uncertainty"
    what: str
    got: str
    expected: str
    en = "{what} is {got}; expected {expected}"
    zh = "{what}为 {got}，应为 {expected}"
    fix_en = "State it from the source of the factor, or by a judgement that somebody answers for"
    fix_zh = "请依据因子来源填写，或由责任人判断后填写"
