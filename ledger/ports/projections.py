"""Tables computed from entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from ledger.footprint.activity import ActivityCube
from ledger.ports.entries import LeafRow


class AssetState(NamedTuple):
    """A thing as its latest event leaves it."""

    id: str
    tenant: str
    product: str
    first_seq: int
    last_seq: int
    last_at: int
    step: str
    disposition: str
    place: str


class Fact(NamedTuple):
    """Where a record stands that is read whole: declared footprint, energy, scheme, bid, score sheet."""

    seq: int
    tenant: str
    kind: str
    subject: str
    """Product, site, or tender."""
    occurred_at: int


class Summed(Protocol):
    """What a run of entries adds to the projections; computed anywhere, added in order."""

    first: int
    stop: int


class Folding(Protocol):
    """Tables computed from entries in order; thrown away and rebuilt at will."""

    def watermark(self) -> int:
        """How many entries are folded in."""
        ...

    def fold(self, rows: Sequence[LeafRow]) -> None:
        """Fold the next entries in, in one transaction with the watermark; repeats change nothing, gaps are refused."""
        ...

    def reset(self) -> None:
        """Forget everything computed."""
        ...


class Projections(Folding, Protocol):
    """What footprints and pages read first; a bulk load sums it where it reads the entries anyway."""

    def summed(self, batches: Iterable[Sequence[LeafRow]], first: int) -> Summed:
        """What entries from ``first`` on add, in a form that processes can hand on. Touches no database."""
        ...

    def add(self, summed: Summed) -> bool:
        """Add the next run of entries with the watermark, in one transaction; False when another worker did it."""
        ...

    def asset(self, identity: str) -> AssetState | None:
        """
        The state of a thing by its canonical identity, in the tenant that named it first.

        Within a tenant, at any time, with contents and further codes: ``Lifecycles``.
        """
        ...

    def assets(self, tenant: str, after: str = "", limit: int = 100) -> list[AssetState]:
        """Things of a tenant, by identity."""
        ...

    def asset_entries(self, identity: str, limit: int = 1000) -> list[int]:
        """Indexes of that tenant's entries that name a thing, in order; events declared an error are not among them."""
        ...

    def cube(self, tenant: str, *, product: str | None = None, route: str | None = None) -> ActivityCube:
        """
        Activity of a tenant, of one product, or of one route, ready for ``footprint.calculate``.

        Hub cells and energy are always all of the tenant's, because a hub's energy is shared over its whole throughput.
        """
        ...

    def units(self, tenant: str) -> dict[str, int]:
        """
        Pieces of each product that a per-piece figure divides by.

        Pieces out of the hub with the greatest throughput; of a product that passed no hub, pieces on its busiest
        route. A piece that rides several legs is so counted once. One, of a product that is declared and never moved.
        """
        ...

    def routes(self, tenant: str) -> list[str]:
        """Routes with activity, by name."""
        ...

    def products(self, tenant: str) -> list[str]:
        """Products with activity or a declared footprint, by name."""
        ...

    def facts(
        self, tenant: str, kind: str, subject: str | None = None, *, after: int = -1, limit: int | None = None
    ) -> list[Fact]:
        """Facts of a kind with entry > ``after``, oldest first; of a subject, and at most ``limit``, where given."""
        ...

    def facts_of(self, tenant: str, kind: str, subjects: Sequence[str]) -> list[Fact]:
        """Facts of a kind on any of many subjects, oldest first."""
        ...

    def last_facts(
        self, tenant: str, kind: str, subject: str | None = None, *, before: int | None = None, limit: int = 100
    ) -> list[Fact]:
        """The same from the newest back: at most ``limit`` with entry < ``before``, where given."""
        ...

    def subjects(
        self, tenant: str, kinds: Sequence[str], *, after: str | None = None, limit: int | None = None
    ) -> list[str]:
        """What facts of some kinds are found by, each once, in the order of code points; behind ``after`` if given."""
        ...

    def subject_count(self, tenant: str, kinds: Sequence[str]) -> int:
        """How many subjects facts of some kinds have."""
        ...

    def tally(self, tenant: str, kinds: Sequence[str], subjects: Sequence[str]) -> dict[tuple[str, str], int]:
        """How many facts there are by kind and subject, of these; none of what has none."""
        ...

    def withdrawn(self, tenant: str, size: int | None = None) -> dict[int, int]:
        """
        Entries that count no more, by index, with the entry that says so: a correction or an error declaration.

        With ``size`` as they were told by the first ``size`` entries; at most as many as ``watermark`` are folded.
        """
        ...

    def counts(self, tenant: str) -> dict[str, int]:
        """Folded entries by kind, and ``assets``. What was withdrawn, and events declared an error, do not count."""
        ...


# ---------------------------------------------------------------- processes
