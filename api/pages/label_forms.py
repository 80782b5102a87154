"""The label desk's form: what was filled in, and the order it makes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile

from api.faults import ParameterRefused
from labels.layout import DPIS
from ledger.adapters.files.label_list import label_rows
from ledger.errors import Locale, Place
from ledger.identity import CompanyPrefixes
from ledger.ports.labels import MOST_LABELS, LabelOrder
from ledger.services.label_list import Listing, ListRow, listed, ranged, typed

SOURCES: Final = ("paste", "file", "range", "things")
CORRECTIONS: Final = ("L", "M", "Q", "H")
_MILLIMETRES: Final = re.compile(r"([+-]?)([0-9]{1,2})(?:\.([0-9]{1,2}))?", re.ASCII)


async def fields(form: FormData) -> dict[str, Any]:
    """The form's texts, an uploaded file as its bytes, and the chosen things."""
    found: dict[str, Any] = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    found["things"] = [str(value) for value in form.getlist("thing")]
    upload = form.get("file")
    if isinstance(upload, UploadFile):
        found["file"], found["file_name"] = await upload.read(), (upload.filename or "upload")[:120]
    return found


def rows_of(said: Mapping[str, Any]) -> list[ListRow]:
    """The rows of whichever source was chosen. Raises leaves of ``FileError``, ``RangeUnfit``."""
    match said.get("source"):
        case "file":
            return label_rows(said.get("file") or b"", said.get("file_name", "upload"))
        case "range":
            return ranged(said.get("first", ""), whole(said, "count", 1, MOST_LABELS, 1))
        case "things":
            return [ListRow(Place(row=row), [code]) for row, code in enumerate(said["things"], 1)]
        case _:
            return typed(said.get("codes", ""))


def listing_of(said: Mapping[str, Any], prefixes: Sequence[str]) -> Listing:
    """The labels that the form names, with the common name and lines, and what is wrong with the others."""
    tags = CompanyPrefixes(prefixes) if said.get("epc") == "yes" or encodes(said) else None
    lines = [line.strip() for line in said.get("lines", "").splitlines() if line.strip()]
    return listed(rows_of(said), said.get("title", "").strip()[:400], lines[:6], tags)


def order_of_form(said: Mapping[str, Any], listing: Listing, domain: str, locale: Locale) -> LabelOrder:
    """The order. Raises ``ParameterRefused``; what does not fit together is told when it is drawn."""
    dpi, correction = said.get("dpi", ""), said.get("correction", "")
    stock = said.get("stock", "L7160")
    own = said.get("own", "").strip()
    return LabelOrder(
        labels=listing.labels,
        domain=domain,
        stock=own.replace("×", "x").replace("*", "x") if stock == "own" else stock,
        dpi=int(dpi) if dpi in map(str, DPIS) else None,
        symbology="GS1 DataMatrix" if said.get("symbology") == "datamatrix" else "QR",
        correction=correction if correction in CORRECTIONS else None,
        start=whole(said, "start", 1, 100, 1),
        offset=(hundredths(said, "right"), hundredths(said, "down")),
        locale=locale,
        format="zpl" if said.get("format") == "zpl" else "pdf",
        encode=encodes(said),
        printer=said.get("printer") or None if said.get("format") == "zpl" else None,
    )


def encodes(said: Mapping[str, Any]) -> bool:
    """Whether tags are to be written: a label printer alone can."""
    return said.get("format") == "zpl" and said.get("encode") == "yes"


def whole(said: Mapping[str, Any], name: str, least: int, most: int, default: int) -> int:
    """A whole number of the form. Raises ``ParameterRefused``."""
    text = str(said.get(name, "")).strip()
    if not text:
        return default
    if not re.fullmatch("[0-9]{1,6}", text, re.ASCII) or not least <= int(text) <= most:
        raise ParameterRefused(name=name, why=f"{least} - {most}")
    return int(text)


def hundredths(said: Mapping[str, Any], name: str) -> int:
    """Millimetres with up to two decimals, in 1/100 mm. Raises ``ParameterRefused``."""
    text = str(said.get(name, "")).strip() or "0"
    match = _MILLIMETRES.fullmatch(text)
    if match is None:
        raise ParameterRefused(name=name, why="-20.00 - 20.00 mm")
    value = 100 * int(match[2]) + int((match[3] or "0").ljust(2, "0"))
    return -value if match[1] == "-" else value


def chosen(said: Mapping[str, Any], name: str, among: Sequence[str]) -> str:
    """One of a few words, the first by default."""
    value = str(said.get(name, ""))
    return value if value in among else among[0]
