"""Puts the registry on a chain, once."""

from __future__ import annotations

import time

from web3 import Web3

from ledger.adapters.chain.artifact import registry
from ledger.adapters.chain.deployment import Deployment, DeploymentFile
from ledger.adapters.chain.errors import TransactionRejected
from ledger.adapters.chain.evm_node import EvmNode
from ledger.adapters.chain.signers import unsigned_fields
from ledger.ports import ChainUnavailable

DEPLOY_GAS = 1_200_000
"""A deployment takes 804,145 (tests/contracts/gas.json)."""
WAIT_SECONDS = 120


def deploy_registry(node: EvmNode, deployments: DeploymentFile, admin: str | None) -> str:
    """
    Address of a registry whose admin is ``admin`` (the signer when None) and whose writer is the signer.

    A deployment that was signed and perhaps sent before a crash is finished first.
    """
    record = deployments.read()
    if record is None or not _can_take_effect(node, record):
        record = _begin(node, deployments, admin)
    return _finish(node, deployments, record)


def _can_take_effect(node: EvmNode, record: Deployment) -> bool:
    """Whether a signed deployment is in a block, or its nonce is free."""
    if node.receipt(bytes.fromhex(record.transaction)) is not None:
        return True
    nonce = int.from_bytes(unsigned_fields(bytes.fromhex(record.raw))[0], "big")
    return node.mined_nonce(record.deployer) <= nonce


def _begin(node: EvmNode, deployments: DeploymentFile, admin: str | None) -> Deployment:
    sender = node.signer.address
    contract = node.web3.eth.contract(abi=registry().abi, bytecode=registry().bytecode)
    data = contract.constructor(Web3.to_checksum_address(admin or sender), sender).data_in_transaction
    signed = node.sign(node.mined_nonce(sender), "", data, DEPLOY_GAS)
    record = Deployment(node.right_chain(), sender, signed.hash.hex(), signed.raw.hex())
    deployments.write(record)
    return record


def _finish(node: EvmNode, deployments: DeploymentFile, record: Deployment) -> str:
    transaction = bytes.fromhex(record.transaction)
    if node.receipt(transaction) is None:
        node.broadcast(bytes.fromhex(record.raw))
    deadline = time.monotonic() + WAIT_SECONDS
    while (receipt := node.receipt(transaction)) is None or not node.final(receipt):
        if time.monotonic() > deadline:
            raise ChainUnavailable(url=node.url, reason="the deployment is in no final block yet")
        time.sleep(0.2)
    if not receipt.succeeded:
        raise TransactionRejected(reason=f"the deployment failed after {receipt.gas_used} gas")
    contract = Web3.to_checksum_address(receipt.contract)
    deployments.write(Deployment(record.chain_id, record.deployer, record.transaction, record.raw, contract))
    return contract
