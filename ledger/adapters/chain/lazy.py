"""A chain that is opened when it is first asked, so that capture starts, and goes on, without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from ledger.ports import AnchorCall, ChainIdentity, ChainReceipt, ChainUnavailable, Head, SignedTransaction, Tip

if TYPE_CHECKING:
    from ledger.adapters.chain.client import EvmChain


class LazyChain:
    """
    ``ports.Chain`` that opens and checks the real one; until that works, every call tries again.

    A chain that stops answering is opened anew by the next call: the node may be back at another port, or be another.
    """

    def __init__(self, open_checked: Callable[[], EvmChain]) -> None:
        self._open = open_checked
        self._lock = Lock()
        self._chain: EvmChain | None = None

    @property
    def opened(self) -> EvmChain:
        """The chain itself. Raises ``ChainError`` while it cannot be opened."""
        with self._lock:
            if self._chain is None:
                self._chain = self._open()
            return self._chain

    def close(self) -> None:
        """Close it, if it is open."""
        with self._lock:
            if self._chain is not None:
                self._chain.close()
                self._chain = None

    @contextmanager
    def _asked(self) -> Iterator[EvmChain]:
        chain = self.opened
        try:
            yield chain
        except ChainUnavailable:
            with self._lock:
                if self._chain is chain:
                    chain.close()
                    self._chain = None
            raise

    def identity(self) -> ChainIdentity:
        """See ``Chain.identity``."""
        with self._asked() as chain:
            return chain.identity()

    def check(self) -> None:
        """See ``Chain.check``."""
        with self._asked() as chain:
            chain.check()

    def head(self) -> Head:
        """See ``Chain.head``."""
        with self._asked() as chain:
            return chain.head()

    def tip(self) -> Tip:
        """See ``Chain.tip``."""
        with self._asked() as chain:
            return chain.tip()

    def next_nonce(self) -> int:
        """See ``Chain.next_nonce``."""
        with self._asked() as chain:
            return chain.next_nonce()

    def sign(self, call: AnchorCall, nonce: int) -> SignedTransaction:
        """See ``Chain.sign``."""
        with self._asked() as chain:
            return chain.sign(call, nonce)

    def send(self, transaction: SignedTransaction) -> None:
        """See ``Chain.send``."""
        with self._asked() as chain:
            chain.send(transaction)

    def receipt(self, transaction: bytes) -> ChainReceipt | None:
        """See ``Chain.receipt``."""
        with self._asked() as chain:
            return chain.receipt(transaction)

    def final(self, receipt: ChainReceipt) -> bool:
        """See ``Chain.final``."""
        with self._asked() as chain:
            return chain.final(receipt)

    def find(self, head: Head) -> ChainReceipt | None:
        """See ``Chain.find``."""
        with self._asked() as chain:
            return chain.find(head)

    def opened_for(self) -> AbstractContextManager[EvmChain]:
        """The chain, for those who ask it about another contract beside the registry."""
        return self._asked()
