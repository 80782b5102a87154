"""stamp: have the newest checkpoint stamped by a time stamping authority, or check a stamp without any ledger."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path

from ledger.adapters.time_stamp import certificates, checked, signer
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.commands.verifying import CANNOT_TELL, FAILS, HOLDS
from ledger.log.errors import CannotTell, NotCheckpointed
from ledger.ports.time_stamps import TimeStampFalse
from ledger.settings import Settings


def _stamp(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    try:
        return _checked(options, terminal) if options.note else _made(settings, options, terminal)
    except CannotTell as error:
        terminal.error(error)
        return CANNOT_TELL


def _checked(options: Namespace, terminal: Terminal) -> int:
    """By files alone: the checkpoint's note, the token, the authority's certificates."""
    if not options.token or not options.tsa:
        raise CannotTell(why="--token and --tsa are needed")
    try:
        note, token = Path(options.note).read_bytes(), Path(options.token).read_bytes()
    except OSError as error:
        raise CannotTell(why=str(error)) from error
    try:
        time = checked(token, note, certificates(Path(options.tsa)))
    except TimeStampFalse as error:
        terminal.say("Does not hold.", "不成立。")
        terminal.error(error)
        terminal.data({"verdict": FAILS, "code": error.code})
        return FAILS
    pin = signer(token)
    terminal.say(
        f"Holds: these bytes were there at {time.isoformat()}, by the authority whose certificate you gave. "
        f"SHA-256 of the certificate that signed, for verify.py --tsa: {pin}",
        f"成立：据您所提供证书的签发机构，该内容在 {time.isoformat()} 已存在。"
        f"签名证书的 SHA-256（用于 verify.py --tsa）：{pin}",
    )
    terminal.data({"verdict": HOLDS, "time": time.isoformat(), "signer": pin})
    return HOLDS


def _made(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    from ledger.wiring import open_ledger

    with open_ledger(settings) as ledger:
        stamping = ledger.stamping()
        if stamping is None:
            raise CannotTell(why="no time stamping authority is set: ONECODE_TSA_URL, ONECODE_TSA_CERTIFICATE")
        made = stamping.stamp()
        if made is None:
            raise NotCheckpointed(index=0)
    stored, found = made
    size = stored.checkpoint.size
    note, token = (Path(f"{options.output or f'checkpoint-{size}'}.{end}") for end in ("txt", "tsr"))
    note.write_bytes(stored.note.encode())
    token.write_bytes(found.response)
    when = datetime.fromtimestamp(found.time // 1_000_000, UTC).isoformat()
    terminal.say(f"Stamped at {when}: {note}, {token}", f"已加盖时间戳 {when}：{note}、{token}")
    terminal.data({"size": size, "time": when, "note": str(note), "token": str(token)})
    return HOLDS


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("note", nargs="?", help="check: the checkpoint's note as it was stamped / 待核对的检查点文件")
    parser.add_argument("--token", help="check: the response, DER (.tsr) / 时间戳响应")
    parser.add_argument("--tsa", help="check: the authority's certificates, PEM / 签发机构证书")
    parser.add_argument("-o", "--output", help="name of the two files to write, without ending / 输出文件名")


VERBS = {"stamp": Verb(_stamp, _arguments)}
