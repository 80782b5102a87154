"""key: keys for machines, a new one for an owner who lost his, and a new one that signs tokens."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from api.permissions import scope_of
from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.services.audit import OPERATOR, by_operator
from ledger.services.gate import Gate
from ledger.services.keys import Keys
from ledger.services.organisations import organisation_of
from ledger.settings import Settings
from ledger.wiring import Ledger, open_ledger


def operators_keys(ledger: Ledger) -> Keys:
    """The keys of a ledger's own tenant, changed by whoever may read its directory."""
    gate, tell = Gate(ledger.principals, ledger.clock), ledger.recording.record
    return Keys(ledger.principals, gate, ledger.clock, ledger.random, ledger.settings.tenant, OPERATOR, tell)


def _key(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    # What is done to keys is recorded with it, or not done.
    with open_ledger(settings) as ledger, ledger.recording.together():
        tell, keys = ledger.recording.record, operators_keys(ledger)
        if options.revoke:
            keys.revoke(options.revoke)
            terminal.say(f"Key {options.revoke} is revoked", f"密钥 {options.revoke} 已吊销")
            return 0
        if options.rotate_tokens:
            tell(by_operator("rotate_token_keys", settings.tenant, ""))
            kid = ledger.token_keys.rotate()
            terminal.say(f"Tokens are signed by key {kid} from now on", f"令牌自此由密钥 {kid} 签名")
            terminal.data({"kid": kid})
            return 0
        if options.replace:
            _, text = keys.replace(options.replace)
        elif options.owner:
            text = keys.renew_owner()
        else:
            if options.organisation:
                organisation_of(ledger.organisations, settings.tenant, options.organisation)
            _, text = keys.issue(
                name=options.name,
                role=options.role,
                days=options.days,
                organisation=options.organisation,
                scope=scope_of(options.role, options.scope.split()),
            )
    terminal.say(f"Shown once, keep it: {text}", f"仅显示一次，请妥善保存：{text}")
    terminal.data({"key": text})
    return 0


def _key_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--name", default="machine", help="what uses it / 使用者")
    parser.add_argument("--role", default="machine", help="its role / 角色")
    parser.add_argument("--organisation", default="", metavar="ID", help="whom it acts for / 所属组织")
    parser.add_argument("--days", type=int, default=90, help="how long it lives, at most 90 / 有效天数，最多 90")
    parser.add_argument("--scope", default="", help="permissions it is narrowed to / 限定的权限，以空格分隔")
    parser.add_argument("--replace", metavar="ID", help="a new key on the terms of another / 更换密钥")
    parser.add_argument("--owner", action="store_true", help="a new key for the owner / 重置所有者密钥")
    parser.add_argument("--rotate-tokens", action="store_true", help="sign access tokens anew / 更换令牌签名密钥")
    parser.add_argument("--revoke", metavar="ID", help="end a key / 吊销密钥")


VERBS = {"key": Verb(_key, _key_arguments)}
