"""The port of the registry: every set there is, bundled or the operator's own, and where each came from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Protocol

from ledger.errors import Locale
from ledger.footprint.errors import FactorFileDamaged
from ledger.footprint.factor import FactorSet, FactorSource
from ledger.footprint.registry.errors import FactorSetIdUnfit

_ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9]|[.\-](?=[a-z0-9])){2,63}", re.ASCII)

RESERVED: Final = "compare"
"""What stands in the place of a set's id in an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """
    Where a set came from. ``file`` and ``file_sha256`` [64 hex digits] are empty for a bundled set.

    ``importer`` is the one that read the file, ``kept_at`` an RFC 3339 time, ``base`` the set it was laid over.
    """

    title_en: str
    title_zh: str
    attribution: tuple[str, ...] = ()
    bundled: bool = False
    importer: str = ""
    file: str = ""
    file_sha256: str = ""
    kept_at: str = ""
    base: str = ""

    def title(self, locale: Locale) -> str:
        """The title for a reader."""
        return self.title_zh if locale == "zh-CN" else self.title_en


class FactorShelf(FactorSource, Protocol):
    """Every factor set, with its origin. A damaged set is named, and stands in nobody else's way."""

    def origin(self, set_id: str) -> Origin:
        """Where a set came from. Raises ``NoEmissionFactor``, ``FactorFileDamaged``."""
        ...

    def current_id(self) -> str:
        """The id of the set in use, whether it can be used or not."""
        ...

    def use(self, name: str) -> FactorSet:
        """
        Compute with this set from now on. Every figure names the set it rests on; what pinned another keeps it.

        Raises ``NoEmissionFactor``, ``FactorFileDamaged``.
        """
        ...

    def damaged(self) -> tuple[FactorFileDamaged, ...]:
        """Sets that are there and cannot be used, each with its reason."""
        ...

    def keep(self, kept: FactorSet, origin: Origin) -> None:
        """Put a new set on the shelf, whole or not at all. Raises ``FactorSetTaken``, ``FactorSetIdUnfit``."""
        ...


def set_id(text: str) -> str:
    """The text when it can name a set. Raises ``FactorSetIdUnfit``."""
    if text == RESERVED or not _ID.fullmatch(text):
        raise FactorSetIdUnfit(factor_set=text[:100])
    return text
