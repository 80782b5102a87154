"""Files through the upload: parts, the check, submission, the same file twice, undo, hostile files, who sees what."""

from __future__ import annotations

import csv
import time
from hashlib import sha256
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from api import intake_work
from ledger.adapters.files.template import template_csv, template_xlsx
from ledger.services import intake
from ledger.services.check_upload import PREFLIGHT
from ledger.services.keys import issue_key
from ledger.wiring import Ledger
from tests.api.house import House
from tests.unit.files.tables import HEADINGS, ROW, book, row, text

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FOOTPRINT = "申报编号,供应商,产品,名称,声明单位,核算边界,碳足迹"


def key_for(house: House, organisation: str, role: str = "supplier") -> httpx.Client:
    """A client that acts for an organisation."""
    terms: dict[str, Any] = {"principals": house.ledger.principals, "clock": house.ledger.clock}
    terms |= {"random": house.ledger.random, "tenant": house.ledger.settings.tenant}
    _, key = issue_key(**terms, name=organisation, role=role, days=1, organisation=organisation)
    return house.bearer(key)


def send(client: httpx.Client, data: bytes, name: str = "运单.csv", part: int = 1 << 20) -> dict[str, Any]:
    """A file sent in parts, and its job once the check is over."""
    new = {"name": name, "size": len(data), "sha256": sha256(data).hexdigest()}
    job = client.post("/api/v1/uploads", json=new).json()
    while job["received"] < len(data):
        at = job["received"]
        job = client.put(f"/api/v1/uploads/{job['id']}/content?offset={at}", content=data[at : at + part]).json()
    return settled(client, job)


