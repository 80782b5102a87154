"""consortium: the organisations behind the registry, as one of them sees them and decides among them."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from ledger.adapters.chain import create_keystore
from ledger.chain_wiring import consortium_address, consortium_deployments, unchecked_chain
from ledger.commands.key_history import keys
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.ports import ChainReceipt
from ledger.ports.consortium import (
    DECISION_KINDS,
    NONE,
    ORGANISATION_ROLES,
    CharterRefused,
    Consortium,
    ConsortiumAbsent,
    Decision,
    Founder,
    Member,
    OrganisationRole,
)
from ledger.services.consortium import known_names, organisation_id, recorded_changes
from ledger.services.consortium_history import Organisations, compared, organisations_after
from ledger.settings import Settings
from ledger.wiring import open_ledger

KINDS: Final = tuple(kind.replace("_", "-") for kind in DECISION_KINDS)
_ROLES: Final[Mapping[OrganisationRole, str]] = {"anchor": "上链", "witness": "见证", "guardian": "守护"}


class _Founder(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    name: str
    account: str
    roles: tuple[OrganisationRole, ...]
    anchor: str = ""
    key: str = ""
    from_size: int = 1


class _Charter(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``found`` reads: the organisations of the first hour, how many decide, how many guardians pause."""

    organisations: list[_Founder]
    quorum: int
    pause_quorum: int


def key_of(text: str) -> bytes:
    """An Ed25519 public key: 64 hexadecimal digits, or a note key ``name+hash+base64``. Raises ValueError."""
    if re.fullmatch("[0-9a-fA-F]{64}", text):
        return bytes.fromhex(text)
    raw = b64decode(text.strip().split("+", 2)[-1], validate=True)
    if len(raw) != 33:
        raise ValueError(text)
    return raw[1:]


def account_of(text: str) -> str:
    """An account on the chain. Raises ValueError."""
    if not re.fullmatch("0x[0-9a-fA-F]{40}", text):
        raise ValueError(text)
    return text


def proposal_of(text: str) -> bytes:
    """The id of a proposal: 64 hexadecimal digits. Raises ValueError."""
    if not re.fullmatch("(0x)?[0-9a-fA-F]{64}", text):
        raise ValueError(text)
    return bytes.fromhex(text.removeprefix("0x"))


def roles_of(text: str) -> tuple[OrganisationRole, ...]:
    """Roles divided by commas; ``none`` for none. Raises ValueError."""
    named = () if text == "none" else text.split(",")
    found = tuple(role for role in ORGANISATION_ROLES if role in named)
    if len(found) != len(named):
        raise ValueError(text)
    return found


def _keystore(settings: Settings, options: Namespace) -> Any:
    path = Path(options.keystore) if options.keystore else settings.home / "organisation-key.json"
    return create_keystore(path, path.with_suffix(".pass"))


@contextmanager
def _deciding(settings: Settings, options: Namespace) -> Iterator[Consortium]:
    """The contract, as the account in the keystore decides in it. Raises ConsortiumAbsent."""
    from ledger.adapters.chain.consortium import EvmConsortium

    address = consortium_address(settings)
    if address is None:
        raise ConsortiumAbsent(contract="-")
    chain = unchecked_chain(settings, _keystore(settings, options))
    try:
        consortium = EvmConsortium(chain.node, address)
        consortium.check()
        yield consortium
    finally:
        chain.close()


# ---------------------------------------------------------------- what is


