"""
Which witnesses must have cosigned a checkpoint (C2SP tlog-policy): logs, witnesses, groups of them, a quorum.

A policy is a file of lines; ``log VKEY [URL]``, ``witness NAME VKEY [URL]``, ``group NAME K|all|any MEMBER...`` and
``quorum NAME|none``. A group names witnesses and groups of earlier lines, so that an organisation can be a group of its
own. It says what makes a checkpoint valid; never whether a record is true.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, NamedTuple, NoReturn, Self

from ledger.errors import Place
from ledger.log.checkpoint import Note, VerifierKey
from ledger.log.cosignature import OpenNote, WitnessKey, lines_of
from ledger.log.errors import PolicyMalformed, PolicyUnmet, ProofMalformed

NOBODY: Final = "none"
LARGEST_POLICY: Final = 65_536
MOST: Final = 64
"""Lines of each sort; the specification asks for 32 at least."""
_SPACE: Final = re.compile("[ \t]+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_THRESHOLD: Final = re.compile("[1-9][0-9]{0,3}")


class PolicyLog(NamedTuple):
    """A log whose checkpoints count."""

    key: VerifierKey
    url: str


class PolicyWitness(NamedTuple):
    """A witness under the name it has in this file, and where it is asked; empty for one that is never asked."""

    name: str
    key: WitnessKey
    url: str


class Group(NamedTuple):
    """At least ``threshold`` of the members, each a witness or a group."""

    threshold: int
    members: tuple[str, ...]


class Cosigned(NamedTuple):
    """A witness of the policy, and when it cosigned [s since 1970]; ``None`` when it did not."""

    witness: PolicyWitness
    time: int | None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy, taken apart. ``text`` is the file."""

    text: str
    logs: tuple[PolicyLog, ...]
    witnesses: tuple[PolicyWitness, ...]
    groups: dict[str, Group]
    quorum: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """The policy from its file. Raises ``PolicyMalformed`` with the line."""
        return cls(text, *_Reading(text).parts())

    def met(self, names: Collection[str]) -> bool:
        """Whether cosignatures of the witnesses of these names are enough."""
        return self.quorum == NOBODY or self._counts(self.quorum, names)

    def _counts(self, name: str, names: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in names
        return sum(self._counts(one, names) for one in group.members) >= group.threshold

    @property
    def least(self) -> int:
        """The fewest witnesses whose cosignatures are enough."""
        return 0 if self.quorum == NOBODY else self._fewest(self.quorum)

    def _fewest(self, name: str) -> int:
        group = self.groups.get(name)
        if group is None:
            return 1
        return sum(sorted(self._fewest(one) for one in group.members)[: group.threshold])

    def judged(self, checkpoint_note: str, cosignatures: str) -> list[Cosigned]:
        """
        Every witness of the policy with its time under this checkpoint, by ``cosignatures``, lines of a note.

        Lines of others count for nothing. Raises ``SignatureMismatch`` for a line of a witness of the policy that is
        not its signature: nobody else may write under its key, so something was changed.
        """
        note = OpenNote(Note.parse(checkpoint_note).text, lines_of(cosignatures))
        written = {(one.name, one.key_hash) for one in note.lines}
        return [
            Cosigned(one, one.key.time_of(note) if (one.key.name, one.key.hash) in written else None)
            for one in self.witnesses
        ]

    def require(
        self, checkpoint_note: str, cosignatures: str, counts: Callable[[bytes], bool] = lambda _: True
    ) -> list[Cosigned]:
        """
        As ``judged``, without the time of a witness whose public key does not count.

        Raises ``PolicyUnmet`` when the quorum did not cosign, ``SignatureMismatch``.
        """
        judged = self.judged(checkpoint_note, cosignatures)
        found = [one if counts(one.witness.key.public) else one._replace(time=None) for one in judged]
        names = {one.witness.name for one in found if one.time is not None}
        if not self.met(names):
            raise PolicyUnmet(cosigned=len(names), witnesses=len(self.witnesses), least=self.least)
        return found


class _Reading:
    """One pass over the lines."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._row = 0
        self._logs: list[PolicyLog] = []
        self._witnesses: list[PolicyWitness] = []
        self._groups: dict[str, Group] = {}
        self._quorum = ""
        self._taken: set[str] = set()
        """Members of some group: each name counts in one way only."""

    def parts(self) -> tuple[tuple[PolicyLog, ...], tuple[PolicyWitness, ...], dict[str, Group], str]:
        if len(self._text) > LARGEST_POLICY or _CONTROL.search(self._text):
            self._refuse("it is too long, or holds control characters", "内容过长或含控制字符")
        for row, line in enumerate(self._text.split("\n"), 1):
            self._row = row
            words = [word for word in _SPACE.split(line) if word]
            if words and not words[0].startswith("#"):
                self._line(words[0], words[1:])
        if not self._quorum:
            self._refuse("it has no quorum line", "缺少 quorum 行")
        return tuple(self._logs), tuple(self._witnesses), self._groups, self._quorum

    def _line(self, kind: str, words: list[str]) -> None:
        match kind, len(words):
            case "log", 1 | 2:
                self._log(words[0], *words[1:])
            case "witness", 2 | 3:
                self._witness(words[0], words[1], *words[2:])
            case "group", count if count >= 3:
                self._group(words[0], words[1], words[2:])
            case "quorum", 1 if not self._quorum:
                if words[0] != NOBODY:
                    self._known(words[0])
                self._quorum = words[0]
            case _:
                self._refuse(
                    "a line is: log VKEY [URL], witness NAME VKEY [URL], group NAME K MEMBER..., one quorum NAME",
                    "每行应为：log 公钥 [网址]、witness 名称 公钥 [网址]、group 名称 K 成员…，以及一行 quorum 名称",
                )

    def _log(self, vkey: str, url: str = "") -> None:
        try:
            key = VerifierKey.parse(vkey)
        except ProofMalformed as error:
            self._refuse(error.why, "账本公钥无效")
        if len(self._logs) == MOST or any(one.key.public == key.public for one in self._logs):
            self._refuse("a log's key stands once", "同一账本公钥只能出现一次")
        self._logs.append(PolicyLog(key, url))

    def _witness(self, name: str, vkey: str, url: str = "") -> None:
        self._new(name)
        try:
            key = WitnessKey.parse(vkey)
        except ProofMalformed as error:
            self._refuse(error.why, "见证人公钥无效")
        if len(self._witnesses) == MOST or any(one.key.public == key.public for one in self._witnesses):
            self._refuse("a witness's key stands once", "同一见证人公钥只能出现一次")
        self._witnesses.append(PolicyWitness(name, key, url))

    def _group(self, name: str, asked: str, members: list[str]) -> None:
        self._new(name)
        for one in members:
            self._known(one)
            if one in self._taken:
                self._refuse(f"{one} is a member already", f"{one} 已是成员")
            self._taken.add(one)
        threshold = {"any": 1, "all": len(members)}.get(asked) or (int(asked) if _THRESHOLD.fullmatch(asked) else 0)
        if not 1 <= threshold <= len(members) or len(self._groups) == MOST:
            self._refuse(f"of {len(members)} members 1 to {len(members)} can be asked for", "人数须在成员数之内")
        self._groups[name] = Group(threshold, tuple(members))

    def _new(self, name: str) -> None:
        if name == NOBODY or name in self._groups or any(one.name == name for one in self._witnesses):
            self._refuse(f"the name {name} is taken", f"名称 {name} 已被占用")

    def _known(self, name: str) -> None:
        if name not in self._groups and not any(one.name == name for one in self._witnesses):
            self._refuse(f"no earlier line defines {name}", f"之前没有定义 {name}")

    def _refuse(self, why: str, zh: str) -> NoReturn:
        raise PolicyMalformed(why=why, why_zh=zh).at(Place(row=self._row))
