"""
Limits on how often something is done: wrong keys and passwords by place, costly requests by principal.

Counts are shared by all processes through the database. Each keeps what it saw last for ``LOOK_AGAIN``, so that a place
that is right asks the database once a second, and one that has to wait writes nothing. With the database away each
process counts for itself, within bounded memory: nobody is let in faster for it than by one process alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from threading import Lock
from typing import Final, NamedTuple

from ledger.errors import AccessError, StoreError
from ledger.ports import Clock
from ledger.ports.windows import Window, Windows
from ledger.records.record import microseconds

LOOK_AGAIN: Final = timedelta(seconds=1)
"""How long what one process saw of a count is good enough for it."""
LEFT_ALONE: Final = timedelta(seconds=5)
"""How long a database that did not answer is not asked."""
_MOST_KEPT: Final = 10_000
_SECOND: Final = 1_000_000


class TooManyAttempts(AccessError):
    """Too many wrong keys from one place."""

    code = "access.too-many-attempts"
    retryable = True
    seconds: int
    en = "too many wrong keys; try again in {seconds} s"
    zh = "错误次数过多，请在 {seconds} 秒后重试"
    fix_en = "Wait, then send the right key"
    fix_zh = "请稍候，再使用正确的密钥"


class TooManyRequests(AccessError):
    """More costly requests of one kind than a principal may send in a while."""

    code = "access.too-many-requests"
    retryable = True
    seconds: int
    most: int
    within: int
    en = "more than {most} such requests in {within} s; try again in {seconds} s"
    zh = "{within} 秒内此类请求超过 {most} 次，请在 {seconds} 秒后重试"
    fix_en = "Wait as long as Retry-After says, and send fewer at once"
    fix_zh = "请按 Retry-After 等待后重试，并降低请求频率"


class Limit(NamedTuple):
    """At most ``most`` times in ``seconds``."""

    most: int
    seconds: int


@dataclass(slots=True)
class MemoryWindows:
    """``Windows`` of one process: the ``most`` that were counted last."""

    most: int = _MOST_KEPT
    _kept: OrderedDict[bytes, Window] = field(default_factory=OrderedDict)
    _turn: Lock = field(default_factory=Lock)

    def add(self, name: bytes, now: int, length: int) -> Window:
        """See ``Windows.add``."""
        with self._turn:
            before = self._kept.get(name)
            is_open = before is not None and now < before.until <= now + length
            made = Window(before.times + 1, before.until) if before and is_open else Window(1, now + length)
            self._kept[name] = made
            self._kept.move_to_end(name)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made

    def get(self, name: bytes, now: int) -> Window | None:
        """See ``Windows.get``."""
        found = self._kept.get(name)
        return found if found is not None and found.until > now else None

    def sweep(self, now: int) -> int:
        """See ``Windows.sweep``."""
        with self._turn:
            over = [name for name, window in self._kept.items() if window.until <= now]
            for name in over:
                del self._kept[name]
        return len(over)


class _Look(NamedTuple):
    window: Window | None
    at: int


@dataclass(slots=True)
class Counting:
    """Counts that all processes share, as one process sees them. Safe to call from any thread."""

    shared: Windows
    clock: Clock
    _alone: MemoryWindows = field(default_factory=MemoryWindows)
    _seen: OrderedDict[bytes, _Look] = field(default_factory=OrderedDict)
    _asked_again_at: int = 0
    """Before it the database is left alone."""

    def recent(self, name: str, limit: Limit) -> bool:
        """Whether ``left`` can tell without the database."""
        return self._recent(_name(name), self._now(), limit) is not None

    def left(self, name: str, limit: Limit) -> int:
        """Seconds until a name that used its limit up may go on; 0 when it may."""
        key, now = _name(name), self._now()
        look = self._recent(key, now, limit)
        if look is None:
            look = self._keep(key, _Look(self._asked(now, lambda to: to.get(key, now)), now))
        window = look.window
        if window is None or window.times < limit.most or not now < window.until <= now + limit.seconds * _SECOND:
            return 0
        return -(-(window.until - now) // _SECOND)

    def add(self, name: str, limit: Limit) -> Window:
        """Count once more; past the limit it is counted here alone, so that a flood is not one of writes."""
        key, now, length = _name(name), self._now(), limit.seconds * _SECOND
        look = self._recent(key, now, limit)
        known = look.window if look else None
        if known is not None and limit.most < known.times and now < known.until <= now + length:
            return self._keep(key, _Look(Window(known.times + 1, known.until), now)).window or known
        window = self._asked(now, lambda to: to.add(key, now, length))
        assert window is not None
        self._keep(key, _Look(window, now))
        return window

    def _asked(self, now: int, ask: Callable[[Windows], Window | None]) -> Window | None:
        """From the database, or from this process's own counts while that is away."""
        if not now < self._asked_again_at <= now + _span(LEFT_ALONE):
            try:
                return ask(self.shared)
            except StoreError:
                self._asked_again_at = now + _span(LEFT_ALONE)
        return ask(self._alone)

    def _recent(self, key: bytes, now: int, limit: Limit) -> _Look | None:
        look = self._seen.get(key)
        if look is None:
            return None
        # Whoever has to wait has to until the end of the window: nothing that others count changes that.
        used_up = look.window is not None and look.window.times >= limit.most and now < look.window.until
        return look if used_up or 0 <= now - look.at < _span(LOOK_AGAIN) else None

    def _keep(self, key: bytes, look: _Look) -> _Look:
        self._seen[key] = look
        while len(self._seen) > _MOST_KEPT:
            self._seen.popitem(last=False)
        return look

    def _now(self) -> int:
        return microseconds(self.clock.now())


@dataclass(slots=True)
class Attempts:
    """Counts failures per place and refuses after ``most`` of them within ``seconds``, on every process."""

    counting: Counting
    most: int = 10
    seconds: int = 60

    @property
    def limit(self) -> Limit:
        """How many failures a place has."""
        return Limit(self.most, self.seconds)

    def recent(self, place: str) -> bool:
        """Whether ``check`` asks no database."""
        return self.counting.recent(_failures(place), self.limit)

    def check(self, place: str) -> None:
        """Raise ``TooManyAttempts`` while ``place`` has to wait."""
        left = self.counting.left(_failures(place), self.limit)
        if left:
            raise TooManyAttempts(seconds=left)

    def failed(self, place: str) -> None:
        """Count one failure; the window starts with the first."""
        self.counting.add(_failures(place), self.limit)


@dataclass(slots=True)
class Allowance:
    """What a principal may ask for of what is costly, by subject."""

    counting: Counting
    limits: Mapping[str, Limit]

    def take(self, subject: str, who: str) -> None:
        """Count one request. Raises ``TooManyRequests`` past the subject's limit."""
        limit = self.limits[subject]
        window = self.counting.add(f"request {subject} {who}", limit)
        if window.times > limit.most:
            left = -(-(window.until - microseconds(self.counting.clock.now())) // _SECOND)
            raise TooManyRequests(seconds=max(1, left), most=limit.most, within=limit.seconds)


def _failures(place: str) -> str:
    return f"failed {place}"


def _name(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _span(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
