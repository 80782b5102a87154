"""Settings: one frozen object, from the environment, checked as a whole. Importing this reads nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from ledger.errors import IdentityError, SettingsError
from ledger.identity import CompanyPrefixes

PREFIX = "ONECODE_"
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.\-/]{2,100}", re.ASCII)
_PRINTER = re.compile(r"([A-Za-z0-9_\-]{1,40})=([A-Za-z0-9.\-]{1,253})(?::([0-9]{1,5}))?", re.ASCII)
RAW_PORT = 9100
"""Where label printers listen for raw data."""
_URN = re.compile(r"urn:[a-z0-9][a-z0-9\-]{1,31}:\S{1,200}", re.ASCII | re.IGNORECASE)
_TENANT = re.compile(r"[a-z0-9][a-z0-9\-]{0,62}", re.ASCII)


class SettingRefused(SettingsError):
    """A setting whose value cannot be used."""

    code = "settings.refused"
    name: str
    value: str
    why: str
    en = "{name} cannot be {value!r}: {why}"
    zh = "设置 {name} 不能为 {value!r}：{why}"
    fix_en = "See docs/configuration.md"
    fix_zh = "请参阅 docs/configuration.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    Everything that differs between one installation and another.

    ``CHAIN_URL``, ``CHAIN_ID``, ``CONTRACT_ADDRESS``, ``CONSORTIUM_ADDRESS`` keep their plain names; the rest
    is read with the prefix ``ONECODE_``: ``HOME``, ``DATABASE_URL``, ``ORIGIN``, ``TENANT``, ``HOST``, ``PORT``,
    ``PUBLIC_URL``, ``TLS_CERTIFICATE``, ``TLS_KEY``, ``TRUSTED_PROXIES``,
    ``CONFIRMATIONS``, ``GAS_PRICE``, ``SIGNER_URL``, ``SIGNER_ADDRESS``, ``ROUND_SECONDS``, ``CHAIN_PORT``,
    ``SEAL_ENTRIES``, ``PUBLISH_ENTRIES``, ``WITNESSES``, ``TSA_URL``, ``TSA_CERTIFICATE``,
    ``WEBHOOK_HOSTS``, ``WEBHOOK_LOOPBACK``,
    ``COMPANY_PREFIXES``, ``PRINTERS``, ``METRICS_HOST``, ``METRICS_PORT``, ``COMPANY_NAME``, ``COMPANY_URN``,
    ``SMTP_URL``, ``MAIL_FROM``,
    ``OIDC_ISSUER``, ``OIDC_CLIENT_ID``, ``OIDC_CLIENT_SECRET``.
    """

    home: Path = Path("var")
    database_url: str = ""
    chain_url: str = "embedded:"
    chain_id: int | None = None
    contract_address: str | None = None
    consortium_address: str | None = None
    """The organisations behind the registry; without it the one that was founded from ``home``, if any."""
    confirmations: int = 1
    gas_price: int | None = None
    """Wei; without it an account without money pays nothing, another what the node asks."""
    signer_url: str | None = None
    signer_address: str | None = None
    chain_port: int | None = None
    """Port on 127.0.0.1 that serves an embedded chain while the server runs; 0 takes any free one."""
    origin: str = "onecode.local/ledger"
    """Name of the log, on every checkpoint."""
    tenant: str = "demo"
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    """Where people reach the pages; printed on labels."""
    tls_certificate: Path | None = None
    """PEM file of the server's certificate chain; with ``tls_key`` the server itself speaks TLS, and nothing else."""
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of proxies that are believed who calls, and whether by https."""
    company_prefixes: tuple[str, ...] = ()
    """GS1 company prefixes of one's own and of partners: where one is known, tags are written with 96 bits."""
    printers: tuple[tuple[str, str, int], ...] = ()
    """Label printers that may be spoken to: name, host, port."""
    metrics_host: str = "127.0.0.1"
    """Where figures for Prometheus are served beside the pages, to whoever reaches it: never a public address."""
    metrics_port: int | None = None
    """Port of the figures; none unless given."""
    round_seconds: int = 2
    """Pause between rounds of the background work."""

    seal_entries: int = 0
    """The background work seals a segment when so many entries are confirmed; 0 seals none."""

    publish_entries: bool = False
    """Whether anyone may read time, tenant's tag and commitment of every entry; hashes may be read in any case."""

    tsa_url: str = ""
    """A time stamping authority (RFC 3161) that stamps checkpoints; none without it."""
    tsa_certificate: Path | None = None
    """The certificates that its stamps are checked with before they are kept, PEM."""

    witnesses: Path | None = None
    """Which witnesses are asked to cosign, and how many must (C2SP tlog-policy); without it none."""

    webhook_hosts: frozenset[str] = frozenset()
    """Hosts that reports of subscriptions may go to; ``.example.com`` is everything under that domain."""
    webhook_loopback: bool = False
    """Whether this machine itself may be a subscriber, for trials."""

    company_name: str = ""
    """Who states what is offered to partners; the tenant unless given."""
    company_urn: str = ""
    """The company's id as PACT wants it, a URN; one of the public address unless given."""
    smtp_url: str = field(default="", repr=False)
    """``smtp[s]://[user:password@]host[:port]``; without it invitations are links to hand over."""
    mail_from: str = ""
    oidc_issuer: str = ""
    """An OpenID provider that people may sign in by, exactly as it names itself."""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not _ORIGIN.fullmatch(self.origin):
            raise SettingRefused(name="ONECODE_ORIGIN", value=self.origin, why="lower-case letters, digits, . - and /")
        if not _TENANT.fullmatch(self.tenant):
            raise SettingRefused(name="ONECODE_TENANT", value=self.tenant, why="lower-case letters, digits and -")
        if not self.database_url:
            object.__setattr__(self, "database_url", f"sqlite:///{self.home / 'ledger.db'}")
        if not self.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
            scheme = urlsplit(self.database_url).scheme
            why = "sqlite:///PATH or postgresql+psycopg://HOST/NAME"
            raise SettingRefused(name="ONECODE_DATABASE_URL", value=f"{scheme}:...", why=why)
        if not self.public_url:
            object.__setattr__(self, "public_url", self.local_url)
        self._check_transport()
        self._name_company()
        try:
            CompanyPrefixes(self.company_prefixes)
        except IdentityError as error:
            name, value = PREFIX + "COMPANY_PREFIXES", ", ".join(self.company_prefixes)
            raise SettingRefused(name=name, value=value, why=error.message()) from None
        if (self.signer_url is None) != (self.signer_address is None):
            why = "an external signer needs both ONECODE_SIGNER_URL and ONECODE_SIGNER_ADDRESS"
            raise SettingRefused(name="ONECODE_SIGNER_URL", value=self.signer_url or "", why=why)

        self._check_people()

    def _check_transport(self) -> None:
        if (self.tls_certificate is None) != (self.tls_key is None):
            why = "TLS needs both ONECODE_TLS_CERTIFICATE and ONECODE_TLS_KEY"
            raise SettingRefused(name="ONECODE_TLS_CERTIFICATE", value=str(self.tls_certificate or ""), why=why)
        if self.tls_certificate is not None and not self.public_url.startswith("https://"):
            why = "the server speaks TLS: an https address"
            raise SettingRefused(name="ONECODE_PUBLIC_URL", value=self.public_url, why=why)
        for one in self.trusted_proxies:
            try:
                ip_network(one, strict=False)
            except ValueError:
                why = "addresses or networks, such as 10.1.2.3 or 10.1.2.0/24"
                raise SettingRefused(name="ONECODE_TRUSTED_PROXIES", value=one, why=why) from None

    @property
    def local_url(self) -> str:
        """Where the server listens."""
        return f"{'https' if self.tls_certificate else 'http'}://{self.host}:{self.port}"

    def _name_company(self) -> None:
        if not self.company_name:
            object.__setattr__(self, "company_name", self.tenant)
        if not self.company_urn:
            host = urlsplit(self.public_url).hostname or "localhost"
            object.__setattr__(self, "company_urn", f"urn:pact:{host}:company-id:{self.tenant}")
        if not _URN.fullmatch(self.company_urn):
            raise SettingRefused(
                name="ONECODE_COMPANY_URN", value=self.company_urn, why="a URN, such as urn:epc:id:sgln:…"
            )

    def _check_people(self) -> None:
        """What letters and an OpenID provider need; secrets are not repeated in a refusal."""
        mail = urlsplit(self.smtp_url)
        if self.smtp_url and (mail.scheme not in {"smtp", "smtps"} or not mail.hostname or "@" not in self.mail_from):
            why = "smtp[s]://[user:password@]host[:port], and ONECODE_MAIL_FROM an address"
            raise SettingRefused(name="ONECODE_SMTP_URL", value=f"{mail.scheme}:...", why=why)
        issuer = urlsplit(self.oidc_issuer)
        near = issuer.hostname in {"127.0.0.1", "localhost", "::1"}
        if self.oidc_issuer and not (issuer.scheme == "https" or (issuer.scheme == "http" and near)):
            raise SettingRefused(name="ONECODE_OIDC_ISSUER", value=self.oidc_issuer, why="an https address")
        if bool(self.oidc_issuer) != bool(self.oidc_client_id):
            why = "it needs both ONECODE_OIDC_ISSUER and ONECODE_OIDC_CLIENT_ID"
            raise SettingRefused(name="ONECODE_OIDC_ISSUER", value=self.oidc_issuer, why=why)

    @property
    def domain(self) -> str:
        """The public address without a slash at its end: the resolver's root."""
        return self.public_url.rstrip("/")

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Settings from environment variables. Raises ``SettingRefused``."""

        def text(name: str, default: str) -> str:
            return env.get(name, "").strip() or default

        def path(name: str) -> Path | None:
            said = text(PREFIX + name, "")
            return Path(said) if said else None

        def number(name: str, default: int | None) -> int | None:
            value = env.get(name, "").strip()
            if not value:
                return default
            if not re.fullmatch("[0-9]{1,15}", value, re.ASCII):
                raise SettingRefused(name=name, value=value, why="a whole number")
            return int(value)

        return cls(
            home=Path(text(PREFIX + "HOME", "var")),
            database_url=text(PREFIX + "DATABASE_URL", ""),
            chain_url=text("CHAIN_URL", "embedded:"),
            chain_id=number("CHAIN_ID", None),
            contract_address=env.get("CONTRACT_ADDRESS", "").strip() or None,
            consortium_address=env.get("CONSORTIUM_ADDRESS", "").strip() or None,
            confirmations=number(PREFIX + "CONFIRMATIONS", 1) or 1,
            gas_price=number(PREFIX + "GAS_PRICE", None),
            signer_url=env.get(PREFIX + "SIGNER_URL", "").strip() or None,
            signer_address=env.get(PREFIX + "SIGNER_ADDRESS", "").strip() or None,
            chain_port=number(PREFIX + "CHAIN_PORT", None),
            origin=text(PREFIX + "ORIGIN", "onecode.local/ledger"),
            tenant=text(PREFIX + "TENANT", "demo"),
            host=text(PREFIX + "HOST", "127.0.0.1"),
            port=number(PREFIX + "PORT", 8000) or 8000,
            public_url=text(PREFIX + "PUBLIC_URL", ""),
            tls_certificate=path("TLS_CERTIFICATE"),
            tls_key=path("TLS_KEY"),
            trusted_proxies=tuple(text(PREFIX + "TRUSTED_PROXIES", "").replace(",", " ").split()),
            company_name=text(PREFIX + "COMPANY_NAME", ""),
            company_urn=text(PREFIX + "COMPANY_URN", ""),
            webhook_hosts=frozenset(filter(None, text(PREFIX + "WEBHOOK_HOSTS", "").lower().replace(",", " ").split())),
            webhook_loopback=text(PREFIX + "WEBHOOK_LOOPBACK", "0") == "1",
            company_prefixes=tuple(re.findall(r"[^\s,]+", env.get(PREFIX + "COMPANY_PREFIXES", ""))),
            smtp_url=text(PREFIX + "SMTP_URL", ""),
            mail_from=text(PREFIX + "MAIL_FROM", ""),
            oidc_issuer=text(PREFIX + "OIDC_ISSUER", ""),
            oidc_client_id=text(PREFIX + "OIDC_CLIENT_ID", ""),
            oidc_client_secret=text(PREFIX + "OIDC_CLIENT_SECRET", ""),
            metrics_host=text(PREFIX + "METRICS_HOST", "127.0.0.1"),
            metrics_port=number(PREFIX + "METRICS_PORT", None),
            printers=_printers(env.get(PREFIX + "PRINTERS", "")),
            round_seconds=number(PREFIX + "ROUND_SECONDS", 2) or 2,
            seal_entries=number(PREFIX + "SEAL_ENTRIES", 0) or 0,
            tsa_url=text("TSA_URL", ""),
            tsa_certificate=path("TSA_CERTIFICATE"),
            witnesses=path("WITNESSES"),
            publish_entries=text(PREFIX + "PUBLISH_ENTRIES", "0") == "1",
        )


def _printers(text: str) -> tuple[tuple[str, str, int], ...]:
    """``dock=10.1.2.3, desk=printer.example.cn:6101``: names with the host, and the port where it is not 9100."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _PRINTER.fullmatch(part)
        if match is None or int(match[3] or RAW_PORT) > 65_535:
            raise SettingRefused(name=PREFIX + "PRINTERS", value=part, why="NAME=HOST or NAME=HOST:PORT")
        found.append((match[1], match[2], int(match[3] or RAW_PORT)))
    if len({name for name, _, _ in found}) < len(found):
        raise SettingRefused(name=PREFIX + "PRINTERS", value=text, why="each name once")
    return tuple(found)
