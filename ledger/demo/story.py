"""
The demonstration, step by step through the real services: scheme, files, anchor, proof, footprints, award, labels.

Telling it again on the same ledger adds nothing: every step meets what it left the last time.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import msgspec

from labels import Job, Label, write_sheet
from ledger.adapters.asset_tables import PRODUCTS as PRODUCT_TABLE
from ledger.adapters.files import open_file, refused_xlsx
from ledger.adapters.master_data.places import FILE as PLACE_TABLE
from ledger.demo import tender
from ledger.demo.catalogue import PRODUCTS, SUPPLIERS
from ledger.demo.company import COMPANY
from ledger.demo.delivery import follow_award
from ledger.demo.files import DemoFiles, write_demo_data
from ledger.demo.life_story import tell_lives
from ledger.demo.lives import write_product_list
from ledger.demo.month import MONTH, YEAR
from ledger.demo.packaging import pack
from ledger.demo.places import HUB, write_place_list
from ledger.demo.reviews import verify_declared
from ledger.errors import LedgerError, Locale, ProofError
from ledger.footprint.product import ProductTotal
from ledger.footprint.route import RouteFootprint
from ledger.identity import parse
from ledger.log.proof import Proof, verify
from ledger.ports import StoredCheckpoint
from ledger.scoring.award import ScoreSheet, replay
from ledger.scoring.scheme import Scheme
from ledger.services.capture import Submission
from ledger.services.confirm_on_chain import confirm_on_chain
from ledger.services.footprints import all_products, all_routes
from ledger.services.import_file import ImportReport, Progress, import_file
from ledger.services.project import catch_up
from ledger.services.prove import prove
from ledger.services.targets import open_tasks, targets_of
from ledger.services.tender_desk import Desk
from ledger.services.tenders import publish_scheme, score_tender
from ledger.services.worker import settle
from ledger.units import shown
from ledger.wiring import Ledger

LABELS = 21
"""One A4 sheet."""
CHECKOUT_HOME = Path("var/demo")
"""Where ``dev.py`` keeps the demonstration's ledger."""
_ZERO = Fraction(0)
_NAMES = {product.identity: product for product in PRODUCTS}


class Teller(Protocol):
    """Who tells it: ``ledger.commands.Terminal``."""

    @property
    def locale(self) -> Locale:
        """The listener's language."""
        ...

    def say(self, en: str, zh: str) -> None:
        """A line."""
        ...

    def data(self, value: Any) -> None:
        """The result, when JSON was asked for."""
        ...

    def progress(self, en: str, zh: str) -> AbstractContextManager[Callable[[int, int], None]]:
        """A bar; the function takes (done, in all)."""
        ...


@dataclass(slots=True)
class Told:
    """What came of it."""

    reports: list[ImportReport] = field(default_factory=list)
    checkpoint: StoredCheckpoint | None = None
    checkpoints: int = 0
    routes: dict[str, RouteFootprint] = field(default_factory=dict)
    products: dict[str, ProductTotal] = field(default_factory=dict)
    sheet: ScoreSheet | None = None
    proof: dict[str, object] = field(default_factory=dict)
    lives: dict[str, object] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether everything that must hold did."""
        proof = self.proof
        confirmed = self.checkpoint is not None and self.checkpoint.state == "confirmed"
        return confirmed and proof.get("verdict") == 0 and proof.get("tampered_verdict") == 1


def tell(ledger: Ledger, teller: Teller) -> int:
    """The whole story; 0 when everything in it held."""
    told = Told()
    directory = ledger.settings.home / "demo-data"
    files = write_demo_data(directory)
    teller.say(
        f"Demonstration files of {files.records} records: {directory}",
        f"演示文件（{files.records} 条记录）：{directory}",
    )
    write_product_list(ledger.settings.home / PRODUCT_TABLE)
    write_place_list(ledger.settings.home / PLACE_TABLE)
    publish(ledger, files, teller)
    load(ledger, files, told, teller)
    packages(ledger, files, told, teller)
    anchor(ledger, told, teller)
    proved(ledger, told, teller)
    told.lives = tell_lives(ledger, teller)
    footprints(ledger, told, teller)
    aims(ledger, teller)
    award(ledger, told, teller)
    print_labels(ledger, told, teller)
    summary(ledger, told, teller)
    return 0 if told.holds else 1


def desk_of(ledger: Ledger) -> Desk:
    """Procurement's desk."""
    return Desk.of(ledger, ledger.settings.tenant, "procurement")


