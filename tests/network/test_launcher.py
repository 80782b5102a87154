"""The launcher and the client it is made for: another version, or a patch point that reads otherwise, stops it."""

from __future__ import annotations

import json
import stat
import subprocess
from pathlib import Path

import pytest

from consortium.genesis import make_key, new_chain_id, write_genesis
from consortium.network import free_ports
from consortium.validator import MAIN, node

CHANGES = """
import { checkPoints, POINTS, VERSIONS } from "POINTS_FILE";
const words = [];
const said = (versions, points) => {
  try { checkPoints(versions, points); return ""; } catch (error) { return error.message; }
};
words.push(said(VERSIONS, POINTS));
words.push(said({ ...VERSIONS, "@ethereumjs/client": "0.10.6" }, POINTS));
for (const [n, [why, owner, method, known]] of POINTS.entries()) {
  const other = (changed) => POINTS.map((one, m) => (m === n ? changed : one));
  words.push(said(VERSIONS, other([why, owner, method, "000000000000"])));
  words.push(said(VERSIONS, other([why, owner, `${method}Renamed`, known])));
}
process.stdout.write(JSON.stringify(words));
process.exit(0);
"""


def test_what_the_launcher_leans_on_is_checked() -> None:
    """The installed client is the one it knows; every single change of it is refused by the name of the place."""
    script = CHANGES.replace("POINTS_FILE", (MAIN.parent / "points.mjs").as_uri())
    command = [node(), "--input-type=module", "--eval", script]
    words = json.loads(subprocess.run(command, cwd=MAIN.parent, capture_output=True, check=True, text=True).stdout)
    assert words[0] == ""
    assert "0.10.5 is installed" in words[1]
    assert len(words) > 30
    for otherwise, gone in zip(words[2::2], words[3::2], strict=True):
        assert otherwise.startswith("patch point ")
        assert "reads otherwise" in otherwise
        assert "is gone" in gone


def test_versions_are_pinned_exactly() -> None:
    """The package file names one version of each package, and the lock file has just these."""
    folder = MAIN.parents[1]
    wanted = json.loads((folder / "package.json").read_text())["dependencies"]
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert wanted["@ethereumjs/client"] == "0.10.5"
    for name, version in wanted.items():
        assert locked[f"node_modules/{name}"]["version"] == version
        assert locked[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_keys_and_genesis(tmp_path: Path) -> None:
    """Signers are listed in the order of their addresses, nobody has money, and a key is its owner's alone."""
    made = [make_key(tmp_path / name / "key", name) for name in ("one", "two", "three", "four")]
    assert stat.S_IMODE((tmp_path / "one" / "key").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        make_key(tmp_path / "one" / "key", "one")
    write_genesis(tmp_path / "genesis.json", new_chain_id(), 2, [one.address for one in made])
    genesis = json.loads((tmp_path / "genesis.json").read_text())
    extra = bytes.fromhex(genesis["extraData"][2:])
    assert (extra[:32], extra[-65:], len(extra)) == (bytes(32), bytes(65), 32 + 4 * 20 + 65)
    listed = [extra[32 + 20 * n : 52 + 20 * n].hex() for n in range(4)]
    assert listed == sorted(one.address[2:].lower() for one in made)
    assert genesis["alloc"] == {}


def test_ports_that_are_taken_are_not_given() -> None:
    """A port that somebody has gives way to a free one; those asked for are kept where they are free."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        (other,) = free_ports([port])
        assert other != port
    assert len(set(free_ports([0] * 8))) == 8
