"""demo, serve: the whole story in one command, and the server."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import replace

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.settings import Settings
from ledger.wiring import open_ledger


def _serve(settings: Settings, options: Namespace, _: Terminal) -> int:
    from api.app import serve

    host, port = options.host or settings.host, options.port or settings.port
    moved = replace(
        settings,
        host=host,
        port=port,
        public_url=settings.public_url if settings.public_url != settings.local_url else "",
        chain_port=0 if settings.chain_port is None else settings.chain_port,
    )
    with open_ledger(moved) as ledger:
        serve(ledger, host, port, work=not options.no_worker)
    return 0


def _serve_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on / 监听地址")
    parser.add_argument("--port", type=int, help="port to listen on / 监听端口")
    parser.add_argument("--no-worker", action="store_true", help="leave the work to `ledger worker` / 后台工作另行运行")


def _demo(settings: Settings, _: Namespace, terminal: Terminal) -> int:
    from ledger.demo.story import tell

    with open_ledger(settings) as ledger:
        return tell(ledger, terminal)


VERBS = {"demo": Verb(_demo), "serve": Verb(_serve, _serve_arguments)}
