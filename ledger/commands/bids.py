"""bid: keys of a tender with sealed bids made and released, a bid sealed and handed in, what opened listed."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.records.sealed_bid import HOLDERS
from ledger.scoring.errors import FormUnreadable
from ledger.scoring.sealing import KEY_SIZE, NONCE_SIZE, public_key, seal
from ledger.services.panel import check_prices_shown
from ledger.services.project import catch_up
from ledger.services.sealed_bids import Handed, hand_in, opened_bids, publish_key, release_key, sealing_of
from ledger.services.tender_desk import Desk
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger


def _bid(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        return int(_ACTS[options.act](ledger, options, terminal))


def _keys(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    """The private half goes into a new file of this machine alone, before the public one is published."""
    private = ledger.random.token(KEY_SIZE)
    public = public_key(private).hex()
    kept = {"holder": options.holder, "private_key": private.hex(), "public_key": public, "tender": options.tender}
    _keep(options.output, json.dumps(kept, sort_keys=True).encode())
    receipt = publish_key(_desk(ledger, options.submitter), options.tender, options.holder, public)
    terminal.say(
        f"Entry {receipt.seq} publishes the key. Keep {options.output} secret until bids close: without it none opens.",
        f"第 {receipt.seq} 号条目已发布公钥。截标前请妥善保密 {options.output}：缺少它任何投标都无法开启。",
    )
    terminal.data({"entry": receipt.seq, "public_key": public, "file": options.output})
    return 0


def _seal(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    desk = _desk(ledger, options.submitter or options.supplier)
    purpose = sealing_of(desk, options.tender).purpose(options.supplier)
    body = _read(options.body)
    nonce, own = ledger.random.token(NONCE_SIZE), ledger.random.token(KEY_SIZE)
    made = seal(body, purpose, nonce, own)
    kept = {"body": body.decode(), "commitment": made.commitment.hex(), "nonce": nonce.hex(), "tender": options.tender}
    _keep(options.output, json.dumps(kept, ensure_ascii=False, sort_keys=True).encode())
    handed = Handed(purpose.scheme, made.commitment.hex(), made)
    receipt = hand_in(desk, options.tender, options.supplier, handed)
    terminal.say(
        f"Entry {receipt.seq} holds the sealed bid. {options.output} shows what it says: keep it secret and safe.",
        f"第 {receipt.seq} 号条目为密封投标。{options.output} 可证明其内容，请妥善保密。",
    )
    terminal.data({"entry": receipt.seq, "commitment": made.commitment.hex(), "file": options.output})
    return 0


def _release(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    try:
        kept = json.loads(_read(options.key))
        tender, holder, private = kept["tender"], kept["holder"], kept["private_key"]
    except (ValueError, KeyError, TypeError) as error:
        raise FormUnreadable(kind="sealing key", reason=str(error)) from None
    receipt = release_key(_desk(ledger, options.submitter), tender, holder, private)
    terminal.say(f"Entry {receipt.seq} releases the key", f"第 {receipt.seq} 号条目已释放密钥")
    terminal.data({"entry": receipt.seq, "tender": tender, "holder": holder})
    return 0


def _opened(ledger: Ledger, options: Namespace, terminal: Terminal) -> int:
    desk = _desk(ledger, "operator")
    state = sealing_of(desk, options.tender)
    check_prices_shown(desk, state.scheme)
    found = opened_bids(desk, state)
    for one in found:
        en = f"{one.bid.price}" if one.bid else str(one.error)
        zh = f"{one.bid.price}" if one.bid else (one.error.message("zh-CN") if one.error else "")
        terminal.say(f"  {one.row.bid.supplier}: {en}", f"  {one.row.bid.supplier}：{zh}")
    terminal.data(
        {"bids": [{"entry": one.row.entry, "bid": one.bid.to_record() if one.bid else None} for one in found]}
    )
    return 0


_ACTS = {"keys": _keys, "seal": _seal, "release": _release, "opened": _opened}


def _desk(ledger: Ledger, submitter: str) -> Desk:
    catch_up(ledger.entries, ledger.projections)
    return Desk.of(ledger, ledger.settings.tenant, submitter)


def _keep(name: str, data: bytes) -> None:
    """A new file that its owner alone reads."""
    try:
        with os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise FormUnreadable(kind="file", reason=f"{name}: {error.strerror}") from error


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise FormUnreadable(kind="file", reason=f"{name}: {error.strerror}") from error


def _arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    keys = acts.add_parser("keys", help="make a holder's key, publish its public half / 生成并发布密钥")
    keys.add_argument("tender", help="tender / 招标编号")
    keys.add_argument("--holder", choices=HOLDERS, required=True, help="whose key / 持有方")
    keys.add_argument(
        "-o", "--output", required=True, help="where the private half goes, a new file / 私钥文件（新文件）"
    )
    keys.add_argument("--submitter", required=True, help="in whose name / 提交人")
    seal_ = acts.add_parser("seal", help="seal a bid and hand it in / 密封并提交投标")
    seal_.add_argument("tender", help="tender / 招标编号")
    seal_.add_argument("body", help="JSON with price, lines, quality, footprint, certificates, pledges / 投标内容")
    seal_.add_argument("--supplier", required=True, help="whose bid it is / 投标组织")
    seal_.add_argument("-o", "--output", required=True, help="where body and nonce are kept, a new file / 留存文件")
    seal_.add_argument("--submitter", default="", help="in whose name / 提交人")
    release = acts.add_parser("release", help="release a key after bids closed / 截标后释放密钥")
    release.add_argument("key", help="the file from `keys` / 密钥文件")
    release.add_argument("--submitter", required=True, help="in whose name / 提交人")
    opened_ = acts.add_parser("opened", help="what the sealed bids hold, once both keys are released / 开标结果")
    opened_.add_argument("tender", help="tender / 招标编号")


VERBS = {"bid": Verb(_bid, _arguments)}
