"""
The links of a thing: a visible table of link types (GS1 Web Vocabulary) and where each leads.

All lead to this server. What is behind a link is cut to its reader there; the links themselves are public.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from ledger.identity import Identity
from ledger.lifecycle.vocabulary import OWN

GS1: Final = "https://ref.gs1.org/voc/"
HTML: Final = "text/html"
JSON: Final = "application/json"
JSON_LD: Final = "application/ld+json"
LANGUAGES: Final = ("en", "zh-CN")


class Link(NamedTuple):
    """One target of a link type: address, media type, languages it can be had in, and its titles."""

    href: str
    type: str
    languages: tuple[str, ...]
    en: str
    zh: str


class LinkType(NamedTuple):
    """A row of the table: its name in a vocabulary, and the links of an identity below a domain."""

    prefix: str
    name: str
    links: Callable[[str, Identity], tuple[Link, ...]]
    for_class: bool = True
    """Whether products and batches have it as well as single things."""


def page_of(domain: str, identity: Identity) -> str:
    """Address of the passport for people."""
    return f"{domain}/passport{identity.path}"


def data_of(domain: str, identity: Identity) -> str:
    """Address of the passport for programs."""
    return f"{domain}/api/v1/passports{identity.path}"


def _both(fragment: str, en: str, zh: str) -> Callable[[str, Identity], tuple[Link, ...]]:
    def links(domain: str, identity: Identity) -> tuple[Link, ...]:
        page, data = page_of(domain, identity) + fragment, data_of(domain, identity)
        return Link(page, HTML, LANGUAGES, en, zh), Link(data, JSON_LD, (), en, zh), Link(data, JSON, (), en, zh)

    return links


def _page(domain: str, identity: Identity) -> tuple[Link, ...]:
    return (Link(page_of(domain, identity), HTML, LANGUAGES, "Passport", "资产护照"),)


def _data(domain: str, identity: Identity) -> tuple[Link, ...]:
    data = data_of(domain, identity)
    return Link(data, JSON_LD, (), "Passport as data", "护照数据"), Link(data, JSON, (), "Passport as data", "护照数据")


def _proof(domain: str, identity: Identity) -> tuple[Link, ...]:
    return (Link(f"{domain}/api/v1/proofs{identity.path}", JSON, (), "Sealed proof", "封存证明"),)


DEFAULT: Final = "defaultLink"
LINK_TYPES: Final[tuple[LinkType, ...]] = (
    LinkType("gs1", DEFAULT, _page),
    LinkType("gs1", "defaultLinkMulti", _both("", "Passport", "资产护照")),
    LinkType("gs1", "pip", _page),
    LinkType("gs1", "sustainabilityInfo", _both("#footprint", "Footprint to date", "迄今碳足迹")),
    LinkType("gs1", "certificationInfo", _both("#certificates", "Certificates", "证书")),
    LinkType("gs1", "traceability", _both("#journey", "Journey", "流转历程"), for_class=False),
    LinkType("gs1", "masterData", _data),
    LinkType("ocl", "proof", _proof, for_class=False),
)
"""The first is where a plain scan leads."""


VOCABULARY: Final = {"gs1": GS1, "ocl": OWN}
"""Prefixes of link types and their namespaces."""


def links_of(domain: str, identity: Identity) -> dict[str, tuple[Link, ...]]:
    """Every link of an identity by the whole name of its type."""
    known = VOCABULARY
    rows = (row for row in LINK_TYPES if row.for_class or identity.level == "instance")
    return {known[row.prefix] + row.name: row.links(domain, identity) for row in rows}


def whole_name(asked: str) -> str:
    """A link type as an address: a prefix is spelled out, the older name of GS1's vocabulary becomes its newer one."""
    prefix, colon, name = asked.partition(":")
    known = VOCABULARY.get(prefix)
    if colon and known is not None:
        return known + name
    return asked.replace("https://gs1.org/voc/", GS1, 1) if asked.startswith("https://gs1.org/voc/") else asked
