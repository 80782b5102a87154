"""Queries under a name: kept as they were written, checked before they are kept (GS1 EPCIS 2.0, 12.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ledger.ports import Clock, QueryStore
from ledger.ports.queries import NamedQuery
from ledger.records.event_words import LONGEST
from ledger.records.record import microseconds
from ledger.services.event_query.errors import ParameterUnfit, QueryNameTaken, QueryNameUnknown, QueryTooComplex
from ledger.services.event_query.parameters import Asked, asked

LARGEST: Final = 65_536
"""Bytes a query may have."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.~-]{0,99}", re.ASCII)
_CONTEXT: Final = "@context"
_DECODER: Final = msgspec.json.Decoder(dict[str, Any], float_hook=str)


def keep_query(queries: QueryStore, clock: Clock, tenant: str, name: str, query: bytes) -> NamedQuery:
    """
    Keep a query under a name of the tenant's.

    Raises ``QueryNameTaken``, ``ParameterError`` for a name or a parameter that cannot be used, ``QueryTooComplex``.
    """
    if not _NAME.fullmatch(name):
        raise ParameterUnfit(name="name", value=name[:200], expected="A-Z a-z 0-9 _ . ~ -, 1-100")
    if len(query) > LARGEST:
        raise QueryTooComplex(limit=LARGEST)
    asked_by(query)
    made = NamedQuery(name, query, microseconds(clock.now()))
    if not queries.add(tenant, made):
        raise QueryNameTaken(name=name)
    return made


def the_query(queries: QueryStore, tenant: str, name: str) -> NamedQuery:
    """A tenant's query. Raises ``QueryNameUnknown``."""
    found = queries.get(tenant, name[:200])
    if found is None:
        raise QueryNameUnknown(name=name[:200])
    return found


def asked_by(query: bytes) -> Asked:
    """What a kept query asks. Raises ``ParameterError``."""
    try:
        given = _DECODER.decode(query)
    except (msgspec.DecodeError, UnicodeDecodeError):
        shown = query[:200].decode(errors="replace")
        raise ParameterUnfit(name="query", value=shown, expected='{"EQ_bizStep": ["shipping"]}') from None
    return asked({name: value for name, value in given.items() if name != _CONTEXT}, _prefixes(given.get(_CONTEXT)))


def _prefixes(context: Any) -> Mapping[str, str]:
    """Prefixes that the query's own context declares; addresses of contexts are never followed."""
    found: dict[str, str] = {}
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, dict):
            if not all(isinstance(uri, str) and len(uri) <= LONGEST for uri in part.values()):
                raise ParameterUnfit(name=_CONTEXT, value=str(part)[:200], expected='{"prefix": "https://..."}')
            found |= part
    return found
