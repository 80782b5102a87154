"""
The witness policy as entries: each change of the operator's file is recorded before witnesses are asked by it.

The entries are ``witness-policy/1``, ``/2`` and so on; the last one is the policy in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import msgspec

from ledger.errors import LedgerError
from ledger.log.policy import Policy
from ledger.ports import Clock, EntryStore, Random
from ledger.records.record import check
from ledger.records.witness_policy import WitnessPolicy
from ledger.services.capture import capture

SUBMITTER = "operator"
"""As of what is done on the command line: whoever may read the ledger's settings."""


class _Body(msgspec.Struct):
    record: WitnessPolicy


@dataclass(frozen=True, slots=True)
class PolicyEntries:
    """The log, as policies go into it."""

    entries: EntryStore
    clock: Clock
    random: Random
    tenant: str

    def newest(self) -> tuple[int, WitnessPolicy | None]:
        """How many policies were recorded, and the last; ``None`` before the first."""
        last = None
        for number in count(1):
            found = self.entries.find(self.tenant, f"witness-policy/{number}")
            if found is None:
                return number - 1, last
            last = msgspec.json.decode(found.body, type=_Body).record
        raise AssertionError

    def put_in_force(self, policy: Policy) -> bool:
        """Record the policy unless it is the last one recorded; whether it was. Raises what the log refuses."""
        number, last = self.newest()
        if last is not None and last.policy == policy.text:
            return False
        record = WitnessPolicy(
            cosigned=policy.least,
            id=f"witness-policy/{number + 1}",
            kind="witness_policy",
            occurred_at=self.clock.now(),
            policy=policy.text,
            version=1,
            witnesses=len(policy.witnesses),
        )
        check(record)
        (outcome,) = capture(
            self.entries, self.clock, self.random, tenant=self.tenant, submitter=SUBMITTER, records=[record]
        )
        if isinstance(outcome, LedgerError):
            raise outcome
        return True
