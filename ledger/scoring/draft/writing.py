"""From a scheme to the fields of a draft that reads as it, so that a published scheme can be changed."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.scoring.criterion import FOOTPRINT, PRICE
from ledger.scoring.draft.reading import MARK, NAMED, OWN, PANEL, SIMPLE
from ledger.scoring.rational import plain
from ledger.scoring.scheme import Scheme


def written(scheme: Scheme) -> dict[str, str]:
    """The fields of a draft that reads as this scheme."""
    return dict(_fields(scheme))


def _fields(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for name in SIMPLE:
        value = getattr(scheme, name)
        if isinstance(value, str):
            yield name, value
    yield "quantity", plain(scheme.quantity)
    yield "points", plain(scheme.points)
    text = scheme.closes_at.isoformat()
    yield "closes_at", text[:-6]
    yield "offset", text[-6:]
    yield from _criteria(scheme)
    read = {one.reads for one in scheme.criteria}
    if others := [name for name in scheme.panel_names if name not in read]:
        yield "panel", "\n".join(others)
    yield from _amounts(scheme)
    for number, gate in enumerate(scheme.gates):
        yield f"gates.{number}.kind", gate.kind
        yield f"gates.{number}.name", gate.name
    yield from _footprints(scheme)
    yield from _low(scheme)
    for place, key in enumerate(scheme.tie_break):
        yield f"tie.{place}", key


def _criteria(scheme: Scheme) -> Iterator[tuple[str, str]]:
    reads = {PRICE, FOOTPRINT, *OWN, *(one.key for one in scheme.amounts)}
    for number, one in enumerate(scheme.criteria):
        source = one.reads if one.reads in reads else PANEL if one.reads in scheme.panel_names else MARK
        fields = {
            "key": one.key,
            "title_zh": one.title_zh,
            "title_en": one.title_en,
            "source": source,
            "reads": one.reads if source in NAMED else "",
            "unit": one.unit,
            "direction": one.direction,
            "weight": plain(one.weight),
            "formula": one.formula,
            **{f"p.{name}": plain(value) for name, value in one.parameters.items()},
        }
        yield from ((f"criteria.{number}.{key}", value) for key, value in fields.items())


def _amounts(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(scheme.amounts):
        fields = {
            "key": one.key,
            "title_zh": one.title_zh,
            "title_en": one.title_en,
            "rule": one.rule,
            "unit": one.unit,
            **{f"i.{name}": value for name, value in one.inputs.items()},
            **{f"p.{name}": plain(value) for name, value in one.parameters.items()},
        }
        yield from ((f"amounts.{number}.{key}", value) for key, value in fields.items())


def _footprints(scheme: Scheme) -> Iterator[tuple[str, str]]:
    rule = scheme.footprint_rule
    if rule is None:
        return
    yield "rule.default", plain(rule.default)
    yield "rule.default_source", rule.default_source
    for number, markup in enumerate(rule.markups):
        yield f"markups.{number}.year", str(markup.year)
        yield f"markups.{number}.share", plain(markup.share * 100)


def _low(scheme: Scheme) -> Iterator[tuple[str, str]]:
    for one in scheme.abnormally_low:
        stem = f"low.{one.subject}"
        yield f"{stem}.on", "yes"
        yield f"{stem}.below_mean", plain(one.below_mean * 100)
        yield f"{stem}.proximity", plain(one.proximity * 100)
        yield f"{stem}.margin_min", plain(one.margin_min)
        yield f"{stem}.margin_max", plain(one.margin_max)
        if one.consequence != "flag":
            yield f"{stem}.exclude", "yes"
