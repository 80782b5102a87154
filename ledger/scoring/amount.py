"""An amount of a scheme: a figure worked out for each bid before criteria compare it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction

import msgspec

from ledger.scoring.amounts import AMOUNT_RULES, AmountRule, amount_rule
from ledger.scoring.form import Value
from ledger.scoring.scheme_errors import AmountInputsWrong, FormulaUnknown, SchemeFault, TextAbsent


class Amount(Value, frozen=True, kw_only=True):
    """
    One line of ``Scheme.amounts``. Criteria and later amounts read it by ``key``.

    ``inputs`` says for each role of the rule what it reads: ``price``, ``footprint``, ``quantity`` (the scheme's), an
    earlier amount, or the name of a recorded test result or mark.
    """

    key: str
    title_en: str
    title_zh: str
    rule: str
    unit: str
    inputs: dict[str, str]
    parameters: dict[str, Fraction] = msgspec.field(default_factory=dict)

    @property
    def works_by(self) -> AmountRule:
        """The rule itself."""
        found = amount_rule(self.rule)
        if found is None:
            raise FormulaUnknown(formula=self.rule, known=", ".join(r.key for r in AMOUNT_RULES))
        return found

    def faults(self, later: Collection[str]) -> Iterator[SchemeFault]:
        """What is wrong with this amount, given the keys of amounts that are not yet worked out when it is."""
        for name in ("key", "title_en", "title_zh", "unit"):
            if not getattr(self, name).strip():
                yield TextAbsent(field=name)
        try:
            rule = self.works_by
        except FormulaUnknown as fault:
            yield fault
            return
        yield from rule.faults(self.parameters)
        wanted = {role.name for role in rule.roles}
        early = [name for name in self.inputs.values() if name in later]
        if set(self.inputs) != wanted or early or not all(name.strip() for name in self.inputs.values()):
            yield AmountInputsWrong(
                amount=self.key,
                expected=", ".join(role.name for role in rule.roles),
                got=", ".join(f"{role} = {name}" for role, name in self.inputs.items()),
            )
