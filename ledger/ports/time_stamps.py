"""Time stamps (RFC 3161) of checkpoints: a further anchor, by somebody who knows the time and nothing of the log."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from ledger.errors import LogError, ProofError


class TimeStampSilent(LogError):
    """A time stamping authority did not answer."""

    code = "time-stamp.silent"
    retryable = True
    url: str
    reason: str
    en = "the time stamping authority at {url} does not answer: {reason}"
    zh = "时间戳服务 {url} 无应答：{reason}"
    fix_en = "It is asked again by itself; capture and anchoring go on. Check ONECODE_TSA_URL and the network"
    fix_zh = "系统会自动再次请求；采集与上链不受影响。请检查 ONECODE_TSA_URL 与网络"


class TimeStampFalse(ProofError):
    """A token is not the time stamp of these bytes by an authority that is trusted here."""

    code = "time-stamp.false"
    why: str
    en = "the time stamp does not hold: {why}"
    zh = "时间戳不成立：{why}"
    fix_en = (
        "Compare file, token and the authority's certificate; a token of other bytes or of a stranger shows nothing"
    )
    fix_zh = "请核对文件、时间戳与签发机构证书；针对其他内容或由陌生方签发的时间戳不能说明任何事"


class TimeStamp(NamedTuple):
    """``response``, DER, whole; the authority's time [microseconds since the Unix epoch]."""

    authority: str
    time: int
    response: bytes


class TimeStampAuthority(Protocol):
    """Somebody who stamps, and whose stamps are checked before they are kept."""

    @property
    def name(self) -> str:
        """Whose stamps they are: its address."""
        ...

    def stamp(self, message: bytes) -> TimeStamp:
        """A time stamp of the bytes. Raises ``TimeStampSilent``, ``TimeStampFalse``."""
        ...


class TimeStamps(Protocol):
    """The time stamps of checkpoints."""

    def add(self, size: int, stamp: TimeStamp) -> None:
        """Keep one; the first of an authority stays."""
        ...

    def of(self, size: int) -> list[TimeStamp]:
        """Those of a checkpoint, by authority."""
        ...

    def newest(self, authority: str) -> int:
        """Size of the largest checkpoint that an authority stamped; 0 for none."""
        ...
