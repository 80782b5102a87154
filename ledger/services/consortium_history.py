"""From recorded changes to the organisations as they stood after any block: pure, without the chain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ledger.log.key_history import KeyHistory, KeyPeriod
from ledger.ports.consortium import CheckpointKey, Member, OrganisationRole, Standing
from ledger.records.consortium_change import ConsortiumChange


class Organisations(NamedTuple):
    """The organisations after a block, removed ones too, in the order they were admitted."""

    quorum: int
    pause_quorum: int
    paused: bool
    members: tuple[Member, ...]

    def may_anchor(self) -> dict[str, bytes]:
        """Accounts that the registry takes anchors from, each with its organisation."""
        if self.paused:
            return {}
        return {account: one.organisation for one in self.members if "anchor" in one.roles for account in one.anchors}


def key_history(changes: Sequence[ConsortiumChange]) -> KeyHistory:
    """Every checkpoint key as it stood after the last of the changes, of which there is one at least."""
    last, members = changes[-1], organisations_after(changes).members
    periods = [KeyPeriod(one.organisation, *key) for one in members for key in one.keys]
    return KeyHistory.of(last.chain, last.contract, last.block, periods)


def compared(standing: Standing, changes: Sequence[ConsortiumChange]) -> Literal["agrees", "behind", "differs"]:
    """
    Whether recorded changes give what the contract says; ``behind`` while its last change is not recorded.

    ``differs`` means that the log or the node's contract was tampered with, or that a change was left out.
    """
    if (changes[-1].block if changes else 0) < standing.changed:
        return "behind"
    told = organisations_after(changes)
    said = Organisations(standing.quorum, standing.pause_quorum, standing.paused, standing.members)
    return "agrees" if _unordered(told) == _unordered(said) else "differs"


def _unordered(shown: Organisations) -> Organisations:
    """The contract keeps anchoring accounts in no order."""
    return shown._replace(members=tuple(one._replace(anchors=tuple(sorted(one.anchors))) for one in shown.members))


@dataclass(slots=True)
class _Member:
    organisation: bytes
    account: str
    number: int
    roles: tuple[OrganisationRole, ...]
    present: bool = True
    anchors: list[str] = field(default_factory=list)
    keys: list[CheckpointKey] = field(default_factory=list)


def organisations_after(changes: Iterable[ConsortiumChange], block: int | None = None) -> Organisations:
    """
    The fold of changes, in the order of their blocks, up to ``block``; all of them without any.

    ``may_anchor`` of it answers who could anchor in the next block.
    """
    members: dict[str, _Member] = {}
    quorum, pause_quorum, paused = 0, 0, False
    for one in changes:
        if block is not None and one.block > block:
            break
        if one.act in {"paused", "resumed"}:
            paused = one.act == "paused"
        elif one.act == "quorum_set":
            quorum, pause_quorum = one.quorum or 0, one.pause_quorum or 0
        elif one.act != "proposed" and one.organisation is not None:
            _told(members, one.organisation, one)
    return Organisations(quorum, pause_quorum, paused, tuple(_member(one) for one in members.values()))


def _told(members: dict[str, _Member], name: str, one: ConsortiumChange) -> None:
    if one.act == "organisation_admitted":
        before = members.get(name)
        admitted = _Member(bytes.fromhex(name), one.account or "", one.number or 0, one.roles or ())
        admitted.keys = before.keys if before else []
        members[name] = admitted
        return
    member = members.get(name)
    if member is None:
        return  # the account of somebody who was never admitted was taken out
    if one.act == "organisation_removed":
        member.present, member.account, member.roles = False, "", ()
    elif one.act == "roles_set":
        member.roles = one.roles or ()
    elif one.act == "account_set":
        member.account = one.account or ""
    elif one.act == "anchor_added":
        member.anchors.append(one.account or "")
    elif one.act == "anchor_removed":
        member.anchors = [account for account in member.anchors if account != one.account]
    elif one.act == "key_registered":
        member.keys.append(CheckpointKey(_bytes(one.checkpoint_key), int(one.from_size or 0), None, revoked=False))
    elif member.keys:
        last = member.keys[-1]
        member.keys[-1] = last._replace(until_size=int(one.until_size or 0), revoked=one.revoked or False)


def _member(one: _Member) -> Member:
    return Member(
        one.organisation, one.account, one.number, one.roles, one.present, tuple(one.anchors), tuple(one.keys)
    )


def _bytes(text: str | None) -> bytes:
    return bytes.fromhex(text or "")
