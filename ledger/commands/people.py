"""organisation, person: the parties beside the house, and who signs in."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ledger.commands.terminal import Terminal
from ledger.commands.verb import Verb
from ledger.services.access import ROLES
from ledger.services.audit import by_operator
from ledger.services.organisations import KINDS, Organisation, add_organisation
from ledger.services.people import invite
from ledger.settings import Settings
from ledger.wiring import open_ledger


def _organisation(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger, ledger.recording.together():
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
            ledger.recording.record(by_operator("enter_organisation", settings.tenant, made.id))
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


def _person(settings: Settings, options: Namespace, terminal: Terminal) -> int:
    with open_ledger(settings) as ledger, ledger.recording.together():
        if options.act == "list":
            found = ledger.people.of_tenant(settings.tenant)
            for each in found:
                said = f"{each.email}  {each.role}  {each.organisation}  {each.name}"
                terminal.say(said + "  revoked" * each.revoked, said + "  已停用" * each.revoked)
            if not found:
                terminal.say("Nobody yet", "尚无人员")
            shown = [
                {"email": each.email, "name": each.name, "role": each.role, "organisation": each.organisation}
                for each in found
            ]
            terminal.data({"people": shown})
            return 0
        made, secret = invite(
            ledger,
            tenant=settings.tenant,
            email=options.email,
            name=options.name,
            role=options.role,
            organisation=options.organisation,
        )
        ledger.recording.record(by_operator("invite", settings.tenant, made.id, role=made.role))
    link = f"{settings.domain}/welcome/{secret}"
    terminal.say(
        f"Hand over this link, it works once within 7 days: {link}", f"请转交此链接，7 天内有效，仅可使用一次：{link}"
    )
    terminal.data({"link": link})
    return 0


def _organisation_arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    add = acts.add_parser("add", help="enter an organisation / 登记组织")
    add.add_argument("name", help="its name / 名称")
    add.add_argument("--kind", choices=KINDS, default="supplier", help="what it is / 类型")
    add.add_argument("--id", default="", help="its id, of a-z, 0-9 and -; else a random one / 编号")
    add.add_argument("--identifier", action="append", default=[], metavar="URN", help="a URN others know it by / 标识")
    acts.add_parser("list", help="all of them / 列出组织")


def _person_arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    new = acts.add_parser("invite", help="a one-time link that sets a password / 生成一次性链接")
    new.add_argument("email", help="whose account it is / 邮箱")
    new.add_argument("--name", required=True, help="the person's name / 姓名")
    new.add_argument("--role", required=True, choices=[role for role in ROLES if role != "public"], help="role / 角色")
    new.add_argument("--organisation", default="", metavar="ID", help="whom the person acts for / 所属组织")
    acts.add_parser("list", help="who may sign in / 列出人员")


VERBS = {"organisation": Verb(_organisation, _organisation_arguments), "person": Verb(_person, _person_arguments)}
