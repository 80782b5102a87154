"""
Ask witnesses to cosign the newest checkpoint, and keep what they sign.

It runs beside the rounds and holds nothing up: a witness that is silent is asked again later, ever more seldom, and
capture and anchoring know nothing of it. A witness that *refuses* says that this log is not what it was, which is
shown. Witnesses are asked for the newest checkpoint alone: one that was away cosigns nothing in arrears.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Final

from ledger.errors import LedgerError
from ledger.log.cosignature import OpenNote
from ledger.log.errors import ProofMalformed
from ledger.log.policy import Policy, PolicyWitness
from ledger.ports import CheckpointStore, Clock, LeaseStore, StoredCheckpoint
from ledger.ports.witnesses import Asked, Cosignatures, WitnessCaller, WitnessRefuses, WitnessSilent
from ledger.records.record import microseconds
from ledger.services.close_checkpoint import tree_of
from ledger.services.witness import Offer
from ledger.services.witness_policy import PolicyEntries

LEASE: Final = "witnesses"
LEASE_SECONDS: Final = 120
LONGEST_PAUSE: Final = 300
"""Seconds between two requests to a witness that does not answer, at most."""
_UNKNOWN: Final = {
    403: ("it knows another key for this log", "其登记的本账本公钥不同"),
    404: ("it does not know this log", "其未登记本账本"),
}
_APART: Final = (
    "the tree that it cosigned is not a beginning of this one: the log was forked",
    "其会签过的账本并非当前账本的前段：账本已分叉",
)


@dataclass(slots=True)
class _Pause:
    """When a witness is asked again."""

    until: int = 0
    seconds: int = 1


@dataclass(frozen=True, slots=True)
class Gathering:
    """One process's asking. The witnesses of the policy that have an address are asked."""

    policy: Policy
    checkpoints: CheckpointStore
    kept: Cosignatures
    leases: LeaseStore
    caller: WitnessCaller
    clock: Clock
    holder: str
    recorded: PolicyEntries
    """Where the policy is put into force before anyone is asked by it."""
    _begun: Event = field(default_factory=Event)
    _pauses: dict[str, _Pause] = field(default_factory=dict)

    def work(self, stopped: Callable[[], bool]) -> bool:
        """Ask each witness that is due, once; whether any cosigned. Raises the first refusal when all were asked."""
        if not self._begun.is_set():
            self.recorded.put_in_force(self.policy)
            self._begun.set()
        newest = self.checkpoints.latest()
        due = [one for one in self.policy.witnesses if one.url and newest and self._due(one, newest.checkpoint.size)]
        if not due or newest is None or self.leases.acquire(LEASE, self.holder, LEASE_SECONDS) is None:
            return False
        lines = newest.cosignatures
        refused: LedgerError | None = None
        for one in due:
            if stopped():
                break
            try:
                lines += self._cosigned(one, newest)
            except (WitnessSilent, WitnessRefuses) as error:
                self._put_off(one, error)
                refused = refused or (error if isinstance(error, WitnessRefuses) else None)
        gained = lines != newest.cosignatures
        if gained and self.policy.met(met_by(self.policy, newest, lines)):
            self.kept.mark(newest.checkpoint.size)
        if refused is not None:
            raise refused
        return gained

    def _due(self, one: PolicyWitness, size: int) -> bool:
        pause = self._pauses.get(one.name)
        waiting = pause is not None and microseconds(self.clock.now()) < pause.until
        return not waiting and not self.kept.has(size, str(one.key))

    def _cosigned(self, one: PolicyWitness, newest: StoredCheckpoint) -> str:
        """Its line under the checkpoint, kept. Raises ``WitnessSilent``, ``WitnessRefuses``."""
        line = self._answered(one, newest)
        note = OpenNote.parse(newest.note + line)
        size, time = newest.checkpoint.size, one.key.time_of(note)
        self.kept.add(size, str(one.key), time, line)
        self.kept.asked(Asked(str(one.key), microseconds(self.clock.now()), size, "", "", ""))
        self._pauses.pop(one.name, None)
        return line

    def _answered(self, one: PolicyWitness, newest: StoredCheckpoint) -> str:
        size = newest.checkpoint.size
        old = next((said.size for said in self.kept.answers() if said.witness == str(one.key)), 0)
        told = -1
        for _ in range(2):  # what a witness saw last, only it knows for certain: it says so once
            path = tree_of(self.checkpoints, size).consistency_proof(old) if 0 < old < size else []
            status, body = self.caller.add_checkpoint(one.url, Offer.body(old, path, newest.note))
            if status == 200:
                return self._own_line(one, newest, body)
            if status != 409 or not _plain(body):
                raise self._refusal(one, status)
            told = int(body)
            if told > size or told == old:
                break
            old = told
        if told > size:
            why = f"it cosigned {told} entries of this log, which now has {size}: the log was rolled back"
            zh = f"其已会签 {told} 条，而本账本现有 {size} 条：账本被回退"
            raise WitnessRefuses(witness=one.name, status=409, why=why, why_zh=zh)
        raise WitnessRefuses(witness=one.name, status=409, why=_APART[0], why_zh=_APART[1])

    def _own_line(self, one: PolicyWitness, newest: StoredCheckpoint, body: str) -> str:
        """Its own line of the answer; lines of keys that are not its own are left out."""
        try:
            line = OpenNote.parse(newest.note + body).cosigned_by([one.key])
        except ProofMalformed as error:
            raise WitnessSilent(witness=one.name, reason="no signature lines") from error
        if not line:
            raise WitnessSilent(witness=one.name, reason="no valid signature of its key")
        return line

    def _refusal(self, one: PolicyWitness, status: int) -> LedgerError:
        if status == 422:
            return WitnessRefuses(witness=one.name, status=status, why=_APART[0], why_zh=_APART[1])
        if status in _UNKNOWN:
            why, zh = _UNKNOWN[status]
            return WitnessRefuses(witness=one.name, status=status, why=why, why_zh=zh)
        return WitnessSilent(witness=one.name, reason=f"HTTP {status}")

    def _put_off(self, one: PolicyWitness, error: WitnessSilent | WitnessRefuses) -> None:
        now, pause = microseconds(self.clock.now()), self._pauses.setdefault(one.name, _Pause())
        pause.seconds = min(pause.seconds * 2, LONGEST_PAUSE)
        pause.until = now + pause.seconds * 1_000_000
        known = next((said for said in self.kept.answers() if said.witness == str(one.key)), None)
        said = known or Asked(str(one.key), now, 0, "", "", "")
        said = replace(said, at=now, trouble=error.code, why=error.sentence("en"), why_zh=error.sentence("zh-CN"))
        self.kept.asked(said)


def met_by(policy: Policy, stored: StoredCheckpoint, lines: str) -> set[str]:
    """The names of the policy's witnesses whose lines these are."""
    return {one.witness.name for one in policy.judged(stored.note, lines) if one.time is not None}


def _plain(text: str) -> bool:
    """Whether it is the answer to a conflict: a size and a line feed."""
    number = text.removesuffix("\n")
    return text.endswith("\n") and number.isascii() and number.isdigit() and len(number) <= 20
