"""
verify: what a stranger makes of a proof. It opens no ledger, and without ``--rpc`` loads nothing of one.

With ``--export`` it hands out the verifier that a stranger runs without any of this.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from importlib.resources import files
from pathlib import Path

from ledger.adapters.keys import verifier_key
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint, Note, VerifierKey
from ledger.log.disclosure import Disclosure
from ledger.log.errors import CannotTell
from ledger.log.sealed import SealedProof, verify_file
from ledger.ports import ChainUnavailable
from ledger.services.confirm_on_chain import confirm_on_chain
from ledger.settings import Settings

HOLDS, FAILS, CANNOT_TELL = 0, 1, 2


def _verify(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    if options.export:
        return _exported(Path(options.export), terminal)
    return _judged(settings, options, terminal)


def _judged(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    try:
        data = Path(options.proof).read_bytes()
    except OSError as error:
        return _verdict(terminal, CannotTell(why=f"{options.proof}: {error.strerror}"))
    try:
        key, pinned = trusted(settings, options)
        proof = verify_file(data, key=key, pinned=pinned)
        if options.rpc:
            from ledger.wiring import reading_chain

            with reading_chain(settings, options.rpc, options.contract) as chain:
                confirm_on_chain(proof, chain)
    except LedgerError as error:
        return _verdict(terminal, error)
    index, size = proof.index, proof.checkpoint.size
    if isinstance(proof, SealedProof):
        terminal.say(
            f"Holds: entry {index} is in the log at size {size}. The proof is sealed: it shows nothing of the record.",
            f"成立：第 {index} 号条目在账本中（大小 {size}）。该证明已封存，不显示记录内容。",
        )
        terminal.data({"verdict": HOLDS, "entry": index, "size": size, "root": proof.checkpoint.root.hex()})
        return HOLDS
    if isinstance(proof, Disclosure):
        terminal.say(
            f"Holds: these fields stand in the document that entry {index} commits to, unchanged since it was recorded "
            f"at size {size}. Its other fields are not shown, and whether the document is true, this cannot show.",
            f"成立：以下字段属于第 {index} 号条目所承诺的文档，自记录以来（大小 {size}）未被改动。"
            "其余字段未出示；文档内容是否属实，无法由此说明。",
        )
        for one in proof.fields:
            terminal.say(f"  {one.field.path}  {one.field.value}", f"  {one.field.path}  {one.field.value}")
        fields = {one.field.path: one.field.value for one in proof.fields}
        root = proof.checkpoint.root.hex()
        terminal.data({"verdict": HOLDS, "entry": index, "size": size, "root": root, "fields": fields})
        return HOLDS
    terminal.say(
        f"Holds: entry {index} is recorded in the log at size {size} and has not changed since. "
        "Whether what it says is true, a proof cannot show.",
        f"成立：第 {index} 号条目已记录于账本（大小 {size}），此后未被改动。记录内容是否属实，证明无法说明。",
    )
    terminal.data({"verdict": HOLDS, "entry": index, "size": size, "root": proof.checkpoint.root.hex()})
    return HOLDS


def _exported(out: Path, terminal: Terminal) -> int:
    """The verifier of one file, which needs Python alone."""
    out.write_bytes((files("ledger.data") / "court" / "verify.py").read_bytes())
    terminal.say(
        f"{out}: run it by `python3 -I -S {out.name} proof.json --key KEY`",
        f"{out}：运行 `python3 -I -S {out.name} proof.json --key 公钥`",
    )
    terminal.data({"file": str(out)})
    return HOLDS


def _verdict(terminal: Terminal, error: LedgerError) -> int:
    unknown = isinstance(error, CannotTell | ChainUnavailable)
    code = CANNOT_TELL if unknown else FAILS
    terminal.say("Cannot tell." if unknown else "Does not hold.", "无法判定。" if unknown else "不成立。")
    if terminal.as_json:
        terminal.data({"verdict": code, "code": error.code, "why": error.message(terminal.locale)})
    else:
        terminal.error(error)
    return code


def trusted(settings: Settings, options: Namespace) -> tuple[VerifierKey | None, Checkpoint | None]:
    """What this verifier trusts: a pin file (key and checkpoint), a key, or the key of the ledger on this machine."""
    try:
        if options.pinned:
            key_line, _, note = Path(options.pinned).read_text(encoding="utf-8").partition("\n\n")
            key = VerifierKey.parse(key_line)
            parsed = Note.parse(note)
            key.verify(parsed)
            return key, Checkpoint.parse(parsed.text)
        if options.key:
            path = Path(options.key)
            return VerifierKey.parse(path.read_text(encoding="utf-8") if path.exists() else options.key), None
        return verifier_key(settings.home), None
    except (LedgerError, OSError, UnicodeDecodeError) as error:
        raise CannotTell(why=f"what you trust cannot be read: {error}") from error


def _verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("proof", nargs="?", default="proof.json", help="proof file / 证明文件")
    parser.add_argument("--pinned", help="your own checkpoint, from `ledger pin` / 自存检查点")
    parser.add_argument("--key", help="the log's public key or a file with it / 账本公钥")
    parser.add_argument("--rpc", help="ask this node whether the checkpoint is anchored / 向该节点核对")
    parser.add_argument("--contract", help="the registry's address, if not on record here / 合约地址")
    parser.add_argument("--export", metavar="FILE", help="write the one-file verifier / 导出单文件验证器")


VERBS = {"verify": Verb(_verify, _verify_arguments)}
