"""
Boxes in the hold of a vehicle: where each lies, what each axle carries, and how full it is by mass and by cube.

packvium searches (whole-number geometry, counted effort instead of a clock, so that a load comes out again). What it
found is checked and counted here: nothing overlaps or sticks out, nothing hangs in the air, and axle loads follow from
moments about the axles, as fractions. x runs from the front wall to the door, y across, z up; millimetres and grams.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, permutations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.errors import Place, PlanningError
from ledger.planning.errors import AmountImpossible, BoxLeftOut, NothingToPlan
from ledger.planning.installed import needed
from ledger.planning.refusal import Refusal
from ledger.units import Grams

if TYPE_CHECKING:
    from packvium import Container, Item, PackingConfig, PackingResult

EFFORT: Final = 20_000
"""Places tried at most for one load."""
SUPPORTED: Final = Fraction(3, 4)
"""Of its base, what a box has to rest on."""
_TICKS: Final = 16_000
"""The library's unit of length, in a millimetre."""
_NOTHING: Final = Grams(0)
_LONG: Final = 600_000
"""[ms] A limit of time that the effort is to reach first."""


class Axle(NamedTuple):
    """``at`` [mm] from the front wall of the hold; ``most_g`` what it may carry of goods and ``tare``."""

    at: int
    most_g: Grams | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Inside measures [mm]; the tare rests at the middle of the length."""

    name: str
    length: int
    width: int
    height: int
    capacity_g: Grams
    tare_g: Grams = _NOTHING
    axles: tuple[Axle, Axle] | None = None

    def __post_init__(self) -> None:
        least = min(self.length, self.width, self.height, self.capacity_g)
        if least < 1:
            raise AmountImpossible(what="measure", name=self.name, value=str(least), rule=">= 1")
        if self.axles and not 0 <= self.axles[0].at < self.axles[1].at <= self.length:
            at = f"{self.axles[0].at}, {self.axles[1].at}"
            raise AmountImpossible(
                what="axles [mm]", name=self.name, value=at, rule=f"0 .. {self.length}, front < rear"
            )

    @property
    def volume(self) -> int:
        """[mm3]"""
        return self.length * self.width * self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """``count`` equal boxes [mm, g each] for the stop number ``stop``, the first stop being 1."""

    name: str
    length: int
    width: int
    height: int
    mass_g: Grams
    count: int = 1
    stop: int = 1
    upright: bool = False
    stackable: bool = True
    row: int | None = None

    def __post_init__(self) -> None:
        least = min(self.length, self.width, self.height, self.count, self.stop)
        if least < 1 or self.mass_g < 0:
            raise AmountImpossible(what="measure", name=self.name, value=str(min(least, self.mass_g)), rule=">= 1")


class Placed(NamedTuple):
    """One box: its corner nearest the front wall's lower left one, and its measures as it lies."""

    box: Box
    x: int
    y: int
    z: int
    length: int
    width: int
    height: int

    def overlaps(self, other: Placed) -> bool:
        """Whether both fill some of the same room."""
        return (
            self.x < other.x + other.length
            and other.x < self.x + self.length
            and self.y < other.y + other.width
            and other.y < self.y + self.width
            and self.z < other.z + other.height
            and other.z < self.z + self.height
        )

    def bars(self, other: Placed) -> bool:
        """Whether it stands between another box and the door."""
        return (
            self.x >= other.x + other.length
            and self.y < other.y + other.width
            and other.y < self.y + self.width
            and self.z < other.z + other.height
            and other.z < self.z + self.height
        )

    def rests_on(self, other: Placed) -> int:
        """[mm2] of its base on the top of another box."""
        if other.z + other.height != self.z:
            return 0
        along = min(self.x + self.length, other.x + other.length) - max(self.x, other.x)
        across = min(self.y + self.width, other.y + other.width) - max(self.y, other.y)
        return max(along, 0) * max(across, 0)


class Stowage(NamedTuple):
    """A loaded hold, and the boxes that found no place in it."""

    hold: Hold
    placed: tuple[Placed, ...]
    refused: tuple[Refusal, ...]
    proven: bool
    """Whether everything is in, or the search could show that not more goes in."""

    @property
    def mass_g(self) -> Grams:
        """Of the boxes inside."""
        return Grams(sum(one.box.mass_g for one in self.placed))

    @property
    def fill_by_mass(self) -> Fraction:
        """Of the capacity, 0 to 1."""
        return Fraction(self.mass_g, self.hold.capacity_g)

    @property
    def fill_by_cube(self) -> Fraction:
        """Of the room, 0 to 1."""
        return Fraction(sum(one.length * one.width * one.height for one in self.placed), self.hold.volume)

    def axle_loads(self) -> tuple[Fraction, Fraction] | None:
        """[g] on the front and the rear axle, the tare included; ``None`` where none are stated."""
        if self.hold.axles is None:
            return None
        front, rear = self.hold.axles
        total = Fraction(self.mass_g + self.hold.tare_g)
        moment = Fraction(self.hold.tare_g * self.hold.length, 2) + sum(
            (Fraction(one.box.mass_g * (2 * one.x + one.length), 2) for one in self.placed), Fraction(0)
        )
        on_rear = (moment - total * front.at) / (rear.at - front.at)
        return total - on_rear, on_rear

    def faults(self) -> tuple[str, ...]:
        """What is wrong with the load; nothing is, unless the search or a person made a mistake."""
        found = [
            f"{one.box.name} {other.box.name}: overlap"
            for one, other in combinations(self.placed, 2)
            if one.overlaps(other)
        ]
        for one in self.placed:
            inside = one.x + one.length <= self.hold.length and one.y + one.width <= self.hold.width
            if not inside or one.z + one.height > self.hold.height or min(one.x, one.y, one.z) < 0:
                found.append(f"{one.box.name}: outside")
            rests = sum(one.rests_on(other) for other in self.placed)
            if one.z and rests < SUPPORTED * one.length * one.width:
                found.append(f"{one.box.name}: hangs")
        found += [
            f"{one.box.name} {other.box.name}: stop order"
            for one, other in permutations(self.placed, 2)
            if one.box.stop > other.box.stop and (one.rests_on(other) or one.bars(other))
        ]
        if self.mass_g > self.hold.capacity_g:
            found.append("too heavy")
        for axle, load in zip(self.hold.axles or (), self.axle_loads() or (), strict=True):
            if axle.most_g is not None and load > axle.most_g:
                found.append(f"axle at {axle.at} mm")
        return tuple(found)


