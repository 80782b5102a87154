"""
What a plan refuses, order by order; the rest is planned. Leaves of ``PlanningError``.

::

    PlanningError
    ├── AmountImpossible      an amount that is negative, or nothing where something has to be
    ├── PlaceUnknown          a place that the distances do not have
    ├── NameTwice             two orders, depots or vehicles of one name
    ├── DistancesDoNotFit     a table of distances or times that is not one row and column for each place
    ├── OrderTooLarge         an order that no vehicle can take
    ├── NoVehicleThere        an order of a depot that has no vehicles
    ├── WindowClosed          a window that no vehicle can keep
    ├── FleetFull             an order for which no vehicle had room or time left
    ├── NothingToPlan         no order is left that a vehicle could serve
    ├── BinTooSmall           a thing that is larger than a bin
    ├── DepartureMissed       goods that are ready too late or due too early for every departure
    ├── BoxLeftOut            boxes that found no place in a hold
    ├── CartonMissing         an order, or orders, that no carton takes
    ├── OrderUnknown          a box of an order that is not there
    ├── SheetMissing          a workbook without a sheet or a heading that is needed
    ├── CellEmpty             an empty cell where something has to stand
    ├── RatesTwice            a vehicle with rates of its own and a factor to take them from
    ├── RatesMissing          a vehicle with neither, or with half of its rates
    ├── PlanDayMissing        a vehicle whose factor has to be chosen for a day that nobody stated
    ├── ConsumptionOutOfPlace consumption beside a factor per t km, or none beside one of an energy carrier
    ├── RateNotDerivable      a factor from which no rate of an empty vehicle follows
    ├── TimeUnreadable        a time of the day that is none
    ├── PlannerMissing        the libraries that search are not installed
    ├── PlanNotDriven         orders of a plan that nothing shows to be delivered
    ├── GoodsDiffer           other goods were driven than the baseline has
    ├── OrderUnproven         what is missing to show that one order was driven, and how far
    ├── WayNotMeasured        orders that were delivered, with no distance or mass on record
    ├── RoundContradicts      a vehicle's round that does not fit its legs
    ├── VehicleWithoutRates   a vehicle that drove and that neither baseline nor plan has rates for
    └── PackagingIncomplete   a change of packaging that leaves out orders, or weighs more than they do
"""

from __future__ import annotations

from ledger.errors import PlanningError


class AmountImpossible(PlanningError):
    """An amount that is negative, or nothing where something has to be."""

    code = "planning.amount"
    what: str
    name: str
    value: str
    rule: str
    """Such as ``>= 0``."""
    en = "{name}: {what} is {value}; it has to be {rule}"
    zh = "{name}：{what} 为 {value}，应为 {rule}"
    fix_en = "Correct the amount; look for a wrong unit"
    fix_zh = "请更正数值，并检查单位"


class PlaceUnknown(PlanningError):
    """A place that the distances do not have."""

    code = "planning.place"
    name: str
    where: str
    en = "{name} is at {where}, and no distance to that place is known"
    zh = "{name} 位于 {where}，没有到该地点的距离"
    fix_en = "Compare the spelling with the list of places, or add the place with its distances"
    fix_zh = "请与地点清单核对写法，或补充该地点及其距离"


class NameTwice(PlanningError):
    """Two orders, depots or vehicles of one name."""

    code = "planning.name-twice"
    what: str
    name: str
    en = "two {what} have the name {name}; the second one is left out"
    zh = "{what} 的名称 {name} 重复，后一条未纳入计划"
    fix_en = "Give each its own name, or put the amounts of both into one row"
    fix_zh = "请使用不同的名称，或将两行的数量合并为一行"


class DistancesDoNotFit(PlanningError):
    """A table of distances or times that is not one row and column for each place."""

    code = "planning.distances"
    problem: str
    en = "the table of distances cannot be used: {problem}"
    zh = "距离表无法使用：{problem}"
    fix_en = "State one row and one column for each place, in the same order, in metres and seconds from 0"
    fix_zh = "请为每个地点各填一行一列，顺序一致，单位为米和秒，不小于 0"


