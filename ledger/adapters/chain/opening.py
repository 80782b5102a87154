"""
Opens a chain by its URL: ``embedded:`` (``chain.sqlite`` in the directory), ``embedded:FILE``, ``http(s)://NODE``, or
several nodes of one network with commas between them.

A process that asks for an embedded chain which another process owns and serves is connected to that one over HTTP;
which port that is stands in a small file beside the chain.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.adapters.chain.deployment import DeploymentFile
from ledger.adapters.chain.errors import ChainFileInUse, ChainUrlUnknown
from ledger.ports import Signer, WrongChain

if TYPE_CHECKING:
    from ledger.adapters.chain.client import EvmChain
    from ledger.adapters.chain.evm_node import EvmNode, NodeOptions

EMBEDDED: dict[str, Any] = {"kind": "embedded", "confirmations": 1, "gas_price": 0}
"""One node that makes one block of each transaction: the first block is final, and gas is free."""
PATIENCE = 4
"""Seconds for a request to one of several nodes: the next one may answer at once."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    url: str
    directory: Path
    chain_id: int | None
    contract: str | None
    signer: Signer | None
    confirmations: int
    gas_price: int | None
    rpc_port: int | None
    timeout: float
    clock: Callable[[], int] | None

    def chain(self, web3: Any, close: Callable[[], None] = lambda: None, **changed: Any) -> EvmChain:
        """What was wanted over a connection, with some of it decided by the back end."""
        from ledger.adapters.chain.evm_node import EvmNode

        kind = changed.pop("kind", "evm")
        return self.chain_of(EvmNode(web3, self.options(**changed)), kind, close)

    def options(self, **changed: Any) -> NodeOptions:
        """What a node is told."""
        from ledger.adapters.chain.evm_node import NodeOptions

        names = ("url", "chain_id", "signer", "confirmations", "gas_price")
        return NodeOptions(**({name: getattr(self, name) for name in names} | changed))

    def chain_of(self, node: EvmNode, kind: str = "evm", close: Callable[[], None] = lambda: None) -> EvmChain:
        """What was wanted, asked of a node."""
        from ledger.adapters.chain.client import EvmChain

        deployments = DeploymentFile(self.directory)
        return EvmChain(node, kind=kind, contract=self.contract, deployments=deployments, close=close)


def open_chain(
    url: str,
    *,
    directory: Path,
    chain_id: int | None = None,
    contract: str | None = None,
    signer: Signer | None = None,
    confirmations: int = 1,
    gas_price: int | None = None,
    rpc_port: int | None = None,
    timeout: float = 10,
    clock: Callable[[], int] | None = None,
) -> EvmChain:
    """
    The chain at ``url``, not yet checked; close it when done. Of several nodes two must agree on what is final.

    ``directory`` holds ``chain.json``, the deployment on record, and the embedded chain. ``chain_id`` None takes the
    node's word. ``contract`` None takes the deployment on record. ``signer`` None: reading only. ``confirmations``
    blocks make an anchor final, its own included (embedded: always 1). ``gas_price`` in wei; None asks the node, and
    is 0 for an account without money.
    ``rpc_port`` serves an embedded chain on 127.0.0.1 (0: any free port, None: not served). ``timeout`` in seconds for
    one request. ``clock`` gives the block time of an embedded chain, seconds since the Unix epoch.

    Raises ChainUrlUnknown, ChainFileInUse, ChainFileUnreadable, WrongChain (embedded), OSError (port taken).
    """
    scheme = url.partition(":")[0].lower()
    back_end = BACK_ENDS.get(scheme)
    if back_end is None:
        raise ChainUrlUnknown(url=url, known=", ".join(BACK_ENDS))
    return back_end(
        _Wanted(url, directory, chain_id, contract, signer, confirmations, gas_price, rpc_port, timeout, clock)
    )


def _evm(wanted: _Wanted) -> EvmChain:
    urls = list(dict.fromkeys(filter(None, re.split(r"[\s,]+", wanted.url))))
    return _several(wanted, urls) if len(urls) > 1 else wanted.chain(_over_http(urls[0], wanted.timeout))


