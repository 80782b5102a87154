"""The restore drill, on PostgreSQL: what comes back, what is refused, and a stale backup found by the chain."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.adapters.backup import prune, read
from ledger.adapters.backup.database import dump
from ledger.adapters.backup.errors import BackupDamaged
from ledger.services.worker import settle
from ledger.settings import Settings
from tests.builders import ORIGIN, TENANT, captured, legs, opened, settings
from tests.postgres import PostgresServer

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """A verb as it is typed, on settings from the environment: its exit code and its JSON."""

    def typed(there: Settings, *words: str) -> tuple[int, Any]:
        for name, value in (
            ("ONECODE_DATABASE_URL", there.database_url),
            ("ONECODE_ORIGIN", ORIGIN),
            ("ONECODE_TENANT", TENANT),
            ("CHAIN_URL", there.chain_url),
        ):
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main(["--home", str(there.home), "--json", *words])
        lines = capsys.readouterr().out.splitlines()
        return code, json.loads(lines[-1]) if lines else None

    return typed


def _grown(there: Settings, count: int, first: int) -> None:
    with opened(there.home, database_url=there.database_url, chain_url=there.chain_url) as ledger:
        captured(ledger, legs(count, first))
        settle(ledger.worker())


def _elsewhere(there: Settings, home: Path, url: str) -> Settings:
    """A new machine: the keys from the safe, an empty database, the same chain."""
    home.mkdir()
    for name in ("note.key", "interface.key", "chain-key.json", "chain-key.pass"):
        shutil.copy2(there.home / name, home / name)
    return Settings(home=home, origin=ORIGIN, tenant=TENANT, database_url=url, chain_url=there.chain_url)


def test_the_drill(postgres_server: PostgresServer, tmp_path: Path, run: Run) -> None:
    """The newest backup comes back byte for byte and goes on; an older one is found stale, by so many entries."""
    chain = f"embedded:{tmp_path / 'chain.sqlite'}"
    there = settings(tmp_path / "home", database_url=postgres_server.fresh(), chain_url=chain)
    kept, backups = there.home / "contents" / "aa" / "file", tmp_path / "backups"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"evidence")
    for name in ("organisation-key.json", "organisation-key.pass"):  # of an organisation that decides from here
        (there.home / name).write_text("secret")
    _grown(there, 5, 0)
    code, first = run(there, "backup", str(backups))
    assert (code, first["entries"]) == (0, 5)
    _grown(there, 3, 5)
    old = Path(first["folder"])
    shutil.move(old, old.with_name("20260101T000000Z"))
    code, second = run(there, "backup", str(backups), "--keep-days", "20000")
    assert (code, second["entries"], second["removed"]) == (0, 8, [])
    old, new = old.with_name("20260101T000000Z"), Path(second["folder"])
    assert (new / "home/contents/aa/file").samefile(old / "home/contents/aa/file")
    assert not any(path.name.endswith((".key", ".pass")) or "-key" in path.name for path in new.rglob("*"))
    assert json.loads((there.home / "backup.json").read_bytes())["entries"] == 8

    again = _elsewhere(there, tmp_path / "again", postgres_server.empty())
    code, said = run(again, "restore", str(new))
    assert (code, said["verdict"], said["entries"], said["missing"]) == (0, 0, 8, 0)
    assert (again.home / "contents/aa/file").read_bytes() == b"evidence"
    assert _same(there.database_url, again.database_url, tmp_path)
    _grown(again, 2, 8)
    assert run(again, "restore", str(new))[0] == 2  # over what is there

    stale = _elsewhere(there, tmp_path / "stale", postgres_server.empty())
    code, said = run(stale, "restore", str(old))
    assert (code, said["verdict"], said["entries"], said["missing"]) == (1, 1, 5, 5)
    assert run(stale, "check")[0] == 1


def _same(one: str, other: str, folder: Path) -> bool:
    """Whether two databases have the same rows in every table."""
    names = ("one", "other")
    tables = [dump(url, folder / name) for url, name in zip((one, other), names, strict=True)]
    rows = [
        {path.name: sorted(_lines(path)) for path in (folder / name).glob("*.gz") if path.name != "lease.copy.gz"}
        for name in names
    ]
    return tables[0] == tables[1] and rows[0] == rows[1]


def _lines(path: Path) -> list[bytes]:
    import gzip

    return gzip.decompress(path.read_bytes()).splitlines()


def test_what_is_not_restored(tmp_path: Path, run: Run) -> None:
    """A changed byte, a missing file, a home without keys, a home with files: nothing is written."""
    there = settings(tmp_path / "home")
    with opened(there.home) as ledger:
        captured(ledger, legs(1))
    (there.home / "places.csv").write_text("x")
    made = Path(run(there, "backup", str(tmp_path / "backups"))[1]["folder"])
    elsewhere = Settings(home=tmp_path / "bare", origin=ORIGIN, tenant=TENANT)
    elsewhere.home.mkdir()
    assert run(elsewhere, "restore", str(made))[1]["error"]["code"] == "store.restore-refused"
    assert list(elsewhere.home.iterdir()) == []
    good = _elsewhere(there, tmp_path / "good", f"sqlite:///{tmp_path / 'good.db'}")
    assert run(good, "restore", str(made), "--without-chain")[1]["entries"] == 1
    full = _elsewhere(there, tmp_path / "full", f"sqlite:///{tmp_path / 'full.db'}")
    (full.home / "places.csv").write_text("mine")
    assert run(full, "restore", str(made))[1]["error"]["code"] == "store.restore-refused"
    assert not (tmp_path / "full.db").exists()
    database = made / "database" / "ledger.db"
    data = bytearray(database.read_bytes())
    data[len(data) // 2] ^= 1
    database.write_bytes(data)
    with pytest.raises(BackupDamaged):
        read(made)
    database.unlink()
    with pytest.raises(BackupDamaged):
        read(made)


def test_backups_in_the_home_hold_no_backups(tmp_path: Path, run: Run) -> None:
    """What is backed up is the ledger: each has the same files, however many there are."""
    there = settings(tmp_path / "home")
    with opened(there.home):
        (there.home / "places.csv").write_text("x")
    backups = there.home / "kept" / "backups"
    for name in ("20260101T000000Z", "20260201T000000Z"):
        made = Path(run(there, "backup", str(backups))[1]["folder"])
        assert sorted(read(made).files) == ["database/ledger.db", "home/note.pub", "home/places.csv"]
        made.rename(made.with_name(name))


def test_old_ones_go_and_the_newest_stays(tmp_path: Path) -> None:
    """By the name's moment; half-made ones and other folders are left alone."""
    from datetime import UTC, datetime

    for name in ("20260101T000000Z", "20260201T000000Z", "20260301T000000Z", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")
    (tmp_path / "20250101T000000Z.part").mkdir()
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert [path.name for path in prune(tmp_path, timedelta(days=310), now)] == ["20260101T000000Z"]
    assert [path.name for path in prune(tmp_path, timedelta(days=1), now)] == ["20260201T000000Z"]
    assert {path.name for path in tmp_path.iterdir()} == {"20260301T000000Z", "20250101T000000Z.part", "other"}
