"""organisation: the parties beside the house."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.services.organisations import KINDS, Organisation, add_organisation
from ledger.settings import Settings
from ledger.wiring import open_ledger


def _organisation(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger:
        if options.act == "list":
            found = ledger.organisations.listed(settings.tenant)
        else:
            made = add_organisation(
                ledger.organisations,
                ledger.clock,
                ledger.random,
                tenant=settings.tenant,
                name=options.name,
                kind=options.kind,
                organisation_id=options.id,
                identifiers=tuple(options.identifier),
            )
            found = [made]
    for each in found:
        terminal.say(f"{each.id}  {each.kind}  {each.name}", f"{each.id}  {each.kind}  {each.name}")
    if not found:
        terminal.say("No organisation yet", "尚无组织")
    terminal.data({"organisations": [_shown(each) for each in found]})
    return 0


def _shown(organisation: Organisation) -> dict[str, object]:
    return {
        "id": organisation.id,
        "name": organisation.name,
        "kind": organisation.kind,
        "identifiers": list(organisation.identifiers),
    }


def _organisation_arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="enter an organisation / 登记组织")
    add.add_argument("name", help="its name / 名称")
    add.add_argument("--kind", choices=KINDS, default="supplier", help="what it is / 类型")
    add.add_argument("--id", default="", help="its id, of a-z, 0-9 and -; else a random one / 编号")
    add.add_argument("--identifier", action="append", default=[], metavar="URN", help="a URN others know it by / 标识")
    acts.add_parser("list", help="all of them / 列出组织")


VERBS = (
    Verb(
        "organisation", "suppliers, verifiers, partners", "供应商、核查方、伙伴", _organisation, _organisation_arguments
    ),
)
