"""How a checkpoint stands with the witnesses of the policy in force, and how each of them answered last."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.log.policy import Cosigned, Policy
from ledger.ports import StoredCheckpoint
from ledger.ports.witnesses import Asked, Cosignatures, WitnessRefuses, WitnessSilent


@dataclass(frozen=True, slots=True)
class WitnessStanding:
    """``cosigned`` of ``witnesses`` signed; ``least`` must, as the policy groups them; ``met``: enough did."""

    cosigned: int
    witnesses: int
    least: int
    met: bool
    rows: tuple[tuple[Cosigned, Asked | None], ...]


def standing_of(policy: Policy | None, kept: Cosignatures, stored: StoredCheckpoint) -> WitnessStanding | None:
    """Of one checkpoint; ``None`` without a policy."""
    if policy is None:
        return None
    answers = {said.witness: said for said in kept.answers()}
    found = policy.judged(stored.note, stored.cosignatures)
    names = {one.witness.name for one in found if one.time is not None}
    rows = tuple((one, answers.get(str(one.witness.key))) for one in found)
    return WitnessStanding(len(names), len(found), policy.least, policy.met(names), rows)


def troubled(policy: Policy | None, kept: Cosignatures) -> tuple[int, int]:
    """How many witnesses of the policy (are silent, refuse)."""
    keys = {str(one.key) for one in policy.witnesses} if policy else set()
    troubles = [said.trouble for said in kept.answers() if said.witness in keys]
    return troubles.count(WitnessSilent.code), troubles.count(WitnessRefuses.code)


def cosigned_at(policy: Policy | None, kept: Cosignatures) -> dict[str, int]:
    """When each witness of the policy cosigned last, by its name there [s since 1970]; 0 for one that never did."""
    if policy is None:
        return {}
    times = kept.times()
    return {one.name: times.get(str(one.key), 0) for one in policy.witnesses}
