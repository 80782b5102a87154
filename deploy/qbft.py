"""
The ``extraData`` of a QBFT genesis block: RLP of [vanity, validators, vote, round, seals].

32 bytes of vanity, the validators' accounts in ascending order, no vote (an empty list), round 0 (an empty string), no
seals (an empty list). Source: Besu's ``QbftExtraDataCodec``; the same layout in GoQuorum's QBFT engine, whose published
vector is in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence

import rlp  # type: ignore[import-untyped]
from rlp.exceptions import DecodingError  # type: ignore[import-untyped]

VANITY = bytes(32)


class NotExtraData(ValueError):
    """Bytes that are no genesis block's QBFT extra data."""


def encode(accounts: Sequence[str]) -> str:
    """Extra data of these accounts, in the order given. Raises ``NotExtraData`` for what is no account."""
    raw = [bytes.fromhex(account.removeprefix("0x")) for account in accounts]
    if any(len(one) != 20 for one in raw):
        raise NotExtraData("an account has 20 bytes")
    made: bytes = rlp.encode([VANITY, raw, [], b"", []])
    return "0x" + made.hex()


def decode(text: str) -> list[str]:
    """The accounts in it, in small letters. Raises ``NotExtraData`` unless it is exactly what ``encode`` makes."""
    try:
        vanity, accounts, vote, number, seals = rlp.decode(bytes.fromhex(text.removeprefix("0x")))
        found = ["0x" + account.hex() for account in accounts]
    except (DecodingError, ValueError, TypeError, AttributeError) as error:
        raise NotExtraData(str(error)) from error
    if (vanity, vote, number, seals) != (VANITY, [], b"", []) or encode(found) != text.lower():
        raise NotExtraData("it has another vanity, a vote, a round or seals")
    return found
