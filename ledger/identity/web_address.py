"""
Reading web addresses: GS1 Digital Links on any domain, and the plain https addresses of suppliers without a prefix.

Source: GS1 Digital Link URI syntax (uncompressed form): right-most key wins, qualifiers in the path in their order,
data attributes behind the question mark. RFC 3986 for the rest.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ledger.identity.element_string import of_elements
from ledger.identity.elements import is_identifier
from ledger.identity.errors import ApplicationIdentifierUnknown, KeyMissing, QualifierMisplaced, SchemeCase, UriUnfit
from ledger.identity.identity import CANONICAL_STEM, Identity
from ledger.identity.keys import ALIASES, PRIMARY, QUALIFIERS, URI
from ledger.identity.text import unescaped

SCHEME = re.compile(r"(https?)://", re.IGNORECASE | re.ASCII)
_SEGMENTS = r"A-Za-z0-9\-._~!$&'()*+,;=:@%/"
_ADDRESS = re.compile(
    rf"https?://(?P<host>[a-z0-9.\-]+(?::[0-9]{{1,5}})?)(?P<path>(?:/[{_SEGMENTS}]*)?)"
    rf"(?:\?(?P<query>[{_SEGMENTS}?]*))?(?:#[{_SEGMENTS}?]*)?",
    re.ASCII | re.IGNORECASE,
)
_LIKE_A_KEY = re.compile("[0-9]{8}", re.ASCII)


def address(text: str, scheme: str) -> Identity:
    """The identity an http(s) address names: the GS1 key in its path, or the address itself."""
    if not (scheme.islower() or scheme.isupper()):
        raise SchemeCase(scheme=scheme)
    parts = _ADDRESS.fullmatch(text)
    if parts is None:
        raise _unfit(text, "it has characters or credentials that an address cannot hold", "含有网址不允许的字符或口令")
    segments = parts["path"].split("/")[1:]
    link = _key_and_qualifiers(segments)
    if not link:
        return _plain_address(text, scheme, parts["host"], segments)
    return _link(link, parts["query"] or "")


def _key_and_qualifiers(segments: list[str]) -> list[str]:
    """The right-most key of the path that has only whole pairs behind it, and those; nothing when there is none."""
    for start in range(len(segments) - 2, -1, -2):
        key = segments[start]
        if key in PRIMARY and all(map(str.isdecimal, segments[start::2])):
            return segments[start:]
        if ALIASES.get(key) in PRIMARY and _LIKE_A_KEY.match(segments[start + 1]):
            names = [ALIASES.get(name, name) for name in segments[start::2]]
            if all(map(str.isdecimal, names)):
                return [part for pair in zip(names, segments[start + 1 :: 2], strict=True) for part in pair]
    return []


def _link(segments: list[str], query: str) -> Identity:
    pairs = list(zip(segments[::2], map(unescaped, segments[1::2]), strict=True))
    key = pairs[0][0]
    order = QUALIFIERS.get(key, ())
    position = -1
    for ai, _ in pairs[1:]:
        if ai not in order or order.index(ai) <= position:
            raise _misplaced(ai, key)
        position = order.index(ai)
    attributes = _attributes(query)
    for ai, _ in attributes:
        if ai in order:
            raise _misplaced(ai, key)
    return of_elements([*pairs, *attributes])


def _attributes(query: str) -> list[tuple[str, str]]:
    """Data attributes of a Digital Link; words such as linkType talk to the resolver and are passed over."""
    pairs = [part.partition("=")[::2] for part in query.replace(";", "&").split("&")]
    numeric = [(name, unescaped(value)) for name, value in pairs if name.isdecimal()]
    for name, _ in numeric:
        if not is_identifier(name):
            raise ApplicationIdentifierUnknown(ai=name)
    return numeric


def _plain_address(text: str, scheme: str, host: str, segments: list[str]) -> Identity:
    """Kept as it is, scheme and host in lower case (RFC 3986, 6.2.2.1)."""
    if host.lower() == CANONICAL_STEM.removeprefix("https://"):
        raise KeyMissing(text=text)
    if any(ai in PRIMARY and _LIKE_A_KEY.match(value) for ai, value in pairwise(segments)):
        raise _unfit(text, "its path begins a GS1 key and does not end it", "路径中出现 GS1 主键但结构不完整")
    if scheme.lower() != "https":
        raise _unfit(text, "it is not https", "不是 https 地址")
    if not any(segments) and "?" not in text:
        raise _unfit(text, "it names a site, not a thing", "只有网站，没有指明对象")
    unescaped(text)
    return Identity(URI, f"https://{host.lower()}{text[len('https://') + len(host) :]}")


def _misplaced(ai: str, key: str) -> QualifierMisplaced:
    allowed = " ".join(f"({name})" for name in QUALIFIERS.get(key, ()))
    return QualifierMisplaced(ai=ai, key=key, allowed=allowed or "-")


def _unfit(uri: str, reason: str, reason_zh: str) -> UriUnfit:
    return UriUnfit(uri=uri, reason=reason, reason_zh=reason_zh)
