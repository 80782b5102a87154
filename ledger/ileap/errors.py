"""Leaves of RecordError and FootprintError: iLEAP data that say too little, or contradict themselves."""

from __future__ import annotations

from ledger.errors import FootprintError, RecordError


class NumberOutside(RecordError):
    """A number that lies outside what the specification lets it be."""

    code = "ileap.number"
    got: str
    wanted: str
    en = "{got} is not {wanted}"
    zh = "{got} 不符合要求：{wanted}"
    fix_en = "Correct it at its source and hand it in again"
    fix_zh = "请在来源处更正后重新提交"


class ElementsContradict(RecordError):
    """Elements of a shipment that do not make one chain."""

    code = "ileap.chain"
    why: str
    why_zh: str
    en = "the transport chain contradicts itself: {why}"
    zh = "运输链自相矛盾：{why_zh}"
    fix_en = "Compare the elements with the waybills"
    fix_zh = "请与运单核对各运输链要素"


class CategoryMissing(RecordError):
    """An element names an operation category that is not among those given."""

    code = "ileap.category-missing"
    category: str
    en = "the operation category {category} is not among those given"
    zh = "所给数据中没有运营类别 {category}"
    fix_en = "Hand in the TOC or HOC together with the shipment"
    fix_zh = "请将 TOC 或 HOC 与货运数据一并提供"


class FigureDiffers(RecordError):
    """A stated figure that its parts do not give."""

    code = "ileap.figure"
    what: str
    stated: str
    computed: str
    en = "{what} is stated as {stated}; its parts give {computed}"
    zh = "{what} 声明为 {stated}，由其各部分得 {computed}"
    fix_en = "Ask the sender which of the two is meant"
    fix_zh = "请向发送方确认以哪一个为准"


class ActivityIncomplete(RecordError):
    """Activity data without something that a leg cannot be computed without."""

    code = "ileap.activity"
    field: str
    why: str
    why_zh: str
    en = "{field} is needed: {why}"
    zh = "需要 {field}：{why_zh}"
    fix_en = "Ask the carrier for it; the ledger never guesses"
    fix_zh = "请向承运商索取；账本从不估填"


class LocationUnknown(FootprintError):
    """A place whose city or country is not known. It is left out, or what needs it is."""

    code = "ileap.location"
    name: str
    en = "city and country of {name!r} are not known"
    zh = "{name!r} 的城市与国家未知"
    fix_en = "Add the place to the operator's places with its position, or use a name that the gazetteer has"
    fix_zh = "请在地点表中登记该地点，或使用地名库中的名称"


class CarrierUnstated(FootprintError):
    """An operation category whose energy carriers, which the specification asks for, follow from nothing recorded."""

    code = "ileap.carrier"
    category: str
    why: str
    why_zh: str
    en = "the energy carriers of {category} cannot be stated: {why}"
    zh = "无法给出 {category} 的能源载体：{why_zh}"
    fix_en = "Record measured energy of the operations, or import a factor set with the fuel's factor"
    fix_zh = "请录入作业的实测能耗，或导入含该燃料因子的因子集"
