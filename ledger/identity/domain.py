"""Domains that a Digital Link can stand on (RFC 1123 host names, a port, a path before the key)."""

from __future__ import annotations

import re

from ledger.identity.errors import DomainUnfit

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*(?::[0-9]{{1,5}})?"
_ONLY_HOST = re.compile(_HOST, re.ASCII)
_DOMAIN = re.compile(rf"(https?://)?({_HOST})((?:/[A-Za-z0-9\-._~]+)*)", re.ASCII)


def link_stem(domain: str) -> str:
    """What stands before the first key of a Digital Link on ``domain``; https unless the domain says http."""
    match = _DOMAIN.fullmatch(domain)
    if match is None:
        raise DomainUnfit(domain=domain)
    return (match[1] or "https://") + match[2].lower() + match[3]


def host(domain: str) -> str:
    """``domain`` itself when it is a host name alone, a port perhaps behind it. Raises ``DomainUnfit``."""
    if _ONLY_HOST.fullmatch(domain) is None:
        raise DomainUnfit(domain=domain)
    return domain
