"""
What a Besu node of the network needs: genesis, its own configuration, who may connect, who may send.

Facts of Besu are from its source and issues (main after 26.3.0); no Besu node was run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from deploy import qbft
from deploy.site import NODE_METRICS_PORT, P2P_PORT, RPC_PORT, Node, Site

ISTANBUL: Final = "0x63746963616c2062797a616e74696e65206661756c7420746f6c6572616e6365"
"""``mixHash`` of every block of a BFT chain: "ctical byzantine fault tolerance"."""
HOME: Final = "/var/lib/besu"
"""What a node keeps: its key and the chain."""
GENESIS: Final = "chain/genesis.json"
SHARED: Final = "/etc/besu"
"""What is the same on every node."""
APIS: Final = ("ETH", "NET", "WEB3", "QBFT")
OPERATORS_APIS: Final = (*APIS, "PERM", "ADMIN")
"""On 127.0.0.1 of a validator alone: allowlists are read again without a restart."""


def files(site: Site) -> Mapping[str, str]:
    """Every file, by its path."""
    shared = {
        GENESIS: _json(genesis(site)),
        "chain/permissions-nodes.toml": _toml({"nodes-allowlist": [node.enode for node in site.nodes]}),
        "chain/permissions-accounts.toml": _toml({"accounts-allowlist": site.chain.anchor_accounts}),
        "chain/static-nodes.json": _json([node.enode for node in site.nodes]),
    }
    own = {f"chain/{node.name}/config.toml": _toml(config(site, node)) for node in site.nodes}
    return shared | own


def genesis(site: Site) -> dict[str, Any]:
    """The first block: these validators, no base fee, nobody owns anything."""
    chain = site.chain
    return {
        "config": {
            "chainId": chain.id,
            "berlinBlock": 0,
            "londonBlock": 0,
            "zeroBaseFee": True,
            "qbft": {
                "blockperiodseconds": chain.block_seconds,
                "epochlength": chain.epoch_length,
                "requesttimeoutseconds": chain.request_timeout_seconds,
            },
        },
        "nonce": "0x0",
        "timestamp": "0x0",
        "extraData": qbft.encode(sorted(one.account.lower() for one in site.validators)),
        "gasLimit": hex(chain.gas_limit),
        "difficulty": "0x1",
        "mixHash": ISTANBUL,
        "coinbase": "0x" + "00" * 20,
        "alloc": {},
    }


def config(site: Site, node: Node) -> dict[str, Any]:
    """Options of one node, by their names on the command line."""
    answers = node in site.rpc
    return {
        "identity": node.name,
        "data-path": HOME,
        "node-private-key-file": f"{HOME}/key",
        "genesis-file": f"{SHARED}/genesis.json",
        "sync-mode": "FULL",
        "data-storage-format": "FOREST",
        # who is there: a fixed list, no discovery
        "p2p-host": node.ip,
        "p2p-port": P2P_PORT,
        "discovery-enabled": False,
        "static-nodes-file": f"{SHARED}/static-nodes.json",
        "permissions-nodes-config-file-enabled": True,
        "permissions-nodes-config-file": f"{SHARED}/permissions-nodes.toml",
        "permissions-accounts-config-file-enabled": True,
        "permissions-accounts-config-file": f"{SHARED}/permissions-accounts.toml",
        # gas costs nothing, on every node alike
        "min-gas-price": 0,
        # one sender per ledger, many transactions of it at a time; what waits survives a restart
        "tx-pool": "sequenced",
        "tx-pool-min-gas-price": 0,
        "tx-pool-limit-by-account-percentage": 0.15,
        "tx-pool-no-local-priority": True,
        "tx-pool-enable-save-restore": True,
        "rpc-http-enabled": True,
        "rpc-http-host": "0.0.0.0" if answers else "127.0.0.1",  # noqa: S104 - inside a network of its own
        "rpc-http-port": RPC_PORT,
        "rpc-http-api": list(APIS if answers else OPERATORS_APIS),
        "host-allowlist": [node.name, node.host, node.ip, "127.0.0.1", "localhost"],
        "revert-reason-enabled": True,
        "metrics-enabled": True,
        "metrics-host": "0.0.0.0",  # noqa: S104 - scraped from inside
        "metrics-port": NODE_METRICS_PORT,
        "logging": "INFO",
    }


def _json(what: object) -> str:
    return json.dumps(what, indent=2) + "\n"


def _toml(table: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in table.items())


def _value(value: object) -> str:
    if isinstance(value, list):
        inner = "".join(f"  {_value(one)},\n" for one in value)
        return f"[\n{inner}]"
    return json.dumps(value)