def publish(ledger: Ledger, files: DemoFiles, teller: Teller) -> None:
    """The scheme is recorded and anchored before any bid is."""
    scheme = Scheme.from_record(msgspec.json.decode(files.scheme.read_bytes()))
    publish_scheme(desk_of(ledger), scheme)
    with teller.progress("Opening the chain, anchoring the scheme", "启动区块链，锚定评分方案"):
        settle(ledger.worker())
    teller.say(
        f"Scheme {scheme.id} published and anchored before any bid (digest {scheme.digest()[:16]})",
        f"评分方案 {scheme.id} 已在开标前公布并上链（摘要 {scheme.digest()[:16]}）",
    )


def load(ledger: Ledger, files: DemoFiles, told: Told, teller: Teller) -> None:
    """Every file the way any user's file goes; each in the name of its party."""
    with teller.progress("Reading files", "读取文件") as progress:
        before = 0
        for path in (*files.tables, *files.lives, *files.company, files.bids):
            report = import_file(
                ledger,
                open_file(path),
                tenant=ledger.settings.tenant,
                submitter=submitter_of(path),
                progress=_onward(progress, before, files.records),
            )
            before += report.read
            told.reports.append(report)
    for report in told.reports:
        if report.refused_count:
            _say_refused(report, files.directory, told, teller)
    read, fresh, already = (sum(getattr(r, name) for r in told.reports) for name in ("read", "fresh", "already"))
    bad = sum(report.refused_count for report in told.reports)
    teller.say(
        f"{len(told.reports)} files, {read} rows: {fresh} recorded, {already} recorded before, {bad} refused",
        f"{len(told.reports)} 个文件，{read} 行：新入账 {fresh}，已在账 {already}，退回 {bad}",
    )


def packages(ledger: Ledger, files: DemoFiles, told: Told, teller: Teller) -> None:
    """What the month's goods were packed in, and how much of it is green by the house's rules."""
    found = pack(ledger, files.directory, f"{YEAR}-{MONTH:02}")
    told.reports.append(found.report)
    share = shown((found.share.by_count or _ZERO) * 100, 1)
    teller.say(
        f"Green packaging: {share} % of {found.share.pieces} pieces, by an example of rules"
        f" ({'above' if found.reached else 'not above'} {found.target} %)",
        f"绿色包装：{found.share.pieces} 件中 {share} %，依据示例规则"
        f"（{'高于' if found.reached else '未高于'} {found.target} %）",
    )


def _onward(progress: Callable[[int, int], None], before: int, total: int) -> Progress:
    """One bar over several files."""
    return lambda done, _in_all, _rate: progress(before + done, max(total, before + done))


def submitter_of(path: Path) -> str:
    """The party whose file this is, by the folder and number it is filed under."""
    match path.parent.name:
        case "suppliers":
            return SUPPLIERS[int(path.name.partition("-")[0]) - 1].zh
        case "carrier":
            return path.stem
        case "lives":
            return f"scanner {path.stem}"
        case "company":
            return COMPANY
        case "tender":
            return "procurement"
        case _:
            return f"warehouse {HUB.en}" if path.stem in {"hub", "meter", HUB.en.lower()} else f"scanner {path.stem}"


def _say_refused(report: ImportReport, directory: Path, told: Told, teller: Teller) -> None:
    for refused in report.refused:
        for fault in refused.faults:
            en, zh = fault.error.message("en"), fault.error.message("zh-CN")
            teller.say(f"  refused: {en}. {fault.error.fix('en')}", f"  退回：{zh}。{fault.error.fix('zh-CN')}")
    out = directory / f"refused-{Path(report.file).stem}.xlsx"
    out.write_bytes(refused_xlsx(report))
    told.files["refused"] = str(out)


def anchor(ledger: Ledger, told: Told, teller: Teller) -> None:
    """Close a checkpoint over everything, anchor it, wait until the chain confirms it."""
    with teller.progress("Closing and anchoring a checkpoint", "生成检查点并上链"):
        told.checkpoint = settle(ledger.worker())
    if told.checkpoint is not None:
        size, root = told.checkpoint.checkpoint.size, told.checkpoint.checkpoint.root.hex()
        receipt = told.checkpoint.receipt
        block = receipt.block_number if receipt else "-"
        teller.say(
            f"Checkpoint of {size} entries, root {root[:16]}…: {told.checkpoint.state} in block {block}",
            f"检查点：{size} 条条目，根 {root[:16]}…，已在区块 {block} 确认",
        )


