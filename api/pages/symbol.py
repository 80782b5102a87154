"""The code of a thing as a QR symbol for a page."""

from __future__ import annotations

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

_SPACE = Markup(' xmlns="http://www.w3.org/2000/svg"')
QUIET = 4  # ISO/IEC 18004, 5.3.8: four modules of quiet zone


def qr_svg(content: str, name: str, *, standalone: bool = False) -> Markup:
    """
    An SVG of the symbol, black on white whatever the theme; ``name`` is read to who cannot see it.

    ``standalone`` makes it a file of its own rather than a part of a page.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(content)
    code.make(fit=True)
    rows = code.get_matrix()
    runs = "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    side = len(rows) + 2 * QUIET
    return Markup(
        '<svg{space} viewBox="0 0 {side} {side}" role="img" aria-label="{name}" shape-rendering="crispEdges">'
        '<rect width="{side}" height="{side}" fill="#fff"/><path d="{runs}" fill="#000"/></svg>'
    ).format(space=_SPACE if standalone else "", side=side, name=name, runs=runs)
