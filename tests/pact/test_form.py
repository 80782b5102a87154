"""A footprint filled in by hand: the texts of a page make the properties of PACT 3.0, and come back from them."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.pact.footprint import CARBON, PRODUCT, faults
from ledger.pact.form import FIELDS, read, texts
from tests.pact.partner import footprint

MADE = ("id", "specVersion", "created", "companyName", "companyIds", "productIds")


def made(held: dict[str, Any]) -> dict[str, Any]:
    """What nobody fills in of a footprint."""
    return {name: held[name] for name in MADE}


def test_every_field_is_a_property_of_the_data_model() -> None:
    """A field with no rule would be checked by nobody."""
    for field in FIELDS:
        outer, _, name = field.pointer.removeprefix("/").partition("/")
        rules = CARBON if outer == "pcf" else PRODUCT
        assert (name.partition("/")[0] or outer) in rules, field.pointer
    needed = {f"/pcf/{name}" for name, rule in CARBON.items() if rule.needed}
    totals = {field.pointer for field in FIELDS if field.group == "total"}
    assert needed - totals == {field.pointer for field in FIELDS if field.needed and field.pointer.startswith("/pcf")}


def test_a_footprint_comes_back_from_its_texts() -> None:
    """What the form asks is as it was; what it does not ask is kept; a verifier's word of the old figure is not."""
    held = footprint(1)
    held["pcf"]["secondaryEmissionFactorSources"] = [{"name": "ecoinvent", "version": "3.9.1"}]
    said = {name: text for name, text in texts(held).items() if name not in {"providerName", "comment"}}
    found = read(said, made(held) | {"id": footprint(2)["id"], "precedingPfIds": [held["id"]]}, held)
    assert found.faults == []
    assert found.footprint is not None
    assert "verification" not in found.footprint["pcf"]
    assert found.footprint["pcf"] == {name: one for name, one in held["pcf"].items() if name != "verification"}
    assert found.footprint["precedingPfIds"] == [held["id"]]
    assert list(faults(found.footprint)) == []


def test_empty_totals_are_summed_and_stated_ones_have_to_add_up() -> None:
    """PACT Methodology 3.0: without uptake the sum of its parts, with uptake that and the uptake."""
    held = footprint(1)
    said = texts(held) | {"pcfExcludingBiogenicUptake": "", "pcfIncludingBiogenicUptake": ""}
    said |= {"fossilGhgEmissions": "１０18.60", "landUseChangeGhgEmissions": "0.4", "technologicalCO2Removals": "−1"}
    found = read(said, made(held))
    assert found.footprint is not None
    assert found.footprint["pcf"]["pcfExcludingBiogenicUptake"] == "1018.00"
    assert found.footprint["pcf"]["pcfIncludingBiogenicUptake"] == "1017.40"
    lower = read(said | {"pcfExcludingBiogenicUptake": "1017.99"}, made(held))
    assert lower.footprint is None
    assert [one.name for one in lower.faults] == ["pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake"]
    assert lower.totals["pcfExcludingBiogenicUptake"] == "1018.00"


def test_what_cannot_be_read_is_said_at_its_field_in_words_of_a_form() -> None:
    """No number, no day, two ratings of three: each at its own pointer, and all at once."""
    held = footprint(1)
    said = texts(held) | {"fossilGhgEmissions": "1,5", "referencePeriodEnd": "2025/13/1", "temporalDQR": ""}
    found = read(said, made(held))
    assert {one.place.pointer: one.why for one in found.faults if one.place} == {
        "/pcf/fossilGhgEmissions": "a number such as 12.5",
        "/pcf/referencePeriodEnd": "a day such as 2026-01-31",
        "/pcf/dqi/temporalDQR": "it is missing",
    }
    assert found.totals == {}


@given(st.dictionaries(st.sampled_from([field.key for field in FIELDS]), st.text(max_size=40)))
def test_any_text_is_read_or_refused(said: dict[str, str]) -> None:
    """Nothing else happens, and what is read keeps the rules of the data model."""
    found = read(said, made(footprint(1)))
    assert (found.footprint is None) == bool(found.faults)
    assert found.footprint is None or not list(faults(found.footprint))
