"""
Who may come in: principals, their keys, and the decision whether a role may do a thing.

A key is ``ocl_<id>_<secret>``. Only SHA-256 of the secret is stored (it has 256 random bits, so a slow hash adds
nothing). Looking up by id and comparing hashes in constant time costs the same for a known and an unknown id.
A principal belongs to one tenant; the public belongs to none.
"""

from __future__ import annotations

import hmac
from base64 import b32encode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Final, Literal, NamedTuple, Protocol, get_args

from ledger.errors import AccessError
from ledger.ports import Clock, Random
from ledger.records.record import microseconds

Role = Literal["public", "admin", "manager", "supplier", "warehouse", "procurement", "auditor", "partner"]
"""``public`` is everyone without a key; the others are what a key is issued for."""
ROLES: Final[tuple[Role, ...]] = get_args(Role)
KEY_PREFIX: Final = "ocl"
OWNER_ID: Final = "owner"
LONGEST_LIFE: Final = timedelta(days=90)
OVERLAP: Final = timedelta(days=1)
"""How long a key goes on beside the one that takes its place."""
CACHE_LIFE: Final = timedelta(seconds=30)
"""A revoked key is refused after this long at the latest, on every process."""
FOREVER: Final = 253_402_300_799_000_000
"""9999-12-31T23:59:59Z in microseconds: the owner's key does not expire."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECRET_BYTES: Final = 32
_NOBODY: Final = sha256(b"no such key").digest()
_MOST_CACHED: Final = 10_000


class KeyRefused(AccessError):
    """A key that is unknown, wrong, expired or revoked. Which of these it is, is not said."""

    code = "access.key-refused"
    en = "the key is not valid"
    zh = "密钥无效"
    fix_en = "Check the key for completeness; if it has expired or was revoked, ask the ledger's owner for a new one"
    fix_zh = "请检查密钥是否完整；若已过期或被吊销，请向账本所有者申请新密钥"


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


class Key(NamedTuple):
    """A key taken apart."""

    id: str
    secret: str

    @property
    def hash(self) -> bytes:
        """What is stored of the secret."""
        return sha256(self.secret.encode()).digest()

    @property
    def text(self) -> str:
        """The key as its holder keeps it."""
        return f"{KEY_PREFIX}_{self.id}_{self.secret}"

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key in ``text``. Raises ``KeyRefused``."""
        prefix, _, rest = text.strip().partition("_")
        key_id, _, secret = rest.partition("_")
        if prefix != KEY_PREFIX or not key_id or not secret or not text.isascii():
            raise KeyRefused
        return cls(key_id, secret)

    @classmethod
    def fresh(cls, random: Random, key_id: str = "") -> Key:
        """A new key; its id is random unless given."""
        name = key_id or b32encode(random.token(10)).decode().lower()
        return cls(name, urlsafe_b64encode(random.token(_SECRET_BYTES)).decode().rstrip("="))


class _Seen(NamedTuple):
    stored: StoredPrincipal
    at: datetime


class Gate:
    """
    Tells who a key belongs to. Keeps principals for ``CACHE_LIFE``, so that most requests ask no database.

    Safe to call from any thread.
    """

    def __init__(self, principals: PrincipalStore, clock: Clock) -> None:
        self._principals = principals
        self._clock = clock
        self._cache: OrderedDict[str, _Seen] = OrderedDict()

    def remembered(self, text: str) -> Principal | None:
        """The key's principal if it is in the cache. Asks no database. Raises ``KeyRefused`` for a wrong secret."""
        key = Key.parse(text)
        now = self._clock.now()
        seen = self._recent(key.id, now)
        return self._checked(seen, key.hash, now) if seen else None

    def identify(self, text: str) -> Principal:
        """The key's principal. Raises ``KeyRefused``."""
        key = Key.parse(text)
        now = self._clock.now()
        return self._checked(self._load(key.id, now), key.hash, now)

    def knows(self, principal_id: str) -> bool:
        """Whether there is or was such a principal."""
        return self._load(principal_id, self._clock.now()) is not None

    def known(self, principal_id: str) -> StoredPrincipal:
        """A principal that may act now, by id, for sessions. Raises ``KeyRefused``."""
        now = self._clock.now()
        stored = self._load(principal_id, now)
        if stored is None:
            raise KeyRefused
        self._checked(stored, stored.secret_hash, now)
        return stored

    def forget(self, principal_id: str) -> None:
        """Ask the database at the next request: the principal was changed."""
        self._cache.pop(principal_id, None)

    def _recent(self, principal_id: str, now: datetime) -> StoredPrincipal | None:
        seen = self._cache.get(principal_id)
        # A clock set back makes what was seen look like the future; then it is asked again.
        if seen is None or not timedelta(0) <= now - seen.at < CACHE_LIFE:
            return None
        return seen.stored

    def _load(self, principal_id: str, now: datetime) -> StoredPrincipal | None:
        recent = self._recent(principal_id, now)
        if recent is not None:
            return recent
        stored = self._principals.get(principal_id)
        if stored is not None:
            self._cache[principal_id] = _Seen(stored, now)
            while len(self._cache) > _MOST_CACHED:
                self._cache.popitem(last=False)
        return stored

    @staticmethod
    def _checked(stored: StoredPrincipal | None, secret_hash: bytes, now: datetime) -> Principal:
        same = hmac.compare_digest(stored.secret_hash if stored else _NOBODY, secret_hash)
        if stored is None or not same or stored.principal.revoked:
            raise KeyRefused
        if _moment(stored.principal.expires_at) <= now:
            raise KeyRefused
        return stored.principal


@lru_cache(maxsize=_MOST_CACHED)
def _moment(microsecond: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microsecond)


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
