"""prove, pin, check: proofs, and the whole log rebuilt and compared."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path

from ledger.adapters.workers import processes
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.entry import Entry
from ledger.log.errors import CannotTell, EntryAbsent, NotCheckpointed
from ledger.log.pin import pin_text, read_pin
from ledger.segments.errors import SegmentsUnavailable
from ledger.services.check_ledger import check_ledger
from ledger.services.close_checkpoint import tree_of
from ledger.services.invariant import compare
from ledger.services.prove import prove
from ledger.services.recompute import ProjectionMoving
from ledger.services.witness import Offer
from ledger.settings import Settings
from ledger.wiring import open_ledger

WORTH_PROCESSES = 50_000
"""Entries from which on a check starts other processes to help it."""


def _prove(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        index = _index(options.entry, ledger.entries.find(settings.tenant, options.entry))
        made = prove(ledger.entries, ledger.checkpoints, index, options.size)
    out = Path(options.output or f"proof-{index}.json")
    out.write_bytes(made.to_bytes())
    state = "confirmed" if made.receipt_note else "checkpointed"
    terminal.say(f"Proof of entry {index} ({state}): {out}", f"第 {index} 号条目的证明：{out}")
    terminal.data({"entry": index, "file": str(out), "size": made.checkpoint.size, "anchored": bool(made.receipt_note)})
    return 0


def _index(text: str, found: Entry | None) -> int:
    """An entry by its number, or by the id of its record."""
    if found is not None:
        return found.index
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise EntryAbsent(entry=text)


def _prove_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("entry", help="entry number or record id / 条目编号或记录编号")
    parser.add_argument("-o", "--output", help="file to write / 输出文件")
    parser.add_argument("--size", type=int, help="at the checkpoint of this size / 使用该大小的检查点")


def _pin(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        latest = ledger.checkpoints.latest()
        key = ledger.note_key.verifier
        if latest is None:
            raise NotCheckpointed(index=0)
        size, since = latest.checkpoint.size, options.since
        kept = pin_text(key, latest.note)
        if since is not None:
            kept = Offer.body(since, tree_of(ledger.checkpoints, size).consistency_proof(since), latest.note)
    out = Path(options.output or (f"pin-{size}.txt" if since is None else f"since-{since}-{size}.txt"))
    out.write_text(kept, encoding="utf-8")
    terminal.say(
        f"Checkpoint of size {latest.checkpoint.size}: {out}", f"检查点（大小 {latest.checkpoint.size}）：{out}"
    )
    terminal.data({"file": str(out), "size": latest.checkpoint.size, "root": latest.checkpoint.root.hex()})
    return 0


def _pin_arguments(parser: ArgumentParser) -> None:
    since = "instead, what joins a checkpoint of this size to the newest / 改为导出自该大小起的一致性证明"
    parser.add_argument("--since", type=int, metavar="SIZE", help=since)
    parser.add_argument("-o", "--output", help="file to write / 输出文件")


def _check(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger, terminal.progress("Checking", "核查") as progress, ExitStack() as stack:
        chain = None if options.without_chain else ledger.chain
        long = ledger.entries.size() >= WORTH_PROCESSES
        workers = stack.enter_context(processes(settings.database_url)) if long else None
        key = ledger.note_key.verifier
        kept = _kept(options.pinned, key)
        stores = (ledger.entries, ledger.checkpoints)
        report = check_ledger(*stores, key, chain, progress=progress, workers=workers, pinned=kept)
        try:
            report.faults += compare(ledger.segments, ledger.entries, ledger.projections, {settings.tenant})
        except (SegmentsUnavailable, ProjectionMoving) as error:
            report.unknown.append(error)
        except LedgerError as error:
            report.faults.append(error)
    for fault in () if terminal.as_json else (*report.faults, *report.unknown):
        terminal.error(fault)
    if report.first_bad is not None:
        terminal.say(f"First bad entry: {report.first_bad}", f"首个异常条目：{report.first_bad}")
    words = (("holds", "成立"), ("does not hold", "不成立"), ("cannot tell", "无法判定"))[report.verdict]
    terminal.say(
        f"{report.entries} entries, {report.checkpoints} checkpoints: {words[0]}",
        f"{report.entries} 条条目，{report.checkpoints} 个检查点：{words[1]}",
    )
    terminal.data(
        {
            "verdict": report.verdict,
            "entries": report.entries,
            "checkpoints": report.checkpoints,
            "first_bad": report.first_bad,
            "chain_size": report.chain_size,
            "faults": [fault.message(terminal.locale) for fault in report.faults],
        }
    )
    return report.verdict


def _kept(given: str | None, key: VerifierKey) -> Checkpoint | None:
    """The checkpoint that the caller kept. Raises ``CannotTell`` for one that cannot be read."""
    if given is None:
        return None
    try:
        return read_pin(Path(given).read_text(encoding="utf-8"), key).checkpoint
    except (OSError, UnicodeDecodeError) as error:
        raise CannotTell(why=f"what you kept cannot be read: {error}") from error


def _check_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--pinned", help="a checkpoint you kept: log and chain must extend it / 自存检查点")
    parser.add_argument("--without-chain", action="store_true", help="leave the chain out / 不核对链")


VERBS = {
    "prove": Verb(_prove, _prove_arguments),
    "pin": Verb(_pin, _pin_arguments),
    "check": Verb(_check, _check_arguments),
}
