"""The description of an installation: its shape, and what must hold of it before anything is written from it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Final

import msgspec
from eth_utils.address import is_checksum_address
from eth_utils.crypto import keccak
from msgspec import Meta, Struct

from deploy.findings import Finding, Rule

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9\-]{0,39}$")]
Host = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.\-]{0,252}$")]
Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Address = Annotated[str, Meta(pattern=r"^0x[0-9a-fA-F]{40}$")]
Key = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}$")]

LEAST_VALIDATORS: Final = 4
P2P_PORT: Final = 30_303
RPC_PORT: Final = 8_545
NODE_METRICS_PORT: Final = 9_545
API_PORT: Final = 8_000
POOL: Final = 24
"""Connections that a process may open to PostgreSQL: 8 and 16 more (``ledger.adapters.sql.engine``)."""
SPARE: Final = 20
"""Connections left to people, backups and monitoring."""


class Strict(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table that takes no key it does not know."""


class Image(Strict, frozen=True, kw_only=True):
    """A container image, by tag and, once the registry said it, by digest."""

    name: str
    tag: Annotated[str, Meta(min_length=1)]
    digest: Annotated[str, Meta(pattern=r"^(sha256:[0-9a-f]{64})?$")] = ""

    @property
    def reference(self) -> str:
        """What is pulled."""
        return f"{self.name}:{self.tag}" + (f"@{self.digest}" if self.digest else "")


class Images(Strict, frozen=True, kw_only=True):
    """Everything that is run."""

    ledger: Image
    besu: Image
    postgresql: Image
    proxy: Image
    prometheus: Image
    objects: Image


class Chain(Strict, frozen=True, kw_only=True):
    """The network's genesis."""

    id: Count
    block_seconds: Count
    request_timeout_seconds: Count
    epoch_length: Count
    gas_limit: Count
    anchor_accounts: list[Address]
    confirmations: Count


class Node(Strict, frozen=True, kw_only=True):
    """A node that does not validate."""

    name: Name
    host: Host
    ip: str
    public_key: Key

    @property
    def enode(self) -> str:
        """Where the others reach it. An address, not a name: allowlists compare addresses."""
        return f"enode://{self.public_key}@{self.ip}:{P2P_PORT}"


class Validator(Node, frozen=True, kw_only=True):
    """A node that makes and signs blocks."""

    account: Address


class Organisation(Strict, frozen=True, kw_only=True):
    """A member of the consortium."""

    name: Name
    zh: str
    en: str
    validator: list[Validator] = []


class Processes(Strict, frozen=True, kw_only=True):
    """How many, and how much memory each may take."""

    processes: Annotated[int, Meta(ge=1, le=64)]
    memory_mb: Count


class Workers(Processes, frozen=True, kw_only=True):
    """The background work."""

    seal_entries: Annotated[int, Meta(ge=0)]


class Database(Strict, frozen=True, kw_only=True):
    """PostgreSQL."""

    name: Name
    user: Name
    memory_mb: Count
    storage_gb: Count
    max_connections: Count


class Home(Strict, frozen=True, kw_only=True):
    """The directory that all processes share: keys, files, segments."""

    storage_gb: Count


class Objects(Strict, frozen=True, kw_only=True):
    """Object storage, as rclone calls it."""

    remote: Name
    bucket: Host


class Proxy(Strict, frozen=True, kw_only=True):
    """The one door to the world."""

    host: Host
    https_port: Port
    http_port: Port


class Figures(Strict, frozen=True, kw_only=True):
    """Where each process serves its figures, inside."""

    port: Port


class Backup(Strict, frozen=True, kw_only=True):
    """When, and how long it is kept."""

    hour: Annotated[int, Meta(ge=0, le=23)]
    keep_days: Count


class Alerts(Strict, frozen=True, kw_only=True):
    """Thresholds."""

    unanchored_seconds: Count
    chain_block_seconds: Count
    lease_seconds: Count
    witness_hours: Count
    backup_hours: Count
    disk_free_percent: Annotated[int, Meta(ge=1, le=99)]
    error_percent: Annotated[int, Meta(ge=1, le=99)]
    slow_seconds: float


class Site(Strict, frozen=True, kw_only=True):
    """All of it."""

    name: Name
    origin: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9.\-/]{2,100}$")]
    tenant: Name
    timezone: str
    images: Images
    chain: Chain
    organisation: list[Organisation]
    rpc: list[Node]
    api: Processes
    worker: Workers
    database: Database
    home: Home
    objects: Objects
    proxy: Proxy
    metrics: Figures
    backup: Backup
    alerts: Alerts

    @property
    def validators(self) -> list[Validator]:
        """Of all organisations, in the order of the file."""
        return [one for organisation in self.organisation for one in organisation.validator]

    @property
    def nodes(self) -> list[Node]:
        """Everything on the chain's network."""
        return [*self.validators, *self.rpc]

    @property
    def url(self) -> str:
        """Where people reach it."""
        port = "" if self.proxy.https_port == 443 else f":{self.proxy.https_port}"
        return f"https://{self.proxy.host}{port}"


