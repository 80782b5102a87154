"""The examples people read are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ledger.identity import KEYS, parse, read_tag

PAGE = (Path(__file__).parents[3] / "docs" / "identity.md").read_text(encoding="utf-8")
BLOCKS = re.search(r"```\n(.*?)```", PAGE, re.DOTALL)[1].strip().split("\n\n")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split()[0])
def test_every_line_of_an_example_is_the_same_thing(block):
    """All forms of an example parse to one identity of the key it is under."""
    title, *lines = block.splitlines()
    identities = [
        read_tag(line).identity or parse(line) if line[0] in "0123456789EF" else parse(line) for line in lines
    ]
    assert {identity.key.name for identity in identities} == {title.split()[0]}
    assert len({identity.text for identity in identities}) == 1
    assert identities[0].element_string() == lines[0]
    assert identities[0].text == lines[1]


def test_every_key_has_an_example():
    """Classes of keys that have instances too are named beside them."""
    assert {block.split()[0] for block in BLOCKS} == {key.name for key in KEYS if not key.name.endswith(" class")}
