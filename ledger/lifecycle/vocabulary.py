"""
Words of the Core Business Vocabulary and of our own: one short form, whichever way a scanner wrote them.

Source: GS1 CBV 2.0, sections 7.1 (business steps) and 7.2 (dispositions): a bare word, ``urn:epcglobal:cbv:...`` and
``https://ref.gs1.org/cbv/...`` mean the same. CBV has no word for refurbishing, recycling or taking out of service;
EPCIS allows any URI, so those are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

OWN: Final = "https://onecode.example/voc/"
"""Under which our own words stand. The name is reserved (RFC 2606): an operator's words are not mistaken for ours."""
OWN_STEPS: Final = frozenset({"recycling", "refurbishing", "retiring", "tagging"})
"""Business steps that CBV lacks; ``tagging`` gives an asset a further code."""

_STEMS: Final = (
    "urn:epcglobal:cbv:bizstep:",
    "https://ref.gs1.org/cbv/BizStep-",
    "http://ref.gs1.org/cbv/BizStep-",
    "cbv:BizStep-",
    "urn:epcglobal:cbv:disp:",
    "https://ref.gs1.org/cbv/Disp-",
    "http://ref.gs1.org/cbv/Disp-",
    "cbv:Disp-",
    "urn:epcglobal:cbv:sdt:",
    "https://ref.gs1.org/cbv/SDT-",
    "cbv:SDT-",
    f"{OWN}BizStep-",
)


@lru_cache(maxsize=4096)
def word(text: str) -> str:
    """The short form of a step, disposition or party type; a word of another vocabulary stays as it is."""
    for stem in _STEMS:
        if text.startswith(stem):
            return text[len(stem) :]
    return text


def step_uri(step: str) -> str:
    """How a step is written in an event: CBV's as a bare word, our own as a URI."""
    return f"{OWN}BizStep-{step}" if step in OWN_STEPS else step


def own(fields: Mapping[str, Any] | None, context: Mapping[str, str]) -> dict[str, Any]:
    """Our own fields among an event's extensions or its ILMD, by their short names; ``context`` has the prefixes."""
    found = {}
    for name, value in (fields or {}).items():
        prefix, _, rest = name.partition(":")
        if context.get(prefix) == OWN:
            found[rest] = value
        elif name.startswith(OWN):
            found[name[len(OWN) :]] = value
    return found
