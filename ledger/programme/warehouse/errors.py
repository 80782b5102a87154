"""Leaves of ProgrammeError: why a figure of a warehouse is not computed, and uses of certificates that are refused."""

from __future__ import annotations

from ledger.errors import ProgrammeError


class MeterPeriodMissing(ProgrammeError):
    """A period of a meter without a reading at one of its ends."""

    code = "programme.meter-period"
    meter: str
    start: str
    end: str
    near: str
    en = "{meter}: no reading within a day of {near}, so what flowed from {start} to {end} is not known"
    zh = "{meter}：{near} 前后一天内没有读数，无法得出 {start} 至 {end} 的电量"
    fix_en = "Hand in the reading of that day; nothing is interpolated"
    fix_zh = "请补交当日读数；系统不做插值"


class MeterWentBack(ProgrammeError):
    """A register that shows less than before, though nobody says that it rolled over; or the other way round."""

    code = "programme.meter-back"
    meter: str
    entry: int
    before: str
    after: str
    en = "{meter}: entry {entry} shows {after} after {before}, which does not fit what is said of rolling over"
    zh = "{meter}：第 {entry} 号条目读数 {after}，前一读数 {before}，与翻转说明不符"
    fix_en = "Correct the reading, or state whether the register passed its last digit"
    fix_zh = "请更正读数，或说明表计是否翻转归零"


class MeterDeviceUnknown(ProgrammeError):
    """A reading of a device that was not there at that time, or more than its register can show."""

    code = "programme.meter-device"
    meter: str
    serial: str
    entry: int
    en = "{meter}: entry {entry} reads device {serial}, which was not there then or cannot show that"
    zh = "{meter}：第 {entry} 号条目读取表计 {serial}，当时该表计未安装，或读数超出其位数"
    fix_en = "Compare the serial number on the device; hand in its installation before its readings"
    fix_zh = "请核对表计编号；安装记录须先于读数提交"


class MeterReadTwice(ProgrammeError):
    """Two entries that say different things of one moment."""

    code = "programme.meter-twice"
    meter: str
    first: int
    second: int
    en = "{meter}: entries {first} and {second} say different things of one moment"
    zh = "{meter}：第 {first} 号与第 {second} 号条目对同一时刻的说法不同"
    fix_en = "Withdraw the wrong one by a correction"
    fix_zh = "请以更正撤回其中错误的一条"


class MeterGap(ProgrammeError):
    """A device that was replaced without the last reading of the one before."""

    code = "programme.meter-gap"
    meter: str
    serial: str
    entry: int
    en = "{meter}: entry {entry} puts in device {serial} without what the one before it showed last"
    zh = "{meter}：第 {entry} 号条目安装表计 {serial}，未写明被替换表计的最后读数"
    fix_en = "Correct the installation: state the replaced device and its final reading"
    fix_zh = "请更正安装记录：写明被替换的表计及其最后读数"


class SiteUnknown(ProgrammeError):
    """A site nobody stated facts of, or somebody else's."""

    code = "programme.site-absent"
    site: str
    en = "there is no site {site}"
    zh = "没有站点 {site}"
    fix_en = "Compare the name with the list of warehouses"
    fix_zh = "请与仓库列表核对名称"


class AreaMissing(ProgrammeError):
    """A year of which part has no stated floor area."""

    code = "programme.site-area"
    site: str
    day: str
    en = "{site}: no floor area is stated from {day}"
    zh = "{site}：自 {day} 起没有建筑面积"
    fix_en = "State the facts of the site from that day on"
    fix_zh = "请登记自该日起的站点信息"


class EnergyMissing(ProgrammeError):
    """A site without any meter of a flow."""

    code = "programme.site-energy"
    site: str
    flow: str
    en = "{site}: no meter of {flow}"
    zh = "{site}：没有{flow}表计"
    fix_en = "State the meters of the site with their readings"
    fix_zh = "请登记站点的表计与读数"


class StatementMissing(ProgrammeError):
    """Nothing is stated of a measure in a year."""

    code = "programme.site-statement"
    site: str
    measure: str
    year: int
    en = "{site}: nothing is stated of {measure} in {year}"
    zh = "{site}：{year} 年没有该项（{measure}）的填报值"
    fix_en = "State it with evidence on the page of the site"
    fix_zh = "请在站点页面填报并附凭证"


class EvidenceMissing(ProgrammeError):
    """A statement without any file that shows it."""

    code = "programme.site-evidence"
    site: str
    measure: str
    entry: int
    en = "{site}: entry {entry} states {measure} without evidence"
    zh = "{site}：第 {entry} 号条目填报 {measure} 但没有凭证"
    fix_en = "Attach the file about the site, and state it again with it"
    fix_zh = "请提交凭证文件后重新填报"


