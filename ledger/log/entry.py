r"""
The entry: a record in the log, and the leaf that commits to it.

::

    body       = RFC 8785 bytes of {"record": ..., "submitter": ...}
    commitment = SHA-256(salt || body)                            salt: 32 random bytes, stored beside, deletable
    leaf input = "onecode/entry/1\n" || index || tenant tag || recorded at || commitment
    leaf       = SHA-256(0x00 || leaf input)                      RFC 6962, 2.1

Index and recorded time are big-endian 64-bit; the tag is SHA-256 of the tenant's name under its own prefix. The leaf
binds who, when, where in the log and what; without the salt it says nothing, so that no one can guess a footprint
from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import count
from struct import Struct

import msgspec

ENTRY_FORMAT = b"onecode/entry/1\n"
TENANT_PREFIX = b"onecode/tenant/1\n"
KEY_PREFIX = b"onecode/key/1\n"
SALT_SIZE = 32
MAX_BODY = 1_000_000
"""Bytes of one body, at most. Larger evidence is a file, recorded by its hash."""
_FIXED = Struct(">Q32sQ32s")
_KEY = Struct(">q")
_DATED = 17
"""Characters of ``urn:uuid:`` and the 32 bits after it: of a UUID of version 7, its time to about a minute."""
_COUNTED = -6
"""What counts up at the end of a number."""
_LEAF_PREFIX = b"\x00" + ENTRY_FORMAT


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One entry as stored.

    ``index`` counts from 0 over the whole log; ``recorded_at`` is microseconds since the Unix epoch, UTC, and never
    falls from one entry to the next.
    """

    index: int
    tenant: str
    recorded_at: int
    salt: bytes
    body: bytes

    def leaf(self) -> bytes:
        """The leaf hash that these stored values give."""
        return leaf(self.index, tenant_tag(self.tenant), self.recorded_at, commitment(self.salt, self.body))


def entry_body(record: bytes, submitter: str) -> bytes:
    """Body of an entry from the canonical bytes of its record and the name of who handed it in."""
    return b'{"record":' + record + b',"submitter":' + _json_string(submitter) + b"}"


@lru_cache(maxsize=4096)
def _json_string(text: str) -> bytes:
    return msgspec.json.encode(text)


@lru_cache(maxsize=4096)
def tenant_tag(tenant: str) -> bytes:
    """32 bytes that stand for a tenant in the leaf."""
    return sha256(TENANT_PREFIX + tenant.encode()).digest()


def commitment(salt: bytes, body: bytes) -> bytes:
    """SHA-256(salt || body)."""
    return sha256(salt + body).digest()


def commitments(salts: Iterable[bytes], bodies: Iterable[bytes]) -> list[bytes]:
    """The commitment of each of many bodies."""
    return [sha256(salt + body).digest() for salt, body in zip(salts, bodies, strict=True)]


def leaf(index: int, tag: bytes, recorded_at: int, committed: bytes) -> bytes:
    """The leaf hash of an entry: RFC 6962 leaf over the entry's fixed fields and its commitment."""
    return sha256(_LEAF_PREFIX + _FIXED.pack(index, tag, recorded_at, committed)).digest()


def leaf_input(index: int, tag: bytes, recorded_at: int, committed: bytes) -> bytes:
    """What an entry's leaf is hashed from (RFC 6962, 2.1, the leaf data), 96 bytes."""
    return ENTRY_FORMAT + _FIXED.pack(index, tag, recorded_at, committed)


def leaves(first: int, tags: Iterable[bytes], recorded_at: int, committed: Iterable[bytes]) -> Iterator[bytes]:
    """The leaf hashes of entries that are recorded together, from index ``first`` on."""
    pack = _FIXED.pack
    return (
        sha256(_LEAF_PREFIX + pack(index, tag, recorded_at, commit)).digest()
        for index, tag, commit in zip(count(first), tags, committed, strict=False)
    )


def record_key(tenant: str, record_id: str, attempt: int = 0) -> int:
    """
    Signed 64-bit look-up key of a record id within a tenant.

    Two ids may meet on one key; the store then compares the ids themselves and asks again with ``attempt`` + 1. The
    first 24 bits come from what neighbouring ids share: a batch of them changes few pages of the store's index, where
    keys spread at random would change most of them.
    """
    return _keys(_key_prefix(tenant, attempt), (record_id,))[0]


def record_keys(tenant: str, record_ids: Iterable[str]) -> list[int]:
    """The first look-up key of each of many record ids of one tenant."""
    return _keys(_key_prefix(tenant, 0), record_ids)


def _keys(prefix: bytes, record_ids: Iterable[str]) -> list[int]:
    number = _KEY.unpack
    return [
        number(
            _near(prefix, record_id[:_DATED] if record_id[:9] == "urn:uuid:" else record_id[:_COUNTED])
            + sha256(prefix + record_id.encode()).digest()[:5]
        )[0]
        for record_id in record_ids
    ]


@lru_cache(maxsize=8192)
def _near(prefix: bytes, shared: str) -> bytes:
    """The first three bytes of a key: the same for ids that were numbered, or made, one after the other."""
    return sha256(prefix + b"/" + shared.encode()).digest()[:3]


@lru_cache(maxsize=4096)
def _key_prefix(tenant: str, attempt: int) -> bytes:
    return KEY_PREFIX + attempt.to_bytes(1) + tenant_tag(tenant)
