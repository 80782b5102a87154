"""segments: seal closed ranges of the log as files, list them, and check them without the ledger."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ledger.adapters.segments.folder import FolderSegments
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.commands.verifying import CANNOT_TELL, trusted
from ledger.segments.errors import SegmentsUnavailable
from ledger.services.check_segments import SegmentReport, check_segments
from ledger.services.invariant import compare
from ledger.services.seal import seal_all
from ledger.settings import Settings
from ledger.wiring import open_ledger, segments_of


def _segments(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    run = {"seal": _seal, "check": _check, "list": _list}[options.what]
    try:
        return run(settings, options, terminal)
    except SegmentsUnavailable as error:
        terminal.error(error)
        return CANNOT_TELL


def _seal(settings: Settings, _: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger, terminal.progress("Sealing entries", "封存条目") as progress:
        added = seal_all(ledger.sealer(), progress)
        faults = compare(ledger.segments, ledger.entries, ledger.projections, {settings.tenant})
    for manifest in added:
        terminal.say(f"Sealed {manifest.name}", f"已封存 {manifest.name}")
    if not added:
        terminal.say("Nothing new is confirmed", "没有新确认的条目")
    for fault in () if terminal.as_json else faults:
        terminal.error(fault)
    said = [fault.message(terminal.locale) for fault in faults]
    terminal.data({"sealed": [manifest.name for manifest in added], "faults": said})
    return 1 if faults else 0


def _list(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    found = _store(settings, options).manifests()
    for manifest in found:
        size = sum(file.bytes for file in manifest.files.values())
        terminal.say(
            f"{manifest.name}: {manifest.stop - manifest.start} entries, {size} bytes",
            f"{manifest.name}：{manifest.stop - manifest.start} 条条目，{size} 字节",
        )
    terminal.data({"segments": [{"name": manifest.name, **manifest.to_record()} for manifest in found]})
    return 0


def _check(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    key, pinned = trusted(settings, options)
    with terminal.progress("Checking", "核查") as progress:
        report = check_segments(_store(settings, options), key=key, pinned=pinned, progress=progress)
    _say(report, terminal)
    return report.verdict


def _say(report: SegmentReport, terminal: Terminal) -> None:
    for fault in () if terminal.as_json else (*report.faults, *report.unknown):
        terminal.error(fault)
    words = (("holds", "成立"), ("does not hold", "不成立"), ("cannot tell", "无法判定"))[report.verdict]
    terminal.say(
        f"{report.entries} entries in {report.segments} segments: {words[0]}",
        f"{report.segments} 个分段共 {report.entries} 条条目：{words[1]}",
    )
    terminal.data(
        {
            "verdict": report.verdict,
            "segments": report.segments,
            "entries": report.entries,
            "faults": [fault.message(terminal.locale) for fault in (*report.faults, *report.unknown)],
        }
    )


def _store(settings: Settings, options: Namespace) -> FolderSegments:
    return FolderSegments(options.folder) if options.folder else segments_of(settings)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("seal", "check", "list"))
    parser.add_argument("--folder", type=Path, help="where the segments lie / 分段所在目录")
    parser.add_argument("--pinned", help="your own checkpoint, from `ledger pin` / 自存检查点")
    parser.add_argument("--key", help="the log's public key or a file with it / 账本公钥")


VERBS = {"segments": Verb(_segments, _arguments)}