class OrderTooLarge(PlanningError):
    """An order that no vehicle can take."""

    code = "planning.too-large"
    order: str
    needs: str
    largest: str
    en = "the order {order} needs {needs}; the largest vehicle that could come takes {largest}"
    zh = "订单 {order} 需要 {needs}，可用的最大车辆只能装 {largest}"
    fix_en = "Split the order over several rows, or add a larger vehicle"
    fix_zh = "请将订单拆为多行，或增加更大的车辆"


class NoVehicleThere(PlanningError):
    """An order of a depot that has no vehicles."""

    code = "planning.no-vehicle"
    order: str
    depot: str
    en = "the order {order} leaves from {depot}, where no vehicle is"
    zh = "订单 {order} 从 {depot} 发出，但该仓没有车辆"
    fix_en = "Give the depot a vehicle, or let the order come from any depot"
    fix_zh = "请为该仓安排车辆，或允许订单由任一仓发出"


class WindowClosed(PlanningError):
    """A window that no vehicle can keep, even when it goes there first."""

    code = "planning.window"
    order: str
    window: str
    earliest: str
    """When the quickest vehicle could be there, or be back."""
    en = "the order {order} has the window {window}; {earliest}"
    zh = "订单 {order} 的时间窗为 {window}；{earliest}"
    fix_en = "Widen the window, begin the shift earlier or end it later, or serve the place from a nearer depot"
    fix_zh = "请放宽时间窗、提前开班或延后收班，或由更近的仓库配送"


class FleetFull(PlanningError):
    """An order for which no vehicle had room or time left."""

    code = "planning.fleet-full"
    order: str
    en = "no vehicle had room or time left for the order {order}"
    zh = "没有车辆还有足够的装载空间或时间承运订单 {order}"
    fix_en = "Add a vehicle or a shift, or move the order to another day"
    fix_zh = "请增加车辆或班次，或将该订单改到其他日期"


class NothingToPlan(PlanningError):
    """No order is left that a vehicle could serve."""

    code = "planning.nothing"
    refused: int
    en = "nothing is left to plan; orders refused: {refused}"
    zh = "没有可以计划的订单；{refused} 条订单被拒绝"
    fix_en = "Correct the orders listed with their reasons, or state a vehicle"
    fix_zh = "请按所列原因更正订单，或填写车辆"


class BinTooSmall(PlanningError):
    """A thing that is larger than a bin."""

    code = "planning.bin"
    number: int
    size: int
    capacity: int
    en = "thing {number} has the size {size}; a bin takes {capacity}"
    zh = "第 {number} 件的大小为 {size}，而每箱只能装 {capacity}"
    fix_en = "Split it, or use larger bins"
    fix_zh = "请拆分，或使用更大的箱"


class DepartureMissed(PlanningError):
    """Goods that are ready too late or due too early for every departure that could hold them."""

    code = "planning.departure"
    order: str
    ready: str
    due: str
    departures: str
    en = "the order {order} is ready at {ready} and due at {due}; departures that could hold it: {departures}"
    zh = "订单 {order} 于 {ready} 备妥、要求 {due} 前到达；可装载的班次：{departures}"
    fix_en = "Add a departure in between, or agree on another time"
    fix_zh = "请增加期间内的班次，或另行约定时间"


class BoxLeftOut(PlanningError):
    """Boxes that found no place in a hold."""

    code = "planning.box"
    box: str
    left: int
    of: int
    hold: str
    reason: str
    en = "{left} of {of} {box} found no place in {hold}: {reason}"
    zh = "{box} 共 {of} 件，其中 {left} 件未能装入 {hold}：{reason}"
    fix_en = "Send them with another vehicle, allow them to be turned or stacked, or raise the effort of the search"
    fix_zh = "请另派车辆、允许旋转或堆叠，或增加搜索次数"


class CartonMissing(PlanningError):
    """An order, or orders, that no carton takes."""

    code = "planning.carton"
    order: str
    largest: str
    en = "no carton takes {order}; tried up to {largest}"
    zh = "没有纸箱能装下 {order}；已尝试至 {largest}"
    fix_en = "Add a larger carton, keep more of them, or pack the order in several"
    fix_zh = "请增加更大的纸箱、保留更多种类，或分箱包装"


