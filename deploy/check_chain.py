"""Besu's own rules for its files, as far as they can be held without it: read back from the texts alone."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final

from deploy import qbft
from deploy.chain import ISTANBUL
from deploy.findings import Finding, Rule
from deploy.site import Site

OPTIONS: Final[Mapping[str, type]] = {
    "identity": str,
    "data-path": str,
    "node-private-key-file": str,
    "genesis-file": str,
    "sync-mode": str,
    "data-storage-format": str,
    "p2p-host": str,
    "p2p-port": int,
    "discovery-enabled": bool,
    "static-nodes-file": str,
    "permissions-nodes-config-file-enabled": bool,
    "permissions-nodes-config-file": str,
    "permissions-accounts-config-file-enabled": bool,
    "permissions-accounts-config-file": str,
    "min-gas-price": int,
    "tx-pool": str,
    "tx-pool-min-gas-price": int,
    "tx-pool-limit-by-account-percentage": float,
    "tx-pool-no-local-priority": bool,
    "tx-pool-enable-save-restore": bool,
    "rpc-http-enabled": bool,
    "rpc-http-host": str,
    "rpc-http-port": int,
    "rpc-http-api": list,
    "host-allowlist": list,
    "revert-reason-enabled": bool,
    "metrics-enabled": bool,
    "metrics-host": str,
    "metrics-port": int,
    "logging": str,
}
"""Options that may be set here, each in ``app/src/test/resources/everything_config.toml`` of Besu's repository."""
QBFT_KEYS: Final = {"blockperiodseconds", "epochlength", "requesttimeoutseconds"}

PARSED = Rule(
    "chain.parsed",
    "it cannot be read: {what}",
    "无法解析：{what}",
    "Generate it again; Besu refuses to start with it",
    "请重新生成；Besu 将拒绝启动",
)
EXTRA = Rule(
    "chain.extra-data",
    "extraData does not name exactly the validators in ascending order: {what}",
    "extraData 未按升序恰好列出全部验证节点：{what}",
    "Generate the genesis again; every node must have the same bytes",
    "请重新生成创世文件；所有节点必须使用相同内容",
)
FREE = Rule(
    "chain.free-gas",
    "gas is not free: {what}",
    "Gas 并非免费：{what}",
    "zeroBaseFee with londonBlock 0, min-gas-price and tx-pool-min-gas-price 0 on every node",
    "须在创世文件设置 zeroBaseFee 与 londonBlock 0，各节点 min-gas-price 与 tx-pool-min-gas-price 均为 0",
)
GENESIS = Rule(
    "chain.genesis",
    "{what}",
    "创世文件不符合规则：{what}",
    "Generate the genesis again; a network that already runs keeps its own",
    "请重新生成创世文件；已运行的网络须保留原文件",
)
OPTION = Rule(
    "chain.option",
    "Besu has no such option, or it takes another type: {what}",
    "Besu 无此选项或类型不符：{what}",
    "Compare with `besu --help` of the version in site.toml",
    "请与 site.toml 所用版本的 `besu --help` 核对",
)
LISTED = Rule(
    "chain.allowlist",
    "{what}",
    "白名单不符：{what}",
    "Generate it again and have every node read it (`perm_reloadPermissionsFromFile`)",
    "请重新生成，并令每个节点重新读取（`perm_reloadPermissionsFromFile`）",
)
OPEN = Rule(
    "chain.exposed",
    "{what}",
    "对外暴露：{what}",
    "Bind a validator's RPC to 127.0.0.1; nodes that answer offer ETH, NET, WEB3 and QBFT alone",
    "验证节点的 RPC 只绑定 127.0.0.1；应答节点只开放 ETH、NET、WEB3、QBFT",
)
RULES: Final = (PARSED, EXTRA, FREE, GENESIS, OPTION, LISTED, OPEN)


