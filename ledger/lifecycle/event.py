"""
What an event says about assets: a small view of an EPCIS 2.0 event, read from an entry's body.

Our own fields, each under a prefix that the document maps to ``vocabulary.OWN``. Amounts are decimals, as text or as
numbers; one that cannot be read is flagged, and nothing is made of it.

=============  ===========================  ===================================================
field          where                        says
=============  ===========================  ===================================================
``aliasOf``    ILMD of an ObjectEvent ADD   the codes of the event belong to this asset
``category``   ILMD                         category of the things (``ledger.lifecycle.category``)
``massKg``     ILMD                         mass of each thing [kg]
``lengthM``    ILMD                         length of each thing [m]
``valueCNY``   ILMD                         book value of each thing [CNY]
``amounts``    TransformationEvent          [{``epc``, ``massKg``, ``lengthM``, ``valueCNY``}]
``tid``        any event of one thing       the chip's own number, as hex
``tids``       any event                    {EPC: chip's own number}
=============  ===========================  ===================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Generic, NamedTuple, TypeVar

from msgspec import Struct, ValidationError, convert, field, json

from ledger.errors import IdentityError, LedgerError
from ledger.identity import canonical
from ledger.lifecycle.vocabulary import own, word
from ledger.units import parse_decimal

Key = TypeVar("Key")
"""What stands for an asset: its canonical text, or a number in a store."""
_UOM: Final[dict[str, tuple[str, Decimal]]] = {
    "KGM": ("mass_g", Decimal(1000)),
    "GRM": ("mass_g", Decimal(1)),
    "TNE": ("mass_g", Decimal(1_000_000)),
    "MTR": ("length_mm", Decimal(1000)),
    "KMT": ("length_mm", Decimal(1_000_000)),
    "CMT": ("length_mm", Decimal(10)),
    "MMT": ("length_mm", Decimal(1)),
}
"""UN/ECE Recommendation 20 codes that a balance adds up: dimension, and base units in one."""
MOST: Final = 10**12
"""Amounts beyond this (1 Mt, 10^10 CNY) are no single thing's: they are not read. Sums of millions stay in 64 bits."""


class Stated(NamedTuple):
    """What is said of a thing: zero or empty where nothing is. Mass [g], length [mm], book value [0.01 CNY]."""

    category: str = ""
    mass_g: int = 0
    length_mm: int = 0
    value_fen: int = 0


NOTHING: Final = Stated()


class Event(NamedTuple, Generic[Key]):
    """
    An event as assets feel it. Times are microseconds since the Unix epoch; ``seq`` is the entry.

    ``place`` and ``holder`` are canonical texts, empty when not stated; ``step`` and ``disposition`` short words.
    """

    seq: int
    at: int
    id: str
    type: str
    action: str
    step: str
    disposition: str
    place: str
    holder: str
    selves: tuple[Key, ...] = ()
    parent: Key | None = None
    children: tuple[Key, ...] = ()
    inputs: tuple[Key, ...] = ()
    outputs: tuple[Key, ...] = ()
    stated: Stated = NOTHING
    amounts: dict[Key, Stated] = {}  # noqa: RUF012 - never written to
    """Of single things in a transformation."""
    taken: tuple[Stated, ...] = ()
    """Of quantities of a class that went in."""
    given: tuple[Stated, ...] = ()
    """Of quantities of a class that came out."""
    tids: dict[Key, str] = {}  # noqa: RUF012 - never written to
    alias_of: Key | None = None
    unread: tuple[str, ...] = ()
    """Own fields whose value could not be read; nothing was made of them."""
    empties: bool = False
    """It takes everything out of the parent, naming nothing (EPCIS 2.0, 7.4.3: a DELETE without children)."""
    voids: bool = False
    """It declares that the event of this id did not happen as stated (EPCIS 2.0, 7.4.1.4)."""

    @property
    def order(self) -> tuple[int, int]:
        """By event time, then by entry."""
        return self.at, self.seq

    def named(self) -> Iterator[Key]:
        """Every single thing the event names, some perhaps twice."""
        yield from self.selves
        if self.parent is not None:
            yield self.parent
        yield from self.children
        yield from self.inputs
        yield from self.outputs


class _Place(Struct):
    id: str


class _Quantity(Struct, rename="camel"):
    epc_class: str
    quantity: Decimal | None = None
    uom: str | None = None


class _Party(Struct):
    type: str
    source: str = ""
    destination: str = ""


class _Event(Struct, rename="camel"):
    type: str
    event_id: str = field(name="eventID", default="")
    action: str = ""
    biz_location: _Place | None = None
    biz_step: str = ""
    child_epcs: list[str] = field(name="childEPCs", default_factory=list)
    child_quantity_list: list[_Quantity] = []
    destination_list: list[_Party] = []
    disposition: str = ""
    epc_list: list[str] = []
    error_declaration: dict[str, Any] | None = None
    ilmd: dict[str, Any] | None = None
    input_epc_list: list[str] = field(name="inputEPCList", default_factory=list)
    input_quantity_list: list[_Quantity] = []
    output_epc_list: list[str] = field(name="outputEPCList", default_factory=list)
    output_quantity_list: list[_Quantity] = []
    parent_id: str = field(name="parentID", default="")
    read_point: _Place | None = None
    source_list: list[_Party] = []
    context: dict[str, str] = field(name="@context", default_factory=dict)
    extensions: dict[str, Any] | None = None


class _Record(Struct):
    event: _Event


class _Body(Struct):
    record: _Record


class _Amount(Struct, rename="camel"):
    epc: str
    mass_kg: Any = None
    length_m: Any = None
    value: Any = field(name="valueCNY", default=None)


