"""witness: look at somebody's log once, cosign what extends all that was seen before, refuse the rest."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from ledger.adapters.clock import SystemClock
from ledger.adapters.keys import cosigning_key
from ledger.adapters.log_reader import HttpLog
from ledger.adapters.witness_store import WitnessFile
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.log.checkpoint import VerifierKey
from ledger.log.cosignature import OpenNote
from ledger.services.witness import Witness
from ledger.settings import Settings

COSIGNED, REFUSED = 0, 1
_WHY = {
    400: ("its checkpoint is misshapen", "检查点格式有误"),
    403: ("its checkpoint is not signed by the key you gave", "检查点没有您所给密钥的有效签名"),
    404: ("it is another log than the key's", "该账本与密钥不符"),
    409: (
        "it shows fewer entries than were cosigned, or another root for the same: rolled back or forked",
        "条目少于已会签的数量，或相同大小的根不同：账本被回退或分叉",
    ),
    422: (
        "its entries do not extend those that were cosigned: forked, or its tiles are damaged",
        "条目不是已会签内容的延续：账本分叉，或哈希块损坏",
    ),
}


def _witness(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    settings.home.mkdir(parents=True, exist_ok=True)
    given = Path(options.key)
    log = VerifierKey.parse(given.read_text(encoding="utf-8") if given.is_file() else options.key)
    key, state = cosigning_key(settings.home, options.name), WitnessFile(settings.home / "witness.db")
    source = HttpLog(options.url)
    note = source.checkpoint()
    answer = Witness(key, {log.name: log}, state, SystemClock()).look(note, source.tiles)
    if answer.status != 200:
        terminal.say(f"Refused: {_WHY[answer.status][0]}", f"拒绝会签：{_WHY[answer.status][1]}")
        terminal.data({"status": answer.status, "witness": str(key.public), "refused": len(state.refused(log.name))})
        return REFUSED
    out, size = settings.home / "cosigned.txt", OpenNote.parse(note).checkpoint.size
    out.write_text(note + answer.body, encoding="utf-8")
    terminal.say(f"Cosigned at size {size}: {out}", f"已会签（大小 {size}）：{out}")
    terminal.data({"status": 200, "witness": str(key.public), "size": size, "file": str(out)})
    return COSIGNED


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("url", help="public address of the log / 账本的公开地址")
    parser.add_argument("--key", required=True, help="the log's public key or a file with it / 账本公钥")
    parser.add_argument("--name", required=True, help="your name as a witness, such as witness.example/w1 / 见证人名称")


VERBS = {"witness": Verb(_witness, _arguments)}
