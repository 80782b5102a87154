"""What browsers send."""

from __future__ import annotations

from msgspec import Struct


class SignIn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key, or e-mail and password, and where to go on."""

    key: str = ""
    email: str = ""
    password: str = ""
    next: str = "/"
