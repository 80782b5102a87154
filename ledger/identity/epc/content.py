"""What an EPC says: a key with its code and serial, and what only tags carry."""

from __future__ import annotations

from typing import NamedTuple

from ledger.identity.keys import Key


class Content(NamedTuple):
    """The fields of one EPC, as ``Identity`` names and orders them; checked when a scheme has read them."""

    key: Key
    code: str
    serial: str = ""
    gcp_length: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    filter: int | None = None
    hostname: str = ""
