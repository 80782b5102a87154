"""
Label sheets: ours against the obvious way, in the same run: qrcode for the matrix, reportlab for every square and line.

    .venv/bin/python -m bench labels
"""

from __future__ import annotations

import os
from io import BytesIO
from time import perf_counter
from typing import Any

from bench.table import Line, show
from labels import Job, Label, verify_sheet, write_sheet
from labels.fonts import FILE
from labels.stocks import ROLL_60X40
from labels.zpl import zpl_formats
from ledger.identity import parse

COUNT, OBVIOUS, ROLL = 10_000, 200, 200
DOMAIN = "id.example.com.cn"
LINES = ("类别：光网络终端", "站点：深圳龙岗 3 号机房", "碳足迹 12.4 kg CO2e")
PDF_SECONDS, PDF_MB, READ_SECONDS = 4.0, 5.0, 20.0


def measure() -> list[dict[str, Any]]:
    """Rates of drawing and reading, and how they compare."""
    labels = [
        Label(parse(f"(8004)9521141{100_000 + i}"), "华为 GPON 光网络终端 ONU HG8145X6", LINES) for i in range(COUNT)
    ]
    job, workers = Job(DOMAIN), max(1, min(os.cpu_count() or 1, 4))
    obvious = OBVIOUS / timed(lambda: the_obvious_way(labels[:OBVIOUS]))
    out = BytesIO()
    alone = timed(lambda: write_sheet(BytesIO(), labels, job))
    drawn = timed(lambda: write_sheet(out, labels, job, workers=workers))
    pdf = out.getvalue()
    began = perf_counter()
    report = verify_sheet(pdf, labels, job, workers=workers)
    read = perf_counter() - began
    roll = ROLL / timed(lambda: list(zpl_formats(labels[:ROLL], Job(DOMAIN, ROLL_60X40))))
    assert report.holds
    megabytes = len(pdf) / 1e6
    ratio = f"{COUNT / drawn / obvious:.0f}x the obvious way ({obvious:,.0f} labels/s)"
    show(
        f"{COUNT:,} labels, QR and three Chinese lines, on L7160",
        [
            Line(
                f"drawn, {workers} processes", drawn, "s", f"< {PDF_SECONDS:.0f}; {ratio}", reached=drawn < PDF_SECONDS
            ),
            Line("drawn, one process", alone, "s", f"{COUNT / alone:,.0f} labels/s"),
            Line("size", megabytes, "MB", f"< {PDF_MB:.0f}", reached=megabytes < PDF_MB),
            Line("every label decoded", read, "s", f"< {READ_SECONDS:.0f}", reached=read < READ_SECONDS),
            Line("ZPL on ROLL-60x40, one process", roll, "labels/s"),
        ],
    )
    return [{"obvious_rate": obvious, "seconds": drawn, "alone_seconds": alone, "mb": megabytes, "read_seconds": read}]


def timed(work: Any) -> float:
    """Seconds of one run."""
    began = perf_counter()
    work()
    return perf_counter() - began


def the_obvious_way(labels: list[Label]) -> bytes:
    """One symbol at a time, one rectangle a dark module, one string a line, by the libraries' own examples."""
    import qrcode
    from reportlab.lib.units import mm
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(TTFont("labels", str(FILE)))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(210 * mm, 297 * mm))
    for number, label in enumerate(labels):
        place = number % 21
        if number and not place:
            canvas.showPage()
        x, y = (7.25 + place % 3 * 66.04) * mm, (281.85 - (place // 3 + 1) * 38.1) * mm
        code = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
        code.add_data(label.identity.digital_link(DOMAIN))
        code.make(fit=True)
        matrix = code.get_matrix()
        for row, cells in enumerate(matrix):
            for column, dark in enumerate(cells):
                if dark:
                    side = 0.5 * mm
                    canvas.rect(x + 3 * mm + column * side, y + 30 * mm - row * side, side, side, stroke=0, fill=1)
        canvas.setFont("labels", 7)
        for at, line in enumerate((label.title, *label.lines)):
            canvas.drawString(x + 24 * mm, y + (30 - 4 * at) * mm, line)
        canvas.drawString(x + 3 * mm, y + 3 * mm, label.identity.element_string())
    canvas.save()
    return out.getvalue()
