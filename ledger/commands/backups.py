"""backup, restore: everything but the keys into a folder, and back, judged by the chain."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path

from ledger.adapters.backup import prune, read, restore, write
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.commands.verifying import CANNOT_TELL
from ledger.errors import StoreError
from ledger.services.check_ledger import CheckReport, check_ledger
from ledger.settings import Settings
from ledger.wiring import open_ledger


def _backup(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    into = Path(options.folder)
    with open_ledger(settings) as ledger:
        now, latest = ledger.clock.now(), ledger.checkpoints.latest()
        folder, made = write(
            settings.database_url,
            settings.home,
            into,
            now=now,
            entries=ledger.entries.size(),
            checkpoint=latest.note if latest else "",
        )
    read(folder)  # as it lies on the disk, before an older one goes
    gone = prune(into, timedelta(days=options.keep_days), now) if options.keep_days else []
    size = sum(file.bytes for file in made.files.values())
    terminal.say(
        f"{folder}: {made.entries} entries, {len(made.files)} files, {size} bytes; no keys",
        f"{folder}：{made.entries} 条条目，{len(made.files)} 个文件，{size} 字节；不含密钥",
    )
    for old in gone:
        terminal.say(f"Removed {old}", f"已删除 {old}")
    terminal.data(
        {
            "folder": str(folder),
            "entries": made.entries,
            "files": len(made.files),
            "bytes": size,
            "removed": [str(old) for old in gone],
        }
    )
    return 0


def _backup_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", help="folder of backups / 备份所在目录")
    days = "remove those that are older, never the newest; 0 keeps all / 删除更早的备份（最新的除外）；0 表示全部保留"
    parser.add_argument("--keep-days", type=int, default=0, help=days)


def _restore(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    try:
        made = restore(Path(options.backup), settings.database_url, settings.home)
    except StoreError as error:
        terminal.error(error)
        return CANNOT_TELL
    with open_ledger(settings) as ledger, terminal.progress("Checking", "核查") as progress:
        chain = None if options.without_chain else ledger.chain
        key = ledger.note_key.verifier
        report = check_ledger(ledger.entries, ledger.checkpoints, key, chain, progress=progress)
    for fault in () if terminal.as_json else (*report.faults, *report.unknown):
        terminal.error(fault)
    missing = _missing(report)
    if missing:
        terminal.say(
            f"Stale: the chain knows {missing} entries that this backup does not have. Do not write; find a newer one",
            f"备份过期：链上已有 {missing} 条条目不在此备份中。请勿写入，并寻找更新的备份",
        )
    words = (("holds", "成立"), ("does not hold", "不成立"), ("cannot tell", "无法判定"))[report.verdict]
    terminal.say(
        f"Restored {report.entries} entries of {made.begun.isoformat()}: {words[0]}",
        f"已恢复 {made.begun.isoformat()} 的 {report.entries} 条条目：{words[1]}",
    )
    terminal.data(
        {
            "verdict": report.verdict,
            "entries": report.entries,
            "chain_size": report.chain_size,
            "missing": missing,
            "faults": [fault.message(terminal.locale) for fault in report.faults],
        }
    )
    return report.verdict


def _missing(report: CheckReport) -> int:
    """How many entries the chain has a checkpoint over that are not in the log."""
    return max(0, (report.chain_size or 0) - report.entries)


def _restore_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("backup", help="a backup's own folder / 单个备份目录")
    parser.add_argument("--without-chain", action="store_true", help="leave the chain out / 不核对链")


VERBS = {"backup": Verb(_backup, _backup_arguments), "restore": Verb(_restore, _restore_arguments)}
