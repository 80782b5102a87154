"""An entry has come as far as the best checkpoint over it."""

from __future__ import annotations

from ledger.adapters.sql.database import Database
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.coverage import best_over, states
from ledger.services.prove import prove
from tests.rig import Rig


def test_entries_of_a_checkpoint_that_was_passed_over_are_confirmed_with_the_next(database: Database) -> None:
    """The checkpoint in between was never sent, and stays where it was; its entries are proved by the next one."""
    rig = Rig(database)
    rig.take(3)
    rig.round()
    rig.round()
    rig.take(2)
    close_checkpoint(rig.entries, rig.checkpoints, rig.key, rig.clock)
    assert list(states(rig.checkpoints, range(6))) == ["confirmed"] * 3 + ["checkpointed"] * 2 + ["sequenced"]
    rig.take(2)
    rig.round()
    rig.round()
    assert rig.states() == [(3, "confirmed"), (5, "checkpointed"), (7, "confirmed")]
    rig.take(1)
    assert list(states(rig.checkpoints, range(8))) == ["confirmed"] * 7 + ["sequenced"]
    over = best_over(rig.checkpoints, 4)
    assert over
    assert over.checkpoint.size == prove(rig.entries, rig.checkpoints, 4).checkpoint.size == 7
