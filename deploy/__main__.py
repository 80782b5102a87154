"""
generate: write deploy/generated/ from site.toml. check: hold it against the description and each tool's own rules.

``check`` ends with 0 when nothing is wrong, 1 when something is; what is to be known before going live is said and
changes nothing. ``--json`` gives findings for programs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy import chain
from deploy.checking import check
from deploy.findings import Finding, Language
from deploy.generate import files
from deploy.site import SiteRefused, read

HERE = Path(__file__).parent


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="dev.py deploy", description=__doc__)
    parser.add_argument("what", choices=("generate", "check"))
    parser.add_argument("--site", type=Path, default=HERE / "site.toml")
    parser.add_argument("--out", type=Path, help="folder (default: generated/ beside the description)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    folder = options.out or options.site.parent / "generated"
    try:
        site = read(options.site)
    except SiteRefused as refused:
        return _say(refused.findings, as_json=options.json)
    if options.what == "generate":
        if folder.exists() and any(folder.iterdir()) and not (folder / chain.GENESIS).exists():
            parser.error(f"{folder}: it was not generated, and would be emptied / 该目录并非由此生成，不能清空")
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in files(site).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="\n")
        sys.stderr.write(f"{len(files(site))} files in {folder}\n")
        return 0
    return _say(list(check(site, options.site.name, folder)), as_json=options.json)


def _say(findings: Sequence[Finding], *, as_json: bool) -> int:
    language: Language = "zh" if os.environ.get("ONECODE_LANG", os.environ.get("LANG", "")).startswith("zh") else "en"
    wrong = [one for one in findings if one.rule.hard]
    if as_json:
        sys.stdout.write(json.dumps([one.to_json() for one in findings], ensure_ascii=False) + "\n")
        return 1 if wrong else 0
    seen: set[str] = set()
    for one in findings:
        key = one.sentence(language) if one.rule.hard else f"{one.rule.name} {one.what}"
        if key not in seen:
            sys.stdout.write(one.sentence(language) + "\n")
        seen.add(key)
    said = {"en": f"{len(wrong)} wrong", "zh": f"{len(wrong)} 处错误"}[language]
    sys.stdout.write(said + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
