"""index: a warehouse's year by an edition of the index, published scores computed again, uses of certificates."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import ProgrammeError
from ledger.footprint.amount import exact_text, exact_value
from ledger.programme.warehouse.errors import IndexSchemeUnknown
from ledger.programme.warehouse.example import example_index
from ledger.programme.warehouse.measures import Measured, measure
from ledger.programme.warehouse.score import Leaf, beside
from ledger.services.capture import Submission, capture_one
from ledger.services.certificate_uses import Asked, held_certificate, use_certificate
from ledger.services.warehouse_index import publish_score, replay_score, schemes, score_of
from ledger.settings import Settings
from ledger.units import decimal_text, parse_decimal, shown
from ledger.wiring import Ledger, open_ledger


def _score(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        scheme = options.scheme or _newest(ledger, settings.tenant)
        read, found = score_of(ledger, settings.tenant, options.site, options.year, scheme)
        others = beside(found.scheme, read) if options.events else {}
        zh = terminal.locale == "zh-CN"
        for leaf in found.leaves:
            terminal.say(*(f"{leaf.node.zh if zh else leaf.node.en}: {_value(leaf)}, {_points(leaf)}",) * 2)
            if leaf.node.key in others:
                _tell_beside(leaf, others[leaf.node.key], terminal)
            if leaf.missing is not None:
                terminal.say(*(f"  {leaf.missing.message(terminal.locale)}. {leaf.missing.fix(terminal.locale)}",) * 2)
        if found.points is None:
            terminal.say("No score: see what is missing", "没有得分：见缺少的数据")
        else:
            terminal.say(f"{shown(found.points, 1)} of 100 points", f"得分 {shown(found.points, 1)} / 100")
        leaves = {leaf.node.key: None if leaf.points is None else exact_text(leaf.points) for leaf in found.leaves}
        told: dict[str, object] = {
            "points": None if found.points is None else exact_text(found.points),
            "leaves": leaves,
            "beside": {key: _said_beside(one) for key, one in others.items()},
        }
        if options.publish:
            made, receipt = publish_score(ledger, _submission(settings, options), options.site, options.year, scheme)
            terminal.say(f"Published as {made.id}, entry {receipt.seq}", f"已发布：{made.id}，第 {receipt.seq} 号条目")
            told |= {"published": made.id}
        terminal.data({"site": options.site, "year": options.year, "scheme": scheme} | told)
    return 0 if found.points is not None else 1


def _replay(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        found = replay_score(ledger, settings.tenant, options.score)
    if found.refusal is not None:
        terminal.say(*(found.refusal.message(terminal.locale),) * 2)
    if found.holds:
        said = f"{found.published.site} {found.published.year}: {shown(exact_value(found.published.points), 1)}"
        terminal.say(f"The same to the last digit: {said}", f"逐位相同：{said}")
    else:
        terminal.say("It does not come out again", "复算结果不同")
    terminal.data({"score": options.score, "holds": found.holds})
    return 0 if found.holds else 1


def _use(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    mwh = decimal_text(parse_decimal(options.mwh))
    first, last = options.first or date(options.year, 1, 1), options.last or date(options.year, 12, 31)
    asked = Asked(options.certificate, options.site, first, last, mwh)
    with open_ledger(settings) as ledger:
        made, receipt = use_certificate(ledger, _submission(settings, options), asked)
        left = exact_text(held_certificate(ledger, settings.tenant, options.certificate).left)
    terminal.say(f"Entry {receipt.seq}: {left} MWh are left", f"第 {receipt.seq} 号条目：剩余 {left} MWh")
    terminal.data({"entry": receipt.seq, "id": made.id, "left": left})
    return 0


def _publish(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """The example as the first edition; further ones come by the page, or as a record."""
    with open_ledger(settings) as ledger:
        made = example_index(ledger.clock.now())
        receipt = capture_one(ledger, _submission(settings, options), made)
    terminal.say(f"{made.id}, entry {receipt.seq}", f"{made.id}，第 {receipt.seq} 号条目")
    terminal.data({"scheme": made.id, "entry": receipt.seq})
    return 0


def _newest(ledger: Ledger, tenant: str) -> str:
    found = schemes(ledger, tenant)
    if not found:
        raise IndexSchemeUnknown(scheme="-")
    return found[0][1].id


def _value(leaf: Leaf) -> str:
    if leaf.measured is None or leaf.node.measure is None:
        return "–"
    unit = measure(leaf.node.measure).unit
    value = leaf.measured.value * 100 if unit == "%" else leaf.measured.value
    return f"{shown(value, 2)} {unit}"


def _said_beside(one: Measured | ProgrammeError) -> dict[str, object]:
    if isinstance(one, ProgrammeError):
        return {"missing": one.code}
    return {"part": exact_text(one.part), "whole": exact_text(one.whole), "entries": len(one.entries)}


def _tell_beside(leaf: Leaf, one: Measured | ProgrammeError, terminal: Terminal) -> None:
    stated = leaf.node.takes == "events"
    if isinstance(one, ProgrammeError):
        terminal.say(f"  beside it: {one.message('en')}", f"  另一来源：{one.message('zh-CN')}")
        return
    value, part, whole = f"{shown(one.value * 100, 2)} %", exact_text(one.part), exact_text(one.whole)
    en = "stated" if stated else f"computed from {len(one.entries)} events, in no score"
    zh = "申报" if stated else f"由 {len(one.entries)} 条事件计算，不计入得分"
    terminal.say(f"  {en}: {value} ({part} / {whole})", f"  {zh}：{value}（{part} / {whole}）")


def _points(leaf: Leaf) -> str:
    return "–" if leaf.points is None else f"{shown(leaf.points, 1)} / 100"


def _submission(settings: Settings, options: Namespace) -> Submission:
    return Submission(settings.tenant, options.submitter, manages=True)


def _index(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    done: int = options.does(settings, options, terminal)
    return done


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--submitter", default="command", help="who records it / 提交人")
    does = parser.add_subparsers(required=True, metavar="WHAT")
    score = does.add_parser("score", help="a site's year / 站点年度得分")
    score.add_argument("site", help="its name / 站点")
    score.add_argument("year", type=int, help="2025")
    score.add_argument("--scheme", help="an edition's id; else the newest / 版本编号")
    score.add_argument(
        "--events", action="store_true", help="what events say, beside what is stated / 并列显示由事件计算的指标"
    )
    score.add_argument("--publish", action="store_true", help="record it / 记录得分")
    score.set_defaults(does=_score)
    replay = does.add_parser("replay", help="compute a published score again from the log / 复算已发布的得分")
    replay.add_argument("score", help="its record id / 记录编号")
    replay.set_defaults(does=_replay)
    use = does.add_parser("use", help="use a part of a certificate for a site / 使用绿证")
    use.add_argument("certificate", help="its record id / 记录编号")
    use.add_argument("site")
    use.add_argument("mwh", help="12.5")
    use.add_argument("year", type=int, help="2025")
    use.add_argument("--first", type=date.fromisoformat, help="first day, else of the year / 起")
    use.add_argument("--last", type=date.fromisoformat, help="last day, else of the year / 止")
    use.set_defaults(does=_use)
    does.add_parser("begin", help="publish the example as the first edition / 发布示例").set_defaults(does=_publish)


VERBS = {"index": Verb(_index, _arguments)}
