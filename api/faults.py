"""Errors that only a server has: what is wrong with a request before it reaches the ledger."""

from __future__ import annotations

from ledger.errors import LedgerError


class RequestError(LedgerError):
    """A request that cannot be served as it was sent."""

    code = "request"


class NoSuchAddress(RequestError):
    """Nothing is served under this address, or not for this reader."""

    code = "request.address"
    en = "there is nothing at this address"
    zh = "该地址没有内容"
    fix_en = "Compare the address with the link or label it came from"
    fix_zh = "请与链接或标签上的地址核对"


class MethodNotOffered(RequestError):
    """The address exists, the method does not; entries are never changed or deleted."""

    code = "request.method"
    method: str
    en = "{method} is not offered at this address"
    zh = "该地址不支持 {method}"
    fix_en = "Entries are never changed or deleted; submit a correction as a new record"
    fix_zh = "条目不可更改或删除；如需更正，请提交新记录"


class BodyTooLarge(RequestError):
    """A body over the limit of its address."""

    code = "request.too-large"
    limit: int
    en = "the body is larger than {limit} bytes"
    zh = "请求内容超过 {limit} 字节"
    fix_en = "Send it in parts; many records go to /api/v1/records as NDJSON"
    fix_zh = "请分批提交；大量记录请以 NDJSON 提交到 /api/v1/records"


class BodyUnreadable(RequestError):
    """A body that is not JSON, or not of the described form."""

    code = "request.body"
    why: str
    en = "the body cannot be read: {why}"
    zh = "请求内容无法读取：{why}"
    fix_en = "Compare it with the description at /openapi.json"
    fix_zh = "请与 /openapi.json 中的说明核对"


class ParameterRefused(RequestError):
    """A path or query parameter out of its range."""

    code = "request.parameter"
    name: str
    why: str
    en = "the parameter {name} cannot be used: {why}"
    zh = "参数 {name} 不可用：{why}"
    fix_en = "Compare it with the description at /openapi.json"
    fix_zh = "请与 /openapi.json 中的说明核对"


class MediaTypeRefused(RequestError):
    """A body in a format that is not taken here."""

    code = "request.media-type"
    got: str
    wanted: str
    en = "the body is {got!r}; {wanted} is taken here"
    zh = "请求内容类型为 {got!r}，此处接受 {wanted}"
    fix_en = "Set Content-Type and the format of the body accordingly"
    fix_zh = "请相应设置 Content-Type 与内容格式"


class NotAcceptable(RequestError):
    """A header that asks for what is not offered: another version, format or media type."""

    code = "request.not-acceptable"
    header: str
    value: str
    offered: str
    en = "{header} asks for {value!r}; offered: {offered}"
    zh = "{header} 要求 {value!r}，此处提供：{offered}"
    fix_en = "Leave the header out, or ask for what is offered"
    fix_zh = "请去掉该请求头，或改为此处提供的值"


class AddressTooLong(RequestError):
    """An address with more parameters than one may carry."""

    code = "request.uri-too-long"
    limit: int
    en = "the address has more than {limit} characters"
    zh = "网址超过 {limit} 个字符"
    fix_en = "Store the query under a name with POST /queries, and ask for it by name"
    fix_zh = "请用 POST /queries 将查询以名称保存，再按名称查询"


class CaptureLimitExceeded(RequestError):
    """A document of more events than one may hold."""

    code = "request.capture-limit"
    limit: int
    en = "a document has at most {limit} events"
    zh = "一份文档最多包含 {limit} 条事件"
    fix_en = "Send the events in several documents"
    fix_zh = "请将事件分成多份文档提交"


class Unforeseen(RequestError):
    """A fault of the server. The log has the details under the request's id."""

    code = "request.unforeseen"
    en = "the server failed; nothing was acknowledged"
    zh = "服务器出错；本次请求未被确认"
    fix_en = "Send it again; if it fails again, tell the operator the request id"
    fix_zh = "请重试；若仍失败，请将请求编号告知运维人员"
