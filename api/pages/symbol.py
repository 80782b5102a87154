"""The code of a thing as a QR symbol for a page."""

from __future__ import annotations

from markupsafe import Markup

from labels.symbol import qr

_SPACE = Markup(' xmlns="http://www.w3.org/2000/svg"')
QUIET = 4  # ISO/IEC 18004, 5.3.8: four modules of quiet zone


def qr_svg(content: str, name: str, *, standalone: bool = False) -> Markup:
    """
    An SVG of the symbol, black on white whatever the theme; ``name`` is read to who cannot see it.

    ``standalone`` makes it a file of its own rather than a part of a page. Raises ``SymbolUnfit``.
    """
    modules = qr(content)
    runs = "".join(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for x, y, length in modules.dark_runs())
    side = modules.width + 2 * QUIET
    return Markup(
        '<svg{space} viewBox="0 0 {side} {side}" role="img" aria-label="{name}" shape-rendering="crispEdges">'
        '<rect width="{side}" height="{side}" fill="#fff"/><path d="{runs}" fill="#000"/></svg>'
    ).format(space=_SPACE if standalone else "", side=side, name=name, runs=runs)
