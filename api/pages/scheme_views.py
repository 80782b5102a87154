"""What the page of a scheme's draft shows: its fields, what may be chosen, and every fault at its field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from api.pages.catalogue import Translate
from ledger.errors import Locale
from ledger.ports.drafts import Draft
from ledger.programme.schemes import SCHEMES
from ledger.scoring.amounts import AMOUNT_RULES, amount_rule
from ledger.scoring.criterion import QUANTITY
from ledger.scoring.draft.reading import NAMED, OWN, Located, Read
from ledger.scoring.draft.rows import can_bring_back, numbers, row
from ledger.scoring.formulas import FORMULAS, formula
from ledger.scoring.gate import GATES, Registered, gate_kind
from ledger.scoring.rational import plain
from ledger.scoring.tie_break import TIE_BREAKS

Options = list[tuple[str, str]]
"""What is sent, and how it reads."""


class Field(NamedTuple):
    """A parameter or an input of a row."""

    key: str
    label: str
    unit: str
    value: str
    options: Options


class CriterionRow(NamedTuple):
    """A criterion: its fields are read from the draft by ``stem``."""

    number: int
    stem: str
    source: str
    formula: str
    algebra: str
    warning: str
    cited: str
    formulas: Options
    parameters: list[Field]


class AmountRow(NamedTuple):
    """An amount worked out before criteria compare it."""

    number: int
    stem: str
    algebra: str
    warning: str
    cited: str
    fields: list[Field]


class GateRow(NamedTuple):
    """A gate; ``named`` when it has to name what it asks for."""

    number: int
    stem: str
    named: bool
    names: list[str]


class SchemeView(NamedTuple):
    """The page."""

    draft: str
    seen: int
    version: int
    said: Mapping[str, str]
    faults: list[tuple[str, str]]
    at: Mapping[str, list[str]]
    checked: bool
    weights: str
    points: str
    level: bool
    criteria: list[CriterionRow]
    amounts: list[AmountRow]
    gates: list[GateRow]
    markups: list[int]
    sources: Options
    rules: Options
    kinds: Options
    ties: Options
    undo: bool


def scheme_view(kept: Draft, read: Read, version: int, t: Translate, locale: Locale) -> SchemeView:
    """The page of a draft, read as that version of its scheme."""
    zh, said = locale == "zh-CN", kept.said
    at: dict[str, list[str]] = {}
    for one in read.faults:
        at.setdefault(one.at, []).append(_told(one, locale))
    own = [
        (said.get(f"amounts.{number}.key", ""), said.get(f"amounts.{number}.title_{'zh' if zh else 'en'}", ""))
        for number in numbers(said, "amounts")
    ]
    amounts = [(key, f"{t('scheme.source.amount')}: {title or key}") for key, title in own if key]
    sources = [(key, t(f"scheme.source.{key}")) for key in ("price", "footprint")]
    return SchemeView(
        draft=kept.id,
        seen=kept.changed_at,
        version=version,
        said=said,
        faults=[(one.at, f"{_place(one.at, said, t, zh=zh)}: {_told(one, locale)}") for one in read.faults],
        at=at,
        checked=read.scheme is not None,
        weights=plain(read.weights),
        points=plain(read.points),
        level=read.weights == read.points,
        criteria=[_criterion(said, number, zh=zh) for number in numbers(said, "criteria")],
        amounts=[
            _amount(said, number, [*sources, (QUANTITY, t("scheme.source.quantity")), *amounts], zh=zh)
            for number in numbers(said, "amounts")
        ],
        gates=[_gate(said, number) for number in numbers(said, "gates")],
        markups=numbers(said, "markups"),
        sources=[*sources, *amounts, *((key, t(f"scheme.source.{key}")) for key in (*NAMED, *OWN))],
        rules=[(one.key, one.title_zh if zh else one.title_en) for one in AMOUNT_RULES],
        kinds=[(one.kind, one.title_zh if zh else one.title_en) for one in GATES],
        ties=[(one.key, one.title_zh if zh else one.title_en) for one in TIE_BREAKS],
        undo=can_bring_back(said),
    )


def faults_at(faults: Sequence[Located], locale: Locale) -> dict[str, list[str]]:
    """What is wrong at each field, in words: for the page's own questions."""
    found: dict[str, list[str]] = {}
    for one in faults:
        found.setdefault(one.at, []).append(_told(one, locale))
    return found


def _criterion(said: Mapping[str, str], number: int, *, zh: bool) -> CriterionRow:
    stem = f"criteria.{number}"
    held = row(said, "criteria", number)
    known = formula(held.get("formula", ""))
    direction = "higher" if held.get("direction") == "higher" else "lower"
    fits = [one for one in FORMULAS if direction in one.directions]
    return CriterionRow(
        number=number,
        stem=stem,
        source=held.get("source", "price"),
        formula=held.get("formula", ""),
        algebra=known.algebra if known else "",
        warning=(known.warning_zh if zh else known.warning_en) if known else "",
        cited=known.source if known else "",
        formulas=[(one.key, one.title_zh if zh else one.title_en) for one in fits],
        parameters=[
            Field(f"{stem}.p.{one.name}", one.zh if zh else one.en, _unit(one.unit), held.get(f"p.{one.name}", ""), [])
            for one in (known.parameters if known else ())
        ],
    )


def _amount(said: Mapping[str, str], number: int, sources: Options, *, zh: bool) -> AmountRow:
    stem = f"amounts.{number}"
    held = row(said, "amounts", number)
    known = amount_rule(held.get("rule", ""))
    own = held.get("key", "")
    fields: list[Field] = []
    if known:
        for role in known.roles:
            options = [one for one in sources if one[0] != own]
            fields.append(
                Field(f"{stem}.i.{role.name}", role.zh if zh else role.en, "", held.get(f"i.{role.name}", ""), options)
            )
        for one in known.parameters:
            value = held.get(f"p.{one.name}", "")
            fields.append(Field(f"{stem}.p.{one.name}", one.zh if zh else one.en, _unit(one.unit), value, []))
    return AmountRow(
        number=number,
        stem=stem,
        algebra=known.algebra if known else "",
        warning=(known.warning_zh if zh else known.warning_en) if known else "",
        cited=known.source if known else "",
        fields=fields,
    )


def _gate(said: Mapping[str, str], number: int) -> GateRow:
    kind = gate_kind(said.get(f"gates.{number}.kind", ""))
    names: list[str] = [one.name for one in SCHEMES] if kind is not None and kind.kind == Registered.kind else []
    return GateRow(number, f"gates.{number}", kind is not None and kind.named, names)


def _told(one: Located, locale: Locale) -> str:
    return f"{one.fault.message(locale)}. {one.fault.fix(locale)}" if locale == "en" else one.fault.message(locale)


def _place(at: str, said: Mapping[str, str], t: Translate, *, zh: bool) -> str:
    """A field's place in words."""
    group, _, rest = at.partition(".")
    number, _, _name = rest.partition(".")
    if group in {"criteria", "amounts"} and number:
        title = said.get(f"{group}.{number}.title_{'zh' if zh else 'en'}", "")
        return f"{t(f'scheme.{group}')} “{title or int(number) + 1}”"
    if group in {"low", "tie", "rule", "gates", "markups", "criteria", "amounts"}:
        return t(f"scheme.{group}")
    return t(f"scheme.field.{group}")


def _unit(unit: str) -> str:
    return "" if unit in {"1", "the criterion's"} else unit
