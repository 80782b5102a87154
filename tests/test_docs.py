"""What the documents say still holds: links lead somewhere, verbs exist, words keep to the glossary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.commands import VERBS
from ledger.log import checkpoint, entry, proof
from ledger.settings import PREFIX, Settings

ROOT = Path(__file__).parent.parent
DOCS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture is there."""
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_is_short_and_names_the_verbs() -> None:
    """Under 120 lines, and every verb of the command line is on it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 120
    listed = re.search(r"`ledger --help`|ledger --help`: `([^`]+)`", text)
    assert listed
    assert set(listed[1].split()) == {verb.name for verb in VERBS}


def test_core_words_are_in_the_glossary() -> None:
    """The classes that people meet in messages are explained."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    for name in (entry.Entry, checkpoint.Checkpoint, proof.Proof, proof.AnchorReceipt):
        assert name.__name__ in text


def test_every_setting_is_documented() -> None:
    """Nothing can be set that configuration.md does not explain."""
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    source = (ROOT / "ledger" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'PREFIX \+ "([A-Z_]+)"', source))
    assert names
    for name in names:
        assert PREFIX + name in text, name
    assert Settings.__doc__