def _show(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        if ledger.consortium is None:
            raise ConsortiumAbsent(contract="-")
        ledger.consortium.record()
        entered = [one.name for one in ledger.organisations.listed(settings.tenant)]
        names = known_names([settings.company_name, *entered])
        changes = [one.change for one in recorded_changes(ledger, settings.tenant)]
        standing = ledger.consortium.consortium.standing()
    agreement, shown = compared(standing, changes), organisations_after(changes, options.block)
    terminal.say(f"Consortium {standing.contract}", f"联盟合约 {standing.contract}")
    terminal.say(*_AGREEMENT[agreement])
    terminal.say(
        f"{shown.quorum} decide, {shown.pause_quorum} guardians pause" + "; PAUSED" * shown.paused,
        f"{shown.quorum} 个组织可决定，{shown.pause_quorum} 个守护者可暂停" + "；已暂停" * shown.paused,
    )
    for one in shown.members:
        _say_member(one, names, terminal)
    said = {"contract": standing.contract, "governs": standing.governs, "agreement": agreement}
    terminal.data(said | _told(shown, names) | {"changes": [_change(one) for one in changes]})
    return 1 if agreement == "differs" else 0


_AGREEMENT: Final = {
    "agrees": ("The log and the contract agree", "账本与合约一致"),
    "behind": ("The last change is in no final block yet", "最近一次变更所在区块尚未最终确认"),
    "differs": (
        "The log and the contract do NOT agree: keep both and call the auditor",
        "账本与合约不一致：请保留两者并通知审计方",
    ),
}


def _say_member(one: Member, names: Mapping[bytes, str], terminal: Terminal) -> None:
    name = names.get(one.organisation, one.organisation.hex()[:16])
    roles = ", ".join(one.roles), "、".join(_ROLES[role] for role in one.roles)
    terminal.say(
        f"{name}  {roles[0] or 'no role'}  {one.account or 'removed'}",
        f"{name}  {roles[1] or '无角色'}  {one.account or '已移除'}",
    )
    for account in one.anchors:
        terminal.say(f"  anchors by {account}", f"  上链账户 {account}")
    for key in one.keys:
        until = "" if key.until_size is None else str(key.until_size - 1)
        terminal.say(
            f"  key {key.key.hex()} for sizes {key.from_size}-{until}" + " (revoked)" * key.revoked,
            f"  密钥 {key.key.hex()}，适用大小 {key.from_size}-{until}" + "（已吊销）" * key.revoked,
        )


def _told(shown: Organisations, names: Mapping[bytes, str]) -> dict[str, Any]:
    members = [
        {
            "organisation": one.organisation.hex(),
            "name": names.get(one.organisation),
            "account": one.account,
            "roles": one.roles,
            "present": one.present,
            "anchors": one.anchors,
            "keys": [key._asdict() | {"key": key.key.hex()} for key in one.keys],
        }
        for one in shown.members
    ]
    return {
        "quorum": shown.quorum,
        "pause_quorum": shown.pause_quorum,
        "paused": shown.paused,
        "organisations": members,
    }


def _change(one: Any) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(one)
    return told


def _account(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    settings.home.mkdir(parents=True, exist_ok=True)
    address = _keystore(settings, options).address
    terminal.say(f"This organisation decides by {address}", f"本组织的表决账户为 {address}")
    terminal.data({"account": address})
    return 0


def _proposal(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with _deciding(settings, options) as consortium:
        put = consortium.decision(options.proposal)
    until = datetime.fromtimestamp(put.expires, UTC).isoformat(timespec="minutes")
    state = ("carried", "已通过") if put.carried else (f"open until {until}", f"待决至 {until}")
    terminal.say(
        f"{put.decision.kind}: {put.counting} of {put.needed} approve, {state[0]}",
        f"{put.decision.kind}：{put.counting}/{put.needed} 批准，{state[1]}",
    )
    decision = msgspec.to_builtins(put.decision) | {"organisation": put.decision.organisation.hex()}
    terminal.data(put._asdict() | {"decision": decision})
    return 0


# ---------------------------------------------------------------- founding


def _found(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    from ledger.adapters.chain.founding import found, hand_over

    founders, quorums = _charter(Path(options.charter))
    chain = unchecked_chain(settings)
    try:
        chain.check()
        made = found(chain.node, consortium_deployments(settings), chain.identity().contract, founders, quorums)
        if options.hand_over:
            hand_over(chain.node, made)
        governs = made.standing().governs
    finally:
        chain.close()
    terminal.say(f"Consortium is at {made.address}", f"联盟合约位于 {made.address}")
    terminal.say(*_GOVERNS[governs])
    terminal.data({"contract": made.address, "governs": governs})
    return 0


def _charter(path: Path) -> tuple[list[Founder], tuple[int, int]]:
    """The organisations of the first hour and their quorums. Raises CharterRefused."""
    try:
        charter = msgspec.json.decode(path.read_bytes(), type=_Charter)
    except (OSError, msgspec.DecodeError) as error:
        raise CharterRefused(path=str(path), why=str(error)) from error
    founders = []
    for place, one in enumerate(charter.organisations):
        try:
            anchor, key = account_of(one.anchor) if one.anchor else "", key_of(one.key) if one.key else NONE
            made = Founder(
                organisation=organisation_id(one.name),
                account=account_of(one.account),
                roles=one.roles,
                anchor=anchor,
                key=key,
                from_size=one.from_size,
            )
        except ValueError as error:
            why = f"$.organisations[{place}]: no account or Ed25519 key: {error}"
            raise CharterRefused(path=str(path), why=why) from error
        founders.append(made)
    return founders, (charter.quorum, charter.pause_quorum)


_GOVERNS: Final = {
    True: (
        "It governs the registry; no single account decides any more",
        "它已管理登记合约，任何单一账户不再能独自决定",
    ),
    False: ("It governs nothing before --hand-over", "加 --hand-over 移交之后，它才管理登记合约"),
}


# ---------------------------------------------------------------- deciding


def _propose(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    decision = Decision(
        kind=options.kind.replace("-", "_"),
        organisation=organisation_id(options.organisation) if options.organisation else NONE,
        account=options.account,
        roles=options.roles,
        quorum=options.quorum,
        pause_quorum=options.pause_quorum,
    )
    return _put(settings, options, terminal, decision)


def _short(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    return _put(settings, options, terminal, Decision(kind=options.act))


def _put(settings: Settings, options: Namespace, terminal: Terminal, decision: Decision) -> int:
    with _deciding(settings, options) as consortium:
        proposal, receipt = consortium.propose(decision)
        put = consortium.decision(proposal) if any(proposal) else None
    if put is None:
        terminal.say("Nothing to decide: it is so already", "无需表决：现状即如此")
    elif put.carried:
        terminal.say("Carried", "已通过")
    else:
        terminal.say(
            f"{put.counting} of {put.needed} approve; the others: ledger consortium approve {proposal.hex()}",
            f"{put.counting}/{put.needed} 批准；其他组织请运行：ledger consortium approve {proposal.hex()}",
        )
    carried = put is None or put.carried
    terminal.data({"proposal": proposal.hex(), "carried": carried, **_where(receipt)})
    return 0


def _own(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with _deciding(settings, options) as consortium:
        receipt = _OWN[options.act](consortium, options)
    terminal.say(
        f"Done in block {receipt.block_number}, transaction 0x{receipt.transaction.hex()}",
        f"已写入区块 {receipt.block_number}，交易 0x{receipt.transaction.hex()}",
    )
    terminal.data(_where(receipt))
    return 0


def _where(receipt: ChainReceipt) -> dict[str, Any]:
    return {"block": receipt.block_number, "transaction": receipt.transaction.hex()}


_OWN: Final[Mapping[str, Callable[[Consortium, Namespace], ChainReceipt]]] = {
    "approve": lambda consortium, options: consortium.approve(options.proposal),
    "withdraw": lambda consortium, options: consortium.withdraw(options.proposal),
    "rotate": lambda consortium, options: consortium.rotate_key(options.key, options.from_size),
    "revoke-key": lambda consortium, _: consortium.revoke_key(),
    "move-account": lambda consortium, options: consortium.move_account(options.account),
    "drop-anchor": lambda consortium, options: consortium.drop_anchor(options.account),
}


def _consortium(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    run = _ACTS.get(options.act, _own)
    return run(settings, options, terminal)


_ACTS: Final[Mapping[str, Callable[[Settings, Namespace, Terminal], int]]] = {
    "show": _show,
    "keys": keys,
    "account": _account,
    "proposal": _proposal,
    "found": _found,
    "propose": _propose,
    "pause": _short,
    "resume": _short,
}


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--keystore", default="", help="the account that decides; made at first use / 表决账户密钥文件")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    show = acts.add_parser("show", help="organisations, keys, roles and what changed / 查看组织、密钥、角色与变更")
    show.add_argument("--block", type=int, help="as they stood after this block / 某区块之后的状态")
    kept = acts.add_parser("keys", help="checkpoint keys with history, for verify --keys / 导出检查点密钥及历史")
    kept.add_argument("-o", "--output", default="keys.txt", help="file to write / 输出文件")
    acts.add_parser("account", help="the address of the own account / 本组织的表决账户地址")
    found = acts.add_parser("found", help="put the contract on the chain / 建立联盟合约")
    found.add_argument("charter", help="JSON: organisations, quorum, pause_quorum / JSON 章程文件")
    found.add_argument("--hand-over", action="store_true", help="make it the registry's administrator / 移交登记合约")
    propose = acts.add_parser("propose", help="put a decision, or approve an equal one / 提议，或批准相同的提议")
    propose.add_argument("kind", choices=KINDS, help="what to decide / 提议事项")
    propose.add_argument("--organisation", default="", help="its public name / 组织公开名称")
    propose.add_argument("--account", type=account_of, default="", help="account on the chain / 链上账户")
    roles = ", ".join(ORGANISATION_ROLES)
    propose.add_argument("--roles", type=roles_of, default=(), help=f"of {roles}, by commas, or none / 角色")
    propose.add_argument("--quorum", type=int, default=0, help="organisations that decide from then on / 表决法定数")
    propose.add_argument("--pause-quorum", type=int, default=0, help="guardians that pause / 暂停所需守护者数")
    acts.add_parser("pause", help="stop anchoring, with other guardians / 与其他守护者一起暂停上链")
    acts.add_parser("resume", help="go on anchoring, with a quorum / 达到法定数后恢复上链")
    for name, words in (
        ("proposal", "how a proposal stands / 查看提议"),
        ("approve", "approve a proposal / 批准提议"),
        ("withdraw", "take the own approval back / 撤回批准"),
    ):
        acts.add_parser(name, help=words).add_argument("proposal", type=proposal_of, help="its id / 提议编号")
    rotate = acts.add_parser("rotate", help="the own checkpoint key from a size on / 自某大小起使用的检查点密钥")
    rotate.add_argument("key", type=key_of, help="Ed25519: hexadecimal, or a note key / 公钥")
    rotate.add_argument("--from-size", type=int, required=True, help="first size that it signs / 起始大小")
    acts.add_parser("revoke-key", help="the own checkpoint key is lost / 本组织的检查点密钥已失效")
    for name, words in (
        ("move-account", "decide by another account / 更换表决账户"),
        ("drop-anchor", "no longer anchor by an account / 停用上链账户"),
    ):
        acts.add_parser(name, help=words).add_argument("account", type=account_of, help="its address / 账户地址")


VERBS = {"consortium": Verb(_consortium, _arguments)}
