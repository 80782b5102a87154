"""The error tree: every leaf speaks both languages, says what to do, and has a code of its own."""

import importlib
import pkgutil
import string

import pytest

import api
import labels
import ledger
from ledger.errors import LedgerError, Place
from ledger.ports import WrongChain


def _load(package: object) -> None:
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):  # type: ignore[attr-defined]
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def _leaves() -> list[type[LedgerError]]:
    for package in (ledger, labels, api):
        _load(package)
    found, queue = [], [LedgerError]
    while queue:
        kind = queue.pop()
        below = kind.__subclasses__()
        queue += below
        if not below:
            found.append(kind)
    return sorted(found, key=lambda leaf: leaf.code)


@pytest.mark.parametrize("leaf", _leaves(), ids=lambda leaf: leaf.__qualname__)
def test_a_leaf_speaks_both_languages(leaf: type[LedgerError]) -> None:
    """Sentences exist in English and Chinese and name only values that the leaf keeps."""
    names = leaf._names()
    for sentence in (leaf.en, leaf.zh, leaf.fix_en, leaf.fix_zh):
        for _, name, _, _ in string.Formatter().parse(sentence):
            assert name is None or name.split(".")[0].split("[")[0] in names, (leaf, name)
    assert leaf.en != LedgerError.en
    assert any("\u4e00" <= letter <= "\u9fff" for letter in leaf.zh)
    assert bool(leaf.fix_en) == bool(leaf.fix_zh)


def test_codes_are_unique() -> None:
    """A code names one fact: programs and translations hang on it."""
    codes = [leaf.code for leaf in _leaves()]
    assert sorted({code for code in codes if codes.count(code) > 1}) == []


def test_an_error_needs_all_its_values() -> None:
    """A value left out is a fault of the program, found at once."""
    with pytest.raises(TypeError):
        WrongChain(expected=1)  # type: ignore[call-arg]


def test_places_add_up_from_the_inside_out() -> None:
    """What is known nearest to the fault stays; callers add what they know."""
    error = WrongChain(expected=1, got=2).at(Place(column="质量")).at(Place(column="other", row=3, file="a.xlsx"))
    assert error.place == Place(file="a.xlsx", row=3, column="质量")
    assert "row 3" in str(error)
    assert "第 3 行" in error.message("zh-CN")