def settled(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    """The job when nothing is left to do."""
    for _ in range(600):
        job = client.get(f"/api/v1/uploads/{job['id']}").json()
        if job["stage"] not in {"checking", "submitting", "withdrawing"}:
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def post(client: httpx.Client, job: dict[str, Any], act: str) -> dict[str, Any]:
    """Something done with a job, to its end."""
    answer = client.post(f"/api/v1/uploads/{job['id']}/{act}")
    assert answer.status_code in {200, 202}, answer.text
    return settled(client, answer.json())


def test_good_rows_are_staged_bad_ones_come_back_and_the_same_file_adds_nothing(house: House) -> None:
    """Three bad rows of many: all at once, in the reader's language, as a file too; the rest becomes entries, once."""
    rows = [row(waybill=f"A-{number}") for number in range(3_000)]
    bad = {
        5: row(waybill="B-1", distance=""),
        2_500: row(waybill="B-2", gross_mass="１２，５"),
        2_990: row(waybill="A-1", quantity="7"),
    }
    for at, cells in bad.items():
        rows[at] = cells
    rows[9] = row(waybill="ＹＤ－９", gross_mass="１２．５")
    rows[PREFLIGHT] = row(waybill="ＹＤ－１０")
    data = text(rows).encode("gb18030")
    with house.client("supplier", accept_language="zh-CN") as client:
        before = house.ledger.entries.size()
        job = send(client, data, part=100_000)
        assert (job["stage"], job["read"], job["good"], job["refused"]) == ("checked", 3_000, 2_997, 3)
        assert (job["preflight_read"], job["preflight_refused"]) == (PREFLIGHT, 1)
        assert house.ledger.entries.size() == before
        assert job["folded_cells"] == 2, "of the first rows alone"
        assert [(one["row"], one["before"], one["after"]) for one in job["folded"]] == [
            (11, "ＹＤ－９", "YD-9"), (11, "１２．５", "12.5"),
        ]  # fmt: skip
        for language, words in (("zh-CN", "全角字符"), ("en", "Full-width characters")):
            shown = client.get(
                f"/intake/{job['id']}", headers={"Accept": "text/html", "Accept-Language": language}
            ).text
            assert words in shown
            assert "ＹＤ－９" in shown
        page = client.get(f"/api/v1/uploads/{job['id']}/errors?limit=2").json()
        more = client.get(f"/api/v1/uploads/{job['id']}/errors?after={page['next_after']}").json()
        told = [(one["row"], one["faults"][0]) for one in page["rows"] + more["rows"]]
        assert [(at, fault["rule"]) for at, fault in told] == [
            (7, "record.missing"), (2502, "record.amount"), (2992, "intake.row-repeated"),
        ]  # fmt: skip
        assert told[0][1]["column"] == "里程（公里）"
        assert told[1][1]["value"] == "１２，５"
        assert told[2][1]["reason"].startswith("与第 3 行编号相同")
        errors = client.get(f"/api/v1/uploads/{job['id']}/error-file?as=csv")
        found = list(csv.reader(StringIO(errors.content.decode("utf-8-sig"))))
        assert [one[: len(HEADINGS)] for one in found[1:]] == list(bad.values())
        done = post(client, job, "submit")
        assert (done["stage"], done["fresh"], done["already"]) == ("submitted", 2_997, 0)
        assert (done["first_entry"], done["last_entry"], done["state"]) == (before, before + 2_996, "sequenced")
        receipt = client.get(f"/api/v1/uploads/{job['id']}/receipt").json()
        assert receipt["rows"][0] == {"row": 2, "id": "leg:A-0:1", "entry": before, "repeated": False} | {
            "id": receipt["rows"][0]["id"]
        }
        assert b"A-0" in house.ledger.entries.entry(before).body
        again = send(client, data)
        assert (again["earlier"], again["known"], again["good"]) == (job["id"], 2_997, 2_997)
        over = post(client, again, "submit")
        assert (over["fresh"], over["already"]) == (0, 2_997)
        assert house.ledger.entries.size() == before + 2_997


def test_undo_withdraws_what_the_upload_added_and_nothing_else(house: House) -> None:
    """Rows that were entries before stay; a second undo is refused."""
    with house.client("supplier") as client:
        first = post(client, send(client, text([row(waybill="U-1")]).encode()), "submit")
        both = post(client, send(client, text([row(waybill="U-1"), row(waybill="U-2")]).encode()), "submit")
        assert (first["fresh"], both["fresh"], both["already"]) == (1, 1, 1)
        with house.client("warehouse") as other:
            refused = other.post(f"/api/v1/uploads/{both['id']}/undo")
            assert (refused.status_code, refused.json()["code"]) == (403, "access.not-yours")
        gone = post(client, both, "undo")
        assert (gone["stage"], gone["withdrawn"], gone["kept"]) == ("withdrawn", 1, 0)
        entry = house.ledger.entries.entry(house.ledger.entries.size() - 1)
        assert b'"kind":"correction"' in entry.body
        assert b"U-2" in entry.body
        assert client.post(f"/api/v1/uploads/{both['id']}/undo").status_code == 409


def test_a_cut_upload_goes_on_where_it_was(house: House) -> None:
    """Announced again it is the same job; a part twice is one part; a part elsewhere and other bytes are refused."""
    data = text([row(waybill=f"C-{number}") for number in range(50)]).encode()
    new = {"name": "a.csv", "size": len(data), "sha256": sha256(data).hexdigest()}
    with house.client("supplier") as client:
        job = client.post("/api/v1/uploads", json=new).json()
        address = f"/api/v1/uploads/{job['id']}/content"
        assert client.put(f"{address}?offset=0", content=data[:1000]).json()["received"] == 1000
        assert client.put(f"{address}?offset=0", content=data[:1000]).json()["received"] == 1000
        wrong = client.put(f"{address}?offset=2000", content=data[2000:])
        assert (wrong.status_code, wrong.json()["code"]) == (409, "intake.offset")
        assert client.post("/api/v1/uploads", json=new).json() | {"active_at": ""} == client.get(
            f"/api/v1/uploads/{job['id']}"
        ).json() | {"active_at": ""}
        client.put(f"{address}?offset=1000", content=data[1000:])
        assert settled(client, job)["good"] == 50
        other = client.post("/api/v1/uploads", json=new | {"sha256": "0" * 64}).json()
        client.put(f"/api/v1/uploads/{other['id']}/content?offset=0", content=data)
        failed = settled(client, other)
        assert (failed["stage"], failed["fault"]["rule"]) == ("failed", "intake.hash")
        assert client.delete(f"/api/v1/uploads/{other['id']}").status_code == 204
        assert client.get(f"/api/v1/uploads/{other['id']}").status_code == 404


def _zip(**parts: bytes) -> bytes:
    out = BytesIO(book([HEADINGS, ROW]))
    with ZipFile(out, "a", 8) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (_zip(bomb_dot_xml=b" " * 150_000_000), "file.archive-unsafe"),
        (_zip(xl__vbaProject_dot_bin=b"macro"), "file.macros"),
        (_zip(xl__x_dot_xml=b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x/>'), "file.archive-unsafe"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 5000, "file.workbook"),
        (b"\xff\xfe" + "运单号".encode("utf-16-le"), "file.text"),
        (text([], HEADINGS[:3]).encode(), "file.headings"),
        (text([]).encode(), "intake.empty"),
        (b"MZ\x90 a program", "file.text"),
    ],
    ids=["bomb", "macros", "xxe", "encrypted", "utf-16", "headings", "empty", "program"],
)  # fmt: skip
def test_hostile_and_useless_files_get_a_typed_refusal(house: House, data: bytes, rule: str) -> None:
    """Each fails with its rule and what to do; nothing of it stays."""
    with house.client("supplier") as client:
        job = send(client, data, "a.xlsx")
        assert (job["stage"], job["fault"]["rule"]) == ("failed", rule)
        assert job["fault"]["fix"]
        assert not house.ledger.uploads.path(job["id"]).exists()


def test_formulas_in_a_file_are_text_in_the_error_file(house: House) -> None:
    """Neither format starts a cell as a formula."""
    with house.client("supplier") as client:
        job = send(client, text([row(carrier="=cmd|' /C calc'!A0", quantity="@SUM(A1)")]).encode())
        answer = client.get(f"/api/v1/uploads/{job['id']}/error-file?as=xlsx")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment")
        cells = [cell for line in load_workbook(BytesIO(answer.content)).active.iter_rows() for cell in line]
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        table = client.get(f"/api/v1/uploads/{job['id']}/error-file?as=csv").content.decode("utf-8-sig")
        assert "'=cmd" in table


def test_another_organisation_sees_nothing_and_rows_name_their_own(house: House) -> None:
    """The house sees all of its tenant; others find nothing there; a row in another's name comes back."""
    headings = template_csv("product_footprint", "zh-CN").decode("utf-8-sig").splitlines()
    mine = headings[1].replace(headings[1].split(",")[1], "org-a", 1)
    table = "\n".join([headings[0], mine, mine.replace("org-a", "org-b")]).encode()
    with key_for(house, "org-a") as a, key_for(house, "org-b") as b, house.client("other") as other:
        job = send(a, table)
        assert (job["good"], job["refused"]) == (1, 1), job
        (bad,) = a.get(f"/api/v1/uploads/{job['id']}/errors").json()["rows"]
        assert bad["faults"][0]["rule"] == "access.foreign-supplier"
        for stranger in (b, other):
            assert stranger.get(f"/api/v1/uploads/{job['id']}").status_code == 404
            assert stranger.post(f"/api/v1/uploads/{job['id']}/submit").status_code == 404
            assert job["id"] not in stranger.get("/api/v1/uploads").text
        with house.client("owner") as owner:
            assert owner.get(f"/api/v1/uploads/{job['id']}").status_code == 200
            assert job["id"] in owner.get("/api/v1/uploads").text
        post(a, job, "submit")
        house.settled()
        template = a.get("/intake/template/product_footprint?as=csv&lang=zh-CN").content.decode("utf-8-sig")
        assert "org-a" in template.splitlines()[1]
        assert "9521" in template or "9506" in template
        assert len(b.get("/intake/template/product_footprint?as=csv").content.decode("utf-8-sig").splitlines()) == 2


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_template_comes_back_as_it_was_filled(house: House, locale: Any) -> None:
    """Export and import are a round trip: Chinese and English headings, workbook and table, with and without keys."""
    with house.client("supplier") as client:
        for data in (template_xlsx("transport_leg", locale), template_csv("transport_leg", locale)):
            job = send(client, data, "template")
            assert (job["stage"], job["good"], job["refused"]) == ("checked", 1, 0), job


def test_what_a_key_may_not_hand_in_is_refused_row_by_row(house: House) -> None:
    """A warehouse's key cannot hand in bids by way of a file."""
    with house.client("warehouse") as client:
        job = send(client, template_csv("target", "en"))
        assert (job["good"], job["refused"]) == (0, 1)
        assert client.post(f"/api/v1/uploads/{job['id']}/submit").json()["code"] == "intake.nothing"


class _Killed(BaseException):
    """A process that ends in the middle: nothing behind it runs."""


def _killed_after(ledger: Ledger, writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work until so many changes were written, then die; a job left behind is free again at once."""
    change, left = type(ledger.intake).change, [writes]

    def dying(*args: Any, **more: Any) -> Any:
        if not left[0]:
            raise _Killed
        left[0] -= 1
        return change(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(type(ledger.intake), "change", dying)
        with pytest.raises(_Killed):
            intake_work.work(ledger, lambda: False)


@pytest.mark.parametrize("writes", [1, 4])
def test_a_process_that_dies_leaves_a_job_that_another_finishes(
    ledger: Ledger, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the check, the submission and the undo, on both databases: every row has one outcome, no row has two."""
    rows = [row(waybill=f"K-{number}") for number in range(4_300)]
    rows[10], rows[4_000] = row(waybill="B-1", distance=""), row(waybill="B-2", quantity="x")
    data = text(rows).encode()
    sender = intake.Sender("demo", "org", "key", "supplier", (), manages=False)
    job = intake.open_upload(ledger, sender, "a.csv", len(data))
    job = intake.take_part(ledger, job, 0, data[: 1 << 20])
    while job.received < job.size:
        job = intake.take_part(ledger, job, job.received, data[job.received : job.received + (1 << 20)])

    def finished() -> Any:
        _killed_after(ledger, writes, monkeypatch)
        assert not intake_work.work(ledger, lambda: False), "the claim of the dead process still holds"
        ledger.intake.change("demo", job.id, lambda old: replace(old, claimed_until=0))
        assert intake_work.work(ledger, lambda: False)
        return intake.upload_of(ledger, "demo", "org", job.id)

    checked = finished()
    assert (checked.stage, checked.read, checked.good, checked.refused) == ("checked", 4_300, 4_298, 2)
    assert [one["row"] for one in ledger.intake.refused(job.id, 0, 10)] == [12, 4_002]
    intake.submit(ledger, checked)
    submitted = finished()
    assert (submitted.stage, submitted.fresh, submitted.already, ledger.entries.size()) == (
        "submitted",
        4_298,
        0,
        4_298,
    )
    intake.undo(ledger, submitted, sender)
    withdrawn = finished()
    assert (withdrawn.stage, withdrawn.withdrawn, withdrawn.kept) == ("withdrawn", 4_298, 0)
    assert ledger.entries.size() == 2 * 4_298


def test_of_two_who_submit_the_same_row_at_once_one_added_it_and_the_other_cannot_undo_it(ledger: Ledger) -> None:
    """Both logs were empty when they submitted; the entry is the first one's, and the other's undo leaves it."""
    data = text([row(waybill="T-1")]).encode()
    jobs: dict[str, intake.Sender] = {}

    def worked() -> None:
        while intake_work.work(ledger, lambda: False):
            pass

    for name in ("a", "b"):
        sender = intake.Sender("demo", f"org-{name}", f"key-{name}", "supplier", (), manages=False)
        job = intake.open_upload(ledger, sender, f"{name}.csv", len(data))
        jobs[intake.take_part(ledger, job, 0, data).id] = sender
    worked()
    for one in jobs:
        intake.submit(ledger, intake.upload_of(ledger, "demo", "", one))
    worked()
    submitted = [intake.upload_of(ledger, "demo", "", one) for one in jobs]
    (mine,), (other,) = ([one for one in submitted if one.fresh == count] for count in (1, 0))
    assert (ledger.entries.size(), other.already) == (1, 1)
    intake.undo(ledger, other, jobs[other.id])
    worked()
    assert (intake.upload_of(ledger, "demo", "", other.id).withdrawn, ledger.entries.size()) == (0, 1)
    intake.undo(ledger, mine, jobs[mine.id])
    worked()
    assert (intake.upload_of(ledger, "demo", "", mine.id).withdrawn, ledger.entries.size()) == (1, 2)


def test_evidence_is_an_attachment_for_who_may_see_it(house: House) -> None:
    """Attached once; never shown inside a page; another organisation finds nothing."""
    digest = sha256(PDF).hexdigest()
    with key_for(house, "org-a") as a, key_for(house, "org-b") as b:
        address = f"/api/v1/evidence?name=%E8%AF%81%E4%B9%A6.pdf&about=cert-1&sha256={digest}"
        made = a.post(address, content=PDF)
        assert (made.status_code, made.json()["sha256"], made.json()["supplier"]) == (201, digest, "org-a")
        assert a.post(address, content=PDF).status_code == 200
        assert a.post(address, content=PDF + b" ").json()["code"] == "evidence.hash"
        content = f"/api/v1/evidence/{made.json()['id']}/content"
        answer = a.get(content)
        assert (answer.content, answer.headers["content-type"]) == (PDF, "application/pdf")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert b.get(content).status_code == 404
        with house.client("owner") as owner, house.client("other") as other:
            assert owner.get(content).status_code == 200
            assert other.get(content).status_code == 404
        forged = made.json()
        record = {name: forged[name] for name in ("about", "bytes", "id", "media_type", "name", "sha256", "supplier")}
        record |= {"kind": "evidence_file", "occurred_at": "2026-01-01T00:00:00Z", "version": 1}
        (outcome,) = a.post("/api/v1/records", json=[record]).json()["rows"]
        assert outcome["problem"]["code"] == "record.made-by-ledger"


def test_cancelled_work_stops_and_a_silent_worker_is_told_of(house: House) -> None:
    """A job that waits longer than a worker may be silent says so; one that was stopped is not taken up again."""
    ledger = house.ledger
    sender = intake.Sender(ledger.settings.tenant, "", "owner", "admin", (), manages=True)
    house.app.state.runtime.intake.stop()  # from here on nobody works: this test is the module's last
    job = intake.open_upload(ledger, sender, "a.csv", 3)
    intake.take_part(ledger, job, 0, b"a,b")
    with house.client("owner") as client:
        assert not client.get(f"/api/v1/uploads/{job.id}").json()["stalled"]
        ledger.intake.change(job.tenant, job.id, lambda old: replace(old, beat_at=old.beat_at - intake.SILENT - 1))
        assert client.get(f"/api/v1/uploads/{job.id}").json()["stalled"]
        page = client.get(f"/intake/{job.id}", headers={"accept": "text/html", "accept-language": "zh-CN"})
        assert "后台处理没有响应" in page.text
        assert client.post(f"/api/v1/uploads/{job.id}/cancel").json()["stage"] == "cancelled"
        assert not intake_work.work(ledger, lambda: False)
        assert client.post(f"/api/v1/uploads/{job.id}/submit").status_code == 409
