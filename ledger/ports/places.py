"""Master data that operators keep beside the log: where places are, and what things look like."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, Protocol


class KnownPlace(NamedTuple):
    """A place with its names and position [degrees, WGS 84]. ``published`` says whether anyone may see it."""

    id: str
    """Canonical text of its location number."""
    zh: str
    en: str
    latitude: Decimal
    longitude: Decimal
    published: bool


class Places(Protocol):
    """Places by their identity."""

    def place(self, identity: str) -> KnownPlace | None:
        """The place of a canonical identity; ``None`` when the operator keeps nothing of it."""
        ...

    def version(self) -> int:
        """A number that changes when the master data does."""
        ...


class Photo(NamedTuple):
    """A picture by its content: SHA-256 [hex] and media type."""

    digest: str
    media_type: str


class Photos(Protocol):
    """Pictures of things and products."""

    def photo(self, *identities: str) -> Photo | None:
        """The picture of the first identity that has one."""
        ...

    def read(self, digest: str) -> tuple[Photo, bytes] | None:
        """A picture by its digest, checked against its bytes."""
        ...

    def version(self) -> int:
        """A number that changes when the pictures do."""
        ...
