"""
Passwords of people: what may be one, and its hash by argon2id (RFC 9106) with the parameters that OWASP's Password
Storage Cheat Sheet gives for it: 19 MiB, two passes, one lane.

Passwords are compared after NFKC, so that full-width letters of a Chinese keyboard are the letters they show (NIST
SP 800-63B, 3.1.1.2). There are no rules on kinds of letters; length and a few things anyone would guess decide.
"""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ledger.errors import AccessError

SHORTEST: Final = 12
LONGEST: Final = 200
_FEWEST: Final = 5
_AT_ONCE = BoundedSemaphore(4)
"""Hashes made at a time in this process: each takes 19 MiB, and a crowd of guesses must not take the memory."""
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_NOBODY: Final = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""The hash of no password: comparing with it costs what comparing with a real one does."""


class PasswordTooWeak(AccessError):
    """A password that would be guessed."""

    code = "access.password-weak"
    why: str
    why_zh: str
    en = "this password cannot be used: {why}"
    zh = "该密码不可用：{why_zh}"
    fix_en = "Use 12 characters or more that others would not guess; a sentence is good"
    fix_zh = "请使用 12 个字符以上且不易被猜到的密码，可用一句话"


def hashed(password: str, *, not_in: tuple[str, ...] = ()) -> str:
    """
    The argon2id string of a new password. Raises ``PasswordTooWeak``.

    ``not_in`` are words that everyone knows of its owner: a password that is little more than one of them is weak.
    """
    plain = normalize("NFKC", password)
    if len(plain) < SHORTEST:
        raise PasswordTooWeak(why=f"it has {len(plain)} characters", why_zh=f"只有 {len(plain)} 个字符")
    if len(plain) > LONGEST:
        raise PasswordTooWeak(why=f"it is longer than {LONGEST} characters", why_zh=f"超过 {LONGEST} 个字符")
    if len(set(plain)) < _FEWEST:
        raise PasswordTooWeak(why="it repeats a few characters", why_zh="只是少数字符的重复")
    for word in not_in:
        rest = plain.casefold().replace(word.casefold(), "") if len(word) > 2 else plain
        if len(rest) < SHORTEST // 2:
            raise PasswordTooWeak(why="it is nearly your name or address", why_zh="与姓名或邮箱几乎相同")
    with _AT_ONCE:
        return _HASHER.hash(plain)


def matches(stored: str, password: str) -> bool:
    """Whether a password is the one of an argon2id string; takes as long when ``stored`` is empty."""
    with _AT_ONCE:
        try:
            same = _HASHER.verify(stored or _NOBODY, normalize("NFKC", password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return same and bool(stored)
