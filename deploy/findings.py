"""What a check found: where, which rule, and what to do, in both languages."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["en", "zh"]


class Rule(NamedTuple):
    """Something that must hold; ``{what}`` in the sentences is what was found."""

    name: str
    en: str
    zh: str
    fix_en: str
    fix_zh: str
    hard: bool = True
    """Whether breaking it makes the configuration wrong; else it is something to know before going live."""

    def at(self, file: str, key: str, what: object = "") -> Finding:
        """A place where it does not hold."""
        return Finding(file, key, self, str(what))


class Finding(NamedTuple):
    """A rule that does not hold at a key of a file."""

    file: str
    key: str
    rule: Rule
    what: str

    def sentence(self, language: Language) -> str:
        """``file: key: what is wrong (rule). What to do``."""
        said, fix = (self.rule.zh, self.rule.fix_zh) if language == "zh" else (self.rule.en, self.rule.fix_en)
        where = f"{self.file}: {self.key}: " if self.key else f"{self.file}: "
        stop = "。" if language == "zh" else ". "
        return f"{where}{said.format(what=self.what)} [{self.rule.name}]{stop}{fix}"

    def to_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "file": self.file,
            "key": self.key,
            "rule": self.rule.name,
            "hard": self.rule.hard,
            "en": self.sentence("en"),
            "zh": self.sentence("zh"),
        }
