"""The ceremony: a consortium is put on the chain, and the registry's administrator hands over to it."""

from __future__ import annotations

from collections.abc import Sequence

from web3 import Web3

from ledger.adapters.chain.artifact import consortium, registry
from ledger.adapters.chain.consortium import NOBODY, EvmConsortium, bits_of
from ledger.adapters.chain.deploying import deploy_contract
from ledger.adapters.chain.deployment import DeploymentFile
from ledger.adapters.chain.evm_node import EvmNode
from ledger.adapters.chain.waiting import final_receipt
from ledger.ports.consortium import Founder

BASE_GAS, FOUNDER_GAS = 2_800_000, 300_000
"""Four organisations take 3,056,499 (tests/contracts/consortium-gas.json)."""
ROLE_GAS = 100_000
ADMIN = bytes(32)


def found(
    node: EvmNode,
    deployments: DeploymentFile,
    registry_address: str,
    founders: Sequence[Founder],
    quorums: tuple[int, int],
) -> EvmConsortium:
    """
    The consortium on record, founded now unless there is one. It governs nothing before ``hand_over``.

    ``quorums``: organisations that decide, guardians that pause.
    """
    record = deployments.read()
    address = record.contract if record else None
    if address is None:
        arguments: list[object] = [
            Web3.to_checksum_address(registry_address),
            [_founder(one) for one in founders],
            *quorums,
        ]
        gas = BASE_GAS + FOUNDER_GAS * len(founders)
        address = deploy_contract(node, deployments, consortium(), arguments, gas)
    founded = EvmConsortium(node, address)
    founded.check()
    return founded


def _founder(one: Founder) -> tuple[object, ...]:
    anchor = Web3.to_checksum_address(one.anchor or NOBODY)
    account = Web3.to_checksum_address(one.account)
    return (one.organisation, account, bits_of(one.roles), anchor, one.key, one.from_size)


def hand_over(node: EvmNode, founded: EvmConsortium) -> None:
    """
    The signer, administrator of the registry, makes the consortium that, brings the roles in line, and renounces.

    Each step is done only where it is not done yet. From the last on no single account decides.
    """
    standing = founded.standing()
    contract = node.web3.eth.contract(address=Web3.to_checksum_address(standing.registry), abi=registry().abi)
    own = Web3.to_checksum_address(node.signer.address)

    def send(name: str, *args: object) -> None:
        data = contract.encode_abi(name, list(args))
        signed = node.sign(node.mined_nonce(own), standing.registry, data, ROLE_GAS)
        node.broadcast(signed.raw)
        final_receipt(node, signed.hash, name)

    if not standing.governs:
        send("grantRole", ADMIN, founded.address)
    founded.settle()
    with node.asking():
        still = contract.functions.hasRole(ADMIN, own).call()
    if still:
        send("renounceRole", ADMIN, own)
