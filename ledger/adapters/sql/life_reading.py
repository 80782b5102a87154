"""Events and states read back: whole lives of some assets, with the units that carried them."""

# ruff: noqa: S608 - what is put into a statement is our own names and numbers; values travel as parameters

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import Connection, select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.life_rows import CHILD, INPUT, OUTPUT, PARENT, restored
from ledger.adapters.sql.life_tables import LIFE_CODE
from ledger.lifecycle.event import Event
from ledger.lifecycle.lives import Life

FIELDS: Final = tuple(field.name for field in fields(Life))
_STATE: Final = ", ".join(FIELDS)


@dataclass(frozen=True, slots=True)
class Reading:
    """One transaction's look at the tables, within a tenant."""

    database: Database
    connection: Connection
    tenant: int

    def among(self, query: str, values: Iterable[Any]) -> list[tuple[Any, ...]]:
        """``Database.among``."""
        return self.database.among(self.connection, query, list(values))

    def _pairs(self, query: str, values: Iterable[Any]) -> list[tuple[Any, Any]]:
        return [(one, other) for one, other in self.among(query, values)]

    def change(self, statement: str, values: Iterable[Any]) -> None:
        """The same for a statement that gives no rows."""
        self.database.change_among(self.connection, statement, list(values))

    def numbers(self, codes: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Number and primary number of each code that is known."""
        query = f"SELECT id, no, COALESCE(primary_no, no) FROM life_code WHERE tenant_id = {self.tenant} AND id IN"
        return {code: (no, primary) for code, no, primary in self.among(query, codes)}

    def primary(self, code: str) -> int | None:
        """The asset that a code stands for."""
        c = LIFE_CODE.c
        query = select(c.no, c.primary_no).where(c.tenant_id == self.tenant, c.id == code)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else int(row[1] or row[0])

    def names(self, numbers: Iterable[int]) -> dict[int, str]:
        """The text of each code."""
        return dict(self._pairs("SELECT no, id FROM life_code WHERE no IN", numbers))

    def primaries(self, numbers: Iterable[int]) -> dict[int, int]:
        """The asset of each code, where that is another one."""
        query = "SELECT no, primary_no FROM life_code WHERE primary_no IS NOT NULL AND no IN"
        return dict(self._pairs(query, numbers))

    def codes(self, assets: Iterable[int]) -> dict[int, int]:
        """Every code of these assets, with its asset."""
        found = {no: no for no in assets}
        return found | dict(self._pairs("SELECT no, primary_no FROM life_code WHERE primary_no IN", found))

    def states(self, assets: Iterable[int]) -> dict[int, Life[int]]:
        """The stored states."""
        rows = self.among(f"SELECT no, {_STATE} FROM life WHERE no IN", assets)
        return {no: state_of(row) for no, *row in rows}

    def inside(self, units: Mapping[int, tuple[int, int]]) -> list[tuple[int, int]]:
        """
        (unit, asset) for whatever felt an event of the unit at or after the order given for it, or would now.

        That is what is in it now, and what was ever in it and has felt anything since.
        """
        codes = self.codes(units)
        query = (
            "SELECT p.code_no, COALESCE(k.primary_no, k.no), s.parent, s.last_at, s.last_seq FROM life_link p "
            f"JOIN life_link c ON c.seq = p.seq AND c.role = {CHILD} JOIN life_code k ON k.no = c.code_no "
            f"LEFT JOIN life s ON s.no = COALESCE(k.primary_no, k.no) WHERE p.role = {PARENT} AND p.code_no IN"
        )
        found: dict[tuple[int, int], None] = {}
        for code, asset, parent, last_at, last_seq in self.among(query, codes):
            unit = codes[code]
            if last_at is None or parent == unit or (last_at, last_seq) >= units[unit]:
                found[unit, asset] = None
        return list(found)

    def ever_inside(self, unit: int) -> list[int]:
        """Every asset that was ever put in or on one."""
        return [asset for _, asset in self.inside({unit: (-(2**63), -1)})]

    def whole(self, assets: Iterable[int], upto: int | None = None) -> tuple[set[int], list[Event[int]]]:
        """
        These assets, those whose events moved them, and the valid events of all of them as they feel them.

        What moved them: units they were in, and what was turned into them or with them.
        """
        known, waiting, every = set[int](), set(assets), dict[int, int]()
        named: dict[int, dict[int, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
        rows: dict[int, tuple[Any, ...]] = {}
        while waiting:
            known |= waiting
            codes = self.codes(waiting)
            every |= codes
            together, seqs = set[int](), set[int]()
            for code, role, seq, tid in self.among(
                "SELECT code_no, role, seq, tid FROM life_link WHERE code_no IN", codes
            ):
                named[seq][role].append((codes[code], tid))
                seqs.add(seq)
                if role in (INPUT, OUTPUT):
                    together.add(seq)
            fresh = self._events(seqs - rows.keys(), upto)
            rows |= fresh
            held = [row[2] for row in fresh.values() if row[2] is not None]
            beside = self.among(
                f"SELECT code_no FROM life_link WHERE role IN ({INPUT}, {OUTPUT}) AND seq IN", together & rows.keys()
            )
            near = {*held, *(code for (code,) in beside)}
            primary = self.primaries(near)
            for seq, row in fresh.items():
                rows[seq] = (row[0], row[1], primary.get(row[2], row[2]), primary.get(row[3], row[3]), *row[4:])
            waiting = {primary.get(code, code) for code in near} - known
        return known, [restored(row, named[seq], every) for seq, row in rows.items()]

    def seen(self, asset: int, beside: Iterable[int], upto: int | None) -> list[tuple[Event[int], int, bool]]:
        """
        The events that name an asset, void ones and declarations among them, and those of entries ``beside``.

        Each with its role (-1 for those beside) and whether it is void. Of the things it names only the asset.
        """
        named: dict[int, dict[int, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
        query, codes = "SELECT role, seq, tid FROM life_link WHERE code_no IN", self.codes([asset])
        for role, seq, tid in self.among(query, codes):
            named[seq][role].append((asset, tid))
        late = "" if upto is None else f"at <= {int(upto)} AND "
        query = f"SELECT seq, at, parent_no, alias_of_no, voids, said, void FROM life_event WHERE {late}seq IN"
        rows = self.among(query, named.keys() | set(beside))
        primary = self.primaries({row[2] for row in rows if row[2] is not None})
        found = []
        for seq, at, parent, alias_of, voids, said, void in rows:
            form = (seq, at, primary.get(parent, parent), alias_of, voids, said)
            roles = named.get(seq, {})
            found.append((restored(form, roles, codes), min(roles, default=-1), bool(void)))
        return sorted(found, key=lambda one: one[0].order)

    def _events(self, seqs: Iterable[int], upto: int | None) -> dict[int, tuple[Any, ...]]:
        late = "" if upto is None else f"AND at <= {int(upto)} "
        query = (
            f"SELECT seq, at, parent_no, alias_of_no, voids, said FROM life_event "
            f"WHERE NOT void AND NOT voids {late}AND seq IN"
        )
        return {row[0]: row for row in self.among(query, seqs)}


def state_of(row: Iterable[Any]) -> Life[int]:
    """The state in a row of ``FIELDS``."""
    life: Life[int] = Life(*row)
    life.removed, life.tagged = bool(life.removed), bool(life.tagged)
    return life
