"""Shapes of the organisations behind the chain contract, ``/api/v1/consortium``. Sizes of the log are decimal text."""

from __future__ import annotations

from msgspec import Struct

from ledger.records.consortium_change import ConsortiumChange


class CheckpointKeyView(Struct, frozen=True, kw_only=True):
    """An Ed25519 key (hex) in force for from_size <= size < until_size; ``until_size`` null: still is."""

    key: str
    from_size: str
    until_size: str | None
    revoked: bool


class OrganisationView(Struct, frozen=True, kw_only=True):
    """``organisation`` is SHA-256 of its public name, ``name`` that name where this ledger knows it."""

    organisation: str
    name: str | None
    account: str
    roles: tuple[str, ...]
    present: bool
    anchors: tuple[str, ...]
    keys: tuple[CheckpointKeyView, ...]


class RecordedChange(Struct, frozen=True, kw_only=True):
    """A change and the entry that says so; its proof is at ``/api/v1/entries/{entry}/proof``."""

    entry: int
    change: ConsortiumChange


class ConsortiumView(Struct, frozen=True, kw_only=True):
    """
    The organisations as the log knows them after ``block`` (null: now), and what changed, newest first.

    ``may_anchor`` are the accounts that the contract takes checkpoints from in the next block. Ask again with
    ``before`` = ``next_before`` for older changes until it is null.
    """

    block: int | None
    quorum: int
    pause_quorum: int
    paused: bool
    may_anchor: tuple[str, ...]
    organisations: tuple[OrganisationView, ...]
    changes: list[RecordedChange]
    next_before: int | None
