"""All links of a thing as one document (RFC 9264, application/linkset+json) and as a header (RFC 8288)."""

from __future__ import annotations

from typing import Any, Final

from api.resolving.links import DEFAULT, GS1, JSON_LD, LINK_TYPES, VOCABULARY, Link, links_of
from ledger.identity import KEYS, Identity

LINKSET_JSON: Final = "application/linkset+json"
CONTEXT: Final = "https://ref.gs1.org/standards/resolver/linkset-context"
"""GS1's own context for linksets; named in a header, never fetched here."""


def linkset(domain: str, identity: Identity, name: str = "") -> dict[str, Any]:
    """The links of a thing; the anchor is the uncompressed Digital Link on this resolver."""
    context: dict[str, Any] = {"anchor": domain + identity.path}
    if name:
        context["description"] = name
    for relation, links in links_of(domain, identity).items():
        context[relation] = [_target(link) for link in links]
    return {"linkset": [context]}


def _target(link: Link) -> dict[str, Any]:
    target: dict[str, Any] = {
        "href": link.href,
        "title": link.en,
        "title*": [{"value": link.en, "language": "en"}, {"value": link.zh, "language": "zh-CN"}],
        "type": link.type,
    }
    if link.languages:
        target["hreflang"] = list(link.languages)
    return target


def link_header(domain: str, identity: Identity) -> str:
    """The default link, the linkset and the canonical identity, for readers of headers."""
    here, chosen = domain + identity.path, links_of(domain, identity)[GS1 + DEFAULT][0]
    parts = [
        f'<{chosen.href}>; rel="{GS1}{DEFAULT}"; type="{chosen.type}"; title="{chosen.en}"',
        f'<{here}?linkType=all>; rel="linkset"; type="{LINKSET_JSON}"; title="All links"',
        f'<{identity.text}>; rel="http://www.w3.org/2002/07/owl#sameAs"',
    ]
    return ", ".join(parts)


def context_header() -> str:
    """Turns a linkset into JSON-LD for those who want it so."""
    return f'<{CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="{JSON_LD}"'


def resolver_description(domain: str) -> dict[str, Any]:
    """What stands at /.well-known/gs1resolver."""
    used = sorted({row.prefix for row in LINK_TYPES})
    return {
        "name": "OneCode Ledger",
        "resolverRoot": domain,
        "supportedPrimaryKeys": sorted({key.ai for key in KEYS}),
        "supportedLinkType": [{"namespace": VOCABULARY[prefix], "prefix": f"{prefix}:"} for prefix in used],
        "linkTypeDefaultCanBeLinkset": False,
    }
