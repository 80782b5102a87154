"""What the page ``/replay`` runs: the ledger's own source, alone, and a Python that is exactly what was published."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import msgspec

from api.pages.statics import MSGSPEC, STATICS
from api.replay_core import core
from ledger.log.canonical import canonical_bytes
from ledger.scoring.award import score
from tests.unit.scoring.tender import full_bids, full_scheme

ROOT = Path(__file__).parents[2]
ALONE = """
import sys
sys.path[:0] = sys.argv[1:3]
from ledger.scoring.replaying import replayed_json
print(sys.modules["ledger"].__file__)
print(replayed_json(sys.stdin.buffer.read(), "zh-CN"))
"""


def test_the_archive_computes_a_sheet_with_nothing_else_of_the_ledger(tmp_path: Path) -> None:
    """In an interpreter that knows the archive and msgspec alone, every value follows."""
    archive, packages = tmp_path / "core.zip", tmp_path / "packages"
    archive.write_bytes(core().archive)
    packages.mkdir()
    (packages / "msgspec").symlink_to(Path(msgspec.__file__).parent)
    sheet = canonical_bytes(score(full_scheme(), full_bids()).to_record())
    command = [sys.executable, "-I", "-S", "-c", ALONE, str(archive), str(packages)]
    done = subprocess.run(command, input=sheet, check=False, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    came_from, said = done.stdout.decode().splitlines()
    assert came_from.startswith(str(archive))
    assert json.loads(said)["verdict"] == 0


def test_the_archive_holds_the_core_and_no_more() -> None:
    """Every file is the source that runs here; nothing that knows a database, a key or the network is among them."""
    with ZipFile(io.BytesIO(core().archive)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert len(files) == core().modules > 50
    assert [name for name, text in files.items() if (ROOT / name).read_text(encoding="utf-8") != text] == []
    folders = {name.split("/")[1] for name in files if name.count("/") > 1}
    assert folders <= {"scoring", "programme", "records", "log", "footprint", "identity"}


def test_the_python_of_the_browser_is_the_published_one() -> None:
    """msgspec's wheel has a hash that the lock file names, and is the version that runs here."""
    wheel = sha256(STATICS[MSGSPEC].data).hexdigest()
    assert f"sha256:{wheel}" in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    found = re.match(r"msgspec-([0-9.]+)-", MSGSPEC)
    assert found
    assert found[1] == version("msgspec")
