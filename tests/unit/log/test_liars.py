"""The campaign of liars, three tries of each: nobody misses one, nobody refuses the truth. `bench liars` takes 100."""

from __future__ import annotations

from pathlib import Path

from bench.liars import LIARS, attempt, campaign, caught


def test_every_liar_is_caught_by_everyone() -> None:
    """Three seeds of each liar, by the witness and by both verifiers."""
    found = campaign(3)
    assert [*found] == [*LIARS]
    for by in found.values():
        assert {who: caught(said) for who, said in by.items()} == dict.fromkeys(
            ("witness", "ledger verify", "verify.py"), 3
        )


def test_a_try_is_the_same_again(tmp_path: Path) -> None:
    """A seed says everything about a try."""
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    second.mkdir()
    assert attempt(LIARS[1], 7, first) == attempt(LIARS[1], 7, second)
