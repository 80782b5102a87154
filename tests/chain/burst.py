"""
Anchors one entry after another on the embedded chain of a directory, and says each size once it is acknowledged.

Run by tests/chain/test_embedded.py in a process of its own: ``python burst.py DIRECTORY FROM TO [serve]``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from ledger.adapters.chain import create_keystore, open_chain
from ledger.log import merkle
from ledger.ports import EMPTY_HEAD, AnchorCall, Head

LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(4096)]


def main(directory: Path, first: int, last: int, *serve: str) -> None:
    signer = create_keystore(directory / "key.json", directory / "passphrase")
    chain = open_chain("embedded:", directory=directory, signer=signer, rpc_port=0 if serve else None)
    chain.deploy()
    old = chain.head()
    print("ready", flush=True)  # noqa: T201 - the parent reads it
    for size in range(max(first, old.size + 1), last + 1):
        new = Head(size, merkle.root(LEAVES[:size]))
        proof = tuple(merkle.consistency_proof(LEAVES[:size], old.size)) if old != EMPTY_HEAD else ()
        transaction = chain.sign(AnchorCall(old, new, proof), chain.next_nonce())
        chain.send(transaction)
        receipt = chain.receipt(transaction.hash)
        assert receipt is not None
        assert receipt.succeeded
        print(size, flush=True)  # noqa: T201
        old = new
    if serve:
        sys.stdin.readline()
    chain.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
