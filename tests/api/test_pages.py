"""The pages without a browser: words, templates, bundles, who sees what."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from api.pages.catalogue import messages
from api.pages.statics import MSGSPEC, STATICS, address
from api.pages.words import visible
from ledger.footprint.iso14083.hierarchy import LEVELS
from ledger.footprint.transport_data import REASONS
from ledger.log.checkpoint import VerifierKey
from ledger.log.proof import Proof, verify
from ledger.ports import State
from ledger.records.record import KINDS
from ledger.services.access import ROLES
from tests.api.house import House, served
from tests.e2e.browser import ROOT, node
from tests.e2e.sample import Sample, fill
from tests.e2e.served import pages_of

API = ROOT / "api"
WEB = API / "web"
TEMPLATES = sorted((API / "templates").glob("*.html"))
SOURCES = [*TEMPLATES, *sorted((API / "pages").glob("*.py")), API / "report_pdf.py"]
PAGE = {"accept": "text/html"}
KEY = re.compile(r"""\bt\(\s*["']([a-z0-9.-]+)["']\s*[,)]|"(nav\.[a-z.]+[a-z])\"""")
STEM = re.compile(r"""(?:\bt\(\s*|messages\(\w+\)\[)(?:f["']([a-z0-9.-]+\.)\{|["']([a-z0-9.-]+\.)["']\s*~)""")
ENDING = re.compile(r"""view\.kind ~ ["']([a-z.-]+)["']""")
LOCALES = ("en", "zh-CN")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Sample]]:
    """A served ledger with the sample in it."""
    with served(tmp_path_factory.mktemp("home")) as house:
        yield house, fill(house.ledger)


def test_both_languages_have_the_same_messages_with_the_same_values() -> None:
    """No key is missing in either language, none is empty, and each puts in the same values."""
    en, zh = messages("en"), messages("zh-CN")
    assert set(en) == set(zh)
    assert [key for key in en if not en[key] or not zh[key]] == []

    def values(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}

    assert [key for key in en if values(en[key]) != values(zh[key])] == []


def test_chinese_is_chinese() -> None:
    """Every Chinese message has Chinese characters, but for names that are the same everywhere."""
    plain = {key for key, text in messages("zh-CN").items() if not re.search("[\u4e00-\u9fff]", text)}
    assert plain == {"passport.link", *(f"footprint.{part}.short" for part in ("ttw", "wtt", "wtw"))}


def test_every_key_that_is_asked_for_exists_and_every_key_is_asked_for() -> None:
    """Keys in templates and views, whole or as a stem, against the catalogue, both ways."""
    text = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    asked = {key for found in KEY.findall(text) for key in found if key}
    stems = {stem for found in STEM.findall(text) for stem in found if stem} | {"js.", "step.", "disposition."}
    known = messages("en")
    assert sorted(asked - set(known)) == []
    islands = "\n".join(path.read_text(encoding="utf-8") for path in sorted((API / "web").glob("*.ts")))
    asked |= {kind + end for end in ENDING.findall(text) for kind in ("route", "product")}
    asked |= asked_by_scanning(set(known)) | asked_by_replaying(set(known))
    spare = {key for key in set(known) - asked if not key.startswith(tuple(stems))}
    assert sorted(key for key in spare if f'"{key}"' not in text) == []
    assert sorted(k for k in known if k.startswith("js.") and k.split(".")[1] not in islands) == []


def asked_by_scanning(known: set[str]) -> set[str]:
    """What the scan page's script says, whole or as a stem: every one of them exists."""
    script = "\n".join(p.read_text(encoding="utf-8") for p in [WEB / "scan-page.ts", *(WEB / "scan").glob("*.ts")])
    either = re.findall(r'\? "([a-z.-]+)" : "([a-z.-]+)"[,)]', script)
    said = {f"scan.{key}" for key in re.findall(r'\b(?:say|fact)\((?:\w+, )?"([a-z.-]+)"', script)}
    said |= {f"scan.{key}" for keys in either for key in keys if f"scan.{key}" in known}
    stems = {f"scan.{stem}." for stem in ("do", "first", "link", "state", "tally", "unread")}
    assert sorted(key for key in said if key not in known) == []
    assert [stem for stem in stems if f"`{stem[5:]}${{" not in script] == []
    return said | {key for key in known if key.startswith(tuple(stems))}


