"""Every form of a code at once: what each is, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ledger.errors import IdentityError
from ledger.identity.epc.schemes import SCHEMES
from ledger.identity.identity import Identity
from ledger.identity.keys import URI
from ledger.identity.reading import AROUND, parse
from ledger.identity.tag import Tag, read_tag


@dataclass(frozen=True, slots=True)
class Form:
    """One form by name; ``text`` is empty when ``refusal`` says why it cannot be written."""

    name: str
    text: str = ""
    refusal: IdentityError | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What a code is: the identity it names, the tag it was read from, or a tag that names nothing."""

    identity: Identity | None
    tag: Tag | None


WRITTEN = ("digital_link", "element_string", "raw_element_string", "epc_uri", "tag_uri")
"""Forms that are text, in the order they are shown; those on tags follow by the name of their scheme."""

_AIM = "]d2"
"""Of GS1 DataMatrix (General Specifications, 5.10)."""
_SHORTEST_MEMORY = 20
"""Hexadecimal digits from which on text is taken for a tag's memory."""


def understood(text: str, own_prefix: str = "") -> Understood:
    """
    The identity, and the tag when ``text`` is a tag's memory or URI. Raises leaves of ``IdentityError``.

    A tag without an identity is understood too: as its raw digits.
    """
    tag = _tag(text.strip(AROUND))
    try:
        identity = parse(text, own_prefix=own_prefix)
    except IdentityError:
        if tag is None:
            raise
        return Understood(None, tag)
    return Understood(identity, tag if tag and tag.identity == identity else None)


def forms(
    identity: Identity,
    *,
    filter: int | None = None,  # noqa: A002 - the standard's word
    gcp_length: int | None = None,
    hostname: str | None = None,
) -> tuple[Form, ...]:
    """
    Every form the identity's key has. The filter is the one given, the one that was read, else 0 (all others).

    A thing named by its own web address has none.
    """
    if identity.key is URI:
        return ()
    number = filter if filter is not None else identity.filter or 0
    made: tuple[Callable[[], str], ...] = (
        identity.digital_link,
        identity.element_string,
        lambda: identity.raw_element_string(_AIM),
        lambda: identity.epc_uri(gcp_length),
        lambda: identity.tag_uri(number, gcp_length=gcp_length),
    )
    own = [scheme.name for scheme in SCHEMES if scheme.key is identity.key]
    texts = list(zip(WRITTEN, made, strict=True))[: None if own else -1]
    tags = [(name, _on_tag(identity, name, number, gcp_length, hostname)) for name in own]
    return tuple(_form(name, write) for name, write in (*texts, *tags))


def _on_tag(
    identity: Identity, scheme: str, number: int, gcp_length: int | None, hostname: str | None
) -> Callable[[], str]:
    return lambda: identity.epc_hex(scheme, number, gcp_length=gcp_length, hostname=hostname)


def _form(name: str, write: Callable[[], str]) -> Form:
    try:
        return Form(name, write())
    except IdentityError as error:
        return Form(name, refusal=error)


def _tag(text: str) -> Tag | None:
    """The tag, when the text is one; a few digits alone are no tag."""
    if len(text) < _SHORTEST_MEMORY and not text.startswith("urn:epc:"):
        return None
    try:
        return read_tag(text)
    except IdentityError:
        return None
