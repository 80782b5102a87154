"""The scan page in a real browser: a camera that sees labels, no network, a killed page, scanners that type."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from tests.e2e.browser import ROOT
from tests.e2e.conftest import Visit
from tests.e2e.station import KEYS, STATES, Station, comes, count, film, station, until, wait

VECTORS = json.loads((ROOT / "tests" / "vectors" / "gs1_identity.json").read_text(encoding="utf-8"))
PLACE = "(414)9506000134376(254)A-01"
ELSEWHERE = {"CPI", "ITIP"}
"""Keys that the page leaves to the server."""
STEM = "https://id.gs1.org/01/09506000134352/21/"
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def at_work(page: Page, place: str = PLACE, step: str = "receiving") -> None:
    """Place and step chosen."""
    typed(page, place)
    page.wait_for_selector("[data-panel=step]:not([hidden]), [data-panel=items]:not([hidden])")
    page.locator(".now [data-show=step]").click()
    page.locator(f"[data-step={step}]").click()


def typed(page: Page, text: str) -> None:
    page.evaluate(KEYS, text)


def states(page: Page) -> list[str]:
    return sorted(scan["state"] for scan in page.evaluate(STATES))


@pytest.fixture
def camera_station(tmp_path: Path, playwright: Playwright) -> Iterator[tuple[Station, list[str]]]:
    """A station whose camera sees thirty labels, QR codes and GS1 DataMatrix."""
    things = [f"{STEM}OC-{n:03}" for n in range(30)]
    shown = [f"(01)09506000134352(21)OC-{n:03}" if n % 3 == 2 else things[n] for n in range(30)]
    film(tmp_path / "labels.y4m", shown)
    flags = (*CAMERA, f"--use-file-for-fake-video-capture={tmp_path / 'labels.y4m'}")
    with station(tmp_path, free_port(), playwright, *flags) as made:
        yield made, things


def test_thirty_scans_without_a_network_survive_a_killed_page(camera_station: tuple[Station, list[str]]) -> None:
    """
    The server goes away, the page opens all the same, the camera reads thirty labels and a scanner repeats one; the
    browser is killed; it comes back with all of them; the server comes back: thirty accepted, one flagged, none lost.
    """
    made, things = camera_station
    page = made.enter()
    at_work(page)
    made.stop_server()
    page.reload()
    page.wait_for_selector("body[data-started]")
    page.locator(".dock [data-do=camera]").click()
    until(page, 30)
    page.locator(".dock [data-do=camera]").click()
    typed(page, things[7])
    until(page, 31)
    made.kill_browser()

    page = made.open()
    comes(page, lambda: count(page), 31)
    assert made.events() == []
    made.start_server()
    page = made.enter()  # the browser lost its session with its life: the scans wait for whoever signs in
    until(page, 0)
    comes(page, lambda: states(page), ["accepted"] * 30 + ["duplicate"])
    events = made.events()
    assert sorted({code for event in events for code in event["epcList"]}) == things
    assert (len(events), len({event["eventID"] for event in events})) == (31, 31)


@pytest.fixture
def plain_station(tmp_path: Path, playwright: Playwright) -> Iterator[tuple[Station, Page]]:
    """A station at work."""
    with station(tmp_path, free_port(), playwright) as made:
        page = made.enter()
        at_work(page)
        yield made, page


def test_an_answer_that_never_arrived_costs_nothing(plain_station: tuple[Station, Page]) -> None:
    """The server has the scans, the browser dies before it hears so: they are sent again and stay one entry each."""
    made, page = plain_station
    made.hold = threading.Event()
    for number in range(5):
        typed(page, f"{STEM}K-{number}")
        until(page, number + 1)
    assert made.held.wait(20)
    made.kill_browser()
    made.hold.set()
    made.hold = None
    page = made.enter()
    until(page, 0)
    comes(page, lambda: states(page), ["accepted"] * 5)
    assert len(made.events()) == 5


def test_undo_declares_an_error_and_a_bad_code_can_be_put_right(plain_station: tuple[Station, Page]) -> None:
    """A recorded scan is taken back by its error declaration; a wrong check digit waits until a person settles it."""
    made, page = plain_station
    typed(page, f"{STEM}U-1")
    page.wait_for_selector(".recent [data-state=accepted]")
    page.locator("[data-recent] .undo").first.click()
    page.wait_for_selector("[data-recent] [data-state=withdrawn]")
    comes(page, lambda: len(made.events()), 2)
    until(page, 0)
    first, declared = made.events()
    assert declared["eventID"] == first["eventID"]
    assert declared["errorDeclaration"]["reason"] == "did_not_occur"

    typed(page, "(01)09506000134353(21)U-2")
    until(page, 1)
    comes(page, lambda: "check digit should be 2" in page.inner_text("[data-recent]"), wanted=True)
    page.locator(".unsent").click()
    page.locator("[data-do=sign-out]").click()
    comes(page, lambda: "unsent" in page.inner_text("#flash"), wanted=True)
    page.locator("#flash").click()
    page.locator("[data-queue] textarea").fill("(01)09506000134352(21)U-2")
    page.locator("[data-queue] .actions .button").first.click()
    comes(page, lambda: made.events()[-1]["epcList"], [f"{STEM}U-2"])
    until(page, 0)


def test_a_session_that_ends_keeps_the_queue(plain_station: tuple[Station, Page]) -> None:
    """Without a session scans stay and the page asks to sign in; then they go."""
    made, page = plain_station
    assert made.context
    made.context.clear_cookies()
    typed(page, f"{STEM}S-1")
    until(page, 1)
    page.wait_for_selector(".link[data-link=signed-out]")
    page.locator(".unsent").click()
    comes(page, lambda: "sign in" in page.inner_text("[data-queue-said]").lower(), wanted=True)
    page.locator("[data-queue-said] a").click()
    page.click(".with-key summary")
    page.fill("#key", made.key)
    page.click(".with-key button")
    page.wait_for_selector("body[data-started]")
    comes(page, lambda: len(made.events()), 1)
    until(page, 0)


def test_scanners_that_type(plain_station: tuple[Station, Page]) -> None:
    """Separators, AIM prefixes, hexadecimal lines in bulk; turned letters refused; swallowed keys read all the same."""
    made, page = plain_station
    key = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, cancelable: true, %s}))"
    group = key % "key: ']', code: 'BracketRight', ctrlKey: true"
    page.evaluate(f"""() => {{ const type = (text) => {{ for (const c of text) {key % "key: c, code: 'X'"} }};
        type("]d20109506000134352" + "10LOT"); {group}; type("21W-1"); {key % "key: 'Tab', code: 'Tab'"} }}""")
    wait(page, "document.querySelectorAll('[data-recent] li').length === 1")
    page.evaluate(f"(lines) => {{ const type = {KEYS}; lines.forEach(type) }}", [tag["hex"] for tag in bulk()])
    wait(page, "document.querySelectorAll('[data-recent] li').length === 2")
    comes(page, lambda: len(made.events()), 2)
    until(page, 0)
    single, several = made.events()
    assert single["epcList"] == [f"{STEM}W-1"]
    assert several["epcList"] == [tag["digital_link"] for tag in bulk()]

    caps = "(text) => { for (const c of [...text, 'Enter']) { const e = new KeyboardEvent('keydown', {key: c, code: c, "
    caps += "bubbles: true, cancelable: true, modifierCapsLock: true}); document.activeElement.dispatchEvent(e) } }"
    page.evaluate(caps, f"{STEM}w-2")
    page.wait_for_selector("#flash[data-kind=error]")
    assert "Caps Lock" in page.inner_text("#flash")
    assert len(made.events()) == 2

    process = "() => { for (const code of %s) { const e = new KeyboardEvent('keydown', {key: 'Process', code, "
    process += (
        "keyCode: 229, bubbles: true, cancelable: true}); (document.activeElement ?? document.body).dispatchEvent(e) } "
    )
    process += (
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', code: 'Enter', bubbles: true})) }"
    )
    page.evaluate(process % json.dumps([f"Digit{d}" for d in "00106141412345678908"]))
    wait(page, "document.querySelectorAll('[data-recent] li').length === 3")
    comes(page, lambda: "input method" in page.inner_text("#warning"), wanted=True)
    comes(page, lambda: made.events()[-1]["epcList"], ["https://id.gs1.org/00/106141412345678908"])


def bulk() -> list[Any]:
    return [tag for tag in VECTORS["tags"] if tag["scheme"] in {"SGTIN-96", "GIAI-96", "GRAI-96", "SSCC-96"}]


def test_a_list_is_ticked_off_and_becomes_one_event(plain_station: tuple[Station, Page]) -> None:
    """Found, missing, unexpected and unknown are told apart, survive a reload, and what was found becomes one event."""
    made, page = plain_station
    page.locator("[data-show=list]").click()
    page.fill("#pasted", "\n".join(f"(01)09506000134352(21)L-{n}" for n in range(4)))
    page.locator("form[data-form=pasted] button").click()
    for code in ("L-0", "L-2", "L-9"):
        typed(page, f"{STEM}{code}")
    typed(page, "E2801160600002000000000A")
    wait(page, "document.querySelector('.tally .unknown b')?.textContent === '1'")
    page.reload()
    page.wait_for_selector(".tally .found b")
    figures = {"found": "2", "missing": "2", "unexpected": "1", "unknown": "1"}
    comes(page, lambda: {kind: page.inner_text(f".tally .{kind} summary b") for kind in figures}, figures)
    page.locator(".tally .actions button").first.click()
    page.wait_for_selector("[data-recent] [data-state=accepted]")
    (event,) = made.events()
    assert event["epcList"] == [f"{STEM}L-0", f"{STEM}L-2"]


@pytest.mark.parametrize("form", ["digital_link", "element_string", "epc_uri"])
def test_the_page_reads_what_the_ledger_reads(visit: Visit, form: str) -> None:
    """Every published identity in each of its forms gives the canonical text, in the browser as on the server."""
    page = visit.open("/scan")
    page.wait_for_selector("body[data-started]")
    given = [vector for vector in VECTORS["valid"] if vector[form] and vector["key"] not in ELSEWHERE]
    found = page.evaluate("(texts) => texts.map((text) => onecodeRead(text))", [vector[form] for vector in given])
    assert found == [{"text": vector["digital_link"]} for vector in given]


def test_the_page_refuses_what_the_ledger_refuses(visit: Visit) -> None:
    """Every known fault has the ledger's own code."""
    page = visit.open("/scan")
    page.wait_for_selector("body[data-started]")
    texts = [vector["text"] for vector in VECTORS["invalid"]]
    found = page.evaluate("(texts) => texts.map((text) => onecodeRead(text))", texts)
    left = {"code": "identity.form"}  # not known here: sent to the server as it came
    other = [
        (v["text"], f) for v, f in zip(VECTORS["invalid"], found, strict=True) if f not in ({"code": v["code"]}, left)
    ]
    assert other == []
    assert found.count(left) < len(found) / 2


def test_the_page_reads_tags_or_leaves_them_to_the_server(visit: Visit) -> None:
    """Hexadecimal EPCs: 96 bits and '+' read here, other schemes left alone, a broken tag never read as a thing."""
    page = visit.open("/scan")
    page.wait_for_selector("body[data-started]")
    read = page.evaluate("(tags) => tags.map((tag) => onecodeRead(tag.hex))", VECTORS["tags"])
    for tag, found in zip(VECTORS["tags"], read, strict=True):
        known = tag["scheme"] in {
            f"{key}{end}" for key in ("SGTIN", "SSCC", "SGLN", "GRAI", "GIAI") for end in ("-96", "+")
        }
        assert found == ({"text": tag["digital_link"]} if known else {"code": "identity.tag-scheme"}), tag["id"]
    texts = [vector["text"] for vector in VECTORS["refused_tags"]]
    refused = page.evaluate("(texts) => texts.map((text) => onecodeRead(text))", texts)
    assert [text for text, found in zip(texts, refused, strict=True) if "text" in found] == []
