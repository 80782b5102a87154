"""
Keys of machines and of the owner: issued, replaced, revoked. Whatever is done to one is told in the same breath.

A principal belongs to one tenant; so do its keys.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from ledger.errors import AccessError
from ledger.ports import Clock, Random
from ledger.records.audit import Act
from ledger.records.record import microseconds
from ledger.services.access import FOREVER, OWNER_ID, ROLES, Principal, PrincipalStore, StoredPrincipal
from ledger.services.audit import Deed
from ledger.services.gate import Gate, Key

LONGEST_LIFE: Final = timedelta(days=90)
OVERLAP: Final = timedelta(days=1)
"""How long a key goes on beside the one that takes its place."""


class KeyTermsRefused(AccessError):
    """A key was asked for with a role or a lifetime that keys do not have."""

    code = "access.key-terms"
    why: str
    why_zh: str
    en = "no such key can be issued: {why}"
    zh = "无法签发该密钥：{why_zh}"
    fix_en = (
        "Ask for one of the roles admin, manager, supplier, warehouse, procurement, auditor, 1 to 90 days, and a scope "
        "of permissions that the role has"
    )
    fix_zh = (
        "角色可选 admin、manager、supplier、warehouse、procurement、auditor、partner，"
        "有效期 1 至 90 天；范围须为角色已有权限"
    )


class KeyAbsent(AccessError):
    """There is no such key among the tenant's."""

    code = "access.key-absent"
    id: str
    en = "there is no key {id}"
    zh = "没有密钥 {id}"
    fix_en = "Compare the id with the list of keys"
    fix_zh = "请与密钥列表核对编号"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a tenant, in the name of who changes them. ``tell`` records a deed beside the act, or neither is."""

    principals: PrincipalStore
    gate: Gate
    clock: Clock
    random: Random
    tenant: str
    by: str
    tell: Callable[[Deed], object]

    def issue(self, **terms: Any) -> tuple[Principal, str]:
        """See ``issue_key``."""
        made = issue_key(self.principals, self.clock, self.random, tenant=self.tenant, **terms)
        self._told("issue_key", made[0].id, made[0].role)
        return made

    def replace(self, key_id: str) -> tuple[Principal, str]:
        """See ``rotate_key``."""
        parts = (self.principals, self.gate, self.clock, self.random)
        made = rotate_key(*parts, tenant=self.tenant, key_id=key_id)
        self._told("replace_key", key_id, made[0].role)
        self._told("issue_key", made[0].id, made[0].role)
        return made

    def renew_owner(self) -> str:
        """See ``renew_owner``."""
        text = renew_owner(self.principals, self.random)
        self._told("replace_key", OWNER_ID, "admin")
        return text

    def revoke(self, key_id: str) -> None:
        """See ``revoke_key``."""
        revoke_key(self.principals, self.gate, tenant=self.tenant, key_id=key_id)
        self._told("revoke_key", key_id)

    def _told(self, act: Act, key_id: str, role: str = "") -> None:
        self.tell(Deed(act, self.tenant, self.by, key_id, role=role))


def ensure_owner(principals: PrincipalStore, clock: Clock, random: Random, tenant: str) -> str | None:
    """The owner's key, made at the first start; ``None`` ever after. It is shown once and stored nowhere."""
    if principals.get(OWNER_ID) is not None:
        return None
    key = Key.fresh(random, OWNER_ID)
    owner = Principal(OWNER_ID, tenant, "owner", "admin", microseconds(clock.now()), FOREVER)
    return key.text if principals.add(StoredPrincipal(owner, key.hash)) else None


def renew_owner(principals: PrincipalStore, random: Random) -> str:
    """A new key for the owner, who lost the old one. The old one, and every session opened with it, ends."""
    key = Key.fresh(random, OWNER_ID)
    if not principals.renew(OWNER_ID, key.hash):
        raise KeyAbsent(id=OWNER_ID)
    return key.text


def issue_key(
    principals: PrincipalStore,
    clock: Clock,
    random: Random,
    *,
    tenant: str,
    name: str,
    role: str,
    days: int,
    organisation: str = "",
    scope: Collection[str] = (),
) -> tuple[Principal, str]:
    """
    A key for a machine, with its text, which is shown once. Raises ``KeyTermsRefused``.

    ``scope`` are permissions, known and the role's: whoever has the table of permissions says so.
    """
    granted = next((known for known in ROLES if known == role and known != "public"), None)
    if granted is None:
        raise KeyTermsRefused(why=f"{role!r} is not a role", why_zh=f"{role!r} 不是角色")
    if granted == "supplier" and not organisation:
        raise KeyTermsRefused(why="a supplier's key needs its organisation", why_zh="供应商密钥须指明其组织")
    if not timedelta(0) < timedelta(days=min(days, 10_000)) <= LONGEST_LIFE:
        raise KeyTermsRefused(why=f"{days} days", why_zh=f"有效期 {days} 天")
    now = clock.now()
    key = Key.fresh(random)
    until = microseconds(now + timedelta(days=days))
    begins, narrowed = microseconds(now), frozenset(scope)
    principal = Principal(key.id, tenant, name, granted, begins, until, organisation=organisation, scope=narrowed)
    if not principals.add(StoredPrincipal(principal, key.hash)):
        raise KeyTermsRefused(why="its id is taken; ask again", why_zh="编号重复，请重试")
    return principal, key.text


def rotate_key(
    principals: PrincipalStore, gate: Gate, clock: Clock, random: Random, *, tenant: str, key_id: str
) -> tuple[Principal, str]:
    """
    A new key on the terms of an older one, which ends after ``OVERLAP``. Raises ``KeyAbsent``.

    The new one lives as long as the old one was made to live. Its text is shown once.
    """
    stored = principals.get(key_id)
    if key_id == OWNER_ID or stored is None or stored.principal.tenant != tenant or stored.principal.revoked:
        raise KeyAbsent(id=key_id)
    old, key, now = stored.principal, Key.fresh(random), clock.now()
    life = min(timedelta(microseconds=old.expires_at - old.created_at), LONGEST_LIFE)
    fresh = replace(old, id=key.id, created_at=microseconds(now), expires_at=microseconds(now + life))
    if not principals.add(StoredPrincipal(fresh, key.hash)):
        raise KeyTermsRefused(why="its id is taken; ask again", why_zh="编号重复，请重试")
    principals.end(tenant, key_id, microseconds(now + OVERLAP))
    gate.forget(key_id)
    return fresh, key.text


def revoke_key(principals: PrincipalStore, gate: Gate, *, tenant: str, key_id: str) -> None:
    """Revoke a key of the tenant: at once in this process, within ``CACHE_LIFE`` in others. Raises ``KeyAbsent``."""
    if key_id == OWNER_ID or not principals.revoke(tenant, key_id):
        raise KeyAbsent(id=key_id)
    gate.forget(key_id)
