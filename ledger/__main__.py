"""The command line: parse, call one service, print, exit. Each verb's work is in ``ledger.commands``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ledger.commands import VERBS, Line, Terminal
from ledger.errors import LedgerError, Locale
from ledger.settings import Settings

CANNOT_TELL = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb. Exit codes: 0 done or holds, 1 refused or does not hold, 2 cannot tell, or wrong usage."""
    locale = _locale()
    parser = _parser(locale)
    options = parser.parse_args(arguments)
    terminal = Terminal(locale, as_json=options.json)
    try:
        env = dict(os.environ) | ({"ONECODE_HOME": options.home} if options.home else {})
        return int(options.run(Settings.from_env(env), options, terminal))
    except LedgerError as error:
        terminal.error(error)
        return CANNOT_TELL if error.retryable else 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 130


def _parser(locale: Locale) -> argparse.ArgumentParser:
    zh = locale == "zh-CN"
    parser = argparse.ArgumentParser(
        prog="ledger", description="一码到底碳账本" if zh else "OneCode Ledger: one code, one log, one footprint"
    )
    parser.add_argument(
        "--home", type=str, help="账本目录（默认 var）" if zh else "the ledger's directory (default: var)"
    )
    parser.add_argument("--json", action="store_true", help="输出 JSON" if zh else "print JSON")
    verbs = parser.add_subparsers(required=True, metavar="VERB", parser_class=_VerbParser)
    for line in VERBS:
        said = line.zh if zh else line.en
        verbs.add_parser(line.name, help=said, description=said).line = line
    return parser


class _VerbParser(argparse.ArgumentParser):
    """The parser of a verb; it learns its arguments when the verb is asked for."""

    line: Line | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """See ``argparse``."""
        if self.line is not None:
            verb, self.line = self.line.load(), None
            self.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
            verb.arguments(self)
            self.set_defaults(run=verb.run)
        return super().parse_known_args(args, namespace)


def _locale() -> Locale:
    said = next((os.environ[name] for name in ("ONECODE_LANG", "LC_ALL", "LANG") if os.environ.get(name)), "en")
    return "zh-CN" if said.lower().startswith("zh") else "en"


def existing(text: str) -> Path:
    """A path that is there, for argparse."""
    path = Path(text)
    if not path.exists():
        raise argparse.ArgumentTypeError(f"{text}: no such file")
    return path


if __name__ == "__main__":
    sys.exit(main())
