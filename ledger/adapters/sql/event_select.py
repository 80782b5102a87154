"""
From a query to the SQL that finds its events.

Names are turned into numbers first, so that what nobody ever named ends the search at once. The entry's place in the
log is the order of record time, because recorded times never fall; every index of names is in that order. One
condition on names leads: each of its names is walked in order and left as soon as a page is full, so that a frequent
name costs no more than a rare one. The other conditions are looked up for what it finds.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import eq, ge, gt, lt
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from ledger.adapters.sql.event_folding import ACTION_NUMBER, KIND_NUMBER, ROLE_NUMBER, TYPE_NUMBER, id_hash
from ledger.adapters.sql.event_tables import EVENT, EVENT_NAME, EVENT_NUMBER, EVENT_TERM
from ledger.adapters.sql.ordered_number import ordered
from ledger.ports.event_index import Condition, EitherWay, EventQuery, Hit, Measured, Named, NameKind

MOST_ARMS: Final = 24
"""Names that lead one by one; more are looked up together."""
MOST_LISTED: Final = 2_000
"""Names that are written into the statement; more stay a subquery."""
FREQUENT: Final = 5_000
"""Events of a name that are too many to sort for a page."""
LAST: Final = "\U0010ffff"
_COLUMNS: Final[dict[NameKind, Any]] = {
    "bizStep": EVENT.c.step,
    "disposition": EVENT.c.disposition,
    "readPoint": EVENT.c.read_point,
    "bizLocation": EVENT.c.biz_location,
}
Numbers = list[int] | Select[Any]
_Bound = tuple[Callable[[Any, Any], Any], int]


class Selection:
    """One query of one tenant on one connection."""

    def __init__(self, connection: Connection, tenant: int, query: EventQuery) -> None:
        self._connection = connection
        self._tenant = tenant
        self._query = query

    def run(self, limit: int, after: Hit | None, below: int | None) -> list[Hit]:
        """At most ``limit`` hits in the query's order."""
        query, c = self._query, EVENT.c
        numbered = [(each, self._numbers(each)) for each in query.conditions if isinstance(each, Named)]
        if any(numbers == [] for _, numbers in numbered):
            return []
        leading = self._leading(numbered)
        fixed = [c.tenant_id == self._tenant, *self._plain(), *self._times(after)]
        fixed += [self._holds(named, numbers) for named, numbers in numbered if named is not leading]
        fixed += [self._condition(each) for each in query.conditions if not isinstance(each, Named)]
        bounds = self._bounds(after, below)
        if leading is None:
            within = [compare(c.seq, bound) for compare, bound in bounds]
            found = select(c.seq, c.event_at).where(and_(*fixed, *within))
            statement = self._in_order(found, c.seq, c.event_at).limit(limit)
        else:
            numbers = next(numbers for named, numbers in numbered if named is leading)
            assert isinstance(numbers, list)
            statement = self._walked(leading, numbers, fixed, bounds, limit)
        return [Hit(seq, event_at) for seq, event_at in self._connection.execute(statement)]

    def _walked(
        self, leading: Named, numbers: list[int], fixed: list[ColumnElement[bool]], bounds: list[_Bound], limit: int
    ) -> Select[Any]:
        """The leading names one by one, each left when it has given a page; an event under several counts once."""
        arms = [self._arm(leading, number, fixed, bounds, limit) for number in numbers]
        every = union_all(*(select(arm.subquery()) for arm in arms)).subquery()
        found = select(every.c.seq, every.c.event_at).distinct()
        return self._in_order(found, every.c.seq, every.c.event_at).limit(limit)

    def _arm(
        self, leading: Named, number: int, fixed: list[ColumnElement[bool]], bounds: list[_Bound], limit: int
    ) -> Select[Any]:
        c = EVENT.c
        column = _COLUMNS.get(leading.kind)
        if column is not None:
            within = [compare(c.seq, bound) for compare, bound in bounds]
            arm = select(c.seq, c.event_at).where(column == number, *fixed, *within)
            return self._in_order(arm, c.seq, c.event_at).limit(limit)
        term = EVENT_TERM.alias()
        within = [compare(term.c.seq, bound) for compare, bound in bounds]
        if leading.roles:
            within.append(_among(term.c.role, [ROLE_NUMBER[role] for role in leading.roles]))
        arm = select(term.c.seq, c.event_at).join_from(term, EVENT, c.seq == term.c.seq)
        arm = arm.where(term.c.name == number, *fixed, *within)
        # A thing is in an event twice at most, as input and as output.
        return self._in_order(arm, term.c.seq, c.event_at).limit(limit * 2)

    def _leading(self, numbered: list[tuple[Named, Numbers]]) -> Named | None:
        """The condition with the fewest names, things before places; ``None`` when order or number forbid it."""
        if self._query.order != "recordTime":
            return None
        few = [(named, len(found)) for named, found in numbered if isinstance(found, list) and len(found) <= MOST_ARMS]
        few.sort(key=lambda pair: (pair[0].kind in _COLUMNS, pair[1]))
        return few[0][0] if few else None

    def _in_order(self, statement: Select[Any], seq: Any, event_at: Any) -> Select[Any]:
        by = [seq] if self._query.order == "recordTime" else [event_at, seq]
        return statement.order_by(*(column.desc() if self._query.descending else column for column in by))

    def _bounds(self, after: Hit | None, below: int | None) -> list[_Bound]:
        """Between which entries to look."""
        query = self._query
        bounds: list[_Bound] = [] if below is None else [(lt, below)]
        if after is not None and query.order == "recordTime":
            bounds.append((lt if query.descending else gt, after.seq))
        if query.record_from is not None:
            bounds.append((ge, self._first_recorded(query.record_from)))
        if query.record_before is not None:
            bounds.append((lt, self._first_recorded(query.record_before)))
        return bounds

    def _times(self, after: Hit | None) -> list[ColumnElement[bool]]:
        query, c = self._query, EVENT.c
        times: list[ColumnElement[bool]] = []
        if after is not None and query.order == "eventTime":
            here, there = tuple_(c.event_at, c.seq), tuple_(literal(after.event_at), literal(after.seq))
            times.append(here < there if query.descending else here > there)
        if query.event_from is not None:
            times.append(c.event_at >= query.event_from)
        if query.event_before is not None:
            times.append(c.event_at < query.event_before)
        return times

    def _first_recorded(self, moment: int) -> int:
        """The tenant's first event recorded then or later; beyond every entry when there is none."""
        c = EVENT.c
        own = (c.tenant_id == self._tenant) & (c.recorded_at >= moment)
        found = self._connection.execute(select(c.seq).where(own).order_by(c.recorded_at, c.seq).limit(1)).scalar()
        return 2**62 if found is None else int(found)

    def _plain(self) -> list[ColumnElement[bool]]:
        query, c = self._query, EVENT.c
        plain: list[ColumnElement[bool]] = []
        if query.types:
            plain.append(_among(c.type, [TYPE_NUMBER[name] for name in query.types if name in TYPE_NUMBER]))
        if query.actions:
            plain.append(_among(c.action, [ACTION_NUMBER[name] for name in query.actions]))
        if query.event_ids:
            plain.append(_among(c.id_hash, [id_hash(name) for name in query.event_ids]))
        if query.declared:
            plain.append(c.declared == 1)
        return plain

    def _numbers(self, named: Named) -> Numbers:
        """The numbers of the names; a subquery where they are too many to list."""
        c = EVENT_NAME.c
        forms: list[ColumnElement[bool]] = [c.text.in_(named.texts)] if named.texts else []
        forms += [(c.text >= stem) & (c.text < stem + LAST) for stem in named.stems]
        own = (c.tenant_id == self._tenant) & (c.kind == KIND_NUMBER[named.kind])
        query = select(c.no).where(own & or_(false(), *forms))
        found = list(self._connection.execute(query.limit(MOST_LISTED + 1)).scalars())
        return found if len(found) <= MOST_LISTED else query

    def _holds(self, named: Named, numbers: Numbers) -> ColumnElement[bool]:
        column = _COLUMNS.get(named.kind)
        if column is not None:
            return _among(column + 0 if self._by_time(column, numbers) else column, numbers)
        term = EVENT_TERM.alias()
        within = select(term.c.seq).where(_among(term.c.name, numbers))
        if named.roles:
            within = within.where(_among(term.c.role, [ROLE_NUMBER[role] for role in named.roles]))
        return self._among_entries(within)

    def _among_entries(self, within: Select[Any]) -> ColumnElement[bool]:
        """Looked up once and first: PostgreSQL, before it has statistics, would rather look them up for each event."""
        if self._connection.dialect.name == "sqlite":
            found: ColumnElement[bool] = EVENT.c.seq.in_(within)
            return found
        return EVENT.c.seq == any_(func.array(within.scalar_subquery()))

    def _by_time(self, column: Any, numbers: Numbers) -> bool:
        """
        Whether to walk the events by time and pass over those of other names.

        It is the shorter way to the first events of a frequent name, and a calculated column keeps its index out of it.
        """
        if self._query.order != "eventTime":
            return False
        many = select(EVENT.c.seq).where(_among(column, numbers)).offset(FREQUENT).limit(1)
        return self._connection.execute(many).first() is not None

    def _condition(self, condition: Condition) -> ColumnElement[bool]:
        match condition:
            case Named():
                return self._holds(condition, self._numbers(condition))
            case Measured():
                return self._compares(condition)
            case EitherWay():
                named = self._holds(condition.named, self._numbers(condition.named))
                return or_(named, self._compares(condition.measured))

    def _compares(self, measured: Measured) -> ColumnElement[bool]:
        field = self._numbers(Named("field", (measured.field,)))
        c = EVENT_NUMBER.c
        values = [ordered(value) for value in measured.values]
        compared = {
            "EQ": c.value.in_(values),
            "GT": c.value > values[0],
            "GE": c.value >= values[0],
            "LT": c.value < values[0],
            "LE": c.value <= values[0],
        }[measured.comparison]
        return self._among_entries(select(c.seq).where(_among(c.name, field), compared))


def _among(column: Any, numbers: Numbers) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (
        eq(column, numbers[0]) if isinstance(numbers, list) and len(numbers) == 1 else column.in_(numbers)
    )
    return found
