"""What a bill of materials cannot be computed for. Leaves of ``FootprintError``."""

from __future__ import annotations

from ledger.errors import FootprintError


class ComponentUnknown(FootprintError):
    """A part of which nothing is declared, that has no bill and no default. It is never assumed."""

    code = "bill.component-unknown"
    component: str
    supplier: str
    day: str
    en = "nothing on {component} of {supplier} is valid on {day}: no declaration, no bill, no default factor"
    zh = "{supplier} 的 {component} 在 {day} 没有有效数据：无碳足迹声明、无物料清单、无默认因子"
    fix_en = "Ask the supplier for a product footprint valid on that day, or name a default factor in the line"
    fix_zh = "请向供应商索取该日有效的产品碳足迹，或在该行填写默认因子"


class ComponentUnitMismatch(FootprintError):
    """A part counted in another unit than its footprint is declared for."""

    code = "bill.component-unit"
    component: str
    expected: str
    got: str
    en = "{component} is counted in {got}, its footprint is per {expected}"
    zh = "{component} 的用量单位为 {got}，而其碳足迹按 {expected} 声明"
    fix_en = "State the amount in the unit that the footprint is declared for"
    fix_zh = "请按碳足迹的声明单位填写用量"


class ComponentIncomplete(FootprintError):
    """A part whose own bill has something missing; what is there is counted, and the sum says it is incomplete."""

    code = "bill.component-incomplete"
    component: str
    why: str
    en = "the bill of the part {component} is incomplete: {why}"
    zh = "部件 {component} 的物料清单不完整：{why}"
    fix_en = "Complete the part's own bill; its page lists what is missing"
    fix_zh = "请补全该部件自身的物料清单；其页面列出了缺失项"


class BillCycle(FootprintError):
    """A product that is, over some tiers, its own part."""

    code = "bill.cycle"
    path: tuple[str, ...]
    en = "the bills of materials run in a circle: {path}"
    zh = "物料清单构成循环：{path}"
    fix_en = "Correct the bill that closes the circle; real circular flows belong into the product graph"
    fix_zh = "请更正造成循环的清单；真实的循环流请使用产品图计算"


class BillTooDeep(FootprintError):
    """More tiers than are followed."""

    code = "bill.too-deep"
    product: str
    limit: int
    en = "the bill of {product} has more than {limit} tiers"
    zh = "{product} 的物料清单超过 {limit} 层"
    fix_en = "Have a supplier declare a footprint for one of the tiers"
    fix_zh = "请让其中一层的供应商声明其产品碳足迹"


class CircleTooWide(FootprintError):
    """More products in one circle than are solved."""

    code = "bill.circle-too-wide"
    products: int
    limit: int
    en = "{products} products need each other in one circle; up to {limit} are solved"
    zh = "{products} 个产品互相构成一个循环；最多可求解 {limit} 个"
    fix_en = "Have a supplier declare a footprint for some of them, which opens the circle"
    fix_zh = "请让其中部分产品的供应商声明碳足迹，以断开循环"


class GraphUnsolvable(FootprintError):
    """A circle of products that need as much of themselves as they give, or more."""

    code = "bill.graph-unsolvable"
    nodes: tuple[int, ...]
    en = "the products {nodes} take at least as much of each other as they give; no finite footprint exists"
    zh = "产品 {nodes} 彼此消耗不少于其产出，不存在有限的碳足迹"
    fix_en = "Compare the amounts and units in their bills"
    fix_zh = "请核对其清单中的用量与单位"


class PackagingFactorMissing(FootprintError):
    """A component of a packaging list that names no factor of its making. None is guessed from its material."""

    code = "bill.packaging-factor"
    component: str
    en = "the packaging list names no factor for {component}"
    zh = "包装清单未写明 {component} 的排放因子"
    fix_en = "State the list anew with the id of a factor in kg CO2e per kg; /factors searches them"
    fix_zh = "请在新的清单中填写单位为 kg CO2e/kg 的因子编号；可在 /factors 查找"
