"""Changes among organisations as their contract tells them, without a chain: founded, paused, resumed, a new key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from ledger.records.consortium_change import ConsortiumChange, change_id, check_change

CHAIN = 1981
CONTRACT = "0x" + "c5" * 20
FIRST_BLOCK = 100
FOUNDED = datetime(2026, 3, 1, 8, tzinfo=UTC)


def name_hash(name: str) -> str:
    """What an organisation is called on chain."""
    return sha256(name.encode()).hexdigest()


def account(number: int) -> str:
    """Some account."""
    return f"0x{number:040x}"


def story(*names: str) -> list[ConsortiumChange]:
    """
    Blocks 100 (founding by these names), 101-102 (paused), 103-104 (resumed), 105 (the first one's key rotated).

    The first anchors by account 90; every one has all roles and a key from size 1 on; two decide, two pause.
    """
    told = _Told()
    ids = [name_hash(name) for name in names]
    for number, one in enumerate(ids):
        roles = ("anchor", "witness", "guardian")
        told.add("organisation_admitted", organisation=one, account=account(10 + number), number=number, roles=roles)
        told.add("key_registered", organisation=one, checkpoint_key=name_hash(f"key {number}"), from_size="1")
    told.add("anchor_added", organisation=ids[0], account=account(90))
    told.add("quorum_set", quorum=2, pause_quorum=2)
    for decision, act in (("pause", "paused"), ("resume", "resumed")):
        proposal = name_hash(decision)
        told.next_block()
        expires = told.at + timedelta(days=1)
        told.add("proposed", by=ids[0], decision=decision, proposal=proposal, expires=expires)
        told.next_block()
        told.add("approved", by=ids[1], proposal=proposal)
        told.add("carried", proposal=proposal)
        told.add(act)
    told.next_block()
    old = name_hash("key 0")
    told.add("key_ended", organisation=ids[0], checkpoint_key=old, until_size="5000", revoked=False)
    told.add("key_registered", organisation=ids[0], checkpoint_key=name_hash("key new"), from_size="5000")
    return told.changes


class _Told:
    def __init__(self) -> None:
        self.changes: list[ConsortiumChange] = []
        self.block, self.position = FIRST_BLOCK, 0

    @property
    def at(self) -> datetime:
        return FOUNDED + timedelta(hours=self.block - FIRST_BLOCK)

    def next_block(self) -> None:
        self.block, self.position = self.block + 1, 0

    def add(self, act: Any, **fields: Any) -> None:
        block_hash = sha256(f"block {self.block}".encode()).hexdigest()
        made = ConsortiumChange(
            act=act,
            block=self.block,
            block_hash=block_hash,
            chain=CHAIN,
            contract=CONTRACT,
            id=change_id(CHAIN, self.block, block_hash, self.position),
            kind="consortium_change",
            occurred_at=self.at,
            position=self.position,
            transaction=sha256(f"transaction {self.block} {self.position}".encode()).hexdigest(),
            version=1,
            **fields,
        )
        check_change(made)
        self.changes.append(made)
        self.position += 1