class OrderUnknown(PlanningError):
    """A box of an order that is not there."""

    code = "planning.order-unknown"
    box: str
    order: str
    en = "the box {box} belongs to the order {order}, which is not among the orders taken"
    zh = "箱件 {box} 所属的订单 {order} 未被采用：不在文件中，或所在行有误"
    fix_en = "Compare the order's name with the sheet of orders, or mend the order's own row"
    fix_zh = "请与订单工作表核对订单号，或先改正该订单所在行"


class SheetMissing(PlanningError):
    """A workbook without a sheet or a heading that is needed."""

    code = "planning.sheet"
    sheet: str
    heading: str
    en = "the sheet {sheet} or its heading {heading} is missing"
    zh = "缺少工作表 {sheet} 或其表头 {heading}"
    fix_en = "`ledger plan template` writes a workbook with every sheet and heading"
    fix_zh = "运行 `ledger plan template` 可生成含全部工作表与表头的模板"


class CellEmpty(PlanningError):
    """An empty cell where something has to stand."""

    code = "planning.empty"
    rule: str
    en = "the cell is empty; it has to state {rule}"
    zh = "单元格为空，应填写 {rule}"
    fix_en = "Fill the cell, or delete the row"
    fix_zh = "请填写该单元格，或删除该行"


class RatesTwice(PlanningError):
    """A vehicle with rates of its own and a factor to take them from."""

    code = "planning.rates-twice"
    name: str
    value: str
    """The factor that is named."""
    en = "{name} states its rates and the factor {value} as well; which of them counts is not guessed"
    zh = "{name} 既填写了排放率，又填写了因子 {value}；系统不猜测以哪个为准"
    fix_en = "Empty the columns of rates to take them from the factor set, or empty the factor"
    fix_zh = "如取自因子集，请清空排放率两列；否则请清空因子列"


class RatesMissing(PlanningError):
    """A vehicle with neither rates nor a factor, or with half of its rates."""

    code = "planning.rates-missing"
    vehicle: str
    rule: str
    en = "{vehicle} has no {rule}"
    zh = "{vehicle} 缺少 {rule}"
    fix_en = "State both rates, empty and loaded, or name a vehicle class or energy carrier of the factor set"
    fix_zh = "请同时填写空驶与载重两项排放率，或填写因子集中的车型类别或能源品种"


class PlanDayMissing(PlanningError):
    """A vehicle whose factor has to be chosen for a day that nobody stated."""

    code = "planning.day-missing"
    name: str
    value: str
    en = "{name} takes its rates from the factor {value}, and the day that it has to hold on is not stated"
    zh = "{name} 的排放率取自因子 {value}，但未给出其须有效的日期"
    fix_en = "State the day of the plan (`--day`, or the field of the form)"
    fix_zh = "请填写计划日期（`--day` 或表单中的日期）"


class ConsumptionOutOfPlace(PlanningError):
    """Consumption beside a factor per t km, or none beside one of an energy carrier."""

    code = "planning.consumption"
    name: str
    why: str
    why_zh: str
    en = "the factor {name} {why}"
    zh = "因子 {name} {why_zh}"
    fix_en = "State consumption per km, empty and full, with an energy carrier, and none with a class of vehicles"
    fix_zh = "能源品种须填写空驶与满载每公里能耗；车型类别不填能耗"

    @classmethod
    def of(cls, name: str, *, wanted: bool) -> ConsumptionOutOfPlace:
        """With an energy carrier both are ``wanted``, with a class neither."""
        if wanted:
            return cls(
                name=name,
                why="is of energy: it takes the consumption per km, empty and full",
                why_zh="按能源计：须有空驶与满载每公里能耗",
            )
        return cls(name=name, why="is per t km: it takes no consumption", why_zh="按吨公里计：不取能耗")


class RateNotDerivable(PlanningError):
    """A factor from which no rate of an empty vehicle follows."""

    code = "planning.rate-not-derivable"
    name: str
    problem: str
    problem_zh: str
    en = "no rates follow from {name}: {problem}"
    zh = "由 {name} 得不出排放率：{problem_zh}"
    fix_en = "Name a class that is published at two loads, an energy carrier with consumption, or state the rates"
    fix_zh = "请填写按两种装载率发布的车型类别，或能源品种及能耗，或直接填写排放率"


