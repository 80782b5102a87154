"""What cannot be resolved, and why."""

from __future__ import annotations

from api.faults import RequestError


class LinkTypeAbsent(RequestError):
    """A link type that this thing has no link of. The answer names those it has."""

    code = "resolver.link-type"
    asked: str
    known: str
    en = "there is no link of type {asked!r} for this code; there are {known}"
    zh = "该编码没有类型为 {asked!r} 的链接；现有类型：{known}"
    fix_en = "Ask for one of these, or for all with ?linkType=all"
    fix_zh = "请改用上述类型之一，或以 ?linkType=all 查询全部"


class LinkCompressed(RequestError):
    """A compressed Digital Link. Compression hides the key; labels here carry the plain form."""

    code = "resolver.compressed"
    en = "the address looks like a compressed GS1 Digital Link, which is not read here"
    zh = "该地址疑似压缩的 GS1 Digital Link，本解析服务不支持"
    fix_en = "Use the uncompressed form, such as /01/09506000134352/21/12345"
    fix_zh = "请使用未压缩形式，例如 /01/09506000134352/21/12345"


class PassportAbsent(RequestError):
    """Nothing is recorded of this code."""

    code = "passport.absent"
    text: str
    en = "nothing is recorded for {text}"
    zh = "没有 {text} 的记录"
    fix_en = "Compare the code with the label; a thing is known once its first scan is captured"
    fix_zh = "请与标签核对编码；首次扫描入账后即可查询"
