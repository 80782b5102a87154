"""Assessments of one supplier for the pages: one scored, with corrective actions, one that waits for its score."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

from ledger.programme.example_assessment import NAME, example
from ledger.records.assessment import Answer, Mark, assessment_id
from ledger.records.assessment_scheme import scheme_id
from ledger.services.assessments import Opened, assessment_seen, open_assessment, publish, take_step
from ledger.services.capture import Submission
from ledger.services.evidence_files import Upload, attach
from ledger.services.pcf_requests import Party
from ledger.services.project import catch_up
from ledger.wiring import Ledger

ASSESSED = assessment_id("anhe", scheme_id(NAME, 1), date(2025, 1, 1))
"""An assessment that was scored, with corrective actions."""
TO_SCORE = assessment_id("anhe", scheme_id(NAME, 1), date(2026, 1, 1))
"""One that waits for its score, with answers to every question."""


def assess(ledger: Ledger) -> None:
    """Two years of one supplier: scored with corrective actions open and shown, and answered."""
    now, house = ledger.clock.now(), Party(ledger.settings.tenant, "采购部")
    supplier = Party(house.tenant, "陈", "anhe", sees_all=False)
    scheme = example(now)
    publish(ledger, house, scheme)
    pdf = b"%PDF-1.4\n% an example\n%%EOF\n"
    for year in (2025, 2026):
        opened = Opened(
            supplier.organisation, scheme.id, date(year, 1, 1), date(year, 12, 31), now.date() + timedelta(days=40)
        )
        made, _ = open_assessment(ledger, house, opened)
        upload = Upload("2025 年度碳排放报告 emissions report.pdf", pdf, made.id)
        file, _ = attach(ledger, Submission(house.tenant, "陈"), supplier.organisation, upload)
        catch_up(ledger.entries, ledger.projections)
        answers = tuple(
            Answer(
                certificates=("supplier-certificate:0", "supplier-certificate:1") if one.needs == "certificate" else (),
                evidence=(file.sha256,) if one.needs == "file" and one.key not in {"recycling", "third-party"} else (),
                points=(100, 75, 50, 75)[number % 4],
                question=one.key,
                words="纸箱替代木箱，单套减重 12% lighter boxes instead of crates" if one.key == "packaging" else None,
            )
            for number, one in enumerate(scheme.questions.values())
        )
        take_step(ledger, supplier, made.id, "answered", answers=answers)
    shown = {"iso-14001": 100, "iso-45001": 100, "energy": 75, "manufacturing": 50, "packaging": 75, "company": 75}
    marks = tuple(
        Mark(
            points=shown.get(key, 0),
            question=key,
            reason="证据与所述相符 as stated" if key in shown else "无有效证据 nothing shows it",
        )
        for key in scheme.questions
    )
    judged = assessment_seen(ledger, house, ASSESSED).steps[-1][1].id
    take_step(ledger, house, ASSESSED, "scored", judged=judged, marks=marks)
    for question, words in (
        ("logistics", "提交配送线路方案 hand in the plan of routes"),
        ("recycling", "说明回收渠道 state how goods return"),
    ):
        due = now.date() + timedelta(days=30)
        take_step(ledger, house, ASSESSED, "action_asked", question=question, due=due, words=words)
    shows = {"action": "action-1", "evidence": (sha256(pdf).hexdigest(),), "words": "线路方案见附件 attached"}
    take_step(ledger, supplier, ASSESSED, "action_answered", **shows)
