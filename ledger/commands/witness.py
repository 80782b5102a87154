"""witness: cosign what extends all that was seen of a log, by looking at it once or by being asked; refuse the rest."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path

from ledger.adapters.clock import SystemClock
from ledger.adapters.keys import cosigning_key
from ledger.adapters.log_reader import HttpLog
from ledger.adapters.witness_server import WitnessServer
from ledger.adapters.witness_store import WitnessFile
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.log.checkpoint import VerifierKey
from ledger.log.cosignature import OpenNote
from ledger.log.errors import LogUnreachable
from ledger.services.witness import Answer, Witness
from ledger.settings import Settings

COSIGNED, REFUSED = 0, 1
PORT = 8787
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
    logs = [VerifierKey.parse(_text(given)) for given in options.key]
    state = WitnessFile(settings.home / "witness.db")
    witness = Witness(cosigning_key(settings.home, options.name), {log.name: log for log in logs}, state, SystemClock())
    if options.serve:
        return _serve(witness, options, terminal)
    if not options.url:
        raise LogUnreachable(url="", reason="give its address, or --serve")
    return _look(witness, state, settings, options.url, terminal)


def _text(given: str) -> str:
    path = Path(given)
    return path.read_text(encoding="utf-8") if path.is_file() else given


def _look(witness: Witness, state: WitnessFile, settings: Settings, url: str, terminal: Terminal) -> int:
    source, key = HttpLog(url), witness.key
    note = source.checkpoint()
    answer = witness.look(note, source.tiles)
    if answer.status != 200:
        kept = sum(len(state.refused(log)) for log in witness.logs)
        terminal.say(f"Refused: {_WHY[answer.status][0]}", f"拒绝会签：{_WHY[answer.status][1]}")
        terminal.data({"status": answer.status, "witness": str(key.public), "refused": kept})
        return REFUSED
    out, size = settings.home / "cosigned.txt", OpenNote.parse(note).checkpoint.size
    out.write_text(note + answer.body, encoding="utf-8")
    terminal.say(f"Cosigned at size {size}: {out}", f"已会签（大小 {size}）：{out}")
    terminal.data({"status": 200, "witness": str(key.public), "size": size, "file": str(out)})
    return COSIGNED


def _serve(witness: Witness, options: Namespace, terminal: Terminal) -> int:
    def told(answer: Answer) -> None:
        if answer.status in (409, 422):
            terminal.say(f"Refused: {_WHY[answer.status][0]}", f"拒绝会签：{_WHY[answer.status][1]}")

    with WitnessServer((options.host, options.port), witness, told) as server:
        port = server.server_address[1]
        terminal.say(
            f"Listens at http://{options.host}:{port}/add-checkpoint. Give the log's operator this line: "
            f"witness {options.name} {witness.key.public} https://YOUR-ADDRESS",
            f"监听 http://{options.host}:{port}/add-checkpoint。请将此行交给账本运营方："
            f"witness {options.name} {witness.key.public} https://您的地址",
        )
        terminal.data({"port": port, "witness": str(witness.key.public)})
        with suppress(KeyboardInterrupt):
            server.serve_forever()
    return COSIGNED


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("url", nargs="?", help="public address of the log, to look once / 账本的公开地址（查看一次）")
    parser.add_argument(
        "--key", required=True, action="append", help="a log's public key, or a file with it; repeatable / 账本公钥"
    )
    parser.add_argument("--name", required=True, help="your name as a witness, such as witness.example/w1 / 见证人名称")
    parser.add_argument("--serve", action="store_true", help="answer logs that ask (C2SP tlog-witness) / 作为服务应答")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on / 监听地址")
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on, 0 for any / 监听端口，0 为任意")


VERBS = {"witness": Verb(_witness, _arguments)}
