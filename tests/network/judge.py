"""What must hold when everything is mended, seen on every validator's own RPC and not through the ledger's client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from web3 import HTTPProvider, Web3
from web3.middleware import ExtraDataToPOAMiddleware
from web3.types import BlockData, BlockIdentifier

from ledger.adapters.chain.artifact import registry
from ledger.wiring import Ledger
from tests.crash.oracle import claims


@dataclass
class Sent:
    """Transactions of a ledger's account in one validator's chain, its deployment aside."""

    anchored: list[tuple[int, bytes]]
    """Size and root, in the order of blocks."""
    refused: int
    """Reverted: they changed nothing."""
    idle: int
    """Succeeded and changed nothing."""


def stranger(url: str) -> Web3:
    """A validator's chain as anybody sees it."""
    web3 = Web3(HTTPProvider(url, request_kwargs={"timeout": 60}, exception_retry_configuration=None))
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    return web3


def chain_of(web3: Web3, head: BlockIdentifier, since: int = 0, *, full: bool = False) -> list[BlockData]:
    """
    A head and all that it stands on down to block ``since``, oldest first; ``full`` with the transactions themselves.

    From parent to parent: a number is another block, or none, once a heavier branch that is shorter has won.
    """
    blocks = [web3.eth.get_block(head, full_transactions=full)]
    while blocks[-1]["number"] > since:
        blocks.append(web3.eth.get_block(blocks[-1]["parentHash"], full_transactions=full))
    return blocks[::-1]


def sent(web3: Web3, sender: str, contract: str, since: int, before: int = 1) -> Sent:
    """
    What became of the transactions of ``sender`` but for the first ``before``; none of the others is below ``since``.

    By nonces: validators are of several heads at a time, so no block divides what was sent before from what came after.
    """
    asked: Any = web3.eth.contract(address=Web3.to_checksum_address(contract), abi=registry().abi)
    found = Sent([], 0, 0)
    for block in chain_of(web3, "latest", since, full=True):
        for transaction in block["transactions"]:
            if transaction["from"] != sender or transaction["nonce"] < before:  # type: ignore[index]
                continue
            receipt = web3.eth.get_transaction_receipt(transaction["hash"])  # type: ignore[index]
            events = asked.events.CheckpointAnchored().process_receipt(receipt)
            found.anchored += [(event["args"]["size"], bytes(event["args"]["root"])) for event in events]
            found.refused += receipt["status"] == 0
            found.idle += receipt["status"] == 1 and not events
    return found


def on_chain(ledger: Ledger, urls: Sequence[str], since: int, before: int = 1) -> Iterator[str]:
    """
    Everything about the chain of each validator that contradicts the ledger.

    ``before``: how many transactions its account had sent before the first anchor; one deployed the registry.
    """
    said = claims(ledger)
    sender, contract = Web3.to_checksum_address(said.chain.sender), said.chain.contract
    ours = {stored.checkpoint.size: stored.checkpoint.root for stored in said.checkpoints}
    confirmed = {stored.checkpoint.size for stored in said.checkpoints if stored.state == "confirmed"}
    for url in urls:
        web3 = stranger(url)
        found = sent(web3, sender, contract, since, before)
        sizes = [size for size, _ in found.anchored]
        yield from (f"forked: {url} holds size {size}" for size, root in found.anchored if ours.get(size) != root)
        yield from (f"doubled: {url} holds size {size} {n} times" for size, n in Counter(sizes).items() if n > 1)
        if sizes != sorted(sizes):
            yield f"doubled: {url} holds {sizes}"
        if found.idle:
            yield f"doubled: {found.idle} transactions repeated a head at {url}"
        yield from (f"lost: size {size} is called confirmed; {url} has none" for size in confirmed - set(sizes))
        registered: Any = web3.eth.contract(address=Web3.to_checksum_address(contract), abi=registry().abi)
        size, root = registered.functions.head().call()
        if (size, bytes(root)) != (said.size, ours.get(said.size)):
            yield f"lost: the head at {url} is {size}, the log has {said.size} entries"
        used = web3.eth.get_transaction_count(sender)
        if used != before + len(sizes) + found.refused:
            yield f"doubled: {used} transactions at {url}, {len(sizes)} anchored, {found.refused} refused"
