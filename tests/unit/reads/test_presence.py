"""Windows of presence and batches, for any reads in any order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.reads.event import LARGEST, events
from ledger.reads.presence import Batch, Presence, due, with_reads
from ledger.reads.reader import Reader

TIMES = st.lists(st.integers(0, 300), max_size=30)
GAP = st.integers(0, 40)
READER = Reader(id="dock", tenant="demo", read_point="https://id.gs1.org/414/9506000134376", biz_step="receiving")


def runs(times: list[int], gap: int) -> list[Presence]:
    """Windows by their definition: neighbours further apart than the gap part them."""
    found: list[list[int]] = []
    for at in sorted(times):
        if found and at - found[-1][-1] <= gap:
            found[-1].append(at)
        else:
            found.append([at])
    return [Presence(run[0], run[-1]) for run in found]


@settings(max_examples=300)
@given(times=TIMES, gap=GAP, cut=st.integers(0, 30), data=st.data())
def test_windows_depend_on_the_set_of_reads_alone(times: list[int], gap: int, cut: int, data: st.DataObject) -> None:
    """Whatever the order, the requests and the repeats, the windows are the runs of all times."""
    shuffled = data.draw(st.permutations(times))
    windows = with_reads(with_reads([], shuffled[:cut], gap), shuffled[cut:], gap)
    assert windows == runs(times, gap)
    assert with_reads(windows, times, gap) == windows


@given(times=TIMES, late=TIMES, gap=GAP)
def test_what_was_reported_stays_reported(times: list[int], late: list[int], gap: int) -> None:
    """Reads that come late stretch or join reported windows; every read of a reported one lies in a reported one."""
    reported = [window._replace(event_id=f"e{n}") for n, window in enumerate(runs(times, gap))]
    windows = with_reads(reported, late, gap)
    for window in reported:
        assert [w for w in windows if w.event_id and w.entered <= window.entered and w.last >= window.last]
    assert {w.event_id for w in windows} <= {w.event_id for w in reported} | {""}


@given(
    things=st.dictionaries(
        st.sampled_from("abcdefgh"), st.lists(st.integers(0, 100), min_size=1, max_size=5), max_size=6
    ),
    batch=st.integers(0, 20),
    until=st.one_of(st.none(), st.integers(0, 120)),
)
def test_batches_take_every_window_once(things: dict[str, list[int]], batch: int, until: int | None) -> None:
    """Each window is in one batch that begins at most ``batch`` before it, unless a read could still add to it."""
    windows = {thing: [Presence(at, at) for at in sorted(set(times))] for thing, times in things.items()}
    found = due(windows, until, batch)
    taken = []
    for one in found:
        inside = {(w.entered, t) for t, ws in windows.items() for w in ws if one.at <= w.entered <= one.at + batch}
        assert {thing for _, thing in inside} == set(one.things)
        taken += sorted(inside)
    everything = sorted((w.entered, thing) for thing, ws in windows.items() for w in ws)
    assert taken == everything[: len(taken)]
    if until is None:
        assert taken == everything
    elif len(taken) < len(everything):
        assert until <= everything[len(taken)][0] + batch


def test_an_event_id_follows_from_what_the_event_says() -> None:
    """The same batch gives the same event; any other gives another; above the largest there are several."""
    (one,) = events(READER, Batch(1_000_000, ("a", "b")))
    assert [one] == events(READER, Batch(1_000_000, ("a", "b")))
    others = [events(READER, batch)[0] for batch in (Batch(1_000_001, ("a", "b")), Batch(1_000_000, ("a",)))]
    assert one.event_id not in {event.event_id for event in others}
    many = events(READER, Batch(0, tuple(f"t{n:04}" for n in range(2 * LARGEST + 1))))
    assert [len(event.epc_list or []) for event in many] == [LARGEST, LARGEST, 1]
