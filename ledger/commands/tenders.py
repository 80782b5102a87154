"""score: the score sheet of a tender, or the replay of one from a file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

import msgspec

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.log.canonical import canonical_bytes
from ledger.scoring.award import ScoreSheet, replay
from ledger.scoring.errors import FormUnreadable
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk
from ledger.services.tenders import score_tender
from ledger.settings import Settings
from ledger.wiring import open_ledger


def _score(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    if options.replay:
        sheet = replay(_record(Path(options.replay)))
        terminal.say("The score sheet replays to the last digit", "评分表逐位复算一致")
    else:
        with open_ledger(settings) as ledger:
            catch_up(ledger.entries, ledger.projections)
            desk = Desk.of(ledger, settings.tenant, "procurement")
            sheet, _ = score_tender(desk, options.tender)
            catch_up(ledger.entries, ledger.projections)
        if options.output:
            Path(options.output).write_bytes(canonical_bytes(sheet.to_record()))
    for row in ranking(sheet):
        terminal.say("{place}. {bidder}  {points}".format(**row), "{place}. {bidder}  {points} 分".format(**row))
    terminal.data({"ranking": ranking(sheet), "winner": sheet.winner})
    return 0


def _record(path: Path) -> dict[str, object]:
    try:
        found = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        raise FormUnreadable(kind="ScoreSheet", reason=str(error)) from error
    if not isinstance(found, dict):
        raise FormUnreadable(kind="ScoreSheet", reason="it is not an object")
    return found


def ranking(sheet: ScoreSheet) -> list[dict[str, str]]:
    """Place, bidder and points as shown, best first."""
    points = {total.bidder: total.shown for total in sheet.totals}
    return [{"place": str(rank.rank), "bidder": rank.bidder, "points": points[rank.bidder]} for rank in sheet.ranks]


def _score_arguments(parser: ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("tender", nargs="?", help="tender to score / 招标编号")
    choice.add_argument("--replay", metavar="FILE", help="compute a recorded score sheet again / 复算评分表")
    parser.add_argument("-o", "--output", help="write the score sheet's record / 输出评分表")


VERBS = {"score": Verb(_score, _score_arguments)}
