"""Leaves of DeskError: requests, reviews and statements that cannot go on as asked."""

from __future__ import annotations

from ledger.errors import DeskError


class StepRefused(DeskError):
    """A step that a request does not take as it stands."""

    code = "desk.step"
    request: str
    step: str
    status: str
    en = "the request {request} is {status}: {step} is not possible"
    zh = "请求 {request} 的状态为 {status}，无法进行 {step}"
    fix_en = "Look at the request as it stands now; somebody else may have acted on it"
    fix_zh = "请查看该请求的当前状态；可能已有他人处理"


class DueWrong(DeskError):
    """A new due date that is no later than the one there is, or that lies years ahead."""

    code = "desk.due"
    due: str
    now: str
    en = "{due} is no later due date than {now}, or lies more than a year ahead"
    zh = "{due} 不晚于现有截止日期 {now}，或超出一年"
    fix_en = "Name a day after the present due date, within a year"
    fix_zh = "请填写晚于现有截止日期且在一年以内的日期"


class RequestAbsent(DeskError):
    """No such request, or one that is somebody else's."""

    code = "desk.request-absent"
    request: str
    en = "there is no request {request}"
    zh = "没有请求 {request}"
    fix_en = "Compare the id with the list of requests"
    fix_zh = "请与请求列表核对编号"


class FootprintAbsent(DeskError):
    """No such footprint, or one that this party may not see."""

    code = "desk.footprint-absent"
    pcf: str
    en = "there is no footprint {pcf}"
    zh = "没有碳足迹记录 {pcf}"
    fix_en = "Compare the id with the list of footprints"
    fix_zh = "请与碳足迹列表核对编号"


class FootprintOfOther(DeskError):
    """A request answered with a footprint of another supplier or another product."""

    code = "desk.footprint-of-other"
    pcf: str
    request: str
    en = "the footprint {pcf} is not one of the supplier and product that {request} asks for"
    zh = "碳足迹 {pcf} 不属于请求 {request} 所指的供应商与产品"
    fix_en = "Answer with a footprint of that product, handed in for the same organisation"
    fix_zh = "请以同一机构为该产品提交的碳足迹回复"


class OwnFootprint(DeskError):
    """A verifier of the organisation whose footprint it is."""

    code = "desk.own-footprint"
    organisation: str
    en = "{organisation} cannot verify its own footprint"
    zh = "{organisation} 不能核查自己的碳足迹"
    fix_en = "Have somebody of another organisation review it"
    fix_zh = "请由其他机构的核查人员审核"


class NotReviewable(DeskError):
    """A footprint that a review would say nothing about: superseded or expired."""

    code = "desk.not-reviewable"
    pcf: str
    status: str
    en = "the footprint {pcf} is {status}; a review would change nothing"
    zh = "碳足迹 {pcf} 的状态为 {status}，无需审核"
    fix_en = "Review the version that stands now"
    fix_zh = "请审核当前有效的版本"


class StatementForged(DeskError):
    """A review whose signature does not hold over its bytes, or whose key is not the signer's."""

    code = "desk.signature"
    review: str
    en = "the signature of the statement {review} does not hold"
    zh = "核查声明 {review} 的签名不成立"
    fix_en = "Sign the RFC 8785 bytes of the statement without its signature, with the registered key"
    fix_zh = "请以已登记的密钥，对不含签名字段的声明的 RFC 8785 字节进行签名"


class DraftAbsent(DeskError):
    """No such draft, or one that is somebody else's or was discarded."""

    code = "desk.draft-absent"
    draft: str
    en = "there is no draft {draft}"
    zh = "没有草稿 {draft}"
    fix_en = "Choose one from the desk; a discarded draft can be taken back for seven days"
    fix_zh = "请在工作台选择；已丢弃的草稿七天内可恢复"


class DraftTooLarge(DeskError):
    """More text than a draft takes."""

    code = "desk.draft-size"
    size: int
    most: int
    en = "the draft has {size} characters; at most {most} are kept"
    zh = "草稿有 {size} 个字符，最多保存 {most} 个"
    fix_en = "Shorten the longest texts"
    fix_zh = "请缩短较长的文字"


class TooManyDrafts(DeskError):
    """A person who has as many drafts as are kept."""

    code = "desk.drafts-most"
    most: int
    en = "you have {most} drafts already"
    zh = "您已有 {most} 份草稿"
    fix_en = "Hand in or discard some of them first"
    fix_zh = "请先提交或丢弃部分草稿"


class DraftChanged(DeskError):
    """A draft that another window or device changed since it was read."""

    code = "desk.draft-changed"
    draft: str
    en = "the draft {draft} was changed in another window or on another device"
    zh = "草稿 {draft} 已在其他窗口或设备上修改"
    fix_en = "Open it again from the desk; what you typed here stays on this page until then"
    fix_zh = "请从工作台重新打开；在此之前，您在本页填写的内容不会丢失"


class LetterAbsent(DeskError):
    """No such letter, or one that is not sent again."""

    code = "desk.letter-absent"
    en = "there is no such letter that could be had"
    zh = "没有可用的此邮件"
    fix_en = "Compare with the list of letters; only refused and doubtful ones are sent again"
    fix_zh = "请核对邮件列表；仅被拒收或状态不明的可重新发送"


class LinkAbsent(DeskError):
    """A one-time link that was used, or whose request is over. Which of these it is, is not said."""

    code = "desk.link-absent"
    en = "this link does not open anything any more"
    zh = "该链接已失效"
    fix_en = "Sign in; what is asked of you is on the desk"
    fix_zh = "请登录，待办请求在工作台中"


class CalendarWrong(DeskError):
    """A calendar that cannot be read."""

    code = "desk.calendar"
    why: str
    en = "the calendar cannot be read: {why}"
    zh = "无法识别日历：{why}"
    fix_en = "Write a time zone such as Asia/Shanghai, and days as 2026-10-01"
    fix_zh = "时区请写如 Asia/Shanghai，日期请写如 2026-10-01"
