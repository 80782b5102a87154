"""web3.py's way to the embedded node without a network between them."""

from __future__ import annotations

from itertools import count
from typing import Any, cast

from web3.providers import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

from ledger.adapters.chain.embedded.rpc import JsonRpc


class NodeProvider(BaseProvider):
    """Calls JSON-RPC methods of a node in this process."""

    def __init__(self, rpc: JsonRpc) -> None:
        super().__init__()
        self._rpc = rpc
        self._ids = count(1)

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """One request, one answer; errors are in the answer."""
        answer = self._rpc.answer(method, list(params))
        return cast("RPCResponse", {"jsonrpc": "2.0", "id": next(self._ids)} | answer)

    def is_connected(self, show_traceback: bool = False) -> bool:  # noqa: ARG002 - web3.py's signature
        """It is in this process."""
        return True
