"""Sixty hostile strings in every free name of a record come out of every page as the same text, and as nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from api.pages.words import visible
from ledger.services.project import catch_up
from tests.api.house import House, served
from tests.e2e.sample import hand_in, hostile_leg

TAGS = ("script", "img", "svg", "iframe", "object", "embed", "link", "meta", "style", "base", "form", "math", "video")
HANDLERS = ("onerror", "onload", "onfocus", "onclick", "onmouseover", "ontoggle", "onanimationstart", "hx-get", "hx-on")
ENDS = ("</title>", "</textarea>", "</script>", "</style>", "-->", "]]>", "</td></tr></table>", "</svg>", "</pre>")
PAYLOADS = (
    *(f"<{tag} src=//evil.example/x>alert(1)</{tag}>" for tag in TAGS),
    *(f'" {handler}="alert(1)" x="' for handler in HANDLERS),
    *(f"' {handler}=alert(1) autofocus '" for handler in HANDLERS),
    *(f"{end}<b id=injected>x</b>" for end in ENDS),
    *(
        f"{opening}7*7{closing}"
        for opening, closing in (("{{", "}}"), ("{%", "%}"), ("${", "}"), ("<%", "%>"), ("#{", "}"))
    ),
    *("javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "JaVaScRiPt:alert(1)", "//evil.example"),
    *("&lt;b&gt;", "&#x3c;script&#x3e;", "&amp;lt;", "%3Cscript%3E", "\\u003cscript\\u003e"),
    *("\u202ekcatta", "a\u2066b\u2069", "\u200b\u200bzero", "x\u0007y", "\ufeffbom", "a\u0085b\u2028c"),
)


class Seen(HTMLParser):
    """Tags, attributes and text of a page as a browser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A ledger whose every route, place and carrier is hostile."""
    with served(tmp_path_factory.mktemp("home")) as house:
        hand_in(house.ledger, PAYLOADS[0], [hostile_leg(n, text) for n, text in enumerate(PAYLOADS)])
        catch_up(house.ledger.entries, house.ledger.projections)
        yield house


def _harmless(seen: Seen) -> None:
    """No element or attribute that a template did not write."""
    assert not {"iframe", "object", "embed", "base", "style", "math", "video", "img"} & set(seen.tags)
    assert seen.tags.count("script") == 1
    assert ("id", "injected") not in seen.attributes
    assert not [name for name, _ in seen.attributes if name.startswith(("on", "hx-on"))]
    links = [value for name, value in seen.attributes if name in {"href", "src", "action"}]
    assert [link for link in links if not link.startswith(("/", "#", "?")) or link.startswith("//")] == []


def test_there_are_sixty(hostile: House) -> None:
    """The list is as long as it says, without repeats, and all of it was recorded as it is."""
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60
    assert sorted(hostile.ledger.projections.routes("demo")) == sorted(PAYLOADS)


def test_lists_show_every_name_as_text(hostile: House) -> None:
    """The list of routes holds each name, character by character."""
    with hostile.client("owner", accept="text/html") as client:
        seen = Seen(client.get("/routes").text)
    _harmless(seen)
    assert [text for text in PAYLOADS if str(visible(text)) not in seen.text] == []


def test_each_entry_and_route_shows_its_own_name_as_text(hostile: House) -> None:
    """The pages of each hostile record and route hold the name as text and nothing that it asked for."""
    with hostile.client("owner", accept="text/html") as client:
        for index, text in enumerate(PAYLOADS):
            for path in (f"/entries/{index}", f"/routes/{quote(text, safe='')}"):
                answer = client.get(path)
                assert answer.status_code == 200, (path, answer.text[:300])
                seen = Seen(answer.text)
                _harmless(seen)
                assert str(visible(text)) in seen.text, path
                assert not set(seen.text) & set("\u202e\u2066\u200b\u0007\ufeff\u2028"), path


def test_an_unreadable_code_is_repeated_as_text(hostile: House) -> None:
    """What cannot be read as a code comes back in the answer as text."""
    with hostile.client("public", accept="text/html") as client:
        for text in PAYLOADS:
            answer = client.get("/find", params={"code": text}, follow_redirects=False)
            assert answer.status_code in {303, 400}
            if answer.status_code == 400:
                _harmless(Seen(answer.text))
            else:
                assert answer.headers["location"].startswith("/")
                assert not answer.headers["location"].startswith("//")
