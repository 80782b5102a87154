"""Print jobs: what is drawn reads back as what was asked, in symbol and in text."""

from __future__ import annotations

import io
import re

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labels import GS1_DATAMATRIX, STOCKS, Job, Label, errors, verify_sheet, write_sheet
from labels.layout import L7160
from labels.stocks import L7651, PART, ROLL_40X30, ROLL_100X50
from ledger.errors import Place
from ledger.identity import errors as identity_errors
from ledger.identity import parse
from tests.labels.samples import DOMAIN, pdf_of, some_labels


@pytest.mark.parametrize("stock", [s for s in STOCKS if s is not PART], ids=lambda s: s.name)
def test_every_symbol_of_a_job_reads_back(stock):
    """On every kind of paper each label decodes, rendered at 150 dpi, to its own link in its own place."""
    labels = some_labels(stock.per_page + 4)
    job = Job(DOMAIN, stock, start=min(3, stock.per_page), offset=(50, -30))
    report = verify_sheet(pdf_of(labels, job), labels, job)
    assert report.faults == ()
    assert report.holds
    assert report.labels == len(labels)


@pytest.mark.parametrize("correction", ["L", "M", "Q", "H"])
def test_error_correction_is_as_asked(correction):
    """The level asked for is the level that reads back."""
    labels = some_labels(4)
    job = Job(DOMAIN, ROLL_100X50, correction=correction)
    assert verify_sheet(pdf_of(labels, job), labels, job).holds


def test_datamatrix_for_small_parts_reads_back():
    """A GS1 DataMatrix carries the element string with FNC1 (]d2)."""
    labels = [label for label in some_labels(20) if not label.identity.text.startswith("https://s.")]
    job = Job(DOMAIN, L7651, GS1_DATAMATRIX)
    assert verify_sheet(pdf_of(labels, job), labels, job).holds


def test_datamatrix_is_refused_where_it_cannot_tell_brackets():
    """A bracket inside a serial would read as another element, so the job is refused."""
    label = Label(parse("(01)09506000134352(21)A\\(10)B"), "AAU")
    with pytest.raises(errors.SymbolUnfit):
        write_sheet(io.BytesIO(), [label], Job(DOMAIN, L7160, GS1_DATAMATRIX))


def test_verification_catches_a_swapped_and_a_missing_label():
    """Two labels printed in each other's place, one not printed and one too many are each named."""
    labels, job = some_labels(6), Job(DOMAIN)
    swapped = [labels[1], labels[0], *labels[2:]]
    report = verify_sheet(pdf_of(labels, job), swapped, job)
    assert [(f.kind, f.number, f.place) for f in report.faults] == [("different", 1, 1), ("different", 2, 2)]
    assert not report.holds
    report = verify_sheet(pdf_of(labels[:5], job), labels, job)
    assert [(f.kind, f.number) for f in report.faults] == [("missing", 6)]
    report = verify_sheet(pdf_of(labels, job), labels[:5], job)
    assert [(f.kind, f.number, f.found) for f in report.faults] == [
        ("unexpected", None, f"https://{DOMAIN}/01/09506000134352/21/100000005")
    ]
    assert "第 1 页" in report.faults[0].text("zh-CN")
    assert "unexpected" in report.faults[0].text()


def test_verification_catches_another_error_correction():
    """The same links at a weaker level are not the job that was asked for."""
    labels = some_labels(3)
    report = verify_sheet(pdf_of(labels, Job(DOMAIN, correction="L")), labels, Job(DOMAIN, correction="Q"))
    assert {f.kind for f in report.faults} == {"different"}


def test_a_page_that_is_not_there_is_missing():
    """Labels of pages the file does not have are reported, not passed over."""
    labels, job = some_labels(3), Job(DOMAIN, ROLL_100X50)
    report = verify_sheet(pdf_of(labels[:2], job), labels, job)
    assert [(f.kind, f.number, f.page) for f in report.faults] == [("missing", 3, 3)]


def test_the_text_can_be_read_out_of_the_file():
    """Chinese names, lines, the code with brackets and the domain are text in the PDF, not pictures."""
    with pypdfium2.PdfDocument(pdf_of(some_labels(2), Job(DOMAIN, ROLL_100X50))) as document:
        text = document[0].get_textpage().get_text_range()
    for wanted in (
        "光网络终",
        "类别：光网络终端",
        "CO2e",
        "(01) 09506000134352 (21) 100000000",
        "序列号 100000000",
        DOMAIN,
    ):
        assert wanted in text


def test_the_font_is_embedded_and_no_other_is_used():
    """Every font of the file is a subset of the label font with its outlines inside."""
    data = pdf_of(some_labels(5), Job(DOMAIN))
    names = set(re.findall(rb"/BaseFont /([^ \n/]+)", data))
    assert names
    assert all(name.endswith(b"NotoSansSC-Medium") for name in names)
    assert data.count(b"/FontFile2") == len(names)


def test_captions_follow_the_language():
    """The caption of the serial is English in an English job."""
    with pypdfium2.PdfDocument(pdf_of(some_labels(1), Job(DOMAIN, ROLL_100X50, locale="en"))) as document:
        assert "Serial 100000000" in document[0].get_textpage().get_text_range()


