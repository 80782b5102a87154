"""Names as they are compared: without case, accents, blanks and marks, so that ``Xi'an``, ``xi an`` and XIAN meet."""

from __future__ import annotations

import unicodedata


def folded(name: str) -> str:
    """Letters and digits alone, in their plain lower-case form."""
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in apart if letter.isalnum())
