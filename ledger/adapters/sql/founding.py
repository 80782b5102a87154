"""Facts fixed when a ledger was founded: its name, its key, its chain and contract."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from ledger.adapters.sql.database import Database
from ledger.adapters.sql.tables import FOUNDING
from ledger.errors import SettingsError


class FoundedOtherwise(SettingsError):
    """The database belongs to a ledger with another name, key, chain or contract."""

    code = "settings.founded-otherwise"
    name: str
    kept: str
    got: str
    en = "this ledger was founded with {name} {kept!r}; now it is {got!r}"
    zh = "本账本创立时的 {name} 为 {kept!r}，现为 {got!r}"
    fix_en = "Point the settings at the right home directory and chain; a ledger never changes these"
    fix_zh = "请将设置指向正确的目录与链；账本创立后不可更改这些内容"


@dataclass(frozen=True, slots=True)
class SqlFounding:
    """Writes a fact once and compares ever after."""

    database: Database

    def hold(self, name: str, value: str) -> None:
        """Keep the fact, or raise ``FoundedOtherwise`` when another was kept before."""
        with self.database.reading() as connection:
            kept = connection.execute(select(FOUNDING.c.value).where(FOUNDING.c.name == name)).scalar()
        if kept is None:
            with self.database.writing() as connection:
                insert = self.database.insert_missing()(FOUNDING).values(name=name, value=value)
                connection.execute(insert.on_conflict_do_nothing())
                kept = connection.execute(select(FOUNDING.c.value).where(FOUNDING.c.name == name)).scalar_one()
        if kept != value:
            raise FoundedOtherwise(name=name, kept=kept, got=value)
