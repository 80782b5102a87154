"""
verify: what a stranger makes of a proof. It opens no ledger, and without ``--rpc`` loads nothing of one.

With ``--export`` it hands out the verifier that a stranger runs without any of this.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from ledger.adapters.keys import verifier_key
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.errors import LedgerError
from ledger.log.checkpoint import Checkpoint, VerifierKey
from ledger.log.disclosure import Disclosure
from ledger.log.errors import CannotTell
from ledger.log.key_history import KeyHistory, KeyPeriod
from ledger.log.pin import read_pin
from ledger.log.policy import Cosigned, Policy
from ledger.log.sealed import AnyProof, SealedProof, verify_file
from ledger.ports import ChainUnavailable
from ledger.services.confirm_on_chain import confirm_on_chain
from ledger.services.hold_pin import hold_to_pin
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
        policy = _policy(options.policy)
        key, pinned = trusted(settings, options, policy)
        joining = Path(options.consistency).read_text(encoding="utf-8") if options.consistency else None
        proof = verify_file(data, key=key, pinned=pinned if key is None else None)
        if pinned is not None:
            hold_to_pin(proof.checkpoint, pinned, joining, key)
        history = _history(options.keys)
        in_force = _in_force(history, proof, key, pinned)
        cosigned = _cosigned(policy, proof, key, history)
        if options.rpc:
            from ledger.chain_wiring import reading_chain

            with reading_chain(settings, options.rpc, options.contract) as chain:
                confirm_on_chain(proof, chain)
    except LedgerError as error:
        return _verdict(terminal, error)
    except (OSError, UnicodeDecodeError) as error:
        return _verdict(terminal, CannotTell(why=f"{options.consistency}: {error}"))
    index, size = proof.index, proof.checkpoint.size
    said = {"verdict": HOLDS, "entry": index, "size": size, "root": proof.checkpoint.root.hex()}
    said |= _tell_key(in_force, terminal)
    if policy is not None:
        said["cosigned"] = {one.witness.name: one.time for one in cosigned}
        _tell_witnesses(cosigned, terminal)
    if isinstance(proof, SealedProof):
        terminal.say(
            f"Holds: entry {index} is in the log at size {size}. The proof is sealed: it shows nothing of the record.",
            f"成立：第 {index} 号条目在账本中（大小 {size}）。该证明已封存，不显示记录内容。",
        )
        terminal.data(said)
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
        terminal.data(said | {"fields": fields})
        return HOLDS
    terminal.say(
        f"Holds: entry {index} is recorded in the log at size {size} and has not changed since. "
        "Whether what it says is true, a proof cannot show.",
        f"成立：第 {index} 号条目已记录于账本（大小 {size}），此后未被改动。记录内容是否属实，证明无法说明。",
    )
    terminal.data(said)
    return HOLDS


def _policy(given: str | None) -> Policy | None:
    """The policy file; what cannot be read vouches for nothing. Raises ``CannotTell``."""
    if given is None:
        return None
    try:
        return Policy.parse(Path(given).read_text(encoding="utf-8"))
    except (LedgerError, OSError, UnicodeDecodeError) as error:
        raise CannotTell(why=f"the policy cannot be read: {error}") from error


def _history(given: str | None) -> KeyHistory | None:
    """The file of keys; what cannot be read vouches for nothing. Raises ``CannotTell``."""
    if given is None:
        return None
    try:
        return KeyHistory.parse(Path(given).read_text(encoding="utf-8"))
    except (LedgerError, OSError, UnicodeDecodeError) as error:
        raise CannotTell(why=f"the key history cannot be read: {error}") from error


def _in_force(
    history: KeyHistory | None, proof: AnyProof, key: VerifierKey | None, pinned: Checkpoint | None
) -> tuple[KeyHistory, KeyPeriod] | None:
    """Where the log's key is on record. Raises ``KeyNotInForce``, ``CannotTell``."""
    if history is None or key is None:
        return None
    kept = pinned is not None and proof.index < pinned.size
    return history, history.require(key.public, proof.checkpoint.size, kept=kept)


