"""The web application around a ledger, and the server that runs it. Importing this opens and starts nothing."""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import enter, locale_for
from api.epcis_resources import RESOURCES
from api.faults import BodyUnreadable, MethodNotOffered, NoSuchAddress, ParameterRefused, Unforeseen
from api.ingest import EventIngest
from api.metrics import Metrics
from api.origin import request_id_of
from api.pages.entrance import problem_page
from api.parameter_words import wrong
from api.passport_reads import PassportReads
from api.problem import problem_response
from api.protocol_errors import protocol_answer
from api.resolving.accept import wants_page
from api.routes import ROUTERS
from api.runtime import Runtime
from api.shell import Shell
from api.transport import DIRECT, OnlyTls, Transport
from ledger.errors import LedgerError, StoreError
from ledger.services.access import OWNER_ID
from ledger.services.audit import OPERATOR, Deed
from ledger.services.keys import ensure_owner
from ledger.wiring import Ledger

_LOG = logging.getLogger("onecode.api")
TITLE = "OneCode Ledger"
SWITCH_SECONDS = 0.0005
"""How long a thread may keep the interpreter while another waits; the default of 5 ms is what answers would wait."""
EPCIS = frozenset({"capture", "events", "queries", "nextPageToken", *(resource.name for resource in RESOURCES)})
"""First parts of addresses whose problem types EPCIS 2.0 fixes."""


class LedgerApp(FastAPI):
    """FastAPI, with ``front`` before all of its layers: single events do not pay for what they do not use."""

    front: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Every request meets ``front`` first; what that does not serve goes to ``behind``."""
        await self.front(scope, receive, send)

    async def behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ordinary way."""
        await super().__call__(scope, receive, send)


def create_app(ledger: Ledger, *, work: bool = True) -> FastAPI:
    """
    The application; its parts start and stop with the server's lifespan.

    ``work`` is whether this process also projects, checkpoints and anchors; without it a worker must run beside, and
    answers come faster. The ledger stays the caller's: whoever opened it closes it.
    """
    runtime = Runtime.of(ledger)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        runtime.commits.start()
        runtime.captures.start()
        runtime.intake.start()
        runtime.planning.start()
        runtime.auditing.start()
        if work:
            runtime.background.start()
            runtime.errands.start()
        try:
            yield
        finally:
            if work:
                runtime.errands.stop()
                runtime.background.stop()
            runtime.labels.close()
            runtime.cards.close(end=True)
            runtime.planning.stop()
            runtime.intake.stop()
            runtime.captures.stop()
            runtime.commits.stop()
            runtime.auditing.stop()
            _write_deeds(runtime)

    app = LedgerApp(
        title=TITLE,
        version=version("onecode-ledger"),
        dependencies=[Depends(enter)],
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.runtime = runtime
    app.front = PassportReads(EventIngest(app.behind, runtime), runtime)
    if ledger.settings.public_url.startswith("https://"):
        app.front = OnlyTls(app.front, ledger.settings.domain)
    for router in ROUTERS:
        app.include_router(router)
    _answer_errors(app)
    app.add_middleware(Shell, runtime=runtime)
    return app


def _write_deeds(runtime: Runtime) -> None:
    """The deeds that still wait; the operator's own log has them in any case."""
    try:
        runtime.gathering.write(whole=True)
    except StoreError as error:
        _LOG.warning("deeds were not recorded: %s", error)


def _answer_errors(app: FastAPI) -> None:
    """Every error becomes problem details in the reader's language."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, LedgerError)
        return _problem(request, error)

    async def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        known: dict[int, LedgerError] = {
            404: NoSuchAddress(),
            405: MethodNotOffered(method=request.method),
            400: BodyUnreadable(why=str(error.detail)[:200]),
        }
        response = _problem(request, known.get(error.status_code, NoSuchAddress()))
        response.headers.update({k: v for k, v in (error.headers or {}).items() if k.lower() == "allow"})
        return response

    async def parameter(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"][1:]) or str(first["loc"][0])
        return _problem(request, ParameterRefused(name=name, why=wrong(first, locale_for(request))))

    async def unforeseen(request: Request, _: Exception) -> Response:
        return _problem(request, Unforeseen())

    app.add_exception_handler(LedgerError, ours)
    app.add_exception_handler(HTTPException, framework)
    app.add_exception_handler(RequestValidationError, parameter)
    app.add_exception_handler(Exception, unforeseen)


def _problem(request: Request, error: LedgerError) -> Response:
    answer = protocol_answer(request.url.path, error, locale_for(request))
    if answer is not None:
        return answer
    if wants_page(request.headers.get("accept", "")):
        return problem_page(request, error)
    epcis = request.url.path.partition("/")[2].partition("/")[0] in EPCIS
    return problem_response(error, locale_for(request), request_id_of(request), epcis=epcis)


def serve(ledger: Ledger, host: str, port: int, *, work: bool = True, shared: bool = False) -> None:
    """
    Run the server until it is told to stop. At the very first start the owner's key is shown, once.

    ``shared``: other processes listen on the same address, and the kernel gives each connection to one of them.
    """
    announce_owner(ledger)
    sys.setswitchinterval(SWITCH_SECONDS)
    app, settings = create_app(ledger, work=work), ledger.settings
    metrics: Metrics = app.state.runtime.metrics
    if settings.metrics_port is not None:
        metrics.listen(settings.metrics_host, settings.metrics_port)
    server = uvicorn.Server(server_config(app, host, port, Transport.of(settings)))
    server.run(sockets=[shared_socket(host, port)] if shared else None)


def shared_socket(host: str, port: int) -> socket.socket:
    """A listening socket on an address that several processes listen on (SO_REUSEPORT)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind((host, port))
    return made


def announce_owner(ledger: Ledger) -> None:
    """Make the owner if there is none, and show the key on the console: it is written nowhere else."""
    with ledger.recording.together():
        key = ensure_owner(ledger.principals, ledger.clock, ledger.random, ledger.settings.tenant)
        if key is not None:
            ledger.recording.record(Deed("issue_key", ledger.settings.tenant, OPERATOR, OWNER_ID, role="admin"))
    if key is not None:
        sys.stderr.write(
            f"\nOwner key / 所有者密钥 (shown once, keep it / 仅显示一次，请妥善保存):\n\n    {key}\n\n"
            f"Sign in at / 登录地址: {ledger.settings.public_url}/login\n\n"
        )


def server_config(app: ASGIApp, host: str, port: int, transport: Transport = DIRECT) -> uvicorn.Config:
    """Uvicorn's settings: forwarding headers of trusted proxies alone, and no access log (it would hold addresses)."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop" if sys.platform != "win32" else "auto",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        proxy_headers=bool(transport.proxies),
        forwarded_allow_ips=list(transport.proxies),
        ssl_certfile=transport.certificate,
        ssl_keyfile=transport.key,
        server_header=False,
        log_level="warning",
        timeout_keep_alive=30,
        timeout_graceful_shutdown=30,
    )
