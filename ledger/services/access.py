"""
Who acts here, and whether its role and its scope include a thing.

A principal belongs to one tenant; the public belongs to none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, get_args

from ledger.errors import AccessError

Role = Literal["public", "admin", "manager", "supplier", "warehouse", "procurement", "auditor", "partner"]
"""``public`` is everyone without a key; the others are what a key is issued for."""
ROLES: Final[tuple[Role, ...]] = get_args(Role)
OWNER_ID: Final = "owner"
FOREVER: Final = 253_402_300_799_000_000
"""9999-12-31T23:59:59Z in microseconds: the owner's key does not expire."""


class SignInNeeded(AccessError):
    """Something that the public may not see or do."""

    code = "access.sign-in"
    en = "this needs a key or a signed-in person"
    zh = "此操作需要密钥或登录"
    fix_en = "Send the header Authorization: Bearer <key>, or sign in at /login"
    fix_zh = "请发送请求头 Authorization: Bearer <密钥>，或在 /login 登录"


class RoleNotAllowed(AccessError):
    """A principal whose role does not include this."""

    code = "access.role"
    role: str
    permission: str
    en = "the role {role} does not include {permission}"
    zh = "角色 {role} 不包含权限 {permission}"
    fix_en = "Ask the ledger's owner for a key of another role"
    fix_zh = "请向账本所有者申请其他角色的密钥"


class ScopeTooNarrow(AccessError):
    """A principal whose role includes this, and whose key or token was made for less."""

    code = "access.scope"
    permission: str
    en = "this key or token was made without {permission}"
    zh = "该密钥或令牌的范围不包含权限 {permission}"
    fix_en = "Use a key or token whose scope names it"
    fix_zh = "请使用范围包含该权限的密钥或令牌"


class FormTokenMismatch(AccessError):
    """A browser's change without the token of its own page (CSRF)."""

    code = "access.form-token"
    en = "the form does not carry the token of this session"
    zh = "表单未携带本次会话的令牌"
    fix_en = "Reload the page and send it again"
    fix_zh = "请刷新页面后重新提交"


@dataclass(frozen=True, slots=True)
class Principal:
    """Someone who acts: a person or a machine of one tenant. Times are microseconds since the Unix epoch."""

    id: str
    tenant: str
    name: str
    role: Role
    created_at: int
    expires_at: int
    revoked: bool = False
    organisation: str = ""
    """The organisation it acts for; empty for the tenant's own house."""
    scope: frozenset[str] = frozenset()
    """The permissions it was narrowed to; empty where it has all that its role has."""


PUBLIC: Final = Principal("public", "", "public", "public", 0, FOREVER)


@dataclass(frozen=True, slots=True)
class StoredPrincipal:
    """A principal with the hash of its secret."""

    principal: Principal
    secret_hash: bytes = field(repr=False)


class PrincipalStore(Protocol):
    """The principals of all tenants."""

    def add(self, stored: StoredPrincipal) -> bool:
        """Store a new principal; False when the id is taken."""
        ...

    def get(self, principal_id: str) -> StoredPrincipal | None:
        """The principal of an id."""
        ...

    def of_tenant(self, tenant: str) -> list[Principal]:
        """A tenant's principals, oldest first."""
        ...

    def of_organisation(self, tenant: str, organisation: str) -> list[str]:
        """Ids of all who act or acted for an organisation of the tenant."""
        ...

    def revoke(self, tenant: str, principal_id: str) -> bool:
        """Revoke for good; False when the tenant has no such principal."""
        ...

    def end(self, tenant: str, principal_id: str, moment: int) -> bool:
        """Let one end at a moment, or earlier where it would anyway; False when the tenant has no such principal."""
        ...

    def renew(self, principal_id: str, secret_hash: bytes) -> bool:
        """Replace the secret; False when there is no such principal."""
        ...


def require(principal: Principal, permission: str, roles: Collection[Role]) -> None:
    """
    Raise unless one of ``roles`` is the principal's and its scope has the permission.

    Raises ``SignInNeeded``, ``RoleNotAllowed`` or ``ScopeTooNarrow``.
    """
    if "public" in roles:
        return
    if principal.role not in roles:
        if principal.role == "public":
            raise SignInNeeded
        raise RoleNotAllowed(role=principal.role, permission=permission)
    if principal.scope and permission not in principal.scope:
        raise ScopeTooNarrow(permission=permission)


def manages(principal: Principal) -> bool:
    """Whether a principal may withdraw what others of its tenant handed in."""
    return principal.role == "admin"
