"""Puts a contract on a chain, once."""

from __future__ import annotations

from web3 import Web3

from ledger.adapters.chain.artifact import Artifact, registry
from ledger.adapters.chain.deployment import Deployment, DeploymentFile
from ledger.adapters.chain.evm_node import EvmNode
from ledger.adapters.chain.signers import unsigned_fields
from ledger.adapters.chain.waiting import final_receipt

DEPLOY_GAS = 1_200_000
"""A deployment takes 804,145 (tests/contracts/gas.json)."""


def deploy_registry(node: EvmNode, deployments: DeploymentFile, admin: str | None) -> str:
    """Address of a registry whose admin is ``admin`` (the signer when None) and whose writer is the signer."""
    sender = node.signer.address
    return deploy_contract(
        node, deployments, registry(), [Web3.to_checksum_address(admin or sender), sender], DEPLOY_GAS
    )


def deploy_contract(
    node: EvmNode, deployments: DeploymentFile, artifact: Artifact, arguments: list[object], gas: int
) -> str:
    """
    Address of a contract made with these arguments.

    A deployment that was signed and perhaps sent before a crash is finished first.
    """
    record = deployments.read()
    if record is None or not _can_take_effect(node, record):
        contract = node.web3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
        record = _begin(node, deployments, contract.constructor(*arguments).data_in_transaction, gas)
    return _finish(node, deployments, record)


def _can_take_effect(node: EvmNode, record: Deployment) -> bool:
    """Whether a signed deployment is in a block, or its nonce is free."""
    if node.receipt(bytes.fromhex(record.transaction)) is not None:
        return True
    nonce = int.from_bytes(unsigned_fields(bytes.fromhex(record.raw))[0], "big")
    return node.mined_nonce(record.deployer) <= nonce


def _begin(node: EvmNode, deployments: DeploymentFile, data: str, gas: int) -> Deployment:
    sender = node.signer.address
    signed = node.sign(node.mined_nonce(sender), "", data, gas)
    record = Deployment(node.right_chain(), sender, signed.hash.hex(), signed.raw.hex())
    deployments.write(record)
    return record


def _finish(node: EvmNode, deployments: DeploymentFile, record: Deployment) -> str:
    transaction = bytes.fromhex(record.transaction)
    if node.receipt(transaction) is None:
        node.broadcast(bytes.fromhex(record.raw))
    contract = Web3.to_checksum_address(final_receipt(node, transaction, "the deployment").contract)
    deployments.write(Deployment(record.chain_id, record.deployer, record.transaction, record.raw, contract))
    return contract
