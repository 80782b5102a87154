"""consortium keys: the checkpoint keys of all organisations with their history, in a file for who has no node."""

from __future__ import annotations

from argparse import Namespace
from hashlib import sha256
from pathlib import Path

from ledger.commands.terminal import Terminal
from ledger.ports.consortium import ConsortiumAbsent
from ledger.services.consortium import recorded_changes
from ledger.services.consortium_history import compared, key_history
from ledger.settings import Settings
from ledger.wiring import open_ledger


def keys(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    """Write the file; nothing is written (1) where log and contract do not agree."""
    with open_ledger(settings) as ledger:
        if ledger.consortium is None:
            raise ConsortiumAbsent(contract="-")
        ledger.consortium.record()
        changes = [one.change for one in recorded_changes(ledger, settings.tenant)]
        if not changes or compared(ledger.consortium.consortium.standing(), changes) != "agrees":
            terminal.say(
                "The log and the contract do not agree, or not yet: see `ledger consortium show`. Nothing is written",
                "账本与合约不一致，或尚未一致：请运行 `ledger consortium show`。未写入文件",
            )
            terminal.data({"file": None})
            return 1
    found = key_history(changes)
    data, out = found.text.encode(), Path(options.output)
    out.write_bytes(data)
    digest = sha256(data).hexdigest()
    terminal.say(
        f"{out}: {len(found.periods)} keys as of block {found.block}, SHA-256 {digest}. Compare it with the others",
        f"{out}：截至区块 {found.block} 的 {len(found.periods)} 个密钥，SHA-256 {digest}。请与其他组织核对",
    )
    terminal.data({"file": str(out), "block": found.block, "sha256": digest})
    return 0
