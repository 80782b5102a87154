"""Which of a thing's links a request means: by its link type, the media type it takes, and its language."""

from __future__ import annotations

from typing import Final

from api.resolving.accept import best, named
from api.resolving.errors import LinkTypeAbsent
from api.resolving.links import DEFAULT, GS1, JSON, JSON_LD, LINK_TYPES, Link, links_of, whole_name
from api.resolving.linkset import LINKSET_JSON
from ledger.identity import Identity

ALL: Final = frozenset({"all", "linkset"})
MULTI: Final = f"{GS1}defaultLinkMulti"


def wants_linkset(link_type: str, accept: str) -> bool:
    """Whether all links are asked for, by the parameter or by the media type."""
    return link_type in ALL or (not link_type and named(accept, LINKSET_JSON))


def chosen(domain: str, identity: Identity, link_type: str, accept: str) -> Link:
    """
    The link a request means. Without a type, data for whoever names a kind of JSON, else the default link.

    Raises ``LinkTypeAbsent`` with those there are.
    """
    known = links_of(domain, identity)
    if not link_type:
        data = named(accept, JSON) or named(accept, JSON_LD)
        links = known[MULTI] if data else known[GS1 + DEFAULT]
    else:
        links = known.get(whole_name(link_type), ())
        if not links:
            names = ", ".join(f"{row.prefix}:{row.name}" for row in LINK_TYPES if _has(row.name, known))
            raise LinkTypeAbsent(asked=link_type[:200], known=names)
    by_type = {link.type: link for link in links}
    return by_type[best(accept, by_type) or links[0].type]


def _has(name: str, known: dict[str, tuple[Link, ...]]) -> bool:
    return any(relation.endswith(f"/{name}") for relation in known)
