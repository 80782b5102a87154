"""A network of four, a port of ours before each node, and ledgers that know the network by these ports alone."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from eth_account import Account

from consortium.network import Network
from ledger.chain_wiring import unchecked_chain
from ledger.settings import Settings
from tests.builders import settings
from tests.network.proxy import Proxy
from tests.postgres import memory

CONFIRMATIONS = 4
PERIOD = 1
"""Seconds between blocks."""


@dataclass
class World:
    """``homes`` of ledgers whose registries are on the chain, and of organisations, each with an account of its own."""

    network: Network
    proxies: list[Proxy]
    homes: list[Path]
    organisations: list[Path]

    def settings(self, home: Path, database_url: str) -> Settings:
        """A ledger in ``home``, on the network."""
        return settings(
            home,
            database_url=database_url,
            chain_url=",".join(proxy.url for proxy in self.proxies),
            chain_id=self.network.chain_id,
            confirmations=CONFIRMATIONS,
        )

    def mend(self) -> None:
        """Everything runs, everyone is connected, nobody lies."""
        for proxy in self.proxies:
            proxy.become("honest")
        self.network.start(*(one for one in self.network.validators if not one.running))
        self.network.join()
        for one in self.network.validators:
            one.order("hold", held=False)


@contextmanager
def world(ledgers: int, organisations: int = 0) -> Iterator[World]:
    """A network that runs, with so many ledgers founded on it, and accounts of organisations that it takes."""
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="onecode-net-", dir=memory())))
        homes = [directory / f"ledger-{number}" for number in range(ledgers)]
        deciding = [directory / f"organisation-{number}" for number in range(organisations)]
        senders = [_account(home) for home in (*homes, *deciding)]
        network = Network.make(directory / "network", senders=senders, period=PERIOD)
        stack.enter_context(network.running())
        proxies = [Proxy(one.rpc_port) for one in network.validators]
        for proxy in proxies:
            stack.callback(proxy.close)
        made = World(network, proxies, homes, deciding)
        _found(made)
        yield made


def _account(home: Path) -> str:
    """A keystore that costs nothing to open; its address."""
    home.mkdir(parents=True)
    account = Account.create()
    keystore, passphrase = home / "chain-key.json", home / "chain-key.pass"
    keystore.write_text(json.dumps(Account.encrypt(account.key, "test", kdf="scrypt", iterations=2)))
    passphrase.write_text("test")
    for path in (keystore, passphrase):
        path.chmod(0o600)
    return str(account.address)


def _found(world: World) -> None:
    def deploy(home: Path) -> None:
        chain = unchecked_chain(world.settings(home, f"sqlite:///{home / 'ledger.db'}"))
        try:
            chain.deploy()
        finally:
            chain.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(deploy, world.homes))
