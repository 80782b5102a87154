"""Keys, genesis and the list of who may send: everything that the validators of one network share."""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from eth_account import Account
from eth_keys.datatypes import PrivateKey

GAS_LIMIT = 100_000_000
NO_VOTES = 2**40
"""Length of an epoch: signers are listed once, in the genesis block, and never voted on."""
VANITY, SEAL = 32, 65
FORKS = (
    "homestead",
    "eip150",
    "eip155",
    "eip158",
    "byzantium",
    "constantinople",
    "petersburg",
    "istanbul",
    "berlin",
)
"""Up to the last one without a base fee: gas is free, and who may use it is a list."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One key is a validator's seal and its name among peers."""

    name: str
    address: str
    node_id: str


def make_key(path: Path, name: str) -> Identity:
    """A new key in a file that its owner alone can read."""
    private = secrets.token_bytes(32)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(private.hex() + "\n")
    return Identity(name, str(Account.from_key(private).address), PrivateKey(private).public_key.to_bytes().hex())


def new_chain_id() -> int:
    """Nine digits that no other network of this kind is likely to have."""
    return 100_000_000 + secrets.randbelow(900_000_000)


def write_genesis(path: Path, chain_id: int, period: int, signers: list[str]) -> None:
    """The genesis block in geth's form; ``period`` in seconds between blocks."""
    config: dict[str, object] = {f"{fork}Block": 0 for fork in FORKS}
    config |= {"chainId": chain_id, "clique": {"period": period, "epoch": NO_VOTES}}
    listed = b"".join(bytes.fromhex(signer.removeprefix("0x")) for signer in sorted(signers, key=str.lower))
    genesis = {
        "config": config,
        "nonce": "0x0",
        "timestamp": hex(int(time.time())),
        "extraData": "0x" + (bytes(VANITY) + listed + bytes(SEAL)).hex(),
        "gasLimit": hex(GAS_LIMIT),
        "difficulty": "0x1",
        "mixHash": "0x" + bytes(32).hex(),
        "coinbase": "0x" + bytes(20).hex(),
        "alloc": {},
        "number": "0x0",
        "gasUsed": "0x0",
        "parentHash": "0x" + bytes(32).hex(),
    }
    path.write_text(json.dumps(genesis, indent=1) + "\n", encoding="utf-8")
