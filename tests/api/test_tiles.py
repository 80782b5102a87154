"""
The log read by somebody else: a reader written from C2SP tlog-tiles, tlog-checkpoint, signed-note and RFC 6962 alone.

Nothing of ``ledger.log`` is used to read; only to make the log that is read.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.__main__ import main
from ledger.adapters.keys import cosigning_key
from ledger.adapters.sql.checkpoints import SqlCheckpoints
from ledger.adapters.sql.database import Database
from ledger.adapters.sql.engine import open_engine
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import OpenNote
from ledger.log.errors import LeafMismatch
from ledger.log.tile_paths import TilePlace, read_level, read_tile_path, tile_path
from ledger.log.tiles import Growth
from ledger.ports import TileId
from ledger.services.close_checkpoint import close_checkpoint
from ledger.services.publish_tiles import entry_bundle, hash_tile
from tests.api.house import House, served
from tests.builders import captured, legs, note_key
from tests.rig import Rig

Fetch = Callable[[str], httpx.Response]
SIZES = (1, 3, 255, 256, 300, 515)


# ---------------------------------------------------------------- the reader


def encoded(number: int) -> str:
    """tlog-tiles: zero-padded elements of three digits, all but the last with an x."""
    last, rest = f"{number % 1000:03}", number // 1000
    elements = [last]
    while rest:
        elements.insert(0, f"x{rest % 1000:03}")
        rest //= 1000
    return "/".join(elements)


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def row(fetch: Fetch, kind: str, height: int, size: int) -> bytes:
    """Every tile of a level that a tree of this size has, one after the other."""
    count, found = size // 256**height, b""
    for number in range(-(-count // 256)):
        width = min(256, count - number * 256)
        answer = fetch(f"/tile/{kind}/{encoded(number)}" + (f".p/{width}" if width < 256 else ""))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        found += answer.content
    return found


def split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + 32] for at in range(0, len(hashes), 32)]


def opened_note(note: str, vkey: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that the key signed."""
    text, _, lines = note.rpartition("\n\n")
    name, key_hash, encoded_key = vkey.split("+", 2)
    raw = b64decode(encoded_key)
    assert sha256(name.encode() + b"\n" + raw).digest()[:4].hex() == key_hash
    (line,) = (one for one in lines.splitlines() if one.startswith(f"\u2014 {name} "))
    signature = b64decode(line.rsplit(" ", 1)[1])
    assert signature[:4].hex() == key_hash
    Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], text.encode() + b"\n")
    origin, size, root = text.split("\n")
    return origin, int(size), b64decode(root)


# ---------------------------------------------------------------- what it reads


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A log with a checkpoint at each of ``SIZES``, which publishes its entries."""
    with served(tmp_path_factory.mktemp("tiles"), settings={"publish_entries": True}) as house:
        ledger, taken = house.ledger, ledger_size(house)
        assert taken == 0
        for size in SIZES:
            captured(ledger, legs(size - taken, taken))
            close_checkpoint(ledger.entries, ledger.checkpoints, ledger.note_key, ledger.clock)
            taken = size
        yield house


def ledger_size(house: House) -> int:
    return house.ledger.entries.size()


@pytest.fixture(scope="module")
def fetch(house: House) -> Iterator[Fetch]:
    with house.client() as client:
        yield client.get


def test_the_newest_checkpoint_is_where_readers_look(house: House, fetch: Fetch) -> None:
    """GET /checkpoint: plain text, kept a second, signed by the key, over all entries."""
    answer = fetch("/checkpoint")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["cache-control"] == "public, max-age=1"
    origin, size, _ = opened_note(answer.text, str(house.ledger.note_key.verifier))
    assert (origin, size) == (house.ledger.settings.origin, SIZES[-1])


@pytest.mark.parametrize("size", SIZES)
def test_the_tiles_of_every_checkpoint_give_its_root(house: House, fetch: Fetch, size: int) -> None:
    """For every size that was signed: leaves give the root, each higher tile is the roots of full tiles below."""
    stored = house.ledger.checkpoints.get(size)
    assert stored is not None
    _, told, root = opened_note(stored.note, str(house.ledger.note_key.verifier))
    leaves = split(row(fetch, "0", 0, size))
    assert (told, len(leaves)) == (size, size)
    assert mth(leaves) == root
    full = [mth(leaves[at : at + 256]) for at in range(0, size - size % 256, 256)]
    assert split(row(fetch, "1", 1, size)) == full


def test_bundles_hold_what_the_lowest_hashes_are_made_of(house: House, fetch: Fetch) -> None:
    """Every entry behind its length hashes to its leaf; none holds a record's words, a tenant's name or a salt."""
    size = SIZES[-1]
    bundle, leaves = row(fetch, "entries", 0, size), split(row(fetch, "0", 0, size))
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entries.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    assert [sha256(b"\x00" + entry).digest() for entry in entries] == leaves
    for rows in house.ledger.entries.rows(0, size):
        for stored in rows:
            for secret in (stored.salt, stored.tenant.encode(), stored.body[:24]):
                assert secret not in entries[stored.seq]
    assert fetch("/tile/entries/000").headers["content-encoding"] == "gzip"  # the client asked for it


@pytest.mark.parametrize(
    "path",
    [
        "/tile/0/002.p/4",  # the tree has 3 there
        "/tile/0/002",  # not full
        "/tile/0/003.p/1",
        "/tile/1/000",
        "/tile/1/000.p/3",
        "/tile/2/000.p/1",
        "/tile/64/000",
        "/tile/00/000",
        "/tile/-1/000",
        "/tile/0/0",
        "/tile/0/00",
        "/tile/0/0000",
        "/tile/0/x000/000",
        "/tile/0/x00/000",
        "/tile/0/000/000",
        "/tile/0/000.p/0",
        "/tile/0/000.p/01",
        "/tile/0/000.p/256",
        "/tile/0/000.p/",
        "/tile/0/000.p/1.p/1",
        "/tile/0/٠٠٠",
        "/tile/0/" + "x999/" * 20 + "999",
        "/tile/entries/002.p/4",
        "/tile/entries/999",
        "/tile/data/000",
    ],
)
def test_what_the_log_does_not_have_is_404(fetch: Fetch, path: str) -> None:
    """Widths beyond the newest checkpoint, empty tiles, levels over 63, and any other spelling of a number."""
    assert fetch(path).status_code == 404


def test_a_witness_reads_and_cosigns_it(house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`ledger witness`, over HTTP: cosigned, again, refused for another key; nothing is written into the log's home."""
    key = str(house.ledger.note_key.verifier)
    line = ["--home", str(tmp_path / "w"), "--json", "witness", house.url, "--name", "witness.example/w1", "--key"]
    assert [main([*line, key]) for _ in range(2)] == [0, 0]
    cosigned = OpenNote.parse((tmp_path / "w" / "cosigned.txt").read_text(encoding="utf-8"))
    witness = cosigning_key(tmp_path / "w", "witness.example/w1").public
    assert cosigned.signed_by(house.ledger.note_key.verifier)
    assert witness.time_of(cosigned) > 0
    assert cosigned.checkpoint.size == SIZES[-1]
    assert main([*line, str(note_key(house.ledger.settings.origin, 9).verifier)]) == 1
    assert main([*line[:4], "http://127.0.0.1:9", *line[5:], key]) != 0
    capsys.readouterr()