def _tell_key(in_force: tuple[KeyHistory, KeyPeriod] | None, terminal: Terminal) -> dict[str, int]:
    if in_force is None:
        return {}
    history, period = in_force
    until = "" if period.until_size is None else str(period.until_size - 1)
    terminal.say(
        f"As of block {history.block} of the key history the log's key is in force for sizes {period.from_size}-{until}"
        + "; it was reported lost, and the checkpoint that you kept vouches for this" * period.lost,
        f"据密钥历史（截至区块 {history.block}），账本密钥适用于大小 {period.from_size}-{until}"
        + "；该密钥已报失，以您留存的检查点为据" * period.lost,
    )
    return {"keys_as_of_block": history.block}


def _cosigned(
    policy: Policy | None, proof: AnyProof, key: VerifierKey | None, history: KeyHistory | None
) -> list[Cosigned]:
    """Who of the policy cosigned and when. Raises ``PolicyUnmet``, and ``CannotTell`` for a log that is not in it."""
    if policy is None:
        return []
    if policy.logs and key not in [one.key for one in policy.logs]:
        raise CannotTell(why="the policy does not list this log's key")
    inner = proof.proof if isinstance(proof, Disclosure) else proof
    size = proof.checkpoint.size
    counts = (lambda public: history.vouches(public, size)) if history else (lambda _: True)
    return policy.require(inner.checkpoint_note, inner.cosignatures, counts)


def _tell_witnesses(cosigned: list[Cosigned], terminal: Terminal) -> None:
    signed = [(one.witness.name, moment(one.time)) for one in cosigned if one.time is not None]
    names = ", ".join(f"{name} {when}" for name, when in signed)
    terminal.say(
        f"{len(signed)} of {len(cosigned)} witnesses cosigned its checkpoint, as the policy asks: {names or 'none'}. "
        "They saw this log grow and never go back; of what records say they know nothing.",
        f"{len(cosigned)} 位见证人中有 {len(signed)} 位会签了该检查点，符合策略：{names or '无'}。"
        "会签表示其所见账本只增不改，与记录内容无关。",
    )


def moment(time: int) -> str:
    """A witness's time, or what it says instead of one."""
    try:
        return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, OSError, ValueError):
        return f"+{time} s"


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


def trusted(
    settings: Settings, options: Namespace, policy: Policy | None = None
) -> tuple[VerifierKey | None, Checkpoint | None]:
    """
    What this verifier trusts: a pin (a file, or what a scanner read from paper) and the log's key.

    The key is the one given, the pin's own, the one log's of the policy, or that of the ledger on this machine.
    """
    try:
        key = None
        if options.key:
            path = Path(options.key)
            key = VerifierKey.parse(path.read_text(encoding="utf-8") if path.exists() else options.key)
        elif policy is not None and len(policy.logs) == 1:
            key = policy.logs[0].key
        if options.pinned:
            text = Path(options.pinned).read_text(encoding="utf-8")
            pin = read_pin(text, key)
            if pin.key is None:
                pin = read_pin(text, verifier_key(settings.home))
            return pin.key, pin.checkpoint
        return key or verifier_key(settings.home), None
    except (LedgerError, OSError, UnicodeDecodeError) as error:
        raise CannotTell(why=f"what you trust cannot be read: {error}") from error


def _verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("proof", nargs="?", default="proof.json", help="proof file / 证明文件")
    parser.add_argument("--pinned", help="a checkpoint you kept: `ledger pin`, or scanned from paper / 自存检查点")
    parser.add_argument("--consistency", help="joins your checkpoint to the proof's: ledger pin --since / 一致性证明")
    parser.add_argument("--policy", help="which witnesses must have cosigned (C2SP tlog-policy) / 见证策略文件")
    parser.add_argument("--keys", help="keys in force, by size: ledger consortium keys / 密钥历史文件")
    parser.add_argument("--key", help="the log's public key or a file with it / 账本公钥")
    parser.add_argument("--rpc", help="ask this node whether the checkpoint is anchored / 向该节点核对")
    parser.add_argument("--contract", help="the registry's address, if not on record here / 合约地址")
    parser.add_argument("--export", metavar="FILE", help="write the one-file verifier / 导出单文件验证器")


VERBS = {"verify": Verb(_verify, _verify_arguments)}