def check(site: Site, files: Mapping[str, str]) -> Iterator[Finding]:
    """What does not hold of the chain's files."""
    yield from _genesis(site, files)
    yield from _lists(site, files)
    for node in site.nodes:
        path = f"chain/{node.name}/config.toml"
        try:
            table = tomllib.loads(files[path])
        except (KeyError, tomllib.TOMLDecodeError) as error:
            yield PARSED.at(path, "", error)
            continue
        yield from _options(path, table)
        yield from _exposed(path, table, answers=node in site.rpc)
        if table.get("p2p-host") != node.ip:
            yield LISTED.at(path, "p2p-host", f"{table.get('p2p-host')} is not the address in the allowlist")
        for name in ("nodes", "accounts"):
            if table.get(f"permissions-{name}-config-file-enabled") is not True:
                yield LISTED.at(path, f"permissions-{name}-config-file-enabled", f"no list of {name} is in force")


def _genesis(site: Site, files: Mapping[str, str]) -> Iterator[Finding]:
    path = "chain/genesis.json"
    try:
        made = json.loads(files[path])
        config, text = made["config"], made["extraData"]
        found = qbft.decode(text)
    except (KeyError, TypeError, ValueError) as error:
        yield (EXTRA if isinstance(error, qbft.NotExtraData) else PARSED).at(path, "", error)
        return
    if found != sorted(one.account.lower() for one in site.validators):
        yield EXTRA.at(path, "extraData", ", ".join(found))
    if config.get("zeroBaseFee") is not True or config.get("londonBlock") != 0:
        yield FREE.at(path, "config", "zeroBaseFee or londonBlock 0 is missing")
    if config.get("chainId") != site.chain.id:
        yield GENESIS.at(path, "config.chainId", f"chainId {config.get('chainId')} is not the description's")
    engine = config.get("qbft")
    if not isinstance(engine, dict) or set(engine) != QBFT_KEYS:
        yield GENESIS.at(path, "config.qbft", f"qbft has not exactly {', '.join(sorted(QBFT_KEYS))}")
    elif engine["requesttimeoutseconds"] <= engine["blockperiodseconds"]:
        yield GENESIS.at(path, "config.qbft", "a round ends before a block is due")
    for name, wanted in (("mixHash", ISTANBUL), ("difficulty", "0x1"), ("alloc", {})):
        if made.get(name) != wanted:
            yield GENESIS.at(path, name, f"{name} is {made.get(name)!r}, and must be {wanted!r}")


def _lists(site: Site, files: Mapping[str, str]) -> Iterator[Finding]:
    wanted = [node.enode for node in site.nodes]
    for path, key, right in (
        ("chain/permissions-nodes.toml", "nodes-allowlist", wanted),
        ("chain/permissions-accounts.toml", "accounts-allowlist", site.chain.anchor_accounts),
        ("chain/static-nodes.json", "", wanted),
    ):
        try:
            found = tomllib.loads(files[path])[key] if key else json.loads(files[path])
        except (KeyError, ValueError) as error:
            yield PARSED.at(path, key, error)
            continue
        for one in found:
            if one not in right:
                yield LISTED.at(path, key, f"{one} is not in the description")
        for one in right:
            if one not in found:
                yield LISTED.at(path, key, f"{one} is missing")


def _options(path: str, table: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in table.items():
        if name not in OPTIONS or type(value) is not OPTIONS[name]:
            yield OPTION.at(path, name, f"{name} = {value!r}")
    for name in ("min-gas-price", "tx-pool-min-gas-price"):
        if table.get(name) != 0:
            yield FREE.at(path, name, f"{name} is {table.get(name, 1000)}")


def _exposed(path: str, table: Mapping[str, Any], *, answers: bool) -> Iterator[Finding]:
    if "*" in table.get("host-allowlist", ["*"]) or "all" in table.get("host-allowlist", []):
        yield OPEN.at(path, "host-allowlist", "any Host header is answered")
    if not answers and table.get("rpc-http-host") != "127.0.0.1":
        yield OPEN.at(path, "rpc-http-host", "a validator answers strangers")
    offered = set(table.get("rpc-http-api", []))
    if answers and offered - {"ETH", "NET", "WEB3", "QBFT"}:
        yield OPEN.at(path, "rpc-http-api", f"{', '.join(sorted(offered))} are offered to the network")
    if table.get("discovery-enabled") is not False:
        yield OPEN.at(path, "discovery-enabled", "the node looks for strangers")
