"""
A network of validators on this machine, and a ledger's registry on it::

    python3 dev.py consortium                     start the network in var/consortium, or start it again
    python3 dev.py consortium --sender ADDRESS    further accounts that may send; they stay on the list

Ctrl-C ends every process that it started. Nothing listens anywhere but on 127.0.0.1.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from consortium.network import LEAST, NAMES, Network
from ledger.chain_wiring import chain_signer, unchecked_chain
from ledger.settings import Settings

CONFIRMATIONS = 4
"""Deeper than any reorganisation of a network with so few validators that seal only together."""


def main() -> int:
    """Start it, put the registry on it, say how to use it, wait."""
    asked = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    home = asked.directory / "ledger"
    home.mkdir(parents=True, exist_ok=True)
    senders = [chain_signer(Settings(home=home)).address, *asked.sender]
    if not (asked.directory / "network.json").exists():
        Network.make(asked.directory, senders=senders, validators=asked.validators, period=asked.period)
    network = Network.open(asked.directory, senders)
    _say(f"starting {len(network.validators)} validators of chain {network.chain_id} in {asked.directory}")
    try:
        with network.running():
            head, _ = network.agree()
            _say(f"all heads are equal: block {head.number} {head.hash}")
            _introduce(network, home, _registry(network, home))
            signal.pause()
    except KeyboardInterrupt:
        _say("every validator has ended")
    return 0


def _registry(network: Network, home: Path) -> str:
    """The registry's address; deployed now, unless an earlier start has done it."""
    chain = unchecked_chain(_settings(network, home))
    try:
        address = chain.deploy()
        chain.check()
    finally:
        chain.close()
    return address


def _settings(network: Network, home: Path) -> Settings:
    url = ",".join(network.urls)
    return Settings(home=home, chain_url=url, chain_id=network.chain_id, confirmations=CONFIRMATIONS)


def _introduce(network: Network, home: Path, contract: str) -> None:
    for one in network.validators:
        _say(f"  {one.identity.name:10} {one.url}  pid {one.pid}  {one.identity.address}")
    _say(f"CheckpointRegistry is at {contract}; these accounts may send: {', '.join(network.senders)}")
    _say("A ledger on this network, in another terminal (and `ledger worker` in place of `serve` for the work alone):")
    _say(
        f"\n  CHAIN_URL={','.join(network.urls)} CHAIN_ID={network.chain_id} ONECODE_CONFIRMATIONS={CONFIRMATIONS}"
        f" .venv/bin/ledger --home {home} serve\n"
    )
    _say("Ctrl-C ends the network; the same command starts it again with all its blocks.")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 dev.py consortium", description=__doc__.split("\n\n", 1)[0])
    parser.add_argument("--directory", type=Path, default=Path("var/consortium"), help="where its keys and blocks are")
    parser.add_argument("--validators", type=int, choices=range(LEAST, len(NAMES) + 1), default=LEAST)
    parser.add_argument("--period", type=int, default=2, help="seconds between blocks, for a new network")
    parser.add_argument("--sender", action="append", default=[], help="an account that may send, beside the ledger's")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
