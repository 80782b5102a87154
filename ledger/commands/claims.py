"""claims: the verdict on every statement of a file, or on those recorded."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence

from ledger.adapters.files import open_file
from ledger.claims.sentence import sentences, verdict_text
from ledger.commands.intake import say_refused
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.services.claims import Checked, check_file, counted_twice, newest_claims
from ledger.services.project import catch_up
from ledger.settings import Settings
from ledger.wiring import open_ledger

LISTED = 1000
FAILED = frozenset({"impossible", "not_reproducible"})


def _check(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    source = open_file(options.file, kind=options.kind)
    with open_ledger(settings) as ledger:
        report, claims = check_file(ledger, source, settings.tenant, options.submitter if options.record else None)
    _say(claims, terminal)
    say_refused(report, terminal)
    terminal.data({"file": report.to_record(), **_record(claims)})
    return 1 if report.refused_count or _failed(claims) else 0


def _list(settings: Settings, _: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        catch_up(ledger.entries, ledger.projections)
        claims, total = newest_claims(ledger, settings.tenant, LISTED)
    _say(claims, terminal)
    terminal.data({"total": total, **_record(claims)})
    return 1 if _failed(claims) else 0


def _failed(claims: Sequence[Checked]) -> bool:
    return any(claim.finding is None or claim.finding.verdict in FAILED for claim in claims)


def _say(claims: Sequence[Checked], terminal: Terminal) -> None:
    for claim in claims:
        if claim.finding is None:
            assert claim.fault is not None
            verdict = terminal.words("cannot be checked", "无法核对")
            said: Sequence[str] = (claim.fault.message(terminal.locale), claim.fault.fix(terminal.locale))
        else:
            verdict = verdict_text(claim.finding.verdict, terminal.locale)
            said = sentences(claim.finding, terminal.locale)
        terminal.say(f"{claim.record.id}: {verdict}", f"{claim.record.id}：{verdict}")
        for line in said:
            terminal.say(f"  {line}", f"  {line}")
    for pair in counted_twice([claim.record for claim in claims]):
        things = ", ".join(pair.shared) or "-"
        if pair.certainty == "certain":
            terminal.say(
                f"Counted twice: {pair.first} and {pair.second} ({things})",
                f"重复计算：{pair.first} 与 {pair.second}（{things}）",
            )
        else:
            terminal.say(
                f"The same figure in {pair.first} and {pair.second}: the same saving?",
                f"{pair.first} 与 {pair.second} 数字相同：是否为同一节约量？",
            )


def _record(claims: Sequence[Checked]) -> dict[str, object]:
    return {
        "claims": [claim.to_record() for claim in claims],
        "counted_twice": [pair.to_record() for pair in counted_twice([claim.record for claim in claims])],
    }


def _arguments(parser: ArgumentParser) -> None:
    does = parser.add_subparsers(required=True, metavar="WHAT")
    check = does.add_parser("check", help="every statement of a file / 核对文件中的声明")
    check.add_argument("file", help="csv, xlsx, or records line by line (JSON) / 文件")
    check.add_argument("--kind", help="what the rows are, if the headings do not tell / 表格类型")
    check.add_argument("--record", action="store_true", help="record the good rows too / 同时入账")
    check.add_argument("--submitter", default="owner", help="in whose name / 提交人")
    check.set_defaults(does=_check)
    does.add_parser("list", help="recorded claims with their verdicts / 已记录的声明").set_defaults(does=_list)


def _claims(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    return int(options.does(settings, options, terminal))


VERBS = {"claims": Verb(_claims, _arguments)}
