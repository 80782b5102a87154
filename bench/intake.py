"""
A workbook of many rows with three bad ones: from the last part uploaded to every error shown, beside openpyxl alone.

Each measurement has a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from openpyxl import Workbook, load_workbook

from bench.table import Line, show
from ledger.adapters.files.forms import form_of
from ledger.services import intake
from ledger.settings import Settings
from ledger.wiring import open_ledger

BAD = 3
TARGET_SECONDS, TARGET_MB = 15, 500


def write(path: Path, rows: int) -> None:
    """Waybills; three of them, spread over the file, lack their distance."""
    form = form_of("transport_leg")
    assert form is not None
    book = Workbook(write_only=True)
    sheet = book.create_sheet("运单")
    sheet.append([f"{one.zh}（{one.bracket_zh}）" if one.bracket_zh else one.zh for one in form.columns])
    distance = next(at for at, one in enumerate(form.columns) if one.key == "distance")
    bad = {rows * part // (BAD + 1) for part in range(1, BAD + 1)}
    for number in range(rows):
        cells = [f"YD-{number}", *(one.example for one in form.columns[1:])]
        if number in bad:
            cells[distance] = ""
        sheet.append(cells)
    book.save(path)


def openpyxl_alone(path: Path) -> dict[str, Any]:
    """Every cell read, nothing done with it."""
    began = perf_counter()
    rows = sum(1 for _ in load_workbook(path, read_only=True).active.iter_rows(values_only=True))
    return {"rows": rows, "seconds": perf_counter() - began}


def ours(path: Path) -> dict[str, Any]:
    """Upload, check with all errors readable, submission; each timed."""
    from api import intake_work
    from api.intake_views import refused_page

    with tempfile.TemporaryDirectory(prefix="onecode-bench-") as home, open_ledger(Settings(home=Path(home))) as ledger:
        data = path.read_bytes()
        sender = intake.Sender(ledger.settings.tenant, "", "owner", "admin", (), manages=True)
        job = intake.open_upload(ledger, sender, path.name, len(data))
        while job.received < job.size:
            part = data[job.received : job.received + intake.PART]
            job = intake.take_part(ledger, job, job.received, part)
        began, spent = perf_counter(), process_time()
        assert intake_work.work(ledger, lambda: False)
        job = intake.upload_of(ledger, job.tenant, "", job.id)
        errors = refused_page(ledger, job, 0, 100, "zh-CN")
        checked, worked = perf_counter(), process_time() - spent
        assert len(errors.rows) == job.refused == BAD, job
        intake.submit(ledger, job)
        assert intake_work.work(ledger, lambda: False)
        done = perf_counter()
        assert ledger.entries.size() == job.good
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return {
            "rows": job.read,
            "seconds": checked - began,
            "processor_seconds": worked,
            "submit_seconds": done - checked,
            "peak_mb": peak,
        }


def measure(rows: int) -> list[dict[str, Any]]:
    """The figures of one file."""
    with tempfile.TemporaryDirectory(prefix="onecode-bench-") as temporary:
        path = Path(temporary) / "waybills.xlsx"
        write(path, rows)
        theirs, found = (_isolated(name, path) for name in ("openpyxl", "ours"))
    ratio = theirs["seconds"] / found["seconds"]
    limit = TARGET_SECONDS * rows / 100_000
    title = f"upload of {rows:,} rows, {BAD} bad"
    lines = [
        Line("whole to all errors shown", found["seconds"], "s", f"< {limit:g}", reached=found["seconds"] < limit),
        Line("of it, processor time", found["processor_seconds"], "s"),
        Line("openpyxl alone, cells read", theirs["seconds"], "s", f"{ratio:.1f}x of ours"),
        Line("good rows submitted", found["submit_seconds"], "s"),
        Line("peak memory", found["peak_mb"], "MB", f"< {TARGET_MB}", reached=found["peak_mb"] < TARGET_MB),
    ]
    show(title, lines)
    return [{"ours": found, "openpyxl": theirs, "ratio": ratio}]


def _isolated(what: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.intake", what, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    print(json.dumps({"openpyxl": openpyxl_alone, "ours": ours}[sys.argv[1]](Path(sys.argv[2]))))
