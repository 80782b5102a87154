"""The green catalogue: editions of the rules by which a product is in it, and the products that were put forward."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from ledger.records.assessment_scheme import Key
from ledger.records.errors import contradiction
from ledger.records.transport_leg import Moment, Name

EntryRuleKind = Literal["assessment", "certificate", "footprint", "footprint_most"]
Words = Annotated[str, Meta(min_length=1, max_length=200)]


class EntryRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """
    A condition; what ``value`` says depends on the kind (``ledger.programme.catalogue.RULES``).

    ``certificate``: the scheme of one that is in force. ``footprint``: a reviewed one of the product, in force.
    ``footprint_most``: its kg CO2e per declared unit, at most. ``assessment``: points of 100 of the supplier, at least.
    """

    kind: EntryRuleKind
    value: str = ""


class CatalogueCategory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A category with the rules that hold in it beside those of the whole catalogue."""

    en: Words
    key: Key
    rules: Annotated[tuple[EntryRule, ...], Meta(max_length=20)] = ()
    zh: Words


class CatalogueRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An edition of a catalogue's rules, in force from ``valid_from`` until the next; ``basis`` names the policy."""

    basis: Words
    catalogue: Key
    categories: Annotated[tuple[CatalogueCategory, ...], Meta(min_length=1, max_length=60)]
    edition: Annotated[int, Meta(ge=1, le=10_000)]
    id: Name
    kind: Literal["catalogue_rules"]
    name_en: Words
    name_zh: Words
    occurred_at: Moment
    rules: Annotated[tuple[EntryRule, ...], Meta(max_length=20)] = ()
    valid_from: date
    version: Literal[1]


class CatalogueProduct(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``product`` of ``supplier``'s put forward for a ``category``. Whether it is in the catalogue, the rules say."""

    catalogue: Key
    category: Key
    id: Name
    kind: Literal["catalogue_product"]
    name: Words
    occurred_at: Moment
    product: Name
    supplier: Name
    version: Literal[1]


def rules_id(catalogue: str, edition: int) -> str:
    """The id of an edition."""
    return f"catalogue-rules:{catalogue}:{edition}"


def check_catalogue_rules(record: CatalogueRules) -> None:
    """The id is the edition's, a category is there once, and each rule says what its kind needs."""
    if record.id != rules_id(record.catalogue, record.edition):
        raise contradiction(
            "the id of an edition is catalogue-rules:catalogue:edition", "编号须为 catalogue-rules:目录:版次", "/id"
        )
    keys = [one.key for one in record.categories]
    if len(set(keys)) < len(keys):
        raise contradiction("a category is there twice", "类别重复", "/categories")
    for at, rule in enumerate(record.rules):
        _check_rule(rule, f"/rules/{at}")
    for number, category in enumerate(record.categories):
        for at, rule in enumerate(category.rules):
            _check_rule(rule, f"/categories/{number}/rules/{at}")


def _check_rule(rule: EntryRule, pointer: str) -> None:
    if (rule.kind == "footprint") != (not rule.value):
        raise contradiction(
            "a rule names what it asks for, and a reviewed footprint needs no more",
            "规则须写明要求；“碳足迹已核查”无需取值",
            f"{pointer}/value",
        )
    whole, _, part = rule.value.partition(".")
    if rule.kind in {"assessment", "footprint_most"} and not (whole.isdigit() and (not part or part.isdigit())):
        raise contradiction(f"{rule.value!r} is no number", f"{rule.value!r} 不是数字", f"{pointer}/value")
