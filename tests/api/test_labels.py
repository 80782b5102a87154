"""The label desk through HTTP: lists with faults, jobs that run, files, reprint and void, tenants apart."""

from __future__ import annotations

import io
import re
import time
from typing import Any

import httpx
import pytest
from openpyxl import Workbook
from PIL import Image

from ledger.ports.labels import LabelOrder, OrderedLabel
from ledger.services.label_desk import LabelDesk, put_down
from ledger.services.print_labels import act_of
from tests.api.house import House
from tests.labels.samples import decoded

PAGE = {"accept": "text/html"}
CODES = "(8004)95211415678\t光网络终端\n(8004)9521141５６\n(01)09506000134352(21)A1\n(8004)95211415678"


def check(client: httpx.Client, **fields: Any) -> httpx.Response:
    files = fields.pop("files", None)
    return client.post("/labels", data={"source": "paste"} | fields, files=files, headers=PAGE)


def printed(client: httpx.Client, **fields: Any) -> str:
    """The address of a job that has run."""
    checked = check(client, **fields)
    token = re.search('name="token" value="([^"]+)"', checked.text)
    assert token, checked.text
    answer = client.post("/labels/jobs", data={"token": token[1]}, headers=PAGE)
    assert answer.status_code == 303
    return settled(client, answer.headers["location"])


def settled(client: httpx.Client, where: str) -> str:
    for _ in range(600):
        answer = client.get(where, headers=PAGE)
        if "<progress" not in answer.text:
            assert answer.status_code == 200, answer.text
            return where
        time.sleep(0.05)
    raise AssertionError(answer.text)


def test_a_pasted_list_shows_what_prints_and_what_is_wrong_where(house: House) -> None:
    """Two of four lines print; full-width digits and a repeated code are named with their row."""
    with house.client("owner") as client:
        text = check(client, codes=CODES, title="AAU").text
    assert "2 labels can be printed, 2 rows cannot" in text
    assert "row 2" in text
    assert "row 4" in text
    assert "in row 1 already" in text
    picture = re.search('data:image/png;base64,([^"]+)', text)
    assert picture
    import base64

    sheet = Image.open(io.BytesIO(base64.b64decode(picture[1]))).convert("L")
    assert sorted(decoded(sheet)) == sorted(
        f"{house.url}{path}" for path in ("/8004/95211415678", "/01/09506000134352/21/A1")
    )


def test_a_workbook_is_read_by_its_headings(house: House) -> None:
    """Columns stand in any order; a bad row comes back with file, sheet and row."""
    book = Workbook()
    sheet = book.active
    sheet.title = "台账"
    for row in (("名称", "站点", "资产编码"), ("机柜", "深圳", "(8004)95211419001"), ("机柜", "广州", "nonsense")):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    with house.client("warehouse") as client:
        text = check(client, source="file", files={"file": ("台账.xlsx", data.getvalue())}).text
    assert "1 labels can be printed, 1 rows cannot" in text
    assert "台账.xlsx" in text
    assert "row 3" in text


def test_a_job_runs_reads_back_and_can_be_fetched(house: House) -> None:
    """A serial range becomes a PDF whose first label is the first serial; the list and the entry know the job."""
    with house.client("owner") as client:
        where = printed(client, source="range", first="(01)09506000134352(21)0099", count="3", stock="ROLL-60x40")
        page = client.get(where, headers=PAGE).text
        assert "All 3 labels read back" in page
        file = client.get(f"{where}/1/file")
        assert file.headers["content-type"] == "application/pdf"
        assert file.content.startswith(b"%PDF")
        assert "attachment" in file.headers["content-disposition"]
        picture = Image.open(io.BytesIO(client.get(f"{where}/1/3.png").content)).convert("L")
        assert decoded(picture) == [f"{house.url}/01/09506000134352/21/0101"]
        assert client.get(f"{where}/1/4.png").status_code == 404
        assert client.get(f"{where}/2/file").status_code == 404
        assert where.rpartition("/")[2] in client.get("/labels/jobs", headers=PAGE).text
        entry = re.search('href="/entries/([0-9]+)"', page)
        assert entry
        record = client.get(f"/api/v1/entries/{entry[1]}").json()["record"]
        assert (record["kind"], record["action"], record["count"], record["verified"]) == ("label_print", "print", 3, 3)


