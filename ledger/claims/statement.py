"""
A statement: what someone says, the figures in it, and the rule by which one of them should follow from the others.

Adding a rule is one line in ``RULES``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from ledger.claims.errors import FigureMissing
from ledger.claims.figure import Figure

RuleName = Literal["arithmetic", "driven", "electricity", "evidence", "paper", "saving", "share", "transport"]
Bounding = Literal["", "highest", "whole"]
FACTOR: Final = "factor"
"""The name of a factor in a formula: a stated figure of that name, else a published factor."""


@dataclass(frozen=True, slots=True)
class Rule:
    """
    How one figure follows from others.

    ``formula`` and ``result`` are used when the statement gives none. ``base`` is the figure that an implied factor is
    per, ``per`` the unit of published factors that may stand in it. ``bound`` is what the outcome must keep: below
    the ``highest`` published factor, or no more than the ``whole``.
    """

    name: RuleName
    en: str
    zh: str
    formula: str = ""
    result: str = ""
    base: str = ""
    per: str = ""
    bound: Bounding = ""


RULES: Final[Mapping[str, Rule]] = {
    rule.name: rule
    for rule in (
        Rule("arithmetic", "arithmetic over stated figures", "所述数字之间的运算"),
        Rule("driven", "baseline − what was driven", "基准线路 − 实际执行", result="avoided"),
        Rule("electricity", "electricity × factor", "电量 × 因子", "energy * factor", "avoided", "energy", "kWh"),
        Rule("evidence", "nothing to rebuild it from", "无可供复算的数字"),
        Rule("paper", "sheets × factor", "张数 × 因子", "sheets * factor", "avoided", "sheets", "sheet"),
        Rule("saving", "baseline − executed plan", "基准方案 − 执行方案", result="avoided"),
        Rule("share", "a part of a whole", "部分占整体的比例", bound="whole"),
        Rule(
            "transport",
            "transport activity × intensity",
            "周转量 × 强度",
            "activity * factor",
            "avoided",
            "activity",
            "t km",
            "highest",
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """
    ``words`` as printed in ``source``; ``figures`` by name.

    ``result`` names the figure that should follow (it may be unstated: then it is derived). ``factor`` is the id of
    the factor the statement names, empty when it names none; ``region`` is the grid region it is about, if known.
    """

    id: str
    words: str
    source: str
    rule: RuleName
    figures: tuple[Figure, ...] = field(default=())
    formula: str = ""
    result: str = ""
    factor: str = ""
    region: str = ""

    @property
    def by_name(self) -> Mapping[str, Figure]:
        """The figures."""
        return {figure.name: figure for figure in self.figures}

    @property
    def way(self) -> Rule:
        """Its rule."""
        return RULES[self.rule]

    def figure(self, name: str) -> Figure:
        """A stated figure. Raises ``FigureMissing``."""
        found = self.by_name.get(name)
        if found is None:
            raise FigureMissing(name=name, stated=", ".join(self.by_name) or "-")
        return found