def asked_by_replaying(known: set[str]) -> set[str]:
    """What the replay page's scripts say, whole or as a stem: every one of them exists."""
    script = "\n".join(path.read_text(encoding="utf-8") for path in WEB.glob("replay-*.ts"))
    said = set(re.findall(r'"(replay\.[a-z.-]+)"', script))
    assert sorted(said - known) == []
    stems = tuple(re.findall(r"`(replay\.[a-z]+\.)\$\{", script))
    ends = {f"replay.engine.{end}" for end in ("loading", "ready", "working", "failed", "stopped")}
    ends |= {f"replay.verdict.{verdict}" for verdict in (0, 1, 2)}
    assert sorted(ends - known) == []
    return said | ends | {key for key in known if key.startswith(stems) and key.startswith("replay.part.")}


def test_the_verifiers_reasons_all_have_words() -> None:
    """Every reason and step that the island can state is in the catalogue."""
    script = "\n".join(path.read_text(encoding="utf-8") for path in (API / "web").glob("*.ts"))
    reasons = set(re.findall(r'new Refused\(\s*"[a-z.-]+",\s*"([a-z-]+)"', script)) - {"key", "key-hash", "policy"}
    known = messages("en")
    assert sorted(reason for reason in reasons if f"js.why.{reason}" not in known) == []
    steps = re.search(r'name: ("file".*);', script)
    assert steps
    for step in re.findall('"([a-z]+)"', steps[1]):
        assert f"js.step.{step}" in known


def test_words_exist_for_every_kind_state_and_role() -> None:
    """Kinds of records, states of entries and roles all have words in both languages."""
    known = messages("zh-CN")
    wanted = [f"kind.{kind}" for kind, _ in KINDS] + [f"role.{role}" for role in ROLES]
    wanted += [f"state.{state}" for state in ("captured", "sequenced", *get_args(State))]
    wanted += [f"trail.level.{level}" for level in LEVELS] + [f"trail.reason.{reason}" for reason in REASONS]
    assert [key for key in wanted if key not in known] == []


def test_templates_hold_no_script_no_style_and_no_handlers() -> None:
    """Within a strict policy: no inline script but data, no style attribute, no on-handler, nothing marked safe."""
    offline = "verify-offline.html"
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|\|\s*safe|javascript:|autoescape", text), template.name
        if template.name != offline:
            assert "<style" not in text, template.name
            assert re.sub(r'<script (src="\{\{|type="application/json")', "", text).count("<script") == 0, template.name


def test_the_built_bundle_is_what_the_sources_give(tmp_path: Path) -> None:
    """Building again with the locked tools gives the very bytes that are kept."""
    subprocess.run([node(), str(API / "web" / "build.mjs"), str(tmp_path)], check=True, timeout=60)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    scanning = {"scan.css", "scan-decoder.js", "scan-page.js", "scan-worker.js", "zxing_reader.wasm"}
    replaying = {
        MSGSPEC,
        "pyodide.asm.mjs",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        "replay-page.js",
        "replay-worker.js",
    }
    assert set(built) == {
        "app.css",
        "app.js",
        "bid-page.js",
        "disclose-page.js",
        "intake-page.js",
        "passport-page.js",
        "pcf-form-page.js",
        "replay-page.js",
        "replay-worker.js",
        "scheme-page.js",
        "verify-page.js",
        *scanning,
        *replaying,
    }
    assert [name for name, data in built.items() if STATICS[name].data != data] == []


def test_the_islands_are_typed() -> None:
    """The TypeScript sources pass the strict compiler."""
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        [node(), str(compiler), "-p", str(API / "web")], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.stdout + done.stderr == ""


def test_statics_hold_for_ever_under_their_own_address(filled: tuple[House, Sample]) -> None:
    """The address a page uses is cached for good; without its tag it is asked again, and answered 304."""
    with filled[0].client() as client:
        named = client.get(address("app.css"))
        assert "immutable" in named.headers["cache-control"]
        assert named.headers["content-type"].startswith("text/css")
        bare = client.get("/static/app.css", headers={"if-none-match": named.headers["etag"]})
        assert (bare.status_code, bare.headers["cache-control"]) == (304, "no-cache")
        plain = client.get("/static/app.css", headers={"accept-encoding": "identity"})
        assert (named.headers["content-encoding"], plain.content) == ("gzip", named.content)
        assert plain.headers["etag"] != named.headers["etag"]
        assert client.get("/static/build.mjs").status_code == 404
        assert client.get("/static/..%2F__init__.py").status_code == 404


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("holder", ["public", "owner", "warehouse", "supplier", "procurement", "auditor"])
def test_every_page_answers_every_reader_with_a_page(filled: tuple[House, Sample], holder: str, locale: str) -> None:
    """Every address gives each role a page in the reader's language: its own, or why not and what to do."""
    house, sample = filled
    with house.client(holder, accept="text/html", accept_language=locale) as client:
        for name, path in pages_of(sample).items():
            answer = client.get(path)
            assert answer.status_code in {200, 401, 403, 404}, (name, answer.status_code)
            assert answer.headers["content-type"].startswith("text/html"), name
            assert answer.headers["content-language"] == locale, name
            assert f'<html lang="{locale}">' in answer.text, name
            assert answer.text.count("<h1>") == 1, name
            assert "default-src 'self'" in answer.headers["content-security-policy"], name
            allowed = answer.headers["content-security-policy"].replace(
                "'wasm-unsafe-eval'", "" if name == "scan" else "!"
            )
            assert not re.search("unsafe|!", allowed), name
            if holder == "owner":
                assert answer.status_code == (404 if name in {"not-found", "passport-unknown"} else 200), name


