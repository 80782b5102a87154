"""commit, disclose: a hash of a document in the log, and later some of its fields for somebody to check."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.log.errors import OpeningMalformed
from ledger.log.fields import Opening
from ledger.services.audit import by_operator
from ledger.services.capture import Submission
from ledger.services.field_disclosure import Subject, commit, disclose, read_document
from ledger.settings import Settings
from ledger.wiring import open_ledger


def _commit(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    document = read_document(_read(options.document))
    out = Path(options.output)
    subject = Subject(supplier=options.supplier, about=options.about, product=options.product, of=options.of)
    # The file first: a commitment whose opening could not be kept is worth nothing.
    with (
        os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept,
        open_ledger(settings) as ledger,
    ):
        entry, opening = commit(ledger, Submission(settings.tenant, options.submitter), subject, document)
        kept.write(opening.to_bytes())
    terminal.say(
        f"Entry {entry} commits to {len(opening.fields)} fields. Keep {out} secret and safe: it alone can show them.",
        f"第 {entry} 号条目承诺了 {len(opening.fields)} 个字段。请妥善保密 {out}：只有它能出示这些字段。",
    )
    terminal.data({"entry": entry, "record": opening.record, "fields": len(opening.fields), "opening": str(out)})
    return 0


def _commit_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("document", help="JSON document that stays here / 留在本地的 JSON 文档")
    parser.add_argument("-o", "--output", required=True, help="where the opening goes, a new file / 开启文件（新文件）")
    parser.add_argument("--supplier", required=True, help="whose document it is / 文档所属供应商")
    parser.add_argument("--about", required=True, help="what it is, for all to read / 文档说明（公开）")
    parser.add_argument("--product", help="product it is about / 相关产品")
    parser.add_argument("--of", help="record whose figure it stands behind / 所支撑的记录编号")
    parser.add_argument("--submitter", default="owner", help="in whose name / 提交人")


def _disclose(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    opening = Opening.from_bytes(_read(options.opening))
    if not options.field:
        for one in opening.fields:
            terminal.say(f"{one.path}  {one.value}", f"{one.path}  {one.value}")
        terminal.data({"record": opening.record, "fields": [one.path for one in opening.fields]})
        return 0
    with open_ledger(settings) as ledger:
        made = disclose(ledger, settings.tenant, opening, options.field)
        ledger.recording.record(by_operator("disclose", settings.tenant, opening.record))
    out = Path(options.output or "disclosure.json")
    out.write_bytes(made.to_bytes())
    shown, all_fields = len(made.fields), len(opening.fields)
    terminal.say(
        f"{shown} of {all_fields} fields, with the proof of entry {made.index}. Check it with: ledger verify {out}",
        f"{all_fields} 个字段中的 {shown} 个，附第 {made.index} 号条目的证明。核查：ledger verify {out}",
    )
    terminal.data({"entry": made.index, "file": str(out), "shown": [one.field.path for one in made.fields]})
    return 0


def _disclose_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("opening", help="the opening, from `ledger commit` / 开启文件")
    parser.add_argument(
        "--field",
        action="append",
        metavar="POINTER",
        help="field to show, with all below it, as /stages/raw / 要出示的字段",
    )
    parser.add_argument("-o", "--output", help="file to write / 输出文件")


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise OpeningMalformed(why=f"{name}: {error.strerror}") from error


VERBS = {"commit": Verb(_commit, _commit_arguments), "disclose": Verb(_disclose, _disclose_arguments)}
