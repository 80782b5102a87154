"""Leaves of QueryError."""

from __future__ import annotations

from ledger.errors import QueryError


class ParameterError(QueryError):
    """A query parameter that cannot be used; ``QueryParameterException`` of the standard."""

    code = "query.parameter"


class ParameterUnknown(ParameterError):
    """A parameter that the query language does not have, or that is not answered here."""

    code = "query.parameter-unknown"
    name: str
    en = "{name!r} is not a query parameter that is answered here"
    zh = "{name!r} 不是此处支持的查询参数"
    fix_en = "Compare it with the table in docs/epcis-interface.md; names are case-sensitive"
    fix_zh = "请与 docs/epcis-interface.md 中的参数表核对；参数名区分大小写"


class ParameterUnfit(ParameterError):
    """A value of the wrong form."""

    code = "query.parameter-unfit"
    name: str
    value: str
    expected: str
    en = "{name} is {value!r}; expected: {expected}"
    zh = "{name} 的值为 {value!r}，应为：{expected}"
    fix_en = "Correct the value; in an address + is written %2B and | is written %7C"
    fix_zh = "请更正该值；在网址中 + 应写作 %2B，| 应写作 %7C"


class ParametersExclusive(ParameterError):
    """Two parameters of which a query may have one, or one that needs another."""

    code = "query.parameters-exclusive"
    first: str
    second: str
    rule: str
    en = "{first} and {second}: {rule}"
    zh = "{first} 与 {second}：{rule}"
    fix_en = "Leave one out, or add what is needed (EPCIS 2.0, 8.2.7.1)"
    fix_zh = "请去掉其中之一，或补上所需参数（EPCIS 2.0 第 8.2.7.1 节）"


class PageTokenRefused(ParameterError):
    """A page token of another query or reader, one that has ended, or none of ours."""

    code = "query.page-token"
    en = "the nextPageToken is not one of this query, or it has expired"
    zh = "nextPageToken 不属于该查询，或已过期"
    fix_en = "Follow the Link header as it is, or start again without nextPageToken"
    fix_zh = "请原样使用 Link 响应头中的网址，或去掉 nextPageToken 重新查询"


class QueryTooLarge(QueryError):
    """More events match than the asker set as the most."""

    code = "query.too-large"
    most: int
    en = "more than {most} events match"
    zh = "符合条件的事件超过 {most} 条"
    fix_en = "Narrow the query, or use perPage and follow the pages"
    fix_zh = "请缩小查询范围，或使用 perPage 分页读取"


class QueryTooComplex(QueryError):
    """More values or conditions than one query may have."""

    code = "query.too-complex"
    limit: int
    en = "a query has at most {limit} conditions and values"
    zh = "一次查询最多可有 {limit} 个条件与取值"
    fix_en = "Ask in several queries"
    fix_zh = "请分多次查询"


class QueryNameUnknown(QueryError):
    """No query of that name among the tenant's."""

    code = "query.name-unknown"
    name: str
    en = "there is no query named {name!r}"
    zh = "没有名为 {name!r} 的查询"
    fix_en = "GET /queries lists the names"
    fix_zh = "可通过 GET /queries 查看查询名称"


class QueryNameTaken(QueryError):
    """A name under which the tenant has another query."""

    code = "query.name-taken"
    name: str
    en = "there is a query named {name!r} already"
    zh = "已存在名为 {name!r} 的查询"
    fix_en = "Choose another name, or delete that query first"
    fix_zh = "请换一个名称，或先删除原查询"


class SubscriptionRefused(QueryError):
    """Terms of a subscription that cannot be kept; ``SubscriptionControlsException`` of the standard."""

    code = "query.subscription-refused"
    why: str
    en = "the subscription cannot be made with these terms: {why}"
    zh = "无法按这些条款订阅：{why}"
    fix_en = "Give either a schedule or stream: true, and a query without order and counts (docs/epcis-interface.md)"
    fix_zh = "请在 schedule 与 stream: true 中选择其一，且查询不含排序与数量限制（见 docs/epcis-interface.md）"


class SubscriptionUnknown(QueryError):
    """No subscription of that id to the query."""

    code = "query.subscription-unknown"
    id: str
    en = "there is no subscription {id!r} to this query"
    zh = "该查询没有编号为 {id!r} 的订阅"
    fix_en = "GET /queries/NAME/subscriptions lists them"
    fix_zh = "可通过 GET /queries/NAME/subscriptions 查看"