class TimeUnreadable(PlanningError):
    """A time of the day that is none."""

    code = "planning.time"
    text: str
    en = "{text!r} is not a time of the day"
    zh = "{text!r} 不是一天中的时刻"
    fix_en = "Write hours and minutes such as 08:30; times after midnight go on to 47:59"
    fix_zh = "请填写时与分，例如 08:30；次日时刻可继续写到 47:59"


class PlannerMissing(PlanningError):
    """The libraries that search are not installed."""

    code = "planning.not-installed"
    package: str
    en = "plans need the package {package}, which is not installed"
    zh = "生成计划需要 {package}，但尚未安装"
    fix_en = "Install the ledger with its extra: pip install 'onecode-ledger[planning]'"
    fix_zh = "请安装附加组件：pip install 'onecode-ledger[planning]'"


class PlanNotDriven(PlanningError):
    """Orders of a plan that nothing shows to be delivered."""

    code = "planning.not-driven"
    count: int
    orders: str
    en = "orders of the plan that were not driven: {count}; no saving is booked: {orders}"
    zh = "计划中的 {count} 个订单未执行，不计入减排：{orders}"
    fix_en = "Record their deliveries, or compare with a plan of what was driven"
    fix_zh = "请补记其交付，或与实际执行的计划比较"


class GoodsDiffer(PlanningError):
    """Other goods were driven than the baseline has."""

    code = "planning.goods-differ"
    count: int
    orders: str
    en = "orders that differ between baseline and what was driven: {count}; no saving is booked: {orders}"
    zh = "基准与实际执行有 {count} 个订单不同，不计入减排：{orders}"
    fix_en = "Freeze a baseline of these orders before they are driven; if only packaging changed, state it"
    fix_zh = "减排须比较相同的货物：请在执行前以同样的订单冻结基准；如仅包装有变，请填写包装变化"


class OrderUnproven(PlanningError):
    """What is missing to show that one order was driven, and how far."""

    code = "planning.order-unproven"
    order: str
    lacks: str
    lacks_zh: str
    en = "order {order}: {lacks}"
    zh = "订单 {order}：{lacks_zh}"
    fix_en = "Record its leg with the distance driven, and the round of the vehicle that served it"
    fix_zh = "请补记其运输段（含实际行驶距离）及所属车辆行程"


class WayNotMeasured(PlanningError):
    """Orders that were delivered, with no distance or mass on record."""

    code = "planning.not-measured"
    count: int
    orders: str
    en = "orders delivered with no distance or mass on record: {count}; no saving is booked: {orders}"
    zh = "{count} 个订单已送达但无距离或质量记录，不计入减排：{orders}"
    fix_en = "Record the legs with the distance driven, and the vehicle's round by its odometer; nothing is estimated"
    fix_zh = "请补记含实际距离的运输段及车辆行程（里程表）；系统不作估算"


class RoundContradicts(PlanningError):
    """A vehicle's round that does not fit its legs."""

    code = "planning.round"
    round: str
    problem: str
    problem_zh: str
    en = "the round {round} does not fit its legs: {problem}"
    zh = "车辆行程 {round} 与运输段不符：{problem_zh}"
    fix_en = "Correct the leg or the round that is wrong"
    fix_zh = "请更正有误的运输段或车辆行程"


class VehicleWithoutRates(PlanningError):
    """A vehicle that drove and that neither baseline nor plan has rates for."""

    code = "planning.no-rates"
    vehicle: str
    round: str
    en = "{vehicle} drove the round {round}; baseline and plan have no one set of rates for it"
    zh = "{vehicle} 执行了行程 {round}，但基准与计划中没有其唯一的排放率"
    fix_en = "Correct the vehicle's name in the round, or freeze a baseline with that vehicle before it drives"
    fix_zh = "请更正行程中的车辆名称，或在行驶前冻结包含该车辆的基准"


class PackagingIncomplete(PlanningError):
    """A change of packaging that leaves out orders, or weighs more than they do."""

    code = "planning.packaging"
    count: int
    orders: str
    problem: str
    problem_zh: str
    en = "orders that the change of packaging does not fit: {count} ({problem}): {orders}"
    zh = "包装变化与 {count} 个订单不符（{problem_zh}）：{orders}"
    fix_en = "State packaging and volume of every order of the baseline and of no other, before and after"
    fix_zh = "请填写基准中每个订单（且仅这些订单）变更前后的包装质量与体积"
