"""Who sees what: nothing without a row, nothing above one's audience, and audiences include each other."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.services.disclosure import AUDIENCES, POLICY, disclosed, policy_rows

SECRET = "SECRET"
LEAVES = st.one_of(st.text(max_size=5), st.integers(), st.booleans(), st.none())
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


def paths(value: Any, prefix: str = "") -> set[str]:
    """Every path of a document that ends in a value, lists passed through."""
    if isinstance(value, dict):
        return {path for name, part in value.items() for path in paths(part, f"{prefix}.{name}" if prefix else name)}
    if isinstance(value, list):
        return {path for part in value for path in paths(part, prefix)}
    return {prefix}


def filled() -> dict[str, Any]:
    """A document with a value at every path of the policy, and secrets beside each of them."""
    document: dict[str, Any] = {}
    for field in POLICY:
        *above, last = field.path.split(".")
        place = document
        for name in above:
            place = place.setdefault(name, {})
            place["undeclared"] = SECRET
        place[last] = field.audience
    return document | {"undeclared": SECRET}


def test_each_audience_sees_exactly_its_rows() -> None:
    """Every row of the policy is in the output of its audience and those above, and in no other."""
    for rank, audience in enumerate(AUDIENCES):
        seen = paths(disclosed(filled(), audience))
        assert seen == {field.path for field in POLICY if AUDIENCES.index(field.audience) <= rank}


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["state", "place", "journey", "events", "x", "proof"]), max_size=4), ANYTHING
        )
    ),
    st.sampled_from(AUDIENCES),
)
def test_nothing_without_a_row_is_ever_seen(parts: list[tuple[list[str], Any]], audience: Any) -> None:
    """Whatever stands wherever: what comes out lies at or below a path whose audience allows it."""
    document: dict[str, Any] = filled()
    for path, value in parts:
        place = document
        for name in path:
            inner = place.get(name)
            place = inner if isinstance(inner, dict) else place.setdefault(f"{name}+", {})
        place["undeclared"] = [SECRET, value]
    allowed = [f.path for f in POLICY if AUDIENCES.index(f.audience) <= AUDIENCES.index(audience)]
    for path in paths(disclosed(document, audience)):
        assert any(path == one or path.startswith(f"{one}.") for one in allowed), path


def test_no_path_lies_below_another() -> None:
    """One row decides: a field is either given whole or taken apart."""
    rows = [field.path for field in POLICY]
    assert len(set(rows)) == len(rows)
    assert [a for a in rows for b in rows if b.startswith(f"{a}.")] == []


def test_lists_are_passed_through_and_odd_shapes_are_dropped() -> None:
    """A list of events is cut event by event; a value where a group is expected is dropped."""
    events = [{"step": "shipping", "place": {"id": SECRET}, "submitter": SECRET}, SECRET]
    cut = disclosed({"journey": {"count": 2, "events": events}, "state": SECRET}, "public")
    assert cut == {"journey": {"count": 2, "events": [{"step": "shipping"}, None]}}


def test_the_policy_as_data_is_the_policy() -> None:
    """The table that programs get names every row."""
    assert [(row["field"], row["audience"]) for row in policy_rows()] == [(f.path, f.audience) for f in POLICY]
