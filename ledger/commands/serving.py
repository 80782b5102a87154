"""demo, serve: the whole story in one command, and the server."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from dataclasses import replace

from ledger.commands.processes import family
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.settings import Settings
from ledger.wiring import open_ledger


def _serve(settings: Settings, options: Namespace, _: Terminal) -> int:
    from api.app import announce_owner, serve

    host, port = options.host or settings.host, options.port or settings.port
    moved = replace(
        settings,
        host=host,
        port=port,
        public_url=settings.public_url if settings.public_url != settings.local_url else "",
        chain_port=0 if settings.chain_port is None else settings.chain_port,
    )
    if options.processes > 1:
        workers = 0 if options.no_worker else options.workers
        address = ["--host", host, "--port", str(port)]
        several = family(settings, address, options.processes, workers)
        with open_ledger(moved) as ledger:  # schema and keys are in place before the first of them starts
            announce_owner(ledger)
        return several.run()
    with open_ledger(moved) as ledger:
        serve(ledger, host, port, work=not options.no_worker, shared=options.shared)
    return 0


def _serve_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on / 监听地址")
    parser.add_argument("--port", type=int, help="port to listen on / 监听端口")
    parser.add_argument("--no-worker", action="store_true", help="leave the work to `ledger worker` / 后台工作另行运行")
    parser.add_argument(
        "--processes", type=int, default=1, help="servers behind the one address / 同一地址后的服务进程数"
    )
    parser.add_argument("--workers", type=int, default=1, help="workers beside several servers / 多进程时的后台进程数")
    parser.add_argument("--shared", action="store_true", help=SUPPRESS)


def _demo(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    if options.what == "month":
        from ledger.commands.demo_month import tell_month

        return tell_month(settings, options.days, terminal)
    from ledger.demo.story import tell

    with open_ledger(settings) as ledger:
        return tell(ledger, terminal)


def _demo_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        default="story",
        choices=("story", "month"),
        help="the whole story, or a month of plans driven and booked / 全流程，或一个月的计划、执行与入账",
    )
    parser.add_argument("--days", type=int, default=22, help="working days of the month / 当月工作日数")


VERBS = {"demo": Verb(_demo, _demo_arguments), "serve": Verb(_serve, _serve_arguments)}