def test_entries_are_the_operators_to_open(tmp_path: Path) -> None:
    """Without the setting hashes are public and bundles are not; an empty log has no checkpoint."""
    with served(tmp_path) as house, house.client() as client:
        assert client.get("/checkpoint").status_code == 404
        captured(house.ledger, legs(2))
        house.settled()
        assert client.get("/tile/0/000.p/2").status_code == 200
        refused = client.get("/tile/entries/000.p/2")
        assert (refused.status_code, refused.json()["code"]) == (404, "log.entries-unpublished")


# ---------------------------------------------------------------- the layout


def test_paths_are_those_of_the_specification() -> None:
    """The published example, and 2,000 numbers there and back."""
    assert tile_path(TilePlace(1234067)) == "x001/x234/067"
    for number in (*range(0, 2_000_000, 1_001), 999, 1_000, 999_999, 10**6, 10**9 - 1, 2**56 // 256):
        for width in (1, 255, 256):
            place = TilePlace(number, width)
            path = encoded(number) + (f".p/{width}" if width < 256 else "")
            assert tile_path(place) == path
            assert read_tile_path(path) == place
    assert [read_level(text) for text in ("0", "63", "64", "01", "", "x")] == [0, 63, None, None, None, None]
    assert not [t for t in ("000\n", "000.p/1\n", " 000", "", "x001", "x001/") if read_tile_path(t)]


def test_a_tree_of_70_000_has_the_tiles_that_the_specification_counts(tmp_path: Path) -> None:
    """273 full tiles and one of 112 at level 0, one full and one of 17 at level 1, one of 1 at level 2."""
    database = Database(open_engine(f"sqlite:///{tmp_path / 'ledger.db'}"))
    checkpoints = SqlCheckpoints(database)
    growth = Growth(0, lambda _: {})
    growth.add([sha256(number.to_bytes(4)).digest() for number in range(70_000)])
    tiles = {TileId(*place): data for place, data in growth.finish().items()}
    checkpoint = Checkpoint("example.org/log", 70_000, bytes(32))
    assert checkpoints.add(0, checkpoint, note_key().sign(checkpoint.text), 0, tiles)
    for level, full, partial in ((0, 273, 112), (1, 1, 17), (2, 0, 1)):
        for number in (0, full - 1) if full else ():
            assert hash_tile(checkpoints, level, TilePlace(number)) is not None
        assert hash_tile(checkpoints, level, TilePlace(full)) is None
        assert len(hash_tile(checkpoints, level, TilePlace(full, partial)) or b"") == 32 * partial
        assert hash_tile(checkpoints, level, TilePlace(full, partial + 1)) is None
    assert hash_tile(checkpoints, 3, TilePlace(0, 1)) is None
    database.engine.dispose()


def test_a_bundle_is_never_of_other_entries_than_its_hashes(tmp_path: Path) -> None:
    """Stored bytes that were changed after the checkpoint are not given out as its entries."""
    rig = Rig(Database(open_engine(f"sqlite:///{tmp_path / 'ledger.db'}")))
    rig.close(3)
    assert len(entry_bundle(rig.entries, rig.checkpoints, TilePlace(0, 3)) or b"") == 3 * (2 + 96)
    other = Rig(Database(open_engine(f"sqlite:///{tmp_path / 'other.db'}")))
    other.take(3)
    with pytest.raises(LeafMismatch):
        entry_bundle(other.entries, rig.checkpoints, TilePlace(0, 3))
    short = Rig(Database(open_engine(f"sqlite:///{tmp_path / 'short.db'}")))
    with pytest.raises(LeafMismatch):
        entry_bundle(short.entries, rig.checkpoints, TilePlace(0, 3))
    for one in (rig, other, short):
        one.database.engine.dispose()
