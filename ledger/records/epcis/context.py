"""
``@context`` of a document or an event: which prefixes it declares. It is never followed and never processed.

GS1's own context is known by its addresses; any other address is refused, since what its terms mean would have to be
fetched. A map must be from prefix to URI: JSON-LD keywords, aliases of terms and nested definitions are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ledger.errors import Place
from ledger.records.epcis.errors import ContextUnfit, PrefixReserved, PrefixUndeclared
from ledger.records.epcis.vocabulary import PREFIXES, is_uri

GS1_CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CONTEXTS: Final = frozenset(
    {
        GS1_CONTEXT,
        "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
        "https://gs1.github.io/EPCIS/epcis-context.jsonld",
    }
)
"""Contexts whose meaning is known without fetching them."""
SCHEMES: Final = frozenset({"ftp", "http", "https", "mailto", "ni", "tag", "urn"})
"""URI schemes; as prefixes they would change what addresses mean."""
MOST_PREFIXES: Final = 100
_PREFIX = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
NONE: Final[Mapping[str, str]] = {}


def prefixes(context: Any) -> dict[str, str]:
    """The inline prefixes of a ``@context``. Raises ``ContextUnfit``, ``PrefixReserved``."""
    found: dict[str, str] = {}
    parts = context if isinstance(context, list) else [context]
    for part in parts:
        if isinstance(part, dict):
            for prefix, uri in part.items():
                _declare(found, prefix, uri)
        elif part is not None and (not isinstance(part, str) or part not in CONTEXTS):
            raise ContextUnfit(found=str(part)[:200]).at(Place(pointer="/@context"))
    if len(found) > MOST_PREFIXES:
        raise ContextUnfit(found=f"{len(found)} prefixes").at(Place(pointer="/@context"))
    return found


def _declare(found: dict[str, str], prefix: str, uri: Any) -> None:
    if not _PREFIX.fullmatch(prefix) or not isinstance(uri, str) or not is_uri(uri):
        raise ContextUnfit(found=f"{prefix}: {uri}"[:200]).at(Place(pointer="/@context"))
    known = PREFIXES.get(prefix)
    if prefix.lower() in SCHEMES or (known is not None and uri not in known):
        raise PrefixReserved(prefix=prefix, uri=uri[:200]).at(Place(pointer="/@context"))
    if known is None:
        found[prefix] = uri


def require_declared(name: str, declared: Mapping[str, str]) -> bool:
    """Whether a name has a namespace: a declared prefix, one of GS1's, or a whole URI. Raises ``PrefixUndeclared``."""
    prefix, colon, local = name.partition(":")
    if not colon or not local:
        return False
    if prefix in declared or prefix in PREFIXES or (prefix in SCHEMES and is_uri(name)):
        return True
    raise PrefixUndeclared(name=name[:200], prefix=prefix[:100])