def stow(boxes: Sequence[Box], hold: Hold, *, seed: int = 1, effort: int = EFFORT, quick: bool = False) -> Stowage:
    """
    As much as goes in, goods of later stops away from the door of earlier ones.

    A quick try, and, unless it is to be ``quick``, wider searches where something was left out. Of loads without a
    fault the fullest one is taken; a box without a place is named with the search's reason. Raises ``NothingToPlan``,
    ``PlannerMissing``.
    """
    if not boxes:
        raise NothingToPlan(refused=0)
    needed("packvium")
    items = [_item(number, box) for number, box in enumerate(boxes)]
    best = Stowage(hold, (), (), proven=False)
    for config in islice(_configs(seed, effort), 1 if quick else None):
        load = _load(boxes, hold, _packed(config, items, hold))
        if not load.faults() and (not best.placed or load.fill_by_cube > best.fill_by_cube):
            best = load
        if not best.refused and best.placed:
            break
    return best


def _load(boxes: Sequence[Box], hold: Hold, result: PackingResult) -> Stowage:
    placed = tuple(
        Placed(
            boxes[int(one.instance.item.id)],
            one.position.x // _TICKS,
            one.position.y // _TICKS,
            one.position.z // _TICKS,
            one.dimensions.length.ticks // _TICKS,
            one.dimensions.width.ticks // _TICKS,
            one.dimensions.height.ticks // _TICKS,
        )
        for container in result.containers
        for one in container.placements
    )
    left: dict[int, list[str]] = {}
    for one in result.unpacked:
        left.setdefault(int(one.instance.item.id), []).append(one.reason)
    refused = tuple(
        Refusal(boxes[number].name, _left_out(boxes[number], reasons, hold)) for number, reasons in sorted(left.items())
    )
    proven = not refused or (result.optimality is not None and result.optimality.code == "proven_optimal")
    return Stowage(hold, placed, refused, proven)


def _left_out(box: Box, reasons: list[str], hold: Hold) -> PlanningError:
    said = _REASONS.get(reasons[0], "no room left / 空间不足")
    error = BoxLeftOut(box=box.name, left=len(reasons), of=box.count, hold=hold.name, reason=said)
    return error.at(Place(row=box.row))


_REASONS: Final = {
    "no_compatible_container_dimensions": "its measures / 尺寸",
    "rotation_restricted": "its measures, standing upright / 直立放置时的尺寸",
    "payload_exceeded": "its mass / 质量",
    "axle_overloaded": "an axle / 轴荷",
    "insufficient_support": "nothing to rest on / 支撑不足",
    "effort_limit": "the search ended first / 搜索次数用尽",
    "time_limit": "the search ended first / 搜索次数用尽",
}
"""Of the library's reasons those that say more than that there is no room."""


def _configs(seed: int, effort: int) -> Iterator[PackingConfig]:
    """The third one may let boxes hang: it finds orders that others miss, and is taken only where nothing hangs."""
    from packvium import EffortBudget, PackingConfig

    limits: dict[str, Any] = {
        "time_limit_ms": _LONG,
        "max_containers": 1,
        "seed": seed,
        "effort_budget": EffortBudget(max_placement_attempts=effort),
    }
    yield PackingConfig.fast(minimum_support_ratio=float(SUPPORTED), **limits)
    yield PackingConfig.balanced(minimum_support_ratio=float(SUPPORTED), top_k=1, **limits)
    yield PackingConfig.balanced(minimum_support_ratio=0, top_k=1, **limits)
    yield PackingConfig.quality(minimum_support_ratio=float(SUPPORTED), top_k=1, **limits)


def _packed(config: PackingConfig, items: list[Item], hold: Hold) -> PackingResult:
    from packvium import Packer

    result: PackingResult = Packer(config).pack(items, [_container(hold)])
    return result


def _item(number: int, box: Box) -> Item:
    from packvium import Dimensions, Item, Weight

    return Item(
        id=str(number),
        dimensions=Dimensions.mm(box.length, box.width, box.height),
        weight=Weight.of(box.mass_g, "g"),
        quantity=box.count,
        keep_upright=box.upright,
        stackable=box.stackable,
        stop_index=box.stop,
    )


def _container(hold: Hold) -> Container:
    from packvium import Axle as TheirAxle
    from packvium import Container, Dimensions, Length, Weight

    axles = hold.axles and tuple(
        TheirAxle(Length.mm(axle.at), None if axle.most_g is None else Weight.of(axle.most_g, "g"))
        for axle in hold.axles
    )
    return Container(
        id="hold",
        inner_dimensions=Dimensions.mm(hold.length, hold.width, hold.height),
        tare_weight=Weight.of(hold.tare_g, "g"),
        max_payload=Weight.of(hold.capacity_g, "g"),
        quantity=1,
        axles=axles,
        access_directions=("+x",),
    )
