"""
Delivery by webhook: one POST to a host that the operator has allowed, and nothing else.

The address is resolved once and the connection goes to that very address, so that a name cannot point elsewhere
between the check and the call. Redirects are answers like any other, and not 2xx. Nothing of the network inside is
reached: only public addresses, unless the operator allows loopback for a test.
"""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from ledger.ports.subscriptions import DeliveryFailed, DestinationRefused

SECONDS: Final = 5.0
LONGEST: Final = 2_000
_PLAIN: Final = re.compile(r"[!-~]+", re.ASCII)
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Webhook:
    """``ports.Delivery`` over HTTP."""

    hosts: frozenset[str]
    """Hosts that the operator allows, in lower case; with a dot in front, everything under that domain."""
    loopback: bool = False
    """Whether this machine itself may be a subscriber, by http too."""
    seconds: float = SECONDS

    def check(self, destination: str) -> None:
        """See ``Delivery.check``."""
        self._parts(destination)

    def send(self, destination: str, body: bytes, headers: dict[str, str]) -> None:
        """See ``Delivery.send``."""
        connection, target, host = self.opened(destination)
        try:
            connection.request("POST", target, body, {"Host": host, **headers})
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise DeliveryFailed(reason=type(error).__name__) from error
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise DeliveryFailed(reason=f"HTTP {status}")

    def opened(self, destination: str) -> tuple[HTTPConnection, str, str]:
        """
        A connection to the one address that was checked, what to ask there, and the host to name.

        Raises ``DestinationRefused`` and ``DeliveryFailed``.
        """
        parts = self._parts(destination)
        address = self._resolved(parts)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return self._connection(parts, address), target, parts.netloc.rpartition("@")[2]

    def _parts(self, destination: str) -> SplitResult:
        """The address taken apart. Raises ``DestinationRefused``."""

        def refused(why: str) -> DestinationRefused:
            return DestinationRefused(destination=destination[:200].partition("?")[0], why=why)

        try:
            parts = urlsplit(destination)
            host, _ = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            raise refused("it is not an address") from error
        if (
            len(destination) > LONGEST
            or not destination.isascii()
            or not destination.isprintable()
            or " " in destination
        ):
            raise refused("it is too long, or has characters that an address cannot hold")
        if parts.username or parts.password:
            raise refused("it holds a name or a password")
        if host in _LOOPBACK and self.loopback:
            return parts
        if parts.scheme != "https":
            raise refused("it is not https")
        if host not in self.hosts and not any(host.endswith(each) for each in self.hosts if each.startswith(".")):
            raise refused("the operator has not allowed this host")
        return parts

    def _resolved(self, parts: SplitResult) -> str:
        """One address of the host. Raises ``DestinationRefused`` when any of them is not public."""
        host, port = parts.hostname or "", _port(parts)
        try:
            found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except OSError as error:
            raise DeliveryFailed(reason="no address of that name") from error
        local = host in _LOOPBACK and self.loopback
        for each in found:
            if not (ip_address(each).is_loopback if local else ip_address(each).is_global):
                raise DestinationRefused(destination=host, why="its name leads to an address that is not public")
        return min(found)

    def _connection(self, parts: SplitResult, address: str) -> HTTPConnection:
        if parts.scheme == "http":
            return HTTPConnection(address, _port(parts), timeout=self.seconds)
        return _Pinned(parts.hostname or "", address, _port(parts), self.seconds)


class _Pinned(HTTPSConnection):
    """A connection to one address whose certificate must be that of the host's name."""

    def __init__(self, host: str, address: str, port: int, seconds: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=seconds, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Connect to the address that was checked."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
