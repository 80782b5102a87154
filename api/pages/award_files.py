"""An award as files: everything of the tender's page as a report to print and as tables to compute again from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from html import unescape

from api.pages.catalogue import Translate
from api.pages.report_views import Line, Part, ReportView
from api.pages.tender_card_views import CardPage
from api.pages.tender_views import AmountView, CriterionView, FootprintRow, RankRow, TenderView
from ledger.adapters.files.written_table import WrittenTable
from ledger.footprint.amount import exact_text
from ledger.scoring.award import ScoreSheet


def award_report(view: TenderView, card: CardPage | None, made: date, t: Translate, back: str) -> ReportView:
    """The award in the order of the steps, what it rests on, and its robustness card where there is one."""

    def say(key: str, /, **values: object) -> str:
        return unescape(t(key, **values))

    return ReportView(
        kind="tender",
        id=view.id,
        name=view.title,
        title=say("award.title"),
        lead=say("award.lead"),
        made=say("report.made", day=made.isoformat()),
        tally=say("award.tally", bids=len(view.gates), ranked=len(view.ranks)),
        warning="" if view.winner else say("tender.no-winner"),
        chart="",
        bars=[],
        parts=[part for part in _parts(view, card, say) if part.lines],
        none_stated=say("award.none"),
        back=back,
    )


def _parts(view: TenderView, card: CardPage | None, say: Translate) -> Iterator[Part]:
    yield Part(
        say("tender.sheet"),
        [Line(f"{r.rank}. {r.bidder}", _rank(r, say)) for r in view.ranks],
    )
    passed = (say("tender.set-aside"), say("tender.passed"))
    yield Part(say("tender.gates"), [Line(g.bidder, [passed[g.passed], *g.reasons]) for g in view.gates])
    yield Part(say("tender.footprints"), [Line(one.bidder, _footprint(one, say)) for one in view.footprints])
    yield Part(say("own.title"), [Line(row.bidder, [row.text]) for row in view.own])
    for amount in view.amounts:
        yield Part(f"{say('tender.amounts')}: {amount.title} [{amount.unit}]", list(_amount(amount, say)))
    for criterion in view.criteria:
        points = say("tender.points-of", points=criterion.weight)
        yield Part(f"{criterion.title} · {points}", list(_criterion(criterion, say)))
    order = Line(say("tender.ties.order"), [" → ".join(view.tie_break)])
    yield Part(say("tender.ties"), [order, Line(say("tender.ties"), view.tie_log or [say("tender.no-ties")])])
    yield Part(say("tender.firm"), list(_firm(view, say)))
    if card:
        yield Part(say("card.title"), list(_card(card, say)))
    yield Part(say("tender.notes"), [Line(note.bidder, [note.text]) for note in view.notes])
    entries = [Line(label, [say("entry.title", index=index)]) for label, index in view.entries]
    yield Part(say("tender.replay"), [Line(say("tender.digest"), [view.scheme_digest]), *entries])


def _rank(row: RankRow, say: Translate) -> list[str]:
    total = say("tender.points-of", points=row.total)
    return [total] if row.decided_by == "–" else [total, f"{say('tender.decided-by')}: {row.decided_by}"]


def _footprint(one: FootprintRow, say: Translate) -> list[str]:
    declared = f"{say('tender.footprint.declared')}: {one.declared}"
    scored = f"{say('tender.footprint.scored')}: {one.scored} = {one.working}"
    return [f"{one.status} {one.why}".strip(), declared, scored, *([one.evidence] if one.evidence else [])]


def _amount(amount: AmountView, say: Translate) -> Iterator[Line]:
    yield Line(say("tender.formula"), [amount.rule, amount.algebra, amount.source])
    if amount.warning:
        yield Line(say("tender.warning"), [amount.warning])
    for figure in amount.figures:
        yield Line(figure.bidder, [f"{figure.value} = {figure.working}"])


def _criterion(criterion: CriterionView, say: Translate) -> Iterator[Line]:
    yield Line(say("tender.formula"), [criterion.formula, criterion.algebra, criterion.source])
    if criterion.warning:
        yield Line(say("tender.warning"), [criterion.warning])
    for cell in criterion.cells:
        exact = f" ({cell.exact})" if cell.exact else ""
        said = f"{say('tender.input')}: {cell.input} {criterion.unit}"
        yield Line(cell.bidder, [said, f"{cell.working} → {cell.shown}{exact} {say('tender.points')}"])


def _firm(view: TenderView, say: Translate) -> Iterator[Line]:
    """How firm the award is: information beside it."""
    if view.flip:
        why = say("tender.flip.why", first=view.flip.first, second=view.flip.second, cheaper=view.flip.cheaper)
        yield Line(say("tender.flip"), [view.flip.price, why])
    else:
        yield Line(say("tender.flip"), [say("tender.flip.none")])
    if view.weight:
        weight = view.weight
        values = {"criterion": weight.criterion, "change": weight.change, "name": weight.challenger}
        yield Line(say("tender.weight"), [say("tender.weight.change", **values)])
    yield Line(say("tender.left-out"), view.spoilers or [say("tender.left-out.none")])


def _card(card: CardPage, say: Translate) -> Iterator[Line]:
    firm = say("card.firm", name=card.winner, firsts=card.bids[0].firsts, wins=card.bids[0].wins)
    yield Line(say("card.title"), [say("card.beside"), firm])
    for row in card.bids:
        said = [f"{say('card.firsts')}: {row.firsts}", f"{say('card.wins')}: {row.wins}"]
        yield Line(row.bidder, [*said, f"{say('card.without')}: {row.without}"])
    if card.shift:
        moves = [f"{row.criterion}: {row.before} → {row.after}" for row in card.shift.rows if row.before != row.after]
        yield Line(say("card.shift"), [say("card.shift.why", size=card.shift.size, name=card.shift.challenger), *moves])
    else:
        yield Line(say("card.shift"), [say("card.shift.none")])
    drawn = [f"{word} {share}" for word, share in card.uncertainty]
    yield Line(
        say("card.again"),
        [
            say("card.ranks.lead", samples=card.samples),
            " ".join([say("card.wins.note", variations=card.variations), ", ".join(drawn)]),
            f"{say('card.seed')}: {card.seed}",
            say("entry.title", index=card.entry),
        ],
    )


def card_table(card: CardPage, t: Translate) -> WrittenTable:
    """How often each bid took each rank, in the award's order, with its shares and who would win without it."""
    ranks = tuple(f"{t('tender.rank')} {place}" for place in range(1, len(card.bids) + 1))
    return WrittenTable(
        t("card.title"),
        (t("tender.bidder"), t("card.wins"), t("card.without"), *ranks),
        [(row.bidder, row.wins, row.without, *row.counts) for row in card.bids],
    )


