"""
Several nodes of one network behind one connection.

A question goes to the next node only when a node gave no answer: no connection, a time-out, half a reply, something
that is no JSON-RPC. What a node answers, an error too, is the answer. Before a node is asked anything, and every few
seconds, it is asked for its chain id; a node of another chain is asked nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from time import monotonic
from typing import Any, Final

from web3.exceptions import BadResponseFormat
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from ledger.ports import WrongChain

_LOG: Final = logging.getLogger("onecode.chain")
_CHAIN_ID: Final = RPCEndpoint("eth_chainId")
REST_SECONDS = 15
"""A node that gave no answer is left alone for so long, while another answers."""
CHECK_SECONDS = 5
"""How long a node's word about its chain id is taken."""
NO_ANSWER = (OSError, ValueError, BadResponseFormat)
"""Of requests, sockets and JSON; their errors are all among these."""


class OneChain:
    """The chain id that every node must have: the one set, else the first that a node gives."""

    def __init__(self, chain_id: int | None) -> None:
        self.id = chain_id


class Endpoint:
    """One node, and how it behaved lately."""

    def __init__(self, url: str, provider: Any, chain: OneChain, clock: Callable[[], float] = monotonic) -> None:
        self.url, self._provider, self._chain, self._clock = url, provider, chain, clock
        self._checked = float("-inf")
        self._rests_until = float("-inf")
        self.failures = 0
        """Questions without an answer since the last one with."""

    @property
    def resting(self) -> bool:
        """Whether it gave no answer a moment ago."""
        return self._clock() < self._rests_until

    def ask(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Its answer. Raises one of ``NO_ANSWER``, or ``WrongChain`` without asking."""
        try:
            self._check()
            answer = self._answer(method, params)
        except (*NO_ANSWER, WrongChain) as error:
            self.failures += 1
            self._checked = float("-inf")
            self._rests_until = self._clock() + REST_SECONDS
            if self.failures == 1:
                _LOG.warning("chain node %s is passed over: %s", self.url, error)
            raise
        self.failures, self._rests_until = 0, float("-inf")
        return answer

    def _check(self) -> None:
        if self._clock() - self._checked < CHECK_SECONDS:
            return
        said = self._answer(_CHAIN_ID, [])
        got = int(str(said.get("result")), 16)
        if self._chain.id is None:
            self._chain.id = got
        if got != self._chain.id:
            raise WrongChain(expected=self._chain.id, got=got)
        self._checked = self._clock()

    def _answer(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        said: RPCResponse = self._provider.make_request(method, params)
        if not isinstance(said, dict) or ("result" not in said and "error" not in said):
            raise BadResponseFormat("not a JSON-RPC response")
        return said


class FailoverProvider(JSONBaseProvider):
    """Asks the node that answered last, and on no answer the others in turn."""

    def __init__(self, endpoints: Iterable[Endpoint]) -> None:
        super().__init__()
        self.endpoints = list(endpoints)
        self.last = self.endpoints[0]
        """The node that answered last."""

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """The answer of the first node that gives one. Raises what the last one raised."""
        failed: Exception | None = None
        for endpoint in self._in_turn():
            try:
                answer = endpoint.ask(method, params)
            except NO_ANSWER as error:
                failed = error
            except WrongChain as error:
                failed = failed or error
            else:
                self.last = endpoint
                return answer
        assert failed is not None
        raise failed

    def _in_turn(self) -> list[Endpoint]:
        """Nodes that rest come last: they are asked when nobody else answers."""
        last = self.last
        return sorted(self.endpoints, key=lambda one: (one.resting, one is not last, one.failures))