@pytest.mark.parametrize("locale", LOCALES)
def test_an_empty_ledger_says_what_to_do_next(tmp_path: Path, locale: str) -> None:
    """Every list of a ledger without entries is a page that names the next step."""
    with served(tmp_path) as house, house.client("owner", accept="text/html", accept_language=locale) as client:
        for path in ("/", "/entries", "/checkpoints", "/routes", "/products", "/tenders"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert 'class="empty"' in answer.text, path
            assert "`" not in answer.text, "a command is marked as one"
        assert client.get("/passport/01/09506000134352/21/none").status_code == 404
        assert client.get("/entries/0").status_code == 404
        assert client.get("/verify/offline").status_code == 200
        alone = client.get("/verify/verify.py")
        assert alone.content == (files("ledger.data") / "court" / "verify.py").read_bytes()
        assert alone.headers["content-disposition"] == 'attachment; filename="onecode-verify.py"'


def test_a_page_that_needs_a_key_leads_to_the_form_and_back(filled: tuple[House, Sample]) -> None:
    """The public gets 401 with a link to sign in that remembers the page; the form keeps only local addresses."""
    with filled[0].client(**PAGE) as client:
        refused = client.get("/products")
        assert refused.status_code == 401
        assert 'href="/login?next=/products"' in refused.text
        assert 'name="next" value="/products"' in client.get("/login?next=/products").text
        for foreign in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
            assert 'name="next" value="/"' in client.get("/login", params={"next": foreign}).text
            assert client.get("/language/en", params={"next": foreign}).headers["location"] == "/"


def test_the_downloaded_proof_holds_with_the_key_on_the_page(filled: tuple[House, Sample]) -> None:
    """The proof from an entry's page verifies with the key from the verifier's page."""
    house, _ = filled
    with house.client("owner", **PAGE) as client:
        data = client.get("/entries/3/proof").content
        found = re.search(r'<textarea id="key"[^>]*>([^<]+)</textarea>', client.get("/verify").text)
    assert found
    verify(Proof.from_bytes(data), key=VerifierKey.parse(unescape(found[1])))


def test_recorded_verified_and_true_are_kept_apart(filled: tuple[House, Sample]) -> None:
    """Entry, passport and footer say what recorded means; a figure that names its own verifier is said to state so."""
    house, sample = filled
    with house.client("owner", accept="text/html", accept_language="en") as client:
        for path in ("/entries/3", pages_of(sample)["passport"]):
            assert "does not make it true" in client.get(path).text
        product = client.get(pages_of(sample)["product"]).text
    rows = re.findall(r"<tr[ >].*?</tr>", product, re.DOTALL)
    assert [("Declared" in row) for row in rows if "</svg>stated as verified<" in row] == [True]


def test_lists_are_searched_by_a_part_of_the_name(filled: tuple[House, Sample]) -> None:
    """A part of the name narrows the list; one that nothing has says so and leads back."""
    with filled[0].client("owner", accept="text/html", accept_language="en") as client:
        found = client.get("/routes", params={"q": "r01"}).text
        assert found.count("<tbody>") == 1
        assert found.count('<th scope="row"') == 1
        none = client.get("/routes", params={"q": "<nothing>"})
        assert (none.status_code, 'href="/routes"' in none.text) == (200, True)
        assert "&lt;nothing&gt;" in none.text


def test_exact_digits_on_demand(filled: tuple[House, Sample]) -> None:
    """Rounded figures by default; every digit, or the fraction itself, when asked."""
    house, sample = filled
    with house.client("owner", **PAGE) as client:
        path = pages_of(sample)["route"]
        exact = client.get(path, params={"digits": "exact"}).text
        record = client.get(f"/api/v1{path}/footprint").json()
    assert str(record["wtw_kg"]) in exact


@pytest.mark.parametrize("text", ["\u202eabc", "a\u2066b", "\u200bx", "a\x00b", "\ufeff"])
def test_turning_and_hidden_characters_are_spelled_out(text: str) -> None:
    """No control character reaches a page as itself."""
    shown = str(visible(text))
    assert "⟨U+" in shown
    assert all(one.isprintable() for one in shown)