def award_tables(sheet: ScoreSheet, view: TenderView, t: Translate) -> list[WrittenTable]:
    """The same as tables: each cell of the sheet with input, working, and points as a number and exact as text."""
    bidder, working, exact = t("tender.bidder"), t("tender.working"), t("award.exact")
    titles = {c.key: shown.title for c, shown in zip(sheet.scheme.criteria, view.criteria, strict=True)}
    totals = {total.bidder: total for total in sheet.totals}
    passed = (t("tender.set-aside"), t("tender.passed"))
    return [
        WrittenTable(
            t("tender.sheet"),
            (t("tender.rank"), bidder, t("tender.total"), exact, t("tender.decided-by")),
            [
                (r.rank, r.bidder, totals[r.bidder].points, exact_text(totals[r.bidder].points), r.decided_by)
                for r in view.ranks
            ],
        ),
        WrittenTable(
            t("tender.cells"),
            (bidder, t("bid.criterion"), t("tender.input"), working, t("tender.points"), exact),
            [
                (c.bidder, titles[c.criterion], exact_text(c.input), c.working, c.points, exact_text(c.points))
                for c in sheet.cells
            ],
        ),
        WrittenTable(
            t("tender.gates"),
            (bidder, t("tender.outcome"), t("tender.reasons")),
            [(g.bidder, passed[g.passed], "\n".join(g.reasons)) for g in view.gates],
        ),
        WrittenTable(
            t("tender.footprints"),
            (
                bidder,
                t("tender.footprint.declared"),
                t("tender.footprint.at-closing"),
                t("tender.footprint.scored"),
                working,
            ),
            [(f.bidder, f.declared, f"{f.status} {f.why}".strip(), f.scored, f.working) for f in view.footprints],
        ),
        WrittenTable(
            t("tender.formula"),
            (
                t("bid.criterion"),
                t("tender.points"),
                t("tender.formula"),
                t("award.algebra"),
                t("award.source"),
                t("tender.warning"),
            ),
            [(c.title, c.weight, c.formula, c.algebra, c.source, c.warning) for c in view.criteria]
            + [(a.title, "", a.rule, a.algebra, a.source, a.warning) for a in view.amounts],
        ),
        WrittenTable(
            t("tender.replay"),
            (t("award.item"), t("award.value")),
            [(t("tender.digest"), view.scheme_digest), *((label, index) for label, index in view.entries)],
        ),
    ]
