"""Asks witnesses over HTTP: one POST, no redirects, so many seconds and bytes and no more."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from ledger.ports.witnesses import WitnessAnswer, WitnessSilent

SECONDS: Final = 5.0
LARGEST: Final = 16_384


@dataclass(frozen=True, slots=True)
class WitnessHttp:
    """``ports.witnesses.WitnessCaller``."""

    seconds: float = SECONDS

    def add_checkpoint(self, url: str, body: str) -> WitnessAnswer:
        """See ``WitnessCaller.add_checkpoint``."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        status, data = post(f"{url.rstrip('/')}/add-checkpoint", body.encode(), headers, self.seconds, LARGEST)
        try:
            return WitnessAnswer(status, data.decode())
        except UnicodeDecodeError as error:
            raise WitnessSilent(witness=url, reason="no text") from error


def post(url: str, body: bytes, headers: dict[str, str], seconds: float, most: int) -> tuple[int, bytes]:
    """Status and body of the answer to one POST; ``seconds`` in all. Raises ``WitnessSilent``."""
    until = monotonic() + seconds
    try:
        parts = urlsplit(url)
        kinds = {"http": HTTPConnection, "https": HTTPSConnection}
        connection = kinds[parts.scheme](parts.hostname or "", parts.port, timeout=seconds)
    except (KeyError, ValueError) as error:
        raise WitnessSilent(witness=url, reason="no http(s) address") from error
    try:
        connection.request("POST", parts.path or "/", body, headers)
        response = connection.getresponse()
        return response.status, _read(response, until, most)
    except (OSError, HTTPException) as error:
        raise WitnessSilent(witness=url, reason=type(error).__name__) from error
    finally:
        connection.close()


def _read(response: HTTPResponse, until: float, most: int) -> bytes:
    """The body; one that comes drop by drop is not waited for."""
    data = b""
    while piece := response.read1(most + 1 - len(data)):
        data += piece
        if len(data) > most:
            raise HTTPException
        if monotonic() > until:
            raise TimeoutError
    return data
