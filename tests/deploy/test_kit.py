"""The production kit: facts of QBFT from outside, what is generated, and that each wrong thing is found by its rule."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from deploy import qbft
from deploy import site as described
from deploy.check_chain import check as check_chain
from deploy.check_stack import check as check_stack
from deploy.check_stack import check_file
from deploy.checking import RULES, check, read
from deploy.generate import files
from deploy.site import Site, SiteRefused
from deploy.watching import alerts

ROOT = Path(__file__).resolve().parents[2]
SITE = described.read(ROOT / "deploy" / "site.toml")
MADE = files(SITE)


def test_extra_data_as_another_engine_writes_it() -> None:
    """GoQuorum's vector (consensus/istanbul/qbft/engine, engine_test.go), and back; a vote or a cut byte is none."""
    four = ["44add0ec310f115a0e603b2d7db9f067778eaf8a", "294fc7e8f22b3bcdcf955dd7ff3ba2ed833f8212"]
    four += ["6beaaed781d2d2ab6350f5c4566a2c6eaac407a6", "8be76812f765c24641ec63dc2852b378aba2b440"]
    said = f"0xf87aa0{'00' * 32}f854{''.join('94' + one for one in four)}c080c0"
    assert qbft.encode(four) == said
    assert qbft.decode(said) == ["0x" + one for one in four]
    for wrong in (said[:-2], said + "00", said.replace("c080c0", "c001c0"), "0x", "no"):
        with pytest.raises(qbft.NotExtraData):
            qbft.decode(wrong)


def test_an_account_of_a_public_key() -> None:
    """The generator point is the public key of the private key 1, whose address everybody knows."""
    x = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    y = "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8"
    assert described.account_of(x + y) == "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"


def test_what_is_in_the_repository_is_what_the_description_gives() -> None:
    """Nothing was edited by hand, and nothing is left over."""
    assert read(ROOT / "deploy" / "generated") == MADE


def test_the_kit_holds() -> None:
    """No hard finding; images of an example are not pinned, which is said."""
    found = [*described.check(SITE, "site.toml"), *check_chain(SITE, MADE), *check_stack(MADE)]
    assert [one.sentence("en") for one in found if one.rule.hard] == []
    assert {one.rule.name for one in found} == {"stack.floating"}


ACCOUNTS = "accounts-config-file-enabled"
EDITS: list[tuple[str, str, str, str]] = [
    ("chain.extra-data", "chain/genesis.json", '"extraData": "0xf8', '"extraData": "0xf9'),
    ("chain.extra-data", "chain/genesis.json", SITE.validators[0].account[2:].lower(), "11" * 20),
    ("chain.free-gas", "chain/genesis.json", '"zeroBaseFee": true', '"zeroBaseFee": false'),
    ("chain.free-gas", "chain/rpc-1/config.toml", "tx-pool-min-gas-price = 0", "tx-pool-min-gas-price = 1"),
    ("chain.genesis", "chain/genesis.json", '"requesttimeoutseconds": 4', '"requesttimeoutseconds": 2'),
    ("chain.genesis", "chain/genesis.json", '"alloc": {}', '"alloc": {"0x11": {}}'),
    ("chain.genesis", "chain/genesis.json", '"chainId": 9521141', '"chainId": 1'),
    ("chain.allowlist", "chain/permissions-nodes.toml", "@172.28.1.12", "@172.28.1.99"),
    ("chain.allowlist", "chain/permissions-accounts.toml", "0xda6f", "0xaaaa"),
    ("chain.allowlist", "chain/buyer-1/config.toml", 'p2p-host = "172.28.1.11"', 'p2p-host = "172.28.1.12"'),
    ("chain.allowlist", "chain/rpc-2/config.toml", f"{ACCOUNTS} = true", f"{ACCOUNTS} = false"),
    ("chain.option", "chain/buyer-1/config.toml", "sync-mode", "sync-mood"),
    ("chain.option", "chain/buyer-1/config.toml", "min-gas-price = 0", 'min-gas-price = "0"'),
    ("chain.exposed", "chain/buyer-1/config.toml", 'rpc-http-host = "127.0.0.1"', 'rpc-http-host = "0.0.0.0"'),
    ("chain.exposed", "chain/rpc-1/config.toml", '"QBFT"', '"ADMIN"'),
    ("chain.exposed", "chain/rpc-1/config.toml", '"localhost"', '"*"'),
    ("chain.exposed", "chain/rpc-1/config.toml", "discovery-enabled = false", "discovery-enabled = true"),
    ("chain.parsed", "chain/rpc-1/config.toml", "identity =", "identity"),
    ("stack.schema", "compose.yaml", "restart: unless-stopped", "restarts: unless-stopped"),
    ("stack.schema", "chain/compose.yaml", "ipv4_address: ", "ipv4: "),
    ("stack.dangling", "compose.yaml", "- home:/var", "- house:/var"),
    ("stack.dangling", "compose.yaml", "./proxy/nginx.conf", "./proxy/nginx.cnf"),
    ("stack.dangling", "compose.yaml", "      api-4:\n", "      api-9:\n"),
    ("stack.settings", "compose.yaml", "ONECODE_GAS_PRICE", "ONECODE_GASPRICE"),
    ("stack.settings", "kubernetes/ledger.yaml", "CHAIN_ID: '9521141'", "CHAIN_ID: many"),
    ("stack.schema", "kubernetes/ledger.yaml", "replicas: 4", "replicas: four"),
    ("stack.schema", "kubernetes/ledger.yaml", "maxUnavailable: 1", "maxGone: 1"),
    ("stack.dangling", "kubernetes/ledger.yaml", "claimName: ledger-home", "claimName: ledger-house"),
    ("stack.dangling", "kubernetes/ledger.yaml", "secretName: ledger-tls", "secretName: ledger-ssl"),
    ("stack.schema", "proxy/nginx.conf", "proxy_pass http", "proxy_pas http"),
    ("stack.schema", "proxy/nginx.conf", "events {", "server { }\nevents {"),
    ("stack.schema", "prometheus/alerts.yaml", "max(onecode_entries)", "max(onecode_entries"),
    ("stack.figure", "prometheus/alerts.yaml", "onecode_unanchored_age_seconds", "onecode_unanchored_age"),
    ("stack.dangling", "prometheus/prometheus.yaml", "worker-2:", "worker-7:"),
]