def _several(wanted: _Wanted, urls: list[str]) -> EvmChain:
    from ledger.adapters.chain.agreement import SeveralNodes
    from ledger.adapters.chain.evm_node import EvmNode
    from ledger.adapters.chain.failover import Endpoint, FailoverProvider, OneChain

    chain = OneChain(wanted.chain_id)
    endpoints = [Endpoint(url, _http_provider(url, min(wanted.timeout, PATIENCE)), chain) for url in urls]
    each = [
        (one, EvmNode(_web3(FailoverProvider([one])), wanted.options(url=one.url, signer=None))) for one in endpoints
    ]
    provider = FailoverProvider(endpoints)
    return wanted.chain_of(SeveralNodes(_web3(provider), provider, wanted.options(), each))


def _over_http(url: str, timeout: float, *, local: bool = False) -> Any:
    return _web3(_http_provider(url, timeout, local=local))


def _http_provider(url: str, timeout: float, *, local: bool = False) -> Any:
    import requests
    from web3 import HTTPProvider

    session = requests.Session() if local else None
    if session:
        session.trust_env = False  # a proxy has no business between two processes of one machine
    return HTTPProvider(url, request_kwargs={"timeout": timeout}, session=session, exception_retry_configuration=None)


def _web3(provider: Any) -> Any:
    from web3 import Web3
    from web3.middleware import ExtraDataToPOAMiddleware

    web3 = Web3(provider)
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    return web3


def _embedded(wanted: _Wanted) -> EvmChain:
    from ledger.adapters.chain.embedded.node import CHAIN_ID

    if wanted.chain_id not in {None, CHAIN_ID}:
        raise WrongChain(expected=wanted.chain_id, got=CHAIN_ID)
    name = wanted.url.partition(":")[2]
    path = Path(name) if name else wanted.directory / "chain.sqlite"
    address = path.with_name(path.name + ".rpc")
    try:
        return _own(wanted, path, address)
    except ChainFileInUse:
        attached = _attach(wanted, address)
        if attached is None:
            raise
        return attached


def _own(wanted: _Wanted, path: Path, address: Path) -> EvmChain:
    from web3 import Web3

    from ledger.adapters.chain.embedded.node import CHAIN_ID, EmbeddedNode, system_clock
    from ledger.adapters.chain.embedded.provider import NodeProvider
    from ledger.adapters.chain.embedded.rpc import JsonRpc
    from ledger.adapters.chain.embedded.server import RpcServer

    node = EmbeddedNode(path, wanted.clock or system_clock)
    rpc = JsonRpc(node, f"OneCodeLedger/py-evm/{secrets.token_hex(8)}")
    try:
        address.unlink(missing_ok=True)  # left by an owner that was killed
        server = None if wanted.rpc_port is None else RpcServer(rpc, wanted.rpc_port)
        if server:
            _announce(address, server.url, rpc.version)
    except BaseException:
        node.close()
        raise

    def close() -> None:
        if server:
            address.unlink(missing_ok=True)
            server.close()
        node.close()

    return wanted.chain(Web3(NodeProvider(rpc)), close, chain_id=CHAIN_ID, **EMBEDDED)


def _announce(address: Path, url: str, version: str) -> None:
    draft = address.with_name(f"{address.name}.{os.getpid()}")
    draft.write_text(json.dumps({"url": url, "version": version}), encoding="utf-8")
    draft.replace(address)


def _attach(wanted: _Wanted, address: Path) -> EvmChain | None:
    """The chain of the process that owns the file, if it serves it; the version tells it from whoever has its port."""
    import requests
    from web3.exceptions import Web3Exception

    from ledger.adapters.chain.embedded.node import CHAIN_ID

    try:
        announced = json.loads(address.read_text(encoding="utf-8"))
        web3 = _over_http(announced["url"], wanted.timeout, local=True)
        if web3.client_version != announced["version"]:
            return None
    except (OSError, ValueError, KeyError, requests.RequestException, Web3Exception):
        return None
    return wanted.chain(web3, url=announced["url"], chain_id=CHAIN_ID, **EMBEDDED)


BACK_ENDS: dict[str, Callable[[_Wanted], EvmChain]] = {"embedded": _embedded, "http": _evm, "https": _evm}
"""Scheme of the URL to what opens it."""