def test_reprint_and_void_need_a_reason_and_show_in_the_story(house: House) -> None:
    """Label 2 is void, then printed again: three acts, none void in the end."""
    with house.client("owner") as client:
        where = printed(client, codes="(8004)95211417001\n(8004)95211417002")
        refused = client.post(f"{where}/void", data={"numbers": "2", "reason": " "})
        assert refused.status_code == 400
        assert client.post(f"{where}/void", data={"numbers": "3", "reason": "x"}).status_code >= 400
        assert client.post(f"{where}/void", data={"numbers": "2", "reason": "smudged"}).status_code == 303
        assert "smudged" in client.get(where, headers=PAGE).text
        assert (
            client.post(f"{where}/reprint", data={"numbers": "2", "reason": "smudged", "start": "4"}).status_code == 303
        )
        settled(client, where)
        page = client.get(where, headers=PAGE).text
        assert page.count("<strong>Reprint</strong>") == 1
        assert re.search(r"Void labels</dt><dd>none", page)


def test_a_label_that_does_not_read_is_shown_with_its_picture(house: House) -> None:
    """The report's faults stand in the story; such a job's verdict says not to use the file."""
    ledger = house.ledger
    desk = LabelDesk(
        ledger.entries, ledger.contents, ledger.press, ledger.printers, ledger.clock, ledger.random, "demo", "t"
    )
    labels = tuple(OrderedLabel(f"https://id.gs1.org/8004/952114188{i}", "AAU") for i in range(2))
    order = LabelOrder(labels=labels, domain="id.example.com.cn", stock="L7160")
    drawn = ledger.press.draw(order)
    import msgspec

    from ledger.ports.labels import LabelFault

    fault = LabelFault("missing", 2, 1, 2, "https://id.example.com.cn/8004/9521141881", "")
    bad = drawn._replace(report=msgspec.structs.replace(drawn.report, faults=(fault,)))
    put_down(desk, act_of(desk, bad, order, labels, job="bad"))
    with house.client("owner") as client:
        page = client.get("/labels/jobs/bad", headers=PAGE).text
    assert "1 labels do not read back" in page
    assert "/labels/jobs/bad/1/2.png" in page


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"codes": "(8004)95211415678", "stock": "own", "own": "2x2"}, 422),
        ({"codes": "(8004)95211415678", "start": "99"}, 422),
        ({"codes": "(8004)95211415678", "title": "𠮷"}, 422),
        ({"codes": "(8004)95211415678", "right": "lots"}, 422),
        ({"source": "range", "first": "abc", "count": "3"}, 422),
        ({"source": "range", "first": "(8004)952114199", "count": "20001"}, 422),
        ({"codes": "(8004)95211415678", "format": "zpl", "stock": "L7160"}, 422),
        ({"codes": ""}, 200),
        ({"source": "file"}, 200),
    ],
)
def test_what_cannot_be_drawn_comes_back_with_the_form(house: House, fields: dict[str, str], status: int) -> None:
    """Sizes, positions, missing glyphs, ranges and empty lists: the page says why, and nothing is staged."""
    with house.client("owner") as client:
        answer = check(client, **fields)
    assert answer.status_code == status
    assert 'name="token"' not in answer.text


def test_the_calibration_page_is_a_pdf_of_the_stock(house: House) -> None:
    """One page of the paper's size."""
    with house.client("owner") as client:
        answer = client.get("/labels/calibration?stock=L7651")
        assert answer.content.startswith(b"%PDF")
        assert client.get("/labels/calibration?stock=nothing").status_code >= 400


def test_jobs_orders_and_files_are_the_tenants_own(house: House) -> None:
    """Another tenant finds neither job nor file nor checked order."""
    with house.client("owner") as client, house.client("other") as other:
        where = printed(client, codes="(8004)95211418001")
        checked = check(client, codes="(8004)95211418002").text
        token = re.search('name="token" value="([^"]+)"', checked)
        assert token
        for path in (where, f"{where}/1/file", f"{where}/1/1.png"):
            assert other.get(path).status_code == 404
        assert other.post(f"{where}/void", data={"reason": "x"}).status_code == 404
        assert other.post("/labels/jobs", data={"token": token[1]}).status_code >= 400
        assert where.rpartition("/")[2] not in other.get("/labels/jobs", headers=PAGE).text


def test_a_print_that_fails_says_why_and_records_nothing(house: House) -> None:
    """The second page's label does not fit: known when it is drawn, shown on the job's page."""
    with house.client("owner") as client:
        lines = [f"(8004)9521141{9000 + i}" for i in range(21)] + ["https://s.example.cn/" + "W" * 100]
        checked = check(client, codes="\n".join(lines)).text
        token = re.search('name="token" value="([^"]+)"', checked)
        assert token
        before = house.ledger.entries.size()
        where = client.post("/labels/jobs", data={"token": token[1]}).headers["location"]
        for _ in range(200):
            answer = client.get(where, headers=PAGE)
            if "<progress" not in answer.text:
                break
            time.sleep(0.05)
        assert answer.status_code == 422
        assert "row 22" in answer.text
        assert house.ledger.entries.size() == before