@pytest.mark.parametrize(("rule", "path", "old", "new"), EDITS, ids=[f"{one[0]} {one[3][:30]}" for one in EDITS])
def test_a_wrong_file_is_found(rule: str, path: str, old: str, new: str) -> None:
    """One change to one file is found by the rule that is about it."""
    assert old in MADE[path]
    edited = dict(MADE) | {path: MADE[path].replace(old, new)}
    found = check_chain(SITE, edited) if rule.startswith("chain.") else check_file(path, edited)
    assert rule in {one.rule.name for one in found}


def test_a_file_that_is_not_what_the_description_gives_is_found(tmp_path: Path) -> None:
    """One edited by hand, one left over, one that is not there: each by its place."""
    edited, gone = "chain/genesis.json", "proxy/nginx.conf"
    for path, text in {**MADE, edited: MADE[edited] + " ", "chain/gone-1/config.toml": ""}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    (tmp_path / gone).unlink()
    found = {(one.rule.name, one.file) for one in check(SITE, "site.toml", tmp_path) if one.rule.hard}
    assert found == {("kit.stale", edited), ("kit.stale", "chain/gone-1/config.toml"), ("kit.missing", gone)}


def test_a_folder_of_something_else_is_not_emptied(tmp_path: Path) -> None:
    """``generate`` clears its own folder alone."""
    (tmp_path / "letters.txt").write_text("mine")
    words = ["-m", "deploy", "generate", "--site", str(ROOT / "deploy" / "site.toml"), "--out", str(tmp_path)]
    assert subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, check=False).returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


DESCRIPTIONS: list[tuple[str, Callable[[Site], Site]]] = [
    ("site.validators", lambda site: msgspec.structs.replace(site, organisation=site.organisation[:3])),
    ("site.one-organisation", lambda site: _with(site, "organisation", [_doubled(site), *site.organisation[2:]])),
    ("site.timeout", lambda site: _with(site, "chain", _with(site.chain, "request_timeout_seconds", 2))),
    ("site.sender", lambda site: _with(site, "chain", _with(site.chain, "anchor_accounts", []))),
    ("site.checksum", lambda site: _with(site, "chain", _with(site.chain, "anchor_accounts", ["0x" + "aB" * 20]))),
    ("site.rpc", lambda site: _with(site, "rpc", site.rpc[:1])),
    ("site.ip", lambda site: _with(site, "rpc", [_with(site.rpc[0], "ip", "rpc"), site.rpc[1]])),
    ("site.unique", lambda site: _with(site, "rpc", [site.rpc[0]] * 2)),
    ("site.account", lambda site: _with(site, "organisation", [_swapped(site), *site.organisation[1:]])),
    ("site.connections", lambda site: _with(site, "api", _with(site.api, "processes", 20))),
]


@pytest.mark.parametrize(("rule", "change"), DESCRIPTIONS)
def test_a_wrong_description_is_refused(rule: str, change: Callable[[Site], Site]) -> None:
    """Nothing is written from it; each rule is about one thing."""
    assert rule in {one.rule.name for one in described.check(change(SITE), "site.toml")}


def _with(what: object, name: str, value: object) -> Site:
    return msgspec.structs.replace(what, **{name: value})  # type: ignore[arg-type, type-var, return-value]


def _doubled(site: Site) -> Site:
    first, second = site.organisation[:2]
    return _with(first, "validator", [*first.validator, *second.validator])


def _swapped(site: Site) -> Site:
    first, second = site.organisation[:2]
    other = _with(first.validator[0], "public_key", second.validator[0].public_key)
    return _with(first, "validator", [other])


def test_a_description_with_an_unknown_key_is_named(tmp_path: Path) -> None:
    """The key, and what to do, in both languages; a file that is no TOML too."""
    text = (ROOT / "deploy" / "site.toml").read_text(encoding="utf-8")
    for changed in (text.replace("block_seconds", "block_second"), "= ="):
        file = tmp_path / "site.toml"
        file.write_text(changed, encoding="utf-8")
        with pytest.raises(SiteRefused) as refused:
            described.read(file)
        [found] = refused.value.findings
        assert "site.toml" in found.sentence("zh")
        assert found.rule.name == "site.readable"


def test_every_rule_and_alert_is_explained() -> None:
    """Rules speak both languages, and a test above breaks each; alerts have a section in the operations guide."""
    elsewhere = ["kit.stale", "kit.missing", "site.readable", "stack.floating"]
    broken = {*elsewhere, *(edit[0] for edit in EDITS), *(rule for rule, _ in DESCRIPTIONS)}
    assert sorted(rule.name for rule in RULES) == sorted(broken)
    for rule in RULES:
        assert all(re.search("[\u4e00-\u9fff]", text) for text in (rule.zh, rule.fix_zh)), rule.name
    guide = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for alert in alerts(SITE):
        assert f"### {alert.name}\n" in guide, alert.name
        assert re.search("[\u4e00-\u9fff]", alert.zh)
