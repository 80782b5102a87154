"""
Organisations: the parties beside the house within a tenant, its suppliers, verifiers and partners.

An organisation's id is what records carry as ``supplier`` and what a principal that acts for it carries as
``organisation``. Ids are never used again; names are unique within a tenant.
"""

from __future__ import annotations

import re
from base64 import b32encode
from dataclasses import dataclass
from typing import Final, Literal, Protocol, get_args

from ledger.errors import AccessError
from ledger.ports import Clock, Random
from ledger.records.record import microseconds

OrganisationKind = Literal["supplier", "verifier", "partner"]
KINDS: Final[tuple[OrganisationKind, ...]] = get_args(OrganisationKind)
LONGEST_NAME: Final = 200
MOST_IDENTIFIERS: Final = 20
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,59}", re.ASCII)
_URN: Final = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,31}:[^\s\x00-\x1f\x7f]{1,200}", re.ASCII | re.IGNORECASE)
"""RFC 8141: a namespace and a name in it."""


class OrganisationRefused(AccessError):
    """An organisation that cannot be entered."""

    code = "access.organisation-terms"
    why: str
    why_zh: str
    en = "the organisation cannot be entered: {why}"
    zh = "无法登记该组织：{why_zh}"
    fix_en = "Give a name, a kind (supplier, verifier, partner), an id of a-z, 0-9 and -, and identifiers as URNs"
    fix_zh = "请填写名称、类型（supplier、verifier、partner）、由 a-z、0-9 和 - 组成的编号，标识须为 URN"


class OrganisationAbsent(AccessError):
    """There is no such organisation in the tenant."""

    code = "access.organisation-absent"
    id: str
    en = "there is no organisation {id}"
    zh = "没有组织 {id}"
    fix_en = "Compare the id with the list of organisations"
    fix_zh = "请与组织列表核对编号"


class OrganisationExists(AccessError):
    """Its id or its name is taken within the tenant."""

    code = "access.organisation-exists"
    name: str
    en = "there is an organisation of this id or name already: {name}"
    zh = "已有同编号或同名的组织：{name}"
    fix_en = "Use the one that is there, or choose another id and name"
    fix_zh = "请使用已有组织，或另选编号和名称"


@dataclass(frozen=True, slots=True)
class Organisation:
    """A party within a tenant. ``identifiers`` are URNs others know it by; ``created_at`` is in microseconds."""

    id: str
    tenant: str
    name: str
    kind: OrganisationKind
    identifiers: tuple[str, ...] = ()
    created_at: int = 0


class OrganisationStore(Protocol):
    """The organisations of all tenants."""

    def add(self, organisation: Organisation) -> bool:
        """Store a new one; False when its id or its name is taken within the tenant."""
        ...

    def get(self, tenant: str, organisation_id: str) -> Organisation | None:
        """A tenant's organisation of an id."""
        ...

    def listed(self, tenant: str) -> list[Organisation]:
        """A tenant's organisations by name."""
        ...


def add_organisation(
    organisations: OrganisationStore,
    clock: Clock,
    random: Random,
    *,
    tenant: str,
    name: str,
    kind: str,
    organisation_id: str = "",
    identifiers: tuple[str, ...] = (),
) -> Organisation:
    """Enter an organisation; its id is random unless given. Raises ``OrganisationRefused``, ``OrganisationExists``."""
    known = next((each for each in KINDS if each == kind), None)
    if known is None:
        raise OrganisationRefused(why=f"{kind!r} is not a kind", why_zh=f"{kind!r} 不是组织类型")
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise OrganisationRefused(why="its name is empty or too long", why_zh="名称为空或过长")
    chosen = organisation_id or f"o-{b32encode(random.token(10)).decode().lower()}"
    if not _ID.fullmatch(chosen):
        raise OrganisationRefused(why=f"the id {chosen[:60]!r}", why_zh=f"编号 {chosen[:60]!r} 不合要求")
    bad = next((each for each in identifiers if not _URN.fullmatch(each)), None)
    if bad is not None:
        raise OrganisationRefused(why=f"{bad[:60]!r} is not a URN", why_zh=f"{bad[:60]!r} 不是 URN")
    if len(identifiers) > MOST_IDENTIFIERS:
        raise OrganisationRefused(why="more than 20 identifiers", why_zh="标识超过 20 个")
    made = Organisation(chosen, tenant, name, known, tuple(dict.fromkeys(identifiers)), microseconds(clock.now()))
    if not organisations.add(made):
        raise OrganisationExists(name=f"{chosen}, {name}")
    return made


def organisation_of(organisations: OrganisationStore, tenant: str, organisation_id: str) -> Organisation:
    """A tenant's organisation. Raises ``OrganisationAbsent``."""
    found = organisations.get(tenant, organisation_id)
    if found is None:
        raise OrganisationAbsent(id=organisation_id)
    return found