def proved(ledger: Ledger, told: Told, teller: Teller) -> None:
    """One delivery's proof: written, verified offline and on chain; then one byte of it changed, and refused."""
    report = next(r for r in told.reports if "transport_leg" in r.kinds and r.entries)
    index = report.entries[0] if report.entries else 0
    proof = prove(ledger.entries, ledger.checkpoints, index)
    path, forged_path = ledger.settings.home / "demo-proof.json", ledger.settings.home / "demo-proof-forged.json"
    path.write_bytes(proof.to_bytes())
    forged_path.write_bytes(forged(proof).to_bytes())
    key = ledger.note_key.verifier
    verify(Proof.from_bytes(path.read_bytes()), key=key)
    confirm_on_chain(proof, ledger.chain)
    why = refusal(forged_path.read_bytes(), lambda found: verify(found, key=key))
    told.files |= {"proof": str(path), "forged_proof": str(forged_path)}
    told.proof = {
        "entry": index,
        "file": str(path),
        "verdict": 0,
        "size": proof.checkpoint.size,
        "tampered_verdict": 0 if why is None else 1,
        "tampered_code": why.code if why else "",
    }
    said = (why.message("en"), why.message("zh-CN")) if why else ("accepted", "被接受")
    teller.say(
        f"Proof of entry {index} holds, offline and on chain. With one digit of its mass changed: {said[0]}",
        f"第 {index} 号条目的证明成立（离线与链上）。改动其质量中的一位数字后：{said[1]}",
    )


def forged(proof: Proof) -> Proof:
    """The proof with one byte of its record changed: the first digit of the mass."""
    body = bytearray(proof.entry.body)
    at = body.index(b'"mass_g":') + len(b'"mass_g":')
    body[at] = ord("1") if body[at] != ord("1") else ord("2")
    entry = proof.entry
    changed = type(entry)(entry.index, entry.tenant, entry.recorded_at, entry.salt, bytes(body))
    return Proof(changed, proof.path, proof.checkpoint_note, proof.receipt_note)


def refusal(data: bytes, check: Callable[[Proof], None]) -> LedgerError | None:
    """Why a proof is refused, ``None`` when it is not."""
    try:
        check(Proof.from_bytes(data))
    except ProofError as error:
        return error
    return None


def footprints(ledger: Ledger, told: Told, teller: Teller) -> None:
    """Every route and every product."""
    sources = (ledger.projections, ledger.factors, ledger.settings.tenant)
    told.routes, told.products = all_routes(*sources), all_products(*sources)
    for name, route in told.routes.items():
        kg, intensity = shown(route.wtw, 1), shown((route.intensity or _ZERO) * 1000, 1)
        tkm = shown(route.tonne_km, 0)
        teller.say(
            f"  route {name}: {kg} kg CO2e, {tkm} t km, {intensity} g CO2e/(t km)",
            f"  线路 {name}：{kg} kg CO2e，{tkm} 吨公里，{intensity} g CO2e/吨公里",
        )
    for identity, product in told.products.items():
        known = _NAMES.get(identity)
        per = shown(product.per_unit, 3)
        en, zh = (known.en, known.zh) if known else (identity, identity)
        says = product.declared is not None and product.declared.verified_by is not None
        teller.say(
            f"  {en}: {per} kg CO2e a piece ({'stated as verified' if says else 'recorded, not verified'})",
            f"  {zh}：每件 {per} kg CO2e（{'声明已核查' if says else '已入账，未核查'}）",
        )


def aims(ledger: Ledger, teller: Teller) -> None:
    """Targets against their paths; a warning becomes a task of the unit responsible."""
    tenant = ledger.settings.tenant
    open_tasks(ledger, Submission(tenant, COMPANY))
    for one in targets_of(ledger, tenant).followed:
        for warned in one.warnings:
            teller.say(
                f"Target {one.target.id}, a task for {one.target.owner}: {warned.en}",
                f"目标 {one.target.id}，任务交 {one.target.owner}：{warned.zh}",
            )


