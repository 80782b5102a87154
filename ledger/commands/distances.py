"""distance: how far it is between two places, computed on this machine."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from fractions import Fraction

from ledger.adapters.clock import SystemClock
from ledger.adapters.distances import OfflineDistances
from ledger.adapters.master_data import PlaceTable
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.ports.distances import Measured
from ledger.services.measure_distance import BASES, MODES, measure
from ledger.settings import Settings
from ledger.units import shown


def _distance(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    distances = OfflineDistances(PlaceTable(settings.home).known)
    names = [options.start, *options.via, options.end]
    found = measure(distances, SystemClock(), options.mode, names, options.basis, unpublished=True)
    _tell(found.measured, terminal)
    terminal.data(found.to_record())
    return 0


def _tell(found: Measured, terminal: Terminal) -> None:
    for part in found.parts:
        km = _km(part.metres)
        terminal.say(
            f"{part.start.told()} → {part.end.told()}: {km} km", f"{part.start.told()} → {part.end.told()}：{km} 公里"
        )
    if len(found.parts) > 1:
        terminal.say(f"in all: {_km(found.metres)} km", f"合计：{_km(found.metres)} 公里")
    version = f"{found.version} ({found.data[:12]})" if found.data else found.version
    terminal.say(
        f"{found.basis.upper()}, {found.method}, version {version}",
        f"{found.basis.upper()}，{found.method}，版本 {version}",
    )
    if found.source:
        terminal.say(*2 * (found.source,))


def _km(metres: int) -> str:
    return shown(Fraction(metres, 1000), 3)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("start", metavar="FROM", help="name or code of a place / 地点名称或代码")
    parser.add_argument("end", metavar="TO", help="the same / 同上")
    parser.add_argument("--mode", choices=MODES, required=True, help="运输方式")
    parser.add_argument("--via", action="append", default=[], metavar="PLACE", help="a place on the way / 途经地点")
    parser.add_argument("--basis", choices=BASES, help="sfd, or gcd, the great circle / 口径：最短可行或大圆")


VERBS = {"distance": Verb(_distance, _arguments)}
