"""
A loaded hold as a picture in itself: seen from behind and above, the door at the lower right, a tone for each stop.

Lengths are projected at equal angles and drawn from back to front, so that a box never shows through one before it.
The file stands alone; what colours say is written on each box, and the picture has its figures as text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Final, NamedTuple

from ledger.planning.loads.stowage import Hold, Placed, Stowage
from ledger.units import shown

WIDTH: Final = 960
_MARGIN: Final = 24
_TEXT: Final = 44
TONES: Final = ("#1f6f5c", "#b06a10", "#3b62a8", "#8c3f6f", "#5b6b2f", "#7a5140")
"""By stop, in turn."""
_TOP, _SIDE = 45, 22
"""Per cent of white in the faces that are not towards the door."""

Corner = tuple[int, int, int]


class Point(NamedTuple):
    """Right and down, in tenths of a millimetre of the hold."""

    u: int
    v: int


def project(x: int, y: int, z: int) -> Point:
    """At equal angles: x to the lower right, y to the lower left, z up."""
    return Point((x - y) * 866 // 100, (x + y) * 5 - z * 10)


def back_to_front(placed: Sequence[Placed]) -> list[Placed]:
    """Each box after all that lie behind it: further from the door, from the near side or from the roof."""
    behind = {
        index: {other for other, two in enumerate(placed) if other != index and _behind(two, one)}
        for index, one in enumerate(placed)
    }
    order = []
    while behind:
        ready = [index for index, others in behind.items() if not others & behind.keys()]
        first = min(ready or behind, key=lambda index: (placed[index].x + placed[index].y + placed[index].z, index))
        order.append(placed[first])
        del behind[first]
    return order


def _behind(one: Placed, other: Placed) -> bool:
    if one.x >= other.x + other.length or one.y >= other.y + other.width or one.z >= other.z + other.height:
        return False
    return one.x + one.length <= other.x or one.y + one.width <= other.y or one.z + one.height <= other.z


def load_svg(load: Stowage) -> str:
    """The picture as a file of its own, words in Chinese and English."""
    hold = load.hold
    corners = [project(x, y, z) for x in (0, hold.length) for y in (0, hold.width) for z in (0, hold.height)]
    left, top = min(corner.u for corner in corners), min(corner.v for corner in corners)
    wide, high = max(corner.u for corner in corners) - left, max(corner.v for corner in corners) - top
    room = WIDTH - 2 * _MARGIN
    height = high * room // wide + 2 * _MARGIN + _TEXT

    def at(*points: Corner) -> str:
        projected = [project(*point) for point in points]
        return " ".join(
            f"{_MARGIN + (p.u - left) * room // wide},{_MARGIN + (p.v - top) * room // wide}" for p in projected
        )

    fills = f"{shown(load.fill_by_mass * 100, 1)} % / {shown(load.fill_by_cube * 100, 1)} %"
    words = f"{hold.name}: 质量 / 体积装载率 fill by mass / by cube {fills}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">',
        f"<title>{escape(words)}</title>",
        *(f'<polygon points="{at(*wall)}" fill="#f4f4f0" stroke="#8a8a80"/>' for wall in _walls(hold)),
    ]
    parts += [_box(one, at) for one in back_to_front(load.placed)]
    parts.append(f'<text x="{_MARGIN}" y="{height - 18}" font-size="16" fill="#222">{escape(words)}</text></svg>')
    return "\n".join(parts)


def _walls(hold: Hold) -> tuple[tuple[Corner, ...], ...]:
    """Floor, front wall and far side."""
    x, y, z = hold.length, hold.width, hold.height
    return (
        ((0, 0, 0), (x, 0, 0), (x, y, 0), (0, y, 0)),
        ((0, 0, 0), (0, y, 0), (0, y, z), (0, 0, z)),
        ((0, 0, 0), (x, 0, 0), (x, 0, z), (0, 0, z)),
    )


def _box(one: Placed, at: Callable[..., str]) -> str:
    """Its three faces that are seen, the number of its stop on top."""
    x, y, z = one.x + one.length, one.y + one.width, one.z + one.height
    tone = TONES[(one.box.stop - 1) % len(TONES)]
    top = at((one.x, one.y, z), (x, one.y, z), (x, y, z), (one.x, y, z))
    door = at((x, one.y, one.z), (x, y, one.z), (x, y, z), (x, one.y, z))
    side = at((one.x, y, one.z), (x, y, one.z), (x, y, z), (one.x, y, z))
    corners = [tuple(map(int, corner.split(","))) for corner in top.split()]
    across, down = sum(corner[0] for corner in corners) // 4, sum(corner[1] for corner in corners) // 4
    said = escape(f"{one.box.name}: 站点 stop {one.box.stop}, {one.length} x {one.width} x {one.height} mm")
    return (
        f'<g stroke="#fff"><title>{said}</title><polygon points="{top}" fill="{_lighter(tone, _TOP)}"/>'
        f'<polygon points="{side}" fill="{_lighter(tone, _SIDE)}"/><polygon points="{door}" fill="{tone}"/>'
        f'<text x="{across}" y="{down + 4}" font-size="12" text-anchor="middle" fill="#111" stroke="none">'
        f"{one.box.stop}</text></g>"
    )


def _lighter(tone: str, white: int) -> str:
    """A colour with so many per cent of white in it."""
    parts = [int(tone[start : start + 2], 16) for start in (1, 3, 5)]
    return "#" + "".join(f"{part + (255 - part) * white // 100:02x}" for part in parts)