READABLE: Final = Rule(
    "site.readable",
    "this is not a description: {what}",
    "无法识别的部署描述：{what}",
    "Correct the key; deploy/site.toml shows every one",
    "请更正该项；deploy/site.toml 列有全部项目",
)
ENOUGH: Final = Rule(
    "site.validators",
    "{what} validators: with fewer than 4 none may fail",
    "仅有 {what} 个验证节点：少于 4 个时不能容忍任何故障",
    "Name at least four validators",
    "请至少列出 4 个验证节点",
)
SPREAD: Final = Rule(
    "site.one-organisation",
    "{what}: it can stop the chain alone, or have its way with it",
    "{what}：该组织可独自令链停止或左右链",
    "Spread validators so that each organisation has at most a third, rounded down, of all but one",
    "请分散验证节点：每个组织至多拥有（总数 − 1）除以 3 的整数个",
)
ACCOUNT: Final = Rule(
    "site.account",
    "the account does not belong to the public key, which is of {what}",
    "账户与公钥不符，该公钥对应 {what}",
    "Copy both again from `besu public-key export` and `besu public-key export-address`",
    "请重新从 `besu public-key export` 与 `besu public-key export-address` 抄录两者",
)
CHECKSUM: Final = Rule(
    "site.checksum",
    "{what} has no EIP-55 checksum, or a wrong one",
    "{what} 缺少 EIP-55 校验大小写或校验不符",
    "Copy the address again with its capital letters",
    "请连同大小写重新抄录地址",
)
UNIQUE: Final = Rule(
    "site.unique",
    "{what} is there twice",
    "{what} 重复",
    "Give each node a name, host, IP address and key of its own",
    "每个节点须有各自的名称、主机、IP 地址和密钥",
)
NUMBER: Final = Rule(
    "site.ip",
    "{what} is no IPv4 address",
    "{what} 不是 IPv4 地址",
    "Write the address under which the other organisations reach the node",
    "请填写其他组织访问该节点的地址",
)
TIMEOUT: Final = Rule(
    "site.timeout",
    "a round ends after {what} s, no later than a block is due",
    "轮次超时 {what} 秒，不长于出块间隔",
    "Set request_timeout_seconds to twice block_seconds",
    "请将 request_timeout_seconds 设为 block_seconds 的两倍",
)
SENDER: Final = Rule(
    "site.sender",
    "nobody may send transactions",
    "没有账户可发送交易",
    "Name the account of the ledger's chain key in anchor_accounts",
    "请在 anchor_accounts 中列出账本链上密钥的账户",
)
WITNESSES: Final = Rule(
    "site.rpc",
    "{what} nodes answer the ledger: one that lies would not be noticed",
    "仅有 {what} 个节点为账本应答：若其作假将无从发现",
    "Name two, of different organisations",
    "请列出两个，分属不同组织",
)
POOLED: Final = Rule(
    "site.connections",
    "processes may open {what} connections, with 20 left to spare",
    "各进程最多可打开 {what} 个连接（另留 20 个）",
    "Raise database.max_connections, or run fewer processes",
    "请提高 database.max_connections 或减少进程数",
)
RULES: Final = (READABLE, ENOUGH, SPREAD, ACCOUNT, CHECKSUM, UNIQUE, NUMBER, TIMEOUT, SENDER, WITNESSES, POOLED)


class SiteRefused(Exception):
    """A description that nothing can be written from."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(one.sentence("en") for one in findings))
        self.findings = list(findings)


def read(path: Path) -> Site:
    """The description in a file. Raises ``SiteRefused``."""
    try:
        site = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Site)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        said, _, where = str(error).partition(" - at `$")
        raise SiteRefused([READABLE.at(path.name, where.strip("`.") or "-", said)]) from error
    found = list(check(site, path.name))
    if any(one.rule.hard for one in found):
        raise SiteRefused(found)
    return site


def account_of(public_key: str) -> str:
    """The account of a public key, in small letters: the last 20 bytes of its Keccak-256."""
    return "0x" + keccak(hexstr=public_key)[-20:].hex()


def check(site: Site, file: str) -> Iterator[Finding]:
    """What does not hold of a description that can be read."""
    yield from _of_validators(site, file)
    yield from _of_nodes(site, file)
    yield from _of_chain(site, file)
    most = (site.api.processes + site.worker.processes) * POOL
    if most + SPARE > site.database.max_connections:
        yield POOLED.at(file, "database.max_connections", most)


def _of_nodes(site: Site, file: str) -> Iterator[Finding]:
    for field in ("name", "host", "ip", "public_key"):
        for value, times in Counter(getattr(node, field) for node in site.nodes).items():
            if times > 1:
                yield UNIQUE.at(file, field, value)
    for node in site.nodes:
        try:
            IPv4Address(node.ip)
        except ValueError:
            yield NUMBER.at(file, f"{node.name}.ip", node.ip)
    if len(site.rpc) < 2:
        yield WITNESSES.at(file, "rpc", len(site.rpc))


def _of_chain(site: Site, file: str) -> Iterator[Finding]:
    if site.chain.request_timeout_seconds <= site.chain.block_seconds:
        yield TIMEOUT.at(file, "chain.request_timeout_seconds", site.chain.request_timeout_seconds)
    if not site.chain.anchor_accounts:
        yield SENDER.at(file, "chain.anchor_accounts")
    for address in site.chain.anchor_accounts:
        if not is_checksum_address(address):
            yield CHECKSUM.at(file, "chain.anchor_accounts", address)


def _of_validators(site: Site, file: str) -> Iterator[Finding]:
    all_of_them = site.validators
    if len(all_of_them) < LEAST_VALIDATORS:
        yield ENOUGH.at(file, "organisation", len(all_of_them))
    may_fail = (len(all_of_them) - 1) // 3
    for organisation in site.organisation:
        if len(organisation.validator) > may_fail:
            has = f"{organisation.name} has {len(organisation.validator)} of {len(all_of_them)}"
            yield SPREAD.at(file, f"organisation.{organisation.name}", has)
    for one in all_of_them:
        if not is_checksum_address(one.account):
            yield CHECKSUM.at(file, f"{one.name}.account", one.account)
        if one.account.lower() != account_of(one.public_key):
            yield ACCOUNT.at(file, f"{one.name}.account", account_of(one.public_key))
