"""score: the score sheet of a tender, or the replay of one from a file."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.commands.verifying import trusted
from ledger.log.canonical import canonical_bytes
from ledger.log.proof import Proof
from ledger.log.sealed import verify_file
from ledger.scoring.award import FORMAT, ScoreSheet, replay
from ledger.scoring.card_record import FORMAT as CARD_FORMAT
from ledger.scoring.card_record import read_card, replay_card
from ledger.scoring.errors import FormUnreadable
from ledger.scoring.replaying import read_sheet
from ledger.services.project import catch_up
from ledger.services.tender_desk import Desk
from ledger.services.tenders import score_tender
from ledger.settings import Settings
from ledger.wiring import open_ledger

_SHEET: Final = f'"{FORMAT}"'.encode()
"""In a sheet's own record; a proof holds its entry as base64."""
_CARD: Final = f'"{CARD_FORMAT}"'.encode()


def _score(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    if options.replay:
        sheet = _replayed(settings, options, terminal)
        if options.card:
            _counted(settings, options, sheet, terminal)
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


def _replayed(settings: Settings, options: Namespace, terminal: Terminal) -> ScoreSheet:
    """The sheet of a file: its record, or the proof of its entry, which is verified first."""
    try:
        data = Path(options.replay).read_bytes()
    except OSError as error:
        raise FormUnreadable(kind="ScoreSheet", reason=f"{options.replay}: {error.strerror}") from error
    if _SHEET in data:
        sheet = replay(read_sheet(data))
    else:
        key, pinned = trusted(settings, options)
        proof = verify_file(data, key=key, pinned=pinned)
        if not isinstance(proof, Proof):
            raise FormUnreadable(kind="ScoreSheet", reason="the proof shows no record")
        sheet = replay(read_sheet(proof.entry.body))
        terminal.say(
            f"Entry {proof.index} is in the log at size {proof.checkpoint.size}, unchanged",
            f"第 {proof.index} 号条目在账本中（大小 {proof.checkpoint.size}），未被改动",
        )
    terminal.say("The score sheet replays to the last digit", "评分表逐位复算一致")
    return sheet


def _counted(settings: Settings, options: Namespace, sheet: ScoreSheet, terminal: Terminal) -> None:
    """The robustness card of a file, its form or the proof of its entry, counted again for that sheet."""
    try:
        data = Path(options.card).read_bytes()
    except OSError as error:
        raise FormUnreadable(kind="Card", reason=f"{options.card}: {error.strerror}") from error
    if _CARD not in data:
        key, pinned = trusted(settings, options)
        proof = verify_file(data, key=key, pinned=pinned)
        if not isinstance(proof, Proof):
            raise FormUnreadable(kind="Card", reason="the proof shows no record")
        data = proof.entry.body
    card = replay_card(read_card(data), sheet)
    first = card.acceptability[0].counts[0]
    terminal.say(
        f"The robustness card counts the same again: {card.winner} is first at {first} of {card.terms.samples} weights",
        f"稳健性卡复算一致：{card.winner} 在 {card.terms.samples} 组权重中有 {first} 组排第一",
    )


def ranking(sheet: ScoreSheet) -> list[dict[str, str]]:
    """Place, bidder and points as shown, best first."""
    points = {total.bidder: total.shown for total in sheet.totals}
    return [{"place": str(rank.rank), "bidder": rank.bidder, "points": points[rank.bidder]} for rank in sheet.ranks]


def _score_arguments(parser: ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("tender", nargs="?", help="tender to score / 招标编号")
    choice.add_argument("--replay", metavar="FILE", help="compute a recorded score sheet again / 复算评分表")
    parser.add_argument("--card", metavar="FILE", help="with --replay: count its robustness card again / 复算稳健性卡")
    parser.add_argument("-o", "--output", help="write the score sheet's record / 输出评分表")
    parser.add_argument("--pinned", help="with a proof: your own checkpoint, from `ledger pin` / 自存检查点")
    parser.add_argument("--key", help="with a proof: the log's public key or a file with it / 账本公钥")


VERBS = {"score": Verb(_score, _score_arguments)}
