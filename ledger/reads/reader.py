"""A fixed reader as it is configured, and which of its reads count."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from ledger.errors import IdentityError
from ledger.identity import canonical, parse
from ledger.reads.errors import ReaderUnfit
from ledger.reads.read import TagRead

SECOND: Final = 1_000_000
Verdict = Literal["taken", "weak", "elsewhere", "foreign", "unknown"]
"""``weak``: below the least signal; ``elsewhere``: other antenna; ``foreign``: other company; ``unknown``: no EPC."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", re.ASCII)
_ZONE = re.compile(r"[+-](?:0[0-9]|1[0-4]):[0-5][0-9]", re.ASCII)


class Reader(Struct, frozen=True, kw_only=True):
    """Where a reader stands and what its reads mean. Durations are microseconds."""

    id: str
    tenant: str
    read_point: str
    """Canonical identity of the place."""
    biz_step: str
    disposition: str = ""
    zone: str = "+00:00"
    antennas: tuple[int, ...] = ()
    """Ports that count; all of them when empty."""
    weakest_cdbm: int | None = None
    """Reads below this do not count; [0.01 dBm]."""
    prefixes: tuple[str, ...] = ()
    """Company prefixes whose tags count; all of them when empty."""
    gap: int = 30 * SECOND
    """A thing has left once it was not read for longer than this; read again, it has come anew."""
    batch: int = 5 * SECOND
    """Things that come within this time of the first are one event."""
    key_id: str = ""
    """The key that the reader sends."""


def checked(reader: Reader) -> Reader:
    """The same with its place in canonical form. Raises ``ReaderUnfit`` and ``IdentityError``."""
    if not _ID.fullmatch(reader.id):
        raise ReaderUnfit(
            why="its name has letters, digits, . _ - and at most 60 of them", why_zh="名称只能含字母数字._-"
        )
    if not _ZONE.fullmatch(reader.zone):
        raise ReaderUnfit(why="its zone is written like +08:00", why_zh="时区应写作 +08:00")
    if reader.gap <= 0 or reader.batch < 0:
        raise ReaderUnfit(why="gap and batch are positive durations", why_zh="间隔与批次时长应为正数")
    if any(not re.fullmatch("[0-9]{4,12}", prefix, re.ASCII) for prefix in reader.prefixes):
        raise ReaderUnfit(why="a company prefix is 4 to 12 digits", why_zh="厂商识别代码为 4 至 12 位数字")
    place = canonical(reader.read_point)
    return Reader(**{name: getattr(reader, name) for name in reader.__struct_fields__} | {"read_point": place})


class Judged(NamedTuple):
    """A read with what it names: a canonical identity, or the tag's content where it names nothing."""

    verdict: Verdict
    thing: str
    read: TagRead


def judge(reader: Reader, read: TagRead) -> Judged:
    """Whether a read counts, and as what. A tag comes before its signal, so that no unknown one goes uncounted."""
    try:
        identity = parse(read.tag)
    except IdentityError:
        return Judged("unknown", read.tag, read)
    verdict: Verdict = "taken"
    if reader.antennas and read.antenna not in reader.antennas:
        verdict = "elsewhere"
    elif reader.weakest_cdbm is not None and read.rssi_cdbm is not None and read.rssi_cdbm < reader.weakest_cdbm:
        verdict = "weak"
    elif reader.prefixes and not _company(identity.key.leading or bool(identity.key.filler), identity.code, reader):
        verdict = "foreign"
    return Judged(verdict, identity.text, read)


def _company(led: bool, code: str, reader: Reader) -> bool:
    """Whether a code begins with one of the prefixes, behind the indicator, extension or filler digit if it has one."""
    return code[1 if led else 0 :].startswith(reader.prefixes)