_BODY: Final = json.Decoder(_Body)
_MOVING: Final = frozenset({"shipping", "departing", "transporting"})
"""Steps in which a thing is still with the party that gives it away."""

_CONTAINING: Final = frozenset({"AggregationEvent", "AssociationEvent"})
"""Types whose parent holds what is named as children; a transaction's parent is one more thing it is about."""


def read(seq: int, at: int, body: bytes) -> Event[str]:
    """The event in the body of an entry of kind ``epcis_event``; it was checked when it was captured."""
    raw = _BODY.decode(body).record.event
    place, step, unread = raw.biz_location or raw.read_point, word(raw.biz_step), list[str]()
    stated, alias_of = (NOTHING, None) if raw.ilmd is None else _of_ilmd(own(raw.ilmd, raw.context), unread)
    extended = {} if raw.extensions is None else own(raw.extensions, raw.context)
    transforms, contains = raw.type == "TransformationEvent", raw.type in _CONTAINING
    return Event(
        seq=seq,
        at=at,
        id=raw.event_id,
        type=raw.type,
        action=raw.action,
        step=step,
        disposition=word(raw.disposition),
        place=_site(place.id) if place else "",
        holder=_holder(raw, step) if raw.source_list or raw.destination_list else "",
        selves=_keys(raw.epc_list if contains or not raw.parent_id else [raw.parent_id, *raw.epc_list]),
        parent=_name(raw.parent_id) if raw.parent_id and contains else None,
        children=_keys(raw.child_epcs),
        inputs=_keys(raw.input_epc_list),
        outputs=_keys(raw.output_epc_list),
        stated=stated,
        amounts=_amounts(extended["amounts"], unread) if "amounts" in extended else {},
        taken=tuple(map(_quantity, raw.input_quantity_list)) if transforms else (),
        given=tuple(map(_quantity, raw.output_quantity_list)) if transforms else (),
        tids=_tids(extended, raw.epc_list, unread) if extended else {},
        alias_of=alias_of if raw.type == "ObjectEvent" and raw.action == "ADD" else None,
        unread=tuple(unread),
        empties=contains and raw.action == "DELETE" and not (raw.child_epcs or raw.child_quantity_list),
        voids=raw.error_declaration is not None,
    )


def _name(text: str) -> str:
    """The canonical text; a name that is of no known form stands for itself."""
    try:
        return canonical(text)
    except IdentityError:
        return text


_site = lru_cache(maxsize=65_536)(_name)
"""Places and parties come back in event after event; things do not."""


def _keys(texts: list[str]) -> tuple[str, ...]:
    return (_name(texts[0]),) if len(texts) == 1 else tuple(dict.fromkeys(map(_name, texts)))


def _holder(raw: _Event, step: str) -> str:
    """Who has it: the possessing party it comes from while it leaves, else the one it goes to, else the owner."""
    parties = [(word(p.type), p.source) for p in raw.source_list] if step in _MOVING else []
    parties += [] if step in _MOVING else [(word(p.type), p.destination) for p in raw.destination_list]
    for kind in ("possessing_party", "owning_party"):
        for type_, party in parties:
            if type_ == kind and party:
                return _site(party)
    return ""


def _of_ilmd(ilmd: dict[str, Any], unread: list[str]) -> tuple[Stated, str | None]:
    category, alias_of = ilmd.get("category"), ilmd.get("aliasOf")
    stated = Stated(
        category if isinstance(category, str) else "",
        _scaled("massKg", ilmd.get("massKg"), 1000, unread),
        _scaled("lengthM", ilmd.get("lengthM"), 1000, unread),
        _scaled("valueCNY", ilmd.get("valueCNY"), 100, unread),
    )
    if category is not None and not isinstance(category, str):
        unread.append("category")
    if alias_of is not None and not (isinstance(alias_of, str) and alias_of):
        unread.append("aliasOf")
        alias_of = None
    return stated, _name(alias_of) if alias_of else None


def _scaled(name: str, value: Any, scale: int, unread: list[str]) -> int:
    """A decimal in base units; nothing when it is no decimal or finer than what is kept."""
    if value is None:
        return 0
    if isinstance(value, dict):
        value = value.get("@decimal")  # how a record keeps a number that is no integer
    try:
        amount = parse_decimal(str(value)) * scale
    except LedgerError:
        amount = Decimal(-1)
    if not 0 <= amount <= MOST or amount != int(amount):
        unread.append(name)
        return 0
    return int(amount)


def _amounts(value: object, unread: list[str]) -> dict[str, Stated]:
    try:
        rows = convert(value, list[_Amount])
    except ValidationError:
        unread.append("amounts")
        return {}
    return {
        _name(row.epc): Stated(
            mass_g=_scaled("amounts", row.mass_kg, 1000, unread),
            length_mm=_scaled("amounts", row.length_m, 1000, unread),
            value_fen=_scaled("amounts", row.value, 100, unread),
        )
        for row in rows
    }


def _quantity(row: _Quantity) -> Stated:
    dimension, scale = _UOM.get(row.uom or "", ("", Decimal(0)))
    amount = (row.quantity or Decimal(0)) * scale
    whole = int(amount) if amount == int(amount) and amount <= MOST else 0
    return Stated(mass_g=whole) if dimension == "mass_g" else Stated(length_mm=whole if dimension else 0)


def _tids(extended: dict[str, Any], epcs: list[str], unread: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    tid, tids = extended.get("tid"), extended.get("tids")
    if isinstance(tids, dict) and all(isinstance(value, str) for value in tids.values()):
        found = {_name(str(epc)): value.upper() for epc, value in tids.items()}
    elif tids is not None:
        unread.append("tids")
    if isinstance(tid, str) and len(epcs) == 1:
        found[_name(epcs[0])] = tid.upper()
    elif tid is not None:
        unread.append("tid")
    return found
