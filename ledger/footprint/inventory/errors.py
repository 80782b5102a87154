"""Leaves of FootprintError: what an inventory cannot count, and what only somebody can say."""

from __future__ import annotations

from ledger.errors import FootprintError


class NobodySaysWhose(FootprintError):
    """Transport or storage of which nobody states whether it is own, upstream or downstream."""

    code = "inventory.whose"
    name: str
    amount: str
    en = "nobody says whose {name} is ({amount}): own, paid for (category 4), or not paid for (category 9)"
    zh = "未说明 {name}（{amount}）属于自有、本方付费（类别 4）还是他方付费（类别 9）"
    fix_en = "Add a rule for this carrier, route or hub to the boundary"
    fix_zh = "请在边界中为该承运商、线路或枢纽添加规则"


class RulesDisagree(FootprintError):
    """Two rules of the boundary answer differently for the same transport."""

    code = "inventory.rules-disagree"
    name: str
    answers: str
    en = "rules of the boundary disagree about {name}: {answers}"
    zh = "边界规则对 {name} 的说明不一致：{answers}"
    fix_en = "Keep one of the rules; a rule for the route goes with every carrier on it"
    fix_zh = "请只保留其中一条规则；线路规则适用于该线路的所有承运商"


class OwnPowerNotMetered(FootprintError):
    """Own vehicles that burn nothing, and whose energy nobody states."""

    code = "inventory.own-power"
    vehicle: str
    en = "own transport with {vehicle} has no emissions where it runs, and nobody states its energy"
    zh = "自有运输 {vehicle} 行驶时无直接排放，且未说明其能耗"
    fix_en = "Record the fleet's electricity as transport operations"
    fix_zh = "请以运输作业记录该车队的用电量"


class SiteNotMetered(FootprintError):
    """A site of the boundary without any energy in the period."""

    code = "inventory.site-not-metered"
    site: str
    en = "no energy of the site {site} is recorded in this period"
    zh = "本期没有站点 {site} 的能源记录"
    fix_en = "Import its meter readings, or exclude it with a reason"
    fix_zh = "请导入其计量读数，或说明理由后排除"


class MeteredInPart(FootprintError):
    """A site whose readings leave some of the period open."""

    code = "inventory.metered-in-part"
    site: str
    days: str
    en = "energy of {site} is recorded for {days} days of the period only"
    zh = "站点 {site} 在本期仅有 {days} 天的能源记录"
    fix_en = "Import the missing readings; nothing is extrapolated"
    fix_zh = "请补充缺失的读数；账本不作外推"


class PurchasesNotStated(FootprintError):
    """Nobody states which goods were bought."""

    code = "inventory.purchases"
    en = "nobody says which of the goods that moved were bought"
    zh = "未说明移动的货物中哪些为采购"
    fix_en = "Answer it in the boundary: every product that moved, or none"
    fix_zh = "请在边界中说明：全部移动的产品，或没有"


class NothingDeclared(FootprintError):
    """A product that was bought and of which no footprint is declared for that time."""

    code = "inventory.not-declared"
    product: str
    pieces: str
    en = "no footprint of {product} is valid when its {pieces} pieces moved"
    zh = "产品 {product} 的 {pieces} 件移动时没有有效的碳足迹声明"
    fix_en = "Ask the supplier for a declaration that covers the time"
    fix_zh = "请向供应商索取覆盖该时段的声明"


class CountsDelivery(FootprintError):
    """A declared footprint over the whole life: delivery and end of life would be counted twice."""

    code = "inventory.cradle-to-grave"
    product: str
    en = "the footprint of {product} is cradle to grave and holds delivery, use and end of life too"
    zh = "产品 {product} 的碳足迹为从摇篮到坟墓，已含交付、使用与报废"
    fix_en = "Ask the supplier for the cradle-to-gate figure"
    fix_zh = "请向供应商索取从摇篮到大门的数值"


class TreatmentNotStated(FootprintError):
    """Waste without a factor for its treatment."""

    code = "inventory.waste-factor"
    material: str
    en = "the waste {material} has no factor for its treatment"
    zh = "废弃物 {material} 没有处理方式的排放因子"
    fix_en = "Name a factor [kg CO2e/kg] of the factor set in the record"
    fix_zh = "请在记录中注明因子集中的因子（kg CO2e/kg）"


class EndOfLifeUnknown(FootprintError):
    """A product of which nobody states what becomes of it."""

    code = "inventory.end-of-life"
    product: str
    en = "what becomes of {product} at its end is not stated"
    zh = "未说明产品 {product} 报废后的去向"
    fix_en = "Record a bill of materials with the end of life of its parts"
    fix_zh = "请记录含报废处理的物料清单"