def test_the_same_job_gives_the_same_bytes():
    """A job can be written again and compared."""
    labels, job = some_labels(25), Job(DOMAIN)
    assert pdf_of(labels, job) == pdf_of(labels, job)


@pytest.mark.parametrize(
    ("text", "refusal", "codepoint"),
    [
        ("𠮷野", errors.GlyphMissing, "U+20BB7"),
        ("電池 🔋", errors.GlyphMissing, None),
        ("سلام", errors.GlyphMissing, "U+0633"),
        ("abc\u202edef", errors.ControlCharacter, "U+202E"),
        ("零\u200b宽", errors.ControlCharacter, "U+200B"),
        ("两\n行", errors.ControlCharacter, "U+000A"),
        ("响铃\x07", errors.ControlCharacter, "U+0007"),
    ],
)
@pytest.mark.parametrize("where", ["title", "line"])
def test_a_character_that_would_vanish_or_mislead_refuses_the_job(text, refusal, codepoint, where, tmp_path):
    """Missing glyphs, direction marks and control characters are refused with the character and the label's number."""
    good = some_labels(1)[0]
    bad = Label(good.identity, *((text, ()) if where == "title" else ("好", (text,))))
    target = tmp_path / "job.pdf"
    with pytest.raises(refusal) as error:
        write_sheet(target, [good, bad], Job(DOMAIN))
    assert error.value.place == Place(row=2)
    assert codepoint in (None, error.value.codepoint)
    assert not target.exists()


def test_markup_is_just_text():
    """Angle brackets, backslashes and brackets of the PDF language are printed as themselves."""
    said = "<script>alert(1)</script> \\) Tj ET %>"
    label = Label(parse("(8004)95211415678"), "AAU", (said,))
    with pypdfium2.PdfDocument(pdf_of([label], Job(DOMAIN, ROLL_100X50))) as document:
        assert said in document[0].get_textpage().get_text_range()


def test_long_names_are_cut_and_codes_never():
    """A name too long for two lines ends in an ellipsis; the code stays whole, and a hopeless one is refused."""
    label = Label(parse("(01)09506000134352(21)WWWWWWWWWWWWWWWWWWWW"), "超长名称" * 40, ("长行" * 60,))
    with pypdfium2.PdfDocument(pdf_of([label], Job(DOMAIN))) as document:
        text = document[0].get_textpage().get_text_range()
    assert "…" in text
    assert "(01) 09506000134352 (21) WWWWWWWWWWWWWWWWWWWW" in text
    endless = Label(parse("https://s.example.cn/" + "W" * 60), "部件")
    with pytest.raises(errors.LabelError):
        write_sheet(io.BytesIO(), [endless], Job(DOMAIN, ROLL_40X30))


def test_a_symbol_below_the_smallest_module_is_refused():
    """Where the modules would be smaller than 0.396 mm nothing is printed."""
    label = some_labels(1)[0]
    with pytest.raises(errors.SymbolTooSmall) as refusal:
        write_sheet(io.BytesIO(), [label], Job("a-very-long-resolver-name.example.com.cn", L7651, correction="H"))
    assert refusal.value.least_mm == "0.396"
    assert float(refusal.value.x_mm) < 0.396


def test_more_lines_than_fit_are_refused():
    """Lines are not dropped in silence."""
    with pytest.raises(errors.TooManyLines) as refusal:
        write_sheet(io.BytesIO(), [Label(parse("(8004)95211415678"), "AAU", ("行",) * 30)], Job(DOMAIN))
    assert 0 < refusal.value.most < 30


def test_an_empty_job_and_a_bad_start_are_refused():
    """No labels, a place off the sheet, a wild offset and a bad domain are refused before anything is written."""
    with pytest.raises(errors.JobSize):
        write_sheet(io.BytesIO(), [], Job(DOMAIN))
    for start, offset in ((0, (0, 0)), (22, (0, 0)), (1, (2_001, 0))):
        with pytest.raises(errors.PositionOutside):
            Job(DOMAIN, start=start, offset=offset)
    with pytest.raises(identity_errors.DomainUnfit):
        Job("no domain")


def test_progress_counts_every_label_once():
    """The callback hears the running total after each page."""
    heard: list[int] = []
    write_sheet(io.BytesIO(), iter(some_labels(50)), Job(DOMAIN, start=20), heard.append)
    assert heard == [50]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text("!\"%&'*+,-./0123456789:;<=>?ABCXYZ_abcxyz()", min_size=1, max_size=20),
    st.text("一码到底碳账本光网络终端 ABCdef0123456789()（）CO2", max_size=60),
)
def test_any_serial_and_name_print_and_read_back(serial, name):
    """Whatever a serial may hold and whatever name fits the font, the symbol says exactly the identity."""
    from ledger.identity import SGTIN, made

    label = Label(made(SGTIN, "09506000134352", serial), name, (name[:10],))
    job = Job(DOMAIN, ROLL_100X50)
    assert verify_sheet(pdf_of([label], job), [label], job).holds