class NothingCounted(ProgrammeError):
    """A whole of nothing, of which there is no part."""

    code = "programme.site-nothing"
    site: str
    measure: str
    en = "{site}: there is nothing to take a share of for {measure}"
    zh = "{site}：{measure} 的分母为零"
    fix_en = "Look at the entries of the year"
    fix_zh = "请检查该年度的记录"


class FlowsContradict(ProgrammeError):
    """More went out than came in and was generated."""

    code = "programme.site-flows"
    site: str
    exported: str
    generated: str
    en = "{site}: {exported} kWh went to the grid, of {generated} kWh generated"
    zh = "{site}：上网电量 {exported} kWh 多于发电量 {generated} kWh"
    fix_en = "Compare the readings and the directions of the meters"
    fix_zh = "请核对读数与表计方向"


class GreenExceedsUse(ProgrammeError):
    """Certificates used for more electricity than was bought."""

    code = "programme.green-exceeds"
    site: str
    used: str
    bought: str
    en = "{site}: certificates of {used} kWh are used for {bought} kWh bought"
    zh = "{site}：绿证使用电量 {used} kWh 多于外购电量 {bought} kWh"
    fix_en = "Withdraw a use that is not needed; what is left of the certificate can then be used elsewhere"
    fix_zh = "请撤回多余的使用；剩余电量可用于其他站点"


class CertificateAbsent(ProgrammeError):
    """No such energy certificate stands in this ledger, or it is another tenant's."""

    code = "programme.energy-certificate"
    certificate: str
    en = "there is no energy certificate {certificate}"
    zh = "没有绿证 {certificate}"
    fix_en = "Compare its id, certificate:issuer:number, with the list; hand the certificate in first"
    fix_zh = "请与列表核对编号（certificate:签发方:证书号）；绿证须先登记"


class CertificateOverdrawn(ProgrammeError):
    """A use of more than is left of a certificate."""

    code = "programme.certificate-overdrawn"
    certificate: str
    asked: str
    left: str
    en = "{asked} MWh of {certificate} were asked for, {left} MWh are left"
    zh = "{certificate} 剩余 {left} MWh，不足 {asked} MWh"
    fix_en = "Use no more than is left, or withdraw another use of it"
    fix_zh = "请不要超过剩余电量，或先撤回其他使用"


class CertificateNotUsable(ProgrammeError):
    """A certificate that serves no use here."""

    code = "programme.certificate-unusable"
    certificate: str
    why: str
    why_zh: str
    en = "{certificate} cannot be used for this: {why}"
    zh = "{certificate} 不能用于此：{why_zh}"
    fix_en = "Look at the certificate's entry and use another one"
    fix_zh = "请查看该绿证的条目，改用其他绿证"


class IndexSchemeUnknown(ProgrammeError):
    """No such edition of an index."""

    code = "programme.index-scheme"
    scheme: str
    en = "there is no edition {scheme} of an index"
    zh = "没有指标体系版本 {scheme}"
    fix_en = "Choose one of those published"
    fix_zh = "请选择已发布的版本"


class SiteLocationMissing(ProgrammeError):
    """A site of which nobody stated what events call it."""

    code = "programme.site-location"
    site: str
    en = "nothing says what events call {site}, so none can be counted for it"
    zh = "未登记 {site} 在事件中的位置编码，无法按事件计数"
    fix_en = "State the site again with its location, as read points and business locations of events have it"
    fix_zh = "请重新登记仓库信息并填写位置编码（与事件的 bizLocation、readPoint 一致）"


class EventsTooMany(ProgrammeError):
    """More events than are counted at once."""

    code = "programme.events-too-many"
    site: str
    most: int
    en = "the log has more than {most} events before the end of the year of {site}; that many are not counted at once"
    zh = "账本在 {site} 该年末之前的事件超过 {most} 条，不能一次计数"
    fix_en = "Take the indicator from what is stated, with evidence"
    fix_zh = "请在指标体系中改用有凭证的申报数据"


class ScoreRefused(ProgrammeError):
    """An index without a score, because indicators that have to have data have none."""

    code = "programme.score-refused"
    site: str
    year: int
    missing: str
    en = "{site} has no score for {year}: no data of {missing}"
    zh = "{site} {year} 年没有得分：缺少 {missing} 的数据"
    fix_en = "The page of the site says what is missing, and where to hand it in"
    fix_zh = "站点页面列明缺少的数据及提交方式"


class ScoreAbsent(ProgrammeError):
    """No such published score."""

    code = "programme.score-absent"
    score: str
    en = "there is no published score {score}"
    zh = "没有已发布的得分 {score}"
    fix_en = "Compare the id with the page of the site"
    fix_zh = "请与站点页面核对编号"


class YearNotOver(ProgrammeError):
    """A score asked for before its year is over."""

    code = "programme.score-year"
    year: int
    en = "{year} is not over yet"
    zh = "{year} 年尚未结束"
    fix_en = "Publish the score after the end of the year; the page shows how it stands meanwhile"
    fix_zh = "请在年度结束后发布得分；其间页面显示当前情况"
