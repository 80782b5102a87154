"""Labels that several tests print, and reading a picture as a scanner does."""

from __future__ import annotations

import io
from typing import Any

import zxingcpp

from labels import Job, Label, write_sheet
from ledger.identity import parse

DOMAIN = "id.example.com.cn"
LINES = ("类别：光网络终端", "站点：深圳龙岗 3 号机房", "碳足迹 12.4 kg CO2e")


def some_labels(count: int) -> list[Label]:
    """Products, own assets, shipping units and a supplier's own address, by turns."""
    kinds = (
        lambda i: Label(parse(f"(01)09506000134352(21){100_000_000 + i}"), "华为 GPON 光网络终端 ONU HG8145X6", LINES),
        lambda i: Label(parse(f"(8004)9521141{5678 + i}"), "磷酸铁锂电池组 48V 100Ah（含电池管理系统）", LINES[:2]),
        lambda i: Label(parse(f"(01)70614141123451(21)32a/b{i}"), "AAU", LINES[:1]),
        lambda i: Label(parse("(00)106141412345678908"), "整托盘"),
        lambda i: Label(parse(f"https://s.example.cn/p/{i}"), "自有编号部件", LINES[:1]),
    )
    return [kinds[i % len(kinds)](i) for i in range(count)]


def links_of(labels: list[Label], job: Job) -> list[str]:
    """What a phone reads from each."""
    return [job.symbology.content(label.identity, job.domain) for label in labels]


def pdf_of(labels: list[Label], job: Job) -> bytes:
    """The job's file."""
    file = io.BytesIO()
    written = write_sheet(file, labels, job)
    assert written.labels == len(labels)
    return file.getvalue()


def decoded(picture: Any) -> list[str]:
    """Texts of all codes on a picture, from the top."""
    codes = zxingcpp.read_barcodes(picture)
    return [code.text for code in sorted(codes, key=lambda c: (c.position.top_left.y, c.position.top_left.x))]
