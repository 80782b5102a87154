"""The one catalogue of words that pages show: gettext files, one per language, read at start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType
from typing import Final

from babel.messages.pofile import read_po
from markupsafe import Markup

from api.pages.words import visible
from ledger.errors import Locale

FILES: Final[Mapping[Locale, str]] = {"en": "en.po", "zh-CN": "zh_CN.po"}
Translate = Callable[..., str]


@cache
def messages(locale: Locale) -> Mapping[str, str]:
    """Every message of a language by its key."""
    data = files("api.locale").joinpath(FILES[locale]).read_bytes()
    catalogue = read_po(BytesIO(data), locale=FILES[locale].removesuffix(".po"), abort_invalid=True)
    return MappingProxyType({str(m.id): str(m.string) for m in catalogue if m.id})


@cache
def translator(locale: Locale) -> Translate:
    """
    ``t(key, **values)`` of a language, as safe HTML: messages are ours, values are escaped; what
    stands between backticks is a command.

    Raises ``KeyError`` for a key that the catalogue lacks.
    """
    known = messages(locale)

    def translate(key: str, /, **values: object) -> str:
        parts = enumerate(known[key].split("`"))
        text = Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in parts)
        return text.format(**{name: visible(value) for name, value in values.items()}) if values else text

    return translate


def under(locale: Locale, prefix: str) -> dict[str, str]:
    """The messages whose keys start with ``prefix``, without it: what an island is given."""
    return {key.removeprefix(prefix): text for key, text in messages(locale).items() if key.startswith(prefix)}
