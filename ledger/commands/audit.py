"""prove, verify, pin, check: proofs and what a stranger makes of them. verify opens no ledger."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path

from ledger.adapters.keys import verifier_key
from ledger.adapters.workers import processes
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint, Note, VerifierKey
from ledger.log.disclosure import Disclosure
from ledger.log.entry import Entry
from ledger.log.errors import CannotTell, EntryAbsent, NotCheckpointed
from ledger.log.sealed import SealedProof, verify_file
from ledger.ports import ChainUnavailable
from ledger.segments.errors import SegmentsUnavailable
from ledger.services.check_ledger import check_ledger
from ledger.services.confirm_on_chain import confirm_on_chain
from ledger.services.invariant import compare
from ledger.services.prove import prove
from ledger.services.recompute import ProjectionMoving
from ledger.settings import Settings
from ledger.wiring import open_ledger, reading_chain

HOLDS, FAILS, CANNOT_TELL = 0, 1, 2
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


def _verify(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    try:
        data = Path(options.proof).read_bytes()
    except OSError as error:
        return _verdict(terminal, CannotTell(why=f"{options.proof}: {error.strerror}"))
    try:
        key, pinned = trusted(settings, options)
        proof = verify_file(data, key=key, pinned=pinned)
        if options.rpc:
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
    parser.add_argument("proof", help="proof file / 证明文件")
    parser.add_argument("--pinned", help="your own checkpoint, from `ledger pin` / 自存检查点")
    parser.add_argument("--key", help="the log's public key or a file with it / 账本公钥")
    parser.add_argument("--rpc", help="ask this node whether the checkpoint is anchored / 向该节点核对")
    parser.add_argument("--contract", help="the registry's address, if not on record here / 合约地址")


def _pin(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        latest = ledger.checkpoints.latest()
        key = ledger.note_key.verifier
    if latest is None:
        raise NotCheckpointed(index=0)
    out = Path(options.output or f"pin-{latest.checkpoint.size}.txt")
    out.write_text(f"{key}\n\n{latest.note}", encoding="utf-8")
    terminal.say(
        f"Checkpoint of size {latest.checkpoint.size}: {out}", f"检查点（大小 {latest.checkpoint.size}）：{out}"
    )
    terminal.data({"file": str(out), "size": latest.checkpoint.size, "root": latest.checkpoint.root.hex()})
    return 0


def _pin_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("-o", "--output", help="file to write / 输出文件")


def _check(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger, terminal.progress("Checking", "核查") as progress, ExitStack() as stack:
        chain = None if options.without_chain else ledger.chain
        long = ledger.entries.size() >= WORTH_PROCESSES
        workers = stack.enter_context(processes(settings.database_url)) if long else None
        key = ledger.note_key.verifier
        report = check_ledger(ledger.entries, ledger.checkpoints, key, chain, progress=progress, workers=workers)
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


def _check_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--without-chain", action="store_true", help="leave the chain out / 不核对链")


VERBS = (
    Verb("prove", "write the proof of an entry", "导出条目的证明", _prove, _prove_arguments),
    Verb(
        "verify",
        "verify a proof: 0 holds, 1 does not, 2 cannot tell",
        "验证证明：0 成立，1 不成立，2 无法判定",
        _verify,
        _verify_arguments,
    ),
    Verb("pin", "keep the newest checkpoint, to compare with later", "留存最新检查点以备核对", _pin, _pin_arguments),
    Verb(
        "check",
        "rebuild and compare the whole log: 0, 1 or 2",
        "重建并核查整个账本：0、1 或 2",
        _check,
        _check_arguments,
    ),
)