def award(ledger: Ledger, told: Told, teller: Teller) -> None:
    """Score the bids; the sheet is recorded, anchored, and replays from what it holds."""
    verify_declared(ledger)
    told.sheet, _ = score_tender(desk_of(ledger), tender.TENDER)
    replay(told.sheet.to_record())
    catch_up(ledger.entries, ledger.projections)
    kept = follow_award(ledger).kept
    with teller.progress("Anchoring the score sheet", "锚定评分表"):
        told.checkpoint = settle(ledger.worker())
    told.checkpoints = len(ledger.checkpoints.all())
    for bidder, reasons in told.sheet.excluded.items():
        teller.say(
            f"  {bidder}: set aside, {'; '.join(r.en for r in reasons)}",
            f"  {bidder}：不予评分，{'；'.join(r.zh for r in reasons)}",
        )
    for row in ranking(told.sheet):
        teller.say(
            f"  {row['place']}. {row['bidder']}: {row['points']} points",
            f"  第 {row['place']} 名 {row['bidder']}：{row['points']} 分",
        )
    promised, measured = shown(kept.promised, 3), shown(kept.measured or _ZERO, 3)
    owed, units = shown(kept.owed or _ZERO, 2), shown(kept.units, 0)
    teller.say(
        f"Delivered of what was bought: {units} pieces at {measured} kg CO2e, promised {promised}; sanction {owed} CNY",
        f"采购数量内已到货 {units} 件，每件 {measured} kg CO2e，承诺 {promised}；违约金 {owed} 元",
    )


def ranking(sheet: ScoreSheet) -> list[dict[str, str]]:
    """Place, bidder, points as shown."""
    points = {total.bidder: total.shown for total in sheet.totals}
    return [{"place": str(rank.rank), "bidder": rank.bidder, "points": points[rank.bidder]} for rank in sheet.ranks]


def print_labels(ledger: Ledger, told: Told, teller: Teller) -> None:
    """A sheet of labels for the first cabinets."""
    product = next(p for p in PRODUCTS if p.serial == "giai")
    title = product.zh if teller.locale == "zh-CN" else product.en
    found = [Label(parse(product.piece(serial)), title, (f"GTIN {product.gtin}",)) for serial in range(1, LABELS + 1)]
    out = ledger.settings.home / "demo-labels.pdf"
    write_sheet(str(out), found, Job(ledger.settings.public_url, locale=teller.locale))
    told.files["labels"] = str(out)
    teller.say(f"{LABELS} labels: {out}", f"{LABELS} 枚标签：{out}")


def summary(ledger: Ledger, told: Told, teller: Teller) -> None:
    """What there is now, and what to open next."""
    found, settings = told.checkpoint, ledger.settings
    size, root = (found.checkpoint.size, found.checkpoint.root.hex()) if found else (0, "")
    in_checkout = settings.home == CHECKOUT_HOME
    ledger_at = f"{'.venv/bin/' if in_checkout else ''}ledger --home {settings.home}"
    serve = "python3 dev.py serve" if in_checkout else f"{ledger_at} serve"
    whole = shown(sum((route.wtw for route in told.routes.values()), start=_ZERO), 1)
    teller.say(
        f"{size} entries recorded and anchored in {told.checkpoints} checkpoints; transport and hubs {whole} kg CO2e.\n"
        f"Next: {serve}, then open {settings.public_url}\n"
        f"      {ledger_at} verify {told.files.get('proof')}",
        f"共 {size} 条条目入账，分 {told.checkpoints} 个检查点上链；运输与仓储合计 {whole} kg CO2e。\n"
        f"接下来：{serve}，然后打开 {settings.public_url}\n"
        f"        {ledger_at} verify {told.files.get('proof')}",
    )
    teller.data(
        {
            "records": sum(report.fresh + report.already for report in told.reports),
            "refused": sum(report.refused_count for report in told.reports),
            "entries": size,
            "checkpoints": told.checkpoints,
            "anchored": {"size": size, "root": root, "state": found.state if found else ""},
            "routes": {name: shown(route.wtw, 3) for name, route in told.routes.items()},
            "products": {name: shown(product.per_unit, 3) for name, product in told.products.items()},
            "ranking": ranking(told.sheet) if told.sheet else [],
            "winner": told.sheet.winner if told.sheet else None,
            "proof": told.proof,
            **told.lives,
            "files": told.files,
            "holds": told.holds,
        }
    )
