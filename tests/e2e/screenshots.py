"""
Pictures of every page, phone and desktop, Chinese and English, into docs/screenshots: small palette PNGs.

    .venv/bin/python -m tests.e2e.screenshots [NAME ...]
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.e2e.served import DESKTOP, PHONE, context_of, pages_of, serve, sign_in, started

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LONGEST = 2400
"""Pixels of height kept of a long page."""
SIZES = {"desktop": DESKTOP, "phone": PHONE}


def take(only: list[str]) -> int:
    """Take the pictures; how many bytes they are."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    written = 0
    with tempfile.TemporaryDirectory() as home, serve(Path(home), hostile=False) as served, started() as browser:
        cookies = sign_in(browser, served)
        proof = Path(home) / "entry-12.proof.json"
        for locale in ("zh-CN", "en"):
            for size, (width, height) in SIZES.items():
                context = context_of(browser, cookies, (width, height), locale)
                page = context.new_page()
                for name, path in pages_of(served.sample).items():
                    if only and name not in only:
                        continue
                    page.goto(served.url + path)
                    if name == "verify":
                        proof.write_bytes(page.request.get(f"{served.url}/entries/12/proof").body())
                        page.set_input_files("#proof", proof)
                        page.wait_for_selector(".verdict")
                        page.evaluate("scrollTo(0, 0)")
                    written += _keep(page.screenshot(full_page=True), FOLDER / f"{name}-{size}-{locale[:2]}.png")
                context.close()
    return written


def _keep(data: bytes, path: Path) -> int:
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, LONGEST)))
    picture.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    print(take(sys.argv[1:]) // 1024, "KiB")  # noqa: T201
