"""
A correction: it withdraws an earlier record of its tenant from every figure. Nothing is deleted or changed.

Its record id is the withdrawn one's with ``WITHDRAWN`` behind it, so that a record is withdrawn once, whoever asks at
the same time, and either is found from the other. What stands instead is a new record with an id of its own; so is
what takes a correction back: the record again, under another id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal, NamedTuple, Protocol, TypeVar

from msgspec import Meta, Struct, json

from ledger.records.epcis.error_declaration import DECLARED
from ledger.records.errors import contradiction
from ledger.records.transport_leg import Moment, Name

WITHDRAWN: Final = "#correction"
"""What stands behind a record id in the id of its correction; no other record's id may end so."""


class Correction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    The record of id ``corrects`` counts no more, for ``reason``.

    ``replaced_by`` is the id of the record that stands instead, when there is one.
    """

    corrects: Name
    id: Annotated[str, Meta(min_length=1, max_length=200 + len(WITHDRAWN))]
    kind: Literal["correction"]
    occurred_at: Moment
    reason: Annotated[str, Meta(min_length=1, max_length=2_000)]
    replaced_by: Name | None = None
    version: Literal[1]


class _Corrects(Struct, gc=False):
    corrects: str


class _Body(Struct, gc=False):
    record: _Corrects


_BODY: Final = json.Decoder(_Body)


def corrects_of(body: bytes) -> str:
    """The record id that the entry of a correction withdraws, read without the rest."""
    return _BODY.decode(body).record.corrects


class Means(NamedTuple):
    """What to do about a record of a kind that no correction withdraws."""

    en: str
    zh: str


KEPT: Final[dict[str, Means]] = {
    "epcis_event": Means(
        "declare the event an error: send it again with an errorDeclaration",
        "请声明该事件有误：附 errorDeclaration 重新提交同一事件",
    ),
    "scheme": Means("publish a new version of the scheme", "请发布评分方案的新版本"),
    "score_sheet": Means(
        "it follows from its bids: withdraw the bid and score again", "评分表由投标得出：请撤回投标后重新评分"
    ),
    "panel_marks": Means("prices were displayed since: publish another tender", "登记后报价已可显示：请另行发布招标"),
    "robustness_card": Means("it follows from its score sheet: score again", "稳健性卡由评分表得出：请重新评分"),
    "label_print": Means("void the labels on the page of their print job", "请在打印任务页面作废标签"),
    "calculation_run": Means(
        "it follows from its entries: correct those and start a new run", "计算结果由记录得出：请更正记录后重新计算"
    ),
    "pcf_request": Means("withdraw the request on the page of requests", "请在请求页面撤回该请求"),
    "pcf_answer": Means("take the next step of the request instead", "请对该请求进行下一步操作"),
    "pcf_review": Means("make a new review; the last one counts", "请重新出具核查声明；以最后一份为准"),
    "pcf": Means("deprecate it, with the footprint that stands instead", "请将其停用，并指明替代的碳足迹"),
    "pcf_status": Means("a footprint is deprecated for good: publish another", "碳足迹停用后不可恢复：请另行发布"),
    "pcf_grant": Means("record the grant again, revoked", "请再次记录该授权并注明撤销"),
    "logistics_footprint": Means(
        "it follows from its legs: correct those, and another is offered instead",
        "它由运输记录得出：请更正这些记录，系统将另行提供",
    ),
    "certificate_status": Means(
        "state what became of it since; the whole history stays", "请登记其后的状态；历史全部保留"
    ),
    "audit": Means("what was done stays on record; undo it by another deed", "操作记录予以保留；请以新的操作更改"),
    "assessment_scheme": Means("publish the next edition of the scheme", "请发布评估方案的下一版"),
    "assessment_step": Means(
        "take the next step of the assessment; the last one counts", "请进行评估的下一步；以最后一步为准"
    ),
    "sealing_key": Means("it holds for its tender; publish another tender", "密钥对该招标有效；请另行发布招标"),
    "sealed_bid": Means("seal another bid, or withdraw it, before bids close", "请在截标前重新密封或撤回投标"),
    "key_release": Means("what was opened stays open", "已开启的内容不可再封存"),
    "catalogue_rules": Means("publish the next edition of the rules", "请发布规则的下一版"),
    "incentive_rules": Means("publish the next edition of the rules", "请发布规则的下一版"),
    "packaging_rules": Means("publish the next edition of the rules", "请发布规则的下一版"),
    "verification_plan": Means("state another plan", "请另行制定计划"),
    "verification_sample": Means("state another plan; its sample is drawn anew", "请另行制定计划并重新抽样"),
    "verification_step": Means("take the step again: the last finding counts", "请重新提交该步骤，以最后一次为准"),
    "witness_policy": Means("put the next policy in force; the last one counts", "请启用下一版策略；以最后一版为准"),
    "consortium_change": Means(
        "it is on the chain; let the organisations decide otherwise", "已记录在链上；请由各组织另行表决"
    ),
    "index_scheme": Means("publish the next edition of the index", "请发布指标体系的下一版"),
    "site_score": Means(
        "it follows from its entries: correct those and publish the score again", "得分由记录得出：请更正记录后重新发布"
    ),
    "correction": Means("submit the withdrawn record anew, under another id", "请以新编号重新提交被撤回的记录"),
}
"""Kinds that are never withdrawn, with the way that leads there; every other kind can be."""


class Named(Protocol):
    """What telling what stands needs of any record."""

    @property
    def id(self) -> str:
        """Its id within the tenant."""
        ...

    @property
    def kind(self) -> Any:
        """Its kind."""
        ...


Standing = TypeVar("Standing", bound=Named)


def correction_id(record_id: str) -> str:
    """The id of the correction that withdraws this record."""
    return record_id + WITHDRAWN


def check_correction(record: Correction) -> None:
    """Raise ``FieldContradicts`` when its id does not follow from what it corrects, or it replaces it by itself."""
    if record.id != correction_id(record.corrects):
        raise contradiction(
            f"the id of a correction is that of the record with {WITHDRAWN} behind it",
            f"更正记录的编号须为原记录编号加 {WITHDRAWN}",
            "/id",
        )
    if record.replaced_by == record.corrects:
        raise contradiction("what stands instead has an id of its own", "替代记录须有自己的编号", "/replaced_by")


def withdrawn(records: Iterable[tuple[int, Named]]) -> dict[int, int]:
    """
    Which of one tenant's records count no more: entry index by the index of the entry that says so.

    ``records`` are (entry index, record) in the order of the log. A correction reaches back only; an error declaration
    of an EPCIS event reaches its event on either side of it.
    """
    seen: dict[str, tuple[int, str]] = {}
    declared: dict[str, int] = {}
    gone: dict[int, int] = {}
    for index, record in records:
        if isinstance(record, Correction):
            found = seen.get(record.corrects)
            if found is not None and found[1] not in KEPT:
                gone.setdefault(found[0], index)
        elif record.kind == "epcis_event":
            event_id = record.id.removesuffix(DECLARED)
            if event_id != record.id:
                declared[event_id] = index
                if event_id in seen and seen[event_id][1] == record.kind:
                    gone[seen[event_id][0]] = index
            elif event_id in declared:
                gone[index] = declared[event_id]
        seen[record.id] = (index, record.kind)
    return gone


def standing(records: Iterable[tuple[int, Standing]]) -> list[tuple[int, Standing]]:
    """The records of one tenant that count: those that nothing withdraws."""
    listed = list(records)
    gone = withdrawn(listed)
    return [(index, record) for index, record in listed if index not in gone]
