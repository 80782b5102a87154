"""Places and photographs that an operator keeps: read, read again, and bad rows named without losing the good ones."""

from __future__ import annotations

import os
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest

from ledger.adapters.master_data import PhotoFiles, PlaceTable
from ledger.adapters.master_data.places import gazetteer

WORKS = "https://id.gs1.org/414/9521141123454"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


def write(path: Path, *rows: str) -> None:
    """A table with another time stamp than the one before."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")
    os.utime(path, ns=(before + 1_000_000_000, before + 1_000_000_000))


def test_a_city_gives_its_position_and_names(tmp_path: Path) -> None:
    """Wuhan stands where GeoNames has it (geonames.org/1791247); the code is read in any form."""
    write(tmp_path / "places.csv", "code,city,published", "(414)9521141123454,武汉,yes")
    place = PlaceTable(tmp_path).place(WORKS)
    assert place is not None
    assert (place.zh, place.en, place.published) == ("武汉", "Wuhan", True)
    assert (place.latitude, place.longitude) == (Decimal("30.58333"), Decimal("114.26667"))


def test_a_place_is_not_published_unless_it_says_so(tmp_path: Path) -> None:
    """Empty, no, and anything else mean no."""
    for word in ("", "no", "perhaps", "否"):
        write(tmp_path / "places.csv", "code,en,latitude,longitude,published", f"{WORKS},Works,1.5,-2,{word}")
        place = PlaceTable(tmp_path).place(WORKS)
        assert place is not None
        assert not place.published
        assert place.zh == "Works"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("(414)9521141123455,Works,武汉,,", "check digit"),
        (f"{WORKS},Works,Atlantis,,", "gazetteer"),
        (f"{WORKS},Works,,91,10", "91"),
        (f"{WORKS},Works,,１２,10", "１２"),
        (f"{WORKS},Works,,,", "position"),
        (f"{WORKS},,,1,1", "no name"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_used(tmp_path: Path, row: str, said: str) -> None:
    """The refusal says file, row and reason; the row after it is there."""
    other = "https://id.gs1.org/414/9506000134376"
    write(tmp_path / "places.csv", "code,en,city,latitude,longitude", row, f"{other},Other,,1,1")
    table = PlaceTable(tmp_path)
    assert table.place(other) is not None
    (error,) = table.table.refused
    assert error.place is not None
    assert (error.place.file, error.place.row) == ("places.csv", 2)
    assert said in error.message("en") or said in str(error.values())


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """No restart: a new version of the table is seen, also its removal."""
    table = PlaceTable(tmp_path)
    assert (table.place(WORKS), table.version()) == (None, 0)
    write(tmp_path / "places.csv", "code,en,latitude,longitude", f"{WORKS},Old,1,1")
    first = table.version()
    assert table.place(WORKS) is not None
    write(tmp_path / "places.csv", "code,en,latitude,longitude", f"{WORKS},New,1,1")
    place = table.place(WORKS)
    assert place is not None
    assert (place.en, table.version() != first) == ("New", True)
    (tmp_path / "places.csv").unlink()
    assert table.place(WORKS) is None


def test_pictures_are_known_by_their_content(tmp_path: Path) -> None:
    """The first identity with a picture counts; bytes that changed behind the table's back are not served."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "works.png").write_bytes(PNG)
    write(tmp_path / "photos.csv", "code,file", f"{WORKS},works.png")
    shelf = PhotoFiles(tmp_path)
    photo = shelf.photo("https://id.gs1.org/8004/952114none", WORKS)
    assert photo is not None
    assert photo == (sha256(PNG).hexdigest(), "image/png")
    assert shelf.read(photo.digest) == (photo, PNG)
    assert shelf.read("0" * 64) is None
    (tmp_path / "photos" / "works.png").write_bytes(PNG + b"!")
    assert shelf.read(photo.digest) is None


@pytest.mark.parametrize("name", ["../secret.png", "none.png", "page.html", "/etc/hostname", ""])
def test_only_pictures_of_the_folder_are_served(tmp_path: Path, name: str) -> None:
    """No way out of the folder, and nothing that does not begin like a picture."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "photos" / "page.html").write_bytes(b"<script>")
    write(tmp_path / "photos.csv", "code,file", f"{WORKS},{name}")
    shelf = PhotoFiles(tmp_path)
    assert shelf.photo(WORKS) is None
    assert len(shelf.table.refused) == 1


def test_the_gazetteer_is_where_the_world_has_it() -> None:
    """Within a tenth of a degree of coordinates that any atlas prints; every row under both names."""
    known = {"Beijing": ("39.9", "116.4"), "Shanghai": ("31.2", "121.5"), "Guangzhou": ("23.1", "113.3")}
    for name, (latitude, longitude) in known.items():
        city = gazetteer()[name]
        assert abs(city.latitude - Decimal(latitude)) < Decimal("0.2")
        assert abs(city.longitude - Decimal(longitude)) < Decimal("0.2")
        assert gazetteer()[city.zh] is city
