"""The two lives, told line by line from the projection, and the figures that they and the month add up to."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from ledger.demo.lives import ASSETS
from ledger.demo.places import CHENGDU, DESTINATIONS, GUANGZHOU, HANGZHOU, HEFEI, HUB, SHENZHEN, SUZHOU, WUHAN, XIAN
from ledger.lifecycle.kpi import IDLE_AFTER, total
from ledger.lifecycle.lives import NEVER
from ledger.ports import HistoryRow
from ledger.records.record import microseconds
from ledger.services.assets import figures
from ledger.units import shown
from ledger.wiring import Ledger

_ORIGINS = (WUHAN, SHENZHEN, SUZHOU, CHENGDU, XIAN, HANGZHOU, HEFEI, GUANGZHOU)
_CITIES = {city.gln: city for city in (HUB, *(city for city, _ in DESTINATIONS), *(o.city for o in _ORIGINS))}
_FLAGS = {
    "cloned-tag": ("one code answered with two chips", "同一编码出现在两枚芯片上"),
    "after-end": ("an event after the end of its life", "终止后又出现的事件"),
    "illegal-transition": ("a stage that cannot follow", "不合规的阶段变化"),
    "double-location": ("two places at once", "同时在两地"),
}


class Hearer(Protocol):
    """What this needs of ``story.Teller``."""

    def say(self, en: str, zh: str) -> None:
        """A line."""
        ...

    def progress(self, en: str, zh: str) -> AbstractContextManager[Any]:
        """A bar."""
        ...


def tell_lives(ledger: Ledger, teller: Hearer) -> dict[str, object]:
    """Each life in one line, what was flagged, and the figures; as values for the summary too."""
    store, tenant = ledger.lifecycles, ledger.settings.tenant
    lives: dict[str, object] = {}
    with teller.progress("Telling the lives", "讲述资产生命历程") as step:
        for done, (code, en, zh) in enumerate(ASSETS, 1):
            found, rows = store.asset(tenant, code), store.history(tenant, code)
            step(done, len(ASSETS))
            if found is None:
                continue
            life, flagged = found.life, store.anomalies(tenant, code)
            teller.say(f"  {en}: {_line(rows, zh=False)}", f"  {zh}：{_line(rows, zh=True)}")
            for one in flagged:
                told = _FLAGS.get(one.code, (one.code, one.code))
                teller.say(
                    f"    flagged, not refused: {told[0]} (entries {one.other} and {one.seq})",
                    f"    标记而不拒绝：{told[1]}（条目 {one.other} 与 {one.seq}）",
                )
            voided = sum(row.voided for row in rows)
            if voided:
                teller.say(
                    f"    {voided} scan declared an error and left out", f"    {voided} 次扫码已声明有误，不计入状态"
                )
            lives[code] = {
                "stage": life.stage,
                "place": life.place,
                "parent": life.parent,
                "events": len(rows),
                "voided": voided,
                "anomalies": [one.code for one in flagged],
                "aliases": [alias.code for alias in store.aliases(tenant, code)],
                "dismantled": life.dismantled,
                "reused": life.reused,
                "mass_g": life.mass_g,
                "in_stock": life.stock_at != NEVER,
            }
    return {"lives": lives, "kpis": _figures(ledger, teller)}


def _line(rows: list[HistoryRow], *, zh: bool) -> str:
    """Steps with their places; steps at one place are drawn together."""
    parts: list[tuple[str, list[str]]] = []
    for row in rows:
        event = row.event
        if row.voided or event.voids:
            continue
        city = _CITIES.get(event.place)
        place = (city.zh if zh else city.en) if city else "?"
        word = _WORDS.get(event.step, event.step) if zh else event.step.replace("_", " ")
        word = word or ("裁切" if zh else "cutting")
        if parts and parts[-1][0] == place:
            parts[-1][1].append(word)
        else:
            parts.append((place, [word]))
    return (" → " if not zh else "→").join(f"{place} ({', '.join(words)})" for place, words in parts)


_WORDS = {
    "encoding": "写码", "commissioning": "赋码", "packing": "装箱", "shipping": "发运", "receiving": "收货",
    "unpacking": "拆箱", "storing": "入库", "tagging": "加贴编码", "installing": "安装", "repairing": "维修",
    "removing": "拆除", "refurbishing": "翻新", "cycle_counting": "盘点",
}  # fmt: skip


def _figures(ledger: Ledger, teller: Hearer) -> dict[str, object]:
    now = microseconds(ledger.clock.now())
    whole = total(figures(ledger.lifecycles, ledger.assets, ledger.settings.tenant, now))
    shares = {
        "tagged_share": whole.tagged_share,
        "reuse_by_count": whole.reuse_by_count,
        "reuse_by_mass": whole.reuse_by_mass,
        "idle_ratio": whole.idle_ratio(),
    }
    said = {name: "-" if value is None else f"{shown(value * 100, 1)} %" for name, value in shares.items()}
    teller.say(
        f"  {whole.assets} assets; reused of dismantled {whole.reused}/{whole.dismantled} = {said['reuse_by_count']} "
        f"({said['reuse_by_mass']} by mass); stock idle for {IDLE_AFTER} days or more {said['idle_ratio']} by value",
        f"  共 {whole.assets} 件资产；拆旧再利用 {whole.reused}/{whole.dismantled} = {said['reuse_by_count']}"
        f"（按质量 {said['reuse_by_mass']}）；库存超过 {IDLE_AFTER} 天的闲置占比 {said['idle_ratio']}（按价值）",
    )
    exact = {
        name: None if value is None else f"{value.numerator}/{value.denominator}" for name, value in shares.items()
    }
    return {"assets": whole.assets, "dismantled": whole.dismantled, "reused": whole.reused, **exact}
