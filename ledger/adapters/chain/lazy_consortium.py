"""The consortium of a ledger that runs: through the chain that it anchors on, opened when it is first asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.adapters.chain.lazy import LazyChain
from ledger.ports.consortium import ConsortiumEvent, Standing

if TYPE_CHECKING:
    from ledger.adapters.chain.client import EvmChain
    from ledger.adapters.chain.consortium import EvmConsortium


class LazyConsortium:
    """``ConsortiumReader``: a running ledger decides nothing."""

    def __init__(self, chain: LazyChain, address: str) -> None:
        self._chain, self._address = chain, address
        self._known: tuple[EvmChain, EvmConsortium] | None = None

    @contextmanager
    def _asked(self) -> Iterator[EvmConsortium]:
        from ledger.adapters.chain.consortium import EvmConsortium

        with self._chain.opened_for() as chain:
            if self._known is None or self._known[0] is not chain:
                self._known = chain, EvmConsortium(chain.node, self._address)
            yield self._known[1]

    @property
    def address(self) -> str:
        """See ``ConsortiumReader.address``."""
        with self._asked() as consortium:
            return consortium.address

    def permit(self, size: int, key: bytes) -> None:
        """See ``AnchorRules.permit``."""
        with self._asked() as consortium:
            consortium.permit(size, key)

    def standing(self) -> Standing:
        """See ``ConsortiumReader.standing``."""
        with self._asked() as consortium:
            return consortium.standing()

    def events(self, after: int) -> list[ConsortiumEvent]:
        """See ``ConsortiumReader.events``."""
        with self._asked() as consortium:
            return consortium.events(after)
