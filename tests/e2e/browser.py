"""
A real browser for the tests, from packages alone.

First the Chromium that the npm package ``@sparticuz/chromium`` ships inside itself (x86-64 Linux), else one that is
installed. Nothing is downloaded here; without either, the tests fail and say what to install.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = ROOT / "build" / "browser"
INSTALLED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHINESE = "Noto Sans CJK SC"
_INFLATE = """
import {createReadStream, createWriteStream} from "node:fs";
import {createBrotliDecompress} from "node:zlib";
import {pipeline} from "node:stream/promises";
const [from, to] = process.argv.slice(1);
for (const name of ["chromium", "al2023.tar", "fonts.tar"]) {
  await pipeline(createReadStream(`${from}/${name}.br`), createBrotliDecompress(), createWriteStream(`${to}/${name}`));
}
"""
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  {folders}
  <cachedir>{cache}</cachedir>
  {preferences}
</fontconfig>
"""


class Browser(NamedTuple):
    """An executable and the environment it needs."""

    path: Path
    environment: dict[str, str | float | bool]


def browser() -> Browser:
    """The browser to test with."""
    if PACKAGE.is_dir() and platform.machine() == "x86_64" and platform.system() == "Linux":
        return _packaged()
    for name in INSTALLED:
        found = shutil.which(name)
        if found:
            return Browser(Path(found), dict(os.environ))
    raise RuntimeError("no browser: run `npm ci` (x86-64 Linux), or install Debian's package chromium")


def _packaged() -> Browser:
    executable = UNPACKED / "chromium"
    if not executable.exists():
        _unpack()
    _write_fonts()
    libraries = os.pathsep.join(filter(None, [str(UNPACKED / "lib"), os.environ.get("LD_LIBRARY_PATH")]))
    return Browser(executable, {**os.environ, "LD_LIBRARY_PATH": libraries, "FONTCONFIG_PATH": str(UNPACKED)})


def _unpack() -> None:
    """Into a folder beside, then moved into place, so that two test processes cannot meet half a browser."""
    UNPACKED.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=UNPACKED.parent) as name:
        fresh = Path(name) / "browser"
        fresh.mkdir()
        command = [node(), "--input-type=module", "-e", _INFLATE, str(PACKAGE / "bin"), str(fresh)]
        subprocess.run(command, check=True, timeout=120)
        for archive in ("al2023.tar", "fonts.tar"):
            with tarfile.open(fresh / archive) as tar:
                tar.extractall(fresh, filter="data")
            (fresh / archive).unlink()
        (fresh / "chromium").chmod(0o755)
        if not (UNPACKED / "chromium").exists():
            shutil.rmtree(UNPACKED, ignore_errors=True)
            fresh.rename(UNPACKED)


def _write_fonts() -> None:
    folders = [UNPACKED / "fonts", Path("/usr/share/fonts"), Path.home() / ".fonts"]
    chinese = find_spec("noto_cjk_sans_otc")
    if chinese and chinese.origin:
        folders.append(Path(chinese.origin).parent)
    lines = "\n  ".join(f"<dir>{folder}</dir>" for folder in folders)
    preferences = "\n  ".join(
        f"<alias><family>{name}</family><prefer><family>{latin}</family><family>{CHINESE}</family></prefer></alias>"
        for name, latin in (("sans-serif", "Open Sans"), ("system-ui", "Open Sans"), ("monospace", "DejaVu Sans Mono"))
    )
    text = _FONTS.format(folders=lines, preferences=preferences, cache=UNPACKED / "font-cache")
    (UNPACKED / "fonts.conf").write_text(text)


def node() -> str:
    """Node, from the environment's own wheel or the path."""
    own = ROOT / ".venv" / "bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if not found:
        raise RuntimeError("no Node: run `python3 dev.py`, which installs it from its wheel")
    return found
