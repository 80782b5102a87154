"""The chain as settings describe it: to anchor on, to deploy and decide on, and to read from without any ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.adapters.chain import create_keystore, keystore_signer, open_chain
from ledger.adapters.chain.deployment import DeploymentFile
from ledger.adapters.chain.signers import ExternalSigner
from ledger.ports import RoleMissing, Signer
from ledger.settings import Settings

if TYPE_CHECKING:
    from ledger.adapters.chain.client import EvmChain


def chain_signer(settings: Settings) -> Signer:
    """The account that anchors: the external signer, or the keystore in ``home``, created at first use."""
    if settings.signer_url is not None and settings.signer_address is not None:
        return ExternalSigner(settings.signer_url, settings.signer_address)
    keystore, passphrase = settings.home / "chain-key.json", settings.home / "chain-key.pass"
    return keystore_signer(keystore, passphrase) if keystore.exists() else create_keystore(keystore, passphrase)


def consortium_address(settings: Settings) -> str | None:
    """The contract of the organisations behind the registry, if there are any: as set, else as founded from here."""
    record = consortium_deployments(settings).read()
    return settings.consortium_address or (record.contract if record else None)


def consortium_deployments(settings: Settings) -> DeploymentFile:
    """Where the founding of a consortium is on record."""
    return DeploymentFile(settings.home, "consortium.json")


def unchecked_chain(settings: Settings, signer: Signer | None = None) -> EvmChain:
    """The chain as it is, for ``ledger deploy``; with the account that anchors unless another ``signer`` is given."""
    return open_chain(
        settings.chain_url,
        directory=settings.home,
        chain_id=settings.chain_id,
        contract=settings.contract_address,
        signer=signer or chain_signer(settings),
        confirmations=settings.confirmations,
        gas_price=settings.gas_price,
        rpc_port=settings.chain_port,
    )


def checked_chain(settings: Settings, hold: Callable[[str, str], object]) -> EvmChain:
    """Opened, its contract in place, and the chain and contract that ``hold`` knows the ledger was founded on."""
    chain = unchecked_chain(settings)
    try:
        if settings.chain_url.startswith("embedded:"):
            chain.deploy()
        try:
            chain.check()
        except RoleMissing:
            # Organisations may have paused, or taken this account out: every anchor says which, and reading goes on.
            if consortium_address(settings) is None:
                raise
        identity = chain.identity()
        hold("chain", f"{identity.chain_id} {identity.contract}")
    except BaseException:
        chain.close()
        raise
    return chain


@contextmanager
def reading_chain(settings: Settings, url: str, contract: str | None) -> Iterator[EvmChain]:
    """A chain to read from, without any key: for verifiers."""
    address = contract or settings.contract_address
    chain = open_chain(url, directory=settings.home, chain_id=settings.chain_id, contract=address)
    try:
        yield chain
    finally:
        chain.close()
