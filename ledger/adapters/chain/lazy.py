"""A chain that is opened when it is first asked, so that capture starts, and goes on, without it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from ledger.ports import AnchorCall, ChainIdentity, ChainReceipt, Head, SignedTransaction

if TYPE_CHECKING:
    from ledger.adapters.chain.client import EvmChain


class LazyChain:
    """``ports.Chain`` that opens and checks the real one once; until that works, every call tries again."""

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
        """Close it, if it was ever opened."""
        with self._lock:
            if self._chain is not None:
                self._chain.close()
                self._chain = None

    def identity(self) -> ChainIdentity:
        """See ``Chain.identity``."""
        return self.opened.identity()

    def check(self) -> None:
        """See ``Chain.check``."""
        self.opened.check()

    def head(self) -> Head:
        """See ``Chain.head``."""
        return self.opened.head()

    def next_nonce(self) -> int:
        """See ``Chain.next_nonce``."""
        return self.opened.next_nonce()

    def sign(self, call: AnchorCall, nonce: int) -> SignedTransaction:
        """See ``Chain.sign``."""
        return self.opened.sign(call, nonce)

    def send(self, transaction: SignedTransaction) -> None:
        """See ``Chain.send``."""
        self.opened.send(transaction)

    def receipt(self, transaction: bytes) -> ChainReceipt | None:
        """See ``Chain.receipt``."""
        return self.opened.receipt(transaction)

    def final(self, receipt: ChainReceipt) -> bool:
        """See ``Chain.final``."""
        return self.opened.final(receipt)

    def find(self, head: Head) -> ChainReceipt | None:
        """See ``Chain.find``."""
        return self.opened.find(head)
