"""Shapes of what a code says; the command line prints the same."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from ledger.errors import IdentityError, Locale
from ledger.identity.forms import Form, Understood
from ledger.identity.tag import Tag


class Refusal(Struct, frozen=True, kw_only=True):
    """Why something cannot be read or written, in the reader's language, and what to do."""

    code: str
    message: str
    fix: str


class CodeForm(Struct, frozen=True, kw_only=True):
    """One form by name (EPCs by the name of their scheme), or why there is none."""

    name: str
    text: str | None
    refusal: Refusal | None


class TagView(Struct, frozen=True, kw_only=True):
    """The memory of a tag as it was read. ``refusal`` says why no identity was found in it."""

    hex: str
    scheme: str | None
    filter: int | None
    hostname: str | None
    raw_uri: str
    refusal: Refusal | None


class CodeView(Struct, frozen=True, kw_only=True):
    """
    What a code says. ``text`` is what the thing is stored and found under.

    Says nothing about whether the thing is known, or real. Null for a tag that holds no key: see ``tag``.
    """

    text: str | None
    key: str | None
    level: str | None
    gcp_length: int | None
    attributes: dict[str, str]
    tag: TagView | None
    forms: list[CodeForm]


def code_view(found: Understood, written: Iterable[Form], locale: Locale) -> CodeView:
    """A code on the wire."""
    identity = found.identity
    return CodeView(
        text=identity.text if identity else None,
        key=identity.key.name if identity else None,
        level=identity.level if identity else None,
        gcp_length=identity.gcp_length if identity else None,
        attributes=dict(identity.attributes) if identity else {},
        tag=_tag_view(found.tag, locale) if found.tag else None,
        forms=[
            CodeForm(name=form.name, text=form.text or None, refusal=_refusal(form.refusal, locale)) for form in written
        ],
    )


def _tag_view(tag: Tag, locale: Locale) -> TagView:
    return TagView(
        hex=tag.hex,
        scheme=tag.scheme or None,
        filter=tag.filter,
        hostname=tag.hostname or None,
        raw_uri=tag.raw_uri,
        refusal=_refusal(tag.refusal, locale),
    )


def _refusal(error: IdentityError | None, locale: Locale) -> Refusal | None:
    if error is None:
        return None
    return Refusal(code=error.code, message=error.message(locale), fix=error.fix(locale))
